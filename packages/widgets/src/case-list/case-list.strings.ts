import type {CasePhase, Sensitivity} from '@bsp/contract';
import type {StringSource} from '@bsp/core';

/** A text for each phase and mark, under a prefixed key so that a host may override any of them. */
type PhaseTexts = Record<`phase-${CasePhase | 'unknown'}`, string>;
type MarkTexts = Record<`mark-${Exclude<Sensitivity, 'ordinary'>}`, string>;

const phases: PhaseTexts = {
  'phase-arisen': 'Opstået',
  'phase-informed': 'Oplyst',
  'phase-decided': 'Afgjort',
  'phase-ordered': 'Bestilt',
  'phase-executed': 'Udført',
  'phase-closed': 'Afsluttet',
  'phase-unknown': 'Ukendt fase',
};

const marks: MarkTexts = {
  'mark-confidential': 'Fortrolig',
  'mark-sensitive': 'Følsom',
  'mark-vip': 'VIP-sag',
  'mark-unknown': 'Ukendt følsomhed',
};

/** Danish texts of the case list. */
export const caseListDanish = {
  title: 'Sager',
  items: 'sager',
  count: (open: string, total: string, more: boolean) =>
    `${open} ${open === '1' ? 'åben' : 'åbne'} af ${more ? 'mindst ' : ''}${total}`,
  shown: (shown: string, total: string) => `Viser ${shown} af ${total}`,
  case: 'Sag',
  status: 'Status',
  responsible: 'Ansvarlig',
  changed: 'Ændret',
  source: 'Kilde',
  untitled: 'Sag uden titel',
  noResponsible: 'Ingen ansvarlig',
  quoted: (word: string) => `”${word}”`,
  noNative: 'Kilden oplyser ingen status',
  exists: 'Der findes en eller flere sager, som du ikke har adgang til. Kontakt',
  showMore: (count: string) => `Vis ${count} flere`,
  ...phases,
  ...marks,
};
/** See {@link caseListDanish}. */
export type CaseListTexts = typeof caseListDanish;

/** The case list's texts. */
export const caseListStrings: StringSource<CaseListTexts> = {
  name: 'case-list',
  da: caseListDanish,
  en: async () => (await import('./case-list.strings.en.js')).caseListEnglish,
};
