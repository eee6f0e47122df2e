// What a run says: samples into figures, figures into a table.

/** Least, middle and greatest of some samples. */
export function summary(samples) {
  if (samples.length === 0) throw new Error('There is nothing to sum up.');
  const sorted = [...samples].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return {min: sorted[0], median, max: sorted.at(-1), runs: sorted.length};
}

/**
 * How many times as much one needs as the other, run by run: both of a pair ran right after each other, so that what
 * disturbed the one disturbed the other too.
 */
export function ratios(samples, limits) {
  if (samples.length !== limits.length) throw new Error('Ratios need as many runs of the one as of the other.');
  return summary(samples.map((sample, run) => sample / limits[run]));
}

/**
 * One line of the table.
 *
 * @param options.samples - by contender; the first is the kit, `limit` is the hand-written one.
 * @param options.atMost - what the kit's ratio to the limit is to stay below, if anything is asked.
 * @param options.atLeast - what it is to stay above, where more is better.
 * @param options.asked - what is asked where it is no ratio.
 * @param options.comparable - false for what is no quantity to compare by ratios, such as a count that may be 0.
 */
export function figure({benchmark, what, unit, samples, atMost, atLeast, asked, comparable = true}) {
  const contenders = Object.entries(samples).map(([name, values]) => ({
    name,
    ...summary(values),
    ...(comparable && samples.limit && name !== 'limit' ? {ratio: ratios(values, samples.limit)} : {}),
  }));
  const ratio = atMost === undefined ? atLeast && `≥ ${times(atLeast)}` : `≤ ${times(atMost)}`;
  return {benchmark, what, unit, contenders, asked: asked ?? ratio};
}

const number = (value) =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value === 0 ? '0' : value.toFixed(2);
const spread = ({min, median, max}, format = number) => [min, median, max].map(format);
const times = (value) => `${value.toFixed(2)} ×`;

/** The figures as a table in Markdown, which a terminal shows as well. */
export function table(figures) {
  const head = ['benchmark', 'what', 'who', 'min', 'median', 'max', 'ratio min', 'ratio median', 'ratio max', 'asked'];
  const rows = figures.flatMap(({benchmark, what, unit, contenders, asked = ''}) =>
    contenders.map((contender, index) => [
      index ? '' : benchmark,
      index ? '' : `${what}, ${unit}`,
      contender.name,
      ...spread(contender),
      ...(contender.ratio ? spread(contender.ratio, times) : ['', '', '']),
      index ? '' : asked,
    ]),
  );
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column].length)));
  const isNumber = (column) => column > 2;
  const line = (cells) =>
    `| ${cells.map((cell, column) => (isNumber(column) ? cell.padStart(widths[column]) : cell.padEnd(widths[column]))).join(' | ')} |`;
  const rule = `|${widths.map((width, column) => (isNumber(column) ? `${'-'.repeat(width + 1)}:` : '-'.repeat(width + 2))).join('|')}|`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}
