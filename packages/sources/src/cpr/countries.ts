import {entryOf} from '../entry-of.js';

/**
 * European countries by CPR country code (LANDEKOD), and the codes that are no country.
 *
 * Source: Danmarks Statistik, "Lande i personstatistik", which uses the codes of CPR. Codes that have meant different
 * countries over the years are left out: they are shown as the code.
 */
const names: Readonly<Record<string, string>> = {
  '5100': 'Danmark',
  '5101': 'Grønland',
  '5102': 'Udlandet uoplyst',
  '5103': 'Statsløs',
  '5104': 'Finland',
  '5105': 'Island, ligeret dansk',
  '5106': 'Island',
  '5107': 'Liechtenstein',
  '5108': 'Luxembourg',
  '5109': 'Monaco',
  '5110': 'Norge',
  '5114': 'Europa uoplyst',
  '5120': 'Sverige',
  '5122': 'Albanien',
  '5124': 'Andorra',
  '5126': 'Belgien',
  '5128': 'Bulgarien',
  '5130': 'Frankrig',
  '5134': 'Grækenland',
  '5140': 'Nederlandene',
  '5142': 'Irland',
  '5150': 'Italien',
  '5151': 'Serbien og Montenegro',
  '5152': 'Jugoslavien',
  '5153': 'Malta',
  '5154': 'Polen',
  '5156': 'Portugal',
  '5158': 'Rumænien',
  '5159': 'San Marino',
  '5160': 'Schweiz',
  '5164': 'Spanien',
  '5170': 'Storbritannien',
  '5172': 'Tyrkiet',
  '5174': 'Ungarn',
  '5176': 'Vatikanstaten',
  '5180': 'Tyskland',
  '5182': 'Østrig',
};

/** The name of a country; an unknown code is shown as the code that it is. */
export const countryName = (code: string): string => entryOf(names, code) ?? `Landekode ${code}`;
