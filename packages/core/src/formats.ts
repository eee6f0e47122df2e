/** Formats dates, times and numbers for one language. Dates are in Danish time whatever the machine says. */
export interface Formats {
  /** `20.11.2026` (en: `20/11/2026`) of a day or a moment. */
  day(iso: string): string;
  /** `09.42`. */
  time(iso: string): string;
  /** `09.42.07`. */
  timeWithSeconds(iso: string): string;
  /** `i dag 09.42`, `i går 14.02`, else the day. */
  recent(iso: string, now?: Date): string;
  /** `I dag`, `I går`, `Mandag 16. november`, with the year where it is not this one: a heading on a time line. */
  dayHeading(iso: string, now?: Date): string;
  /** Calendar day in Denmark, `2026-11-20`: to group by. */
  dayKey(iso: string): string;
  /** Date and time in full. */
  moment(iso: string): string;
  /** `1.234`. */
  number(value: number): string;
  /** `A, B og C`. */
  list(values: readonly string[]): string;
}

const zone = 'Europe/Copenhagen';
const words = {
  da: {locale: 'da-DK', today: 'i dag', yesterday: 'i går'},
  en: {locale: 'en-GB', today: 'today', yesterday: 'yesterday'},
} as const;

/** The languages that the kit speaks. */
export type Language = keyof typeof words;

/** The kit's language for a BCP 47 tag; Danish for any that it does not speak. */
export const languageOf = (tag: string | undefined | null): Language => (/^en\b/i.test(tag ?? '') ? 'en' : 'da');

const made = new Map<Language, Formats>();

/** The formatter of a language. An unreadable date is shown as it came. */
export function formatsFor(language: Language): Formats {
  let formats = made.get(language);
  if (!formats) {
    formats = makeFormats(language);
    made.set(language, formats);
  }
  return formats;
}

function makeFormats(language: Language): Formats {
  const {locale, today, yesterday} = words[language];
  const dates = (options: Intl.DateTimeFormatOptions, language: string = locale) => {
    // Made when first used: each takes a while, and few pages use them all.
    let format: Intl.DateTimeFormat | undefined;
    return (iso: string) => {
      const date = new Date(iso);
      format ??= new Intl.DateTimeFormat(language, {timeZone: zone, ...options});
      return Number.isNaN(date.getTime()) ? iso : format.format(date);
    };
  };
  const numeric = {day: '2-digit', month: '2-digit', year: 'numeric'} as const;
  const clock = {hour: '2-digit', minute: '2-digit'} as const;
  const day = dates(numeric);
  const time = dates(clock);
  const dayKey = dates(numeric, 'sv-SE');
  const thisYear = dates({weekday: 'long', day: 'numeric', month: 'long'});
  const otherYear = dates({weekday: 'long', day: 'numeric', month: 'long', year: 'numeric'});
  const daysAgo = (iso: string, now: Date) => (Date.parse(dayKey(now.toISOString())) - Date.parse(dayKey(iso))) / 864e5;
  /** What lies further off than any near day costs no look at the calendar. */
  const nearDay = (iso: string, now: Date) =>
    Math.abs(Date.parse(iso) - +now) < 3 * 864e5 ? [today, yesterday][daysAgo(iso, now)] : undefined;
  const numbers = new Intl.NumberFormat(locale);
  const lists = new Intl.ListFormat(locale);
  const upperFirst = (text: string) => text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);
  return {
    day,
    time,
    timeWithSeconds: dates({...clock, second: '2-digit'}),
    recent: (iso, now = new Date()) => {
      const near = nearDay(iso, now);
      return near ? `${near} ${time(iso)}` : day(iso);
    },
    dayHeading: (iso, now = new Date()) =>
      upperFirst(
        nearDay(iso, now) ??
          (dayKey(iso).slice(0, 4) === dayKey(now.toISOString()).slice(0, 4) ? thisYear : otherYear)(iso),
      ),
    dayKey,
    moment: dates({...numeric, ...clock}),
    number: (value) => numbers.format(value),
    list: (values) => lists.format(values),
  };
}

/** Whole years between a birth date and now, both as calendar days in Denmark. */
export function ageInYears(birthDate: string, now: Date = new Date()): number {
  const [year = 0, month = 0, day = 0] = birthDate.split('-').map(Number);
  const [thisYear = 0, thisMonth = 0, today = 0] = formatsFor('da').dayKey(now.toISOString()).split('-').map(Number);
  return thisYear - year - (thisMonth < month || (thisMonth === month && today < day) ? 1 : 0);
}
