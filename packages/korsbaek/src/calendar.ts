/**
 * Days and moments in Danish time, without a time zone database: EU summer time runs from the last Sunday of March to the
 * last Sunday of October, 01:00 UTC.
 */

const dayMs = 864e5;
const two = (value: number): string => String(value).padStart(2, '0');

/** Days since 1970-01-01 of an ISO day. */
export const dayNumber = (day: string): number => Math.floor(Date.parse(`${day}T00:00:00Z`) / dayMs);

/** ISO day of a day number. */
export const isoDay = (number: number): string => new Date(number * dayMs).toISOString().slice(0, 10);

const lastSunday = (year: number, month: number): number => {
  const last = new Date(Date.UTC(year, month, 0));
  return last.getTime() - last.getUTCDay() * dayMs + 36e5;
};

/** Minutes that Denmark is ahead of UTC at an instant. */
const offsetAt = (time: number): number => {
  const year = new Date(time).getUTCFullYear();
  return time >= lastSunday(year, 3) && time < lastSunday(year, 10) ? 120 : 60;
};

/** Moment with Danish offset of an instant. */
export function momentOfInstant(time: number): string {
  const offset = offsetAt(time);
  return `${new Date(time + offset * 6e4).toISOString().slice(0, 19)}+0${offset / 60}:00`;
}

/** Moment of a Danish day and seconds after its midnight. */
export function momentOf(day: number, seconds: number): string {
  // Office hours never fall in the hour that a change of clock makes ambiguous.
  const local = day * dayMs + seconds * 1000;
  return momentOfInstant(local - offsetAt(local - 36e5) * 6e4);
}

const holidays = new Set(['01-01', '06-05', '12-24', '12-25', '12-26', '12-31']);

const isFree = (day: number): boolean => {
  const weekday = (day + 4) % 7;
  return weekday === 0 || weekday === 6 || holidays.has(isoDay(day).slice(5));
};

/** The day itself, or the last day before it that offices are open. */
export function workday(day: number): number {
  let open = day;
  while (isFree(open)) open--;
  return open;
}

/** The day itself, or the first day after it that offices are open. */
export function nextWorkday(day: number): number {
  let open = day;
  while (isFree(open)) open++;
  return open;
}

/** `27.11.` */
export const shortDate = (day: number): string => {
  const [, month, date] = isoDay(day).split('-');
  return `${Number(date)}.${Number(month)}.`;
};

const months = [
  'januar', 'februar', 'marts', 'april', 'maj', 'juni',
  'juli', 'august', 'september', 'oktober', 'november', 'december',
] as const; // biome-ignore format: one row per half-year

/** `27. november` */
export const longDate = (day: number): string => {
  const [, month, date] = isoDay(day).split('-');
  return `${Number(date)}. ${months[Number(month) - 1]}`;
};

/** ISO week. */
export function isoWeek(day: number): number {
  const thursday = day + 3 - ((day + 3) % 7);
  const january = dayNumber(`${isoDay(thursday).slice(0, 4)}-01-01`);
  return Math.floor((thursday - january) / 7) + 1;
}

/** ISO day of a year, month and day of the month. */
export const dayOf = (year: number, month: number, date: number): string => `${year}-${two(month)}-${two(date)}`;
