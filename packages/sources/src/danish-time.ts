/**
 * Danish civil time. Source systems write local time without an offset, and a rule that ends on a day ends on a Danish
 * day, wherever the server stands.
 */
const zone = 'Europe/Copenhagen';
const dayFormat = new Intl.DateTimeFormat('sv-SE', {timeZone: zone});
const offsetFormat = new Intl.DateTimeFormat('en', {timeZone: zone, timeZoneName: 'longOffset'});

/** The calendar day in Denmark at a moment: `2026-11-20`. */
export const danishDay = (moment: Date): string => dayFormat.format(moment);

const offsetAt = (moment: Date): string => {
  const shown = offsetFormat.formatToParts(moment).find((part) => part.type === 'timeZoneName')?.value ?? '';
  return /[+-]\d\d:\d\d/.exec(shown)?.[0] ?? '+00:00';
};

const hourMs = 3_600_000;
/** Since 1980 clocks are changed at a full hour, so that all of an hour has one offset. */
const fullHours = Date.UTC(1980, 0, 1);
const mostHours = 10_000;
/** Offsets by the number of their hour: to ask for one takes longer than to read a record. */
const knownOffsets = new Map<number, string>();

/** `+01:00` or `+02:00` at a moment; before 1894, local mean time, cut to whole minutes. */
function danishOffset(moment: Date): string {
  const time = moment.getTime();
  if (!(time >= fullHours)) return offsetAt(moment);
  const hour = Math.floor(time / hourMs);
  const known = knownOffsets.get(hour);
  if (known !== undefined) return known;
  if (knownOffsets.size >= mostHours) knownOffsets.clear();
  const offset = offsetAt(moment);
  knownOffsets.set(hour, offset);
  return offset;
}

/** Midnight at the end of a day; undefined where there is no such day, or none after it. */
function endOfDay(day: string, zone: string): string | undefined {
  if (rfc3339(`${day}T00:00:00Z`) === undefined) return undefined;
  const next = new Date(Date.parse(day) + 86_400_000).toISOString();
  return rfc3339(`${next.slice(0, 10)}T00:00:00${zone}`);
}

/**
 * An `xs:dateTime` as RFC 3339 with offset, or undefined when it is none. Without an offset it is Danish local time; an
 * hour that exists twice in autumn reads as the first of the two.
 */
export function rfc3339(text: string): string | undefined {
  const [, lastDay, zone = ''] = /^(.{10})T24:00:00(?:\.0+)?(Z|[+-]\d\d:\d\d)?$/.exec(text) ?? [];
  if (lastDay !== undefined) return endOfDay(lastDay, zone);
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:(\.\d{1,9})\d*)?(Z|[+-]\d\d:\d\d)?$/.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '', offset] = match;
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const asUtc = new Date(`${local}Z`);
  // 31 February and 25 o'clock roll over or fail: either way the text is not what it says.
  if (Number.isNaN(asUtc.getTime()) || asUtc.toISOString().slice(0, 19) !== local) return undefined;
  const summer = danishOffset(new Date(`${local}+02:00`));
  const shift = offset ?? (summer === '+02:00' ? summer : danishOffset(new Date(`${local}+01:00`)));
  const moment = new Date(`${local}${shift}`);
  // In UTC a year of four digits too: neither a database nor RFC 3339 has others.
  if (Number.isNaN(moment.getTime()) || !/^(?!0000)\d{4}-/.test(moment.toISOString())) return undefined;
  return `${local}${fraction}${shift}`;
}
