/** Whether a number is the one that stood in the JSON: beyond 2^53 two ids may have become the same. */
export const isExact = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER;
