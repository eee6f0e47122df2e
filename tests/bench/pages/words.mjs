// Words and dates of the hand-written pages and the grids: those of the kit, made ready once.
import {maskCprInText} from '@bsp/contract';

export const shown = maskCprInText;

export const headings = {case: 'Sag', status: 'Status', responsible: 'Ansvarlig', changed: 'Ændret', source: 'Kilde'};
export const phases = {
  arisen: 'Opstået',
  informed: 'Oplyst',
  decided: 'Afgjort',
  ordered: 'Bestilt',
  executed: 'Udført',
  closed: 'Afsluttet',
};
export const pillKinds = {informed: 'accent', decided: 'ok', executed: 'ok'};
export const marks = {confidential: 'Fortrolig', sensitive: 'Følsom', vip: 'VIP-sag', unknown: 'Ukendt følsomhed'};

const zone = {timeZone: 'Europe/Copenhagen'};
const numericDay = {day: '2-digit', month: '2-digit', year: 'numeric'};
const clock = {hour: '2-digit', minute: '2-digit'};
const dayFormat = new Intl.DateTimeFormat('da-DK', {...zone, ...numericDay});
const timeFormat = new Intl.DateTimeFormat('da-DK', {...zone, ...clock});
const secondsFormat = new Intl.DateTimeFormat('da-DK', {...zone, ...clock, second: '2-digit'});
const momentFormat = new Intl.DateTimeFormat('da-DK', {...zone, ...numericDay, ...clock});
const keyFormat = new Intl.DateTimeFormat('sv-SE', {...zone, ...numericDay});
const numberFormat = new Intl.NumberFormat('da-DK');

export const collator = new Intl.Collator('da', {numeric: true});
export const number = (value) => numberFormat.format(value);
export const moment = (date) => momentFormat.format(date);
export const dayKey = (date) => keyFormat.format(date);
export const timeWithSeconds = (date) => secondsFormat.format(date);

/** `i dag 09.42`, `i går 14.02`, else the day; what is long past needs no look at the calendar. */
export function recent(date, now) {
  if (now - date > 1.728e8 + 36e5) return dayFormat.format(date);
  const days = (Date.parse(dayKey(now)) - Date.parse(dayKey(date))) / 864e5;
  return days === 0
    ? `i dag ${timeFormat.format(date)}`
    : days === 1
      ? `i går ${timeFormat.format(date)}`
      : dayFormat.format(date);
}

export function sortedByTitle(cases, descending) {
  return [...cases].sort((one, other) => collator.compare(one.title, other.title) * (descending ? -1 : 1));
}

export function sortedByChange(cases) {
  return cases
    .map((one) => ({one, at: Date.parse(one.changedAt)}))
    .sort((first, second) => second.at - first.at)
    .map(({one}) => one);
}

const fold = (text) => text.normalize('NFC').toLocaleLowerCase('da');

/** Whether a case holds every word of a text somewhere in what its row shows. */
export function textFilter(text, sourceName) {
  const words = fold(text).split(/\s+/).filter(Boolean);
  return ({title, number: caseNumber, kle, responsible, status, ref}) => {
    const texts = [title, caseNumber, kle?.number, kle?.title, responsible?.name, responsible?.unit, status.native];
    const searched = fold(shown([...texts, sourceName(ref.source)].join('\n')));
    return words.every((word) => searched.includes(word));
  };
}
