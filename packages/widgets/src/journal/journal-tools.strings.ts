import type {Note} from '@bsp/contract';
import type {StringSource} from '@bsp/core';

type DeliveryState = NonNullable<Note['delivery']>['state'];

/** A text for each delivery state, under a prefixed key so that a host may override any of them. */
type DeliveryTexts = Record<`delivery-${Exclude<DeliveryState, 'kept'>}`, string> & {
  /** It stands there, and nothing says that it is to be sent anywhere. */
  'delivery-kept': (source: string) => string;
};

const deliveries: DeliveryTexts = {
  'delivery-kept': (source) => `Gemt i ${source}`,
  'delivery-queued': 'Gemt, venter på at blive sendt til fagsystemet',
  'delivery-received': 'Modtaget til fordeling',
  'delivery-delivered': 'Afleveret til fagsystemet',
  'delivery-accepted': 'Journaliseret i fagsystemet',
  'delivery-rejected': 'Afvist af fagsystemet',
  'delivery-failed': 'Kunne ikke afleveres til fagsystemet',
};

/** Danish texts of filters, deliveries and drafts: overridden, like the journal's others, under `journal`. */
export const toolsDanish = {
  filter: 'Filtrér notater',
  filterSource: 'Vis notater fra',
  allSources: 'Alle kilder',
  filterCase: 'Vis notater på sagen',
  allCases: 'Alle sager',
  filteredAway: 'Ingen af de hentede notater passer til det valgte',
  clear: 'Vis alle notater',
  whole: 'Vis hele notatet',
  less: 'Vis mindre',
  add: 'Tilføj til notatet',
  write: 'Skriv notat',
  draft: (when: string) => `Du har en kladde fra ${when}`,
  addendumDraft: (when: string) => `Du har et påbegyndt tillæg fra ${when}`,
  resume: 'Fortsæt',
  noForm: 'Formularen kunne ikke hentes. Prøv igen om lidt.',
  ...deliveries,
};
/** See {@link toolsDanish}. */
export type ToolsTexts = typeof toolsDanish;

/** The tools' texts. */
export const toolsStrings: StringSource<ToolsTexts> = {
  name: 'journal',
  da: toolsDanish,
  en: async () => (await import('./journal-tools.strings.en.js')).toolsEnglish,
};
