/** What came of one check. */
export interface CheckResult {
  readonly id: string;
  /** What must be so. */
  readonly says: string;
  readonly outcome: 'passed' | 'failed' | 'not-applicable';
  /** What was expected and seen, or why there was nothing to look at. */
  readonly detail?: string;
  readonly milliseconds: number;
}

/** What came of all of them. */
export interface Report {
  readonly backend: string;
  readonly startedAt: string;
  readonly results: readonly CheckResult[];
  /** Further checks that had nothing to look at: something more is to be told, or the backend does not offer it. */
  readonly leftOut: readonly CheckResult[];
  readonly passed: number;
  readonly failed: number;
  readonly notApplicable: number;
}

const marks = {passed: '✓', failed: '✗', 'not-applicable': '–'} as const;

/** The report as text, a group to each part of the contract. */
export function textOf({backend, startedAt, results, leftOut, passed, failed, notApplicable}: Report): string {
  const lines = [`Backend ${backend}, ${startedAt}`];
  let group: string | undefined;
  for (const {id, says, outcome, detail} of results) {
    const [of = ''] = id.split('.');
    if (of !== group) lines.push('', of);
    group = of;
    lines.push(`  ${marks[outcome]} ${says}`);
    if (outcome === 'failed') lines.push(`      ${id}: ${detail ?? ''}`);
    if (outcome === 'not-applicable') lines.push(`      not looked at: ${detail ?? ''}`);
  }
  if (leftOut.length > 0) lines.push('', 'left out');
  for (const {says, detail} of leftOut) lines.push(`  – ${says}`, `      not looked at: ${detail ?? ''}`);
  lines.push('', `${passed} passed, ${failed} failed, ${notApplicable} not applicable`);
  return `${lines.join('\n')}\n`;
}
