import {meSchema} from '@bsp/contract';
import {type Check, type CheckContext, expect, NotApplicable, type TargetSecret, Unmet} from './check.js';
import {actionChecks} from './checks/actions.js';
import {contextChecks} from './checks/contexts.js';
import {documentChecks} from './checks/documents.js';
import {downChecks} from './checks/down.js';
import {errorChecks} from './checks/errors.js';
import {hopChecks} from './checks/hop.js';
import {liveChecks} from './checks/live.js';
import {personChecks} from './checks/person.js';
import {privacyChecks} from './checks/privacy.js';
import {readChecks} from './checks/reads.js';
import {searchChecks} from './checks/search.js';
import {userChecks} from './checks/users.js';
import {BackendClient, type ClientOptions, expectJson, parsedBy} from './client.js';
import {type TestPeople, withoutNumbers} from './people.js';
import type {CheckResult, Report} from './report.js';

/** What to run. */
export interface AcceptanceOptions extends ClientOptions {
  readonly people: TestPeople;
  /** Also what writes: drafts, and notes that nobody can delete again. */
  readonly write?: boolean;
  /** Headers of a second user, e.g. `authorization`: what is one user's must be nobody else's. */
  readonly other?: Readonly<Record<string, string>>;
  /** Ids of sources that have been taken down for the test: they must say so. */
  readonly down?: readonly string[];
  /** A target whose codes are to be redeemed. */
  readonly target?: TargetSecret;
  /** Only checks whose id begins with one of these, e.g. `reads`. */
  readonly only?: readonly string[];
  /** Called after each check. */
  readonly onResult?: (result: CheckResult) => void;
}

/** All checks, in the order in which they run. What looks at everything that went over the line comes last. */
export const checks: readonly Check[] = [
  ...contextChecks,
  ...readChecks,
  ...personChecks,
  ...actionChecks,
  ...searchChecks,
  ...liveChecks,
  ...errorChecks,
  ...privacyChecks,
];

/** Checks that need to be told more, or a backend that offers more. Without, they are not among the results. */
export const furtherChecks: readonly Check[] = [...documentChecks, ...userChecks, ...downChecks, ...hopChecks];

/**
 * Runs the checks against a backend, one after another. A check never stops the others.
 *
 * @throws Unmet when the backend does not say who the user is: nothing else can be looked at then.
 */
export async function runAcceptance({
  people,
  write,
  only,
  onResult,
  other: otherHeaders,
  down = [],
  target,
  ...reach
}: AcceptanceOptions): Promise<Report> {
  const client = new BackendClient(reach);
  const startedAt = new Date().toISOString();
  const capabilities = await capabilitiesOf(client);
  const other = otherHeaders && client.askedBy(otherHeaders);
  const context: CheckContext = {
    client,
    people,
    capabilities,
    down,
    mayWrite: write === true,
    ...(other ? {other} : {}),
    ...(target ? {target} : {}),
  };
  const results: CheckResult[] = [];
  const leftOut: CheckResult[] = [];
  for (const check of inOrder) {
    if (only && !only.some((part) => check.id.startsWith(part))) continue;
    const result = await resultOf(check, context);
    const isLeftOut = result.outcome === 'not-applicable' && furtherChecks.includes(check);
    (isLeftOut ? leftOut : results).push(result);
    if (!isLeftOut) onResult?.(result);
  }
  await client.closeAll();
  await other?.closeAll();
  const count = (outcome: CheckResult['outcome']) => results.filter((one) => one.outcome === outcome).length;
  return {
    backend: reach.url.href,
    startedAt,
    results,
    leftOut,
    passed: count('passed'),
    failed: count('failed'),
    notApplicable: count('not-applicable'),
  };
}

const atTheEnd: readonly Check[] = privacyChecks;
/** All that there are, as they are run. */
const inOrder: readonly Check[] = [
  ...checks.filter((check) => !atTheEnd.includes(check)),
  ...furtherChecks,
  ...atTheEnd,
];

async function capabilitiesOf(client: BackendClient): Promise<ReadonlySet<string>> {
  const {status, json, headers} = await client.ask('/me');
  expect(
    status === 200,
    `GET /me: expected 200, saw ${status}. Is this where the backend's /v1 is, and who asks known?`,
  );
  expectJson(headers, 'GET /me');
  return new Set(parsedBy(meSchema, json, 'GET /me gives no Me').capabilities);
}

async function resultOf({id, says, run}: Check, context: CheckContext): Promise<CheckResult> {
  const started = performance.now();
  const end = (outcome: CheckResult['outcome'], detail?: string): CheckResult => ({
    id,
    says,
    outcome,
    // It may say what the backend said.
    ...(detail === undefined ? {} : {detail: withoutNumbers(detail, context.people)}),
    milliseconds: Math.round(performance.now() - started),
  });
  try {
    await run(context);
    return end('passed');
  } catch (thrown) {
    if (thrown instanceof NotApplicable) return end('not-applicable', thrown.message);
    if (thrown instanceof Unmet) return end('failed', thrown.message);
    // A fault of the suite is no pass. What it says may hold what the backend said.
    return end('failed', `The check itself broke: ${(thrown as Error).name}.`);
  }
}
