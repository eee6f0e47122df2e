import {formatsFor} from '@bsp/core';

const danish = formatsFor('da');

/** What a clock in Denmark shows at a moment: `2026-11-20T09:42`, as `<input type="datetime-local">` has it. */
export function danishClock(moment: Date): string {
  const iso = moment.toISOString();
  return `${danish.dayKey(iso)}T${danish.time(iso).replace('.', ':')}`;
}

/**
 * The moment at which a clock in Denmark shows this, as RFC 3339 with its offset; undefined when it never does. In the hour
 * that comes twice in autumn, the first one.
 */
export function momentOfDanishClock(clock: string): string | undefined {
  const asUtc = Date.parse(`${clock}Z`);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(clock) || Number.isNaN(asUtc)) return undefined;
  const hours = [2, 1].find((ahead) => danishClock(new Date(asUtc - ahead * 36e5)) === clock);
  return hours === undefined ? undefined : `${clock}:00+0${hours}:00`;
}
