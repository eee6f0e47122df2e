import type {StringSource} from '@bsp/core';

/** Texts that all windows need at once. `items` is a window's own plural noun, `names` a list of sources. */
export const panelDanish = {
  reload: (items: string) => `Hent ${items} igen`,
  retry: 'Prøv igen',
  incomplete: (names: string) => `Noget mangler eller er forældet: ${names}`,
  veiled: 'Skifter person …',
  noSubject: 'Ingen person er valgt',
  failed: (items: string) => `${items} kan ikke hentes lige nu`,
  empty: (items: string, answered: number) =>
    `Ingen ${items} registreret i ${answered === 1 ? 'den kilde' : `de ${answered} kilder`}, der svarede`,
};
/** See {@link panelDanish}. */
export type PanelTexts = typeof panelDanish;

/** Overridden under the name `panel`. */
export const panelStrings: StringSource<PanelTexts> = {
  name: 'panel',
  da: panelDanish,
  en: async () => (await import('./panel.strings.en.js')).panelEnglish,
};
