import type {StringSource} from '@bsp/core';

const sources = (count: number) => (count === 1 ? 'den kilde' : `de ${count} kilder`);

/** Texts that all windows share. `items` is a window's own plural noun, `names` a list of sources. */
export const panelDanish = {
  reload: (items: string) => `Hent ${items} igen`,
  retry: 'Prøv igen',
  sourcesAnswered: (answered: number, asked: number) => `${answered} af ${asked} kilder`,
  sourcesWaiting: (waiting: number, asked: number) => `Venter på ${waiting} af ${asked}`,
  waitingFor: (name: string) => `Venter på ${name}`,
  sourcesTitle: 'Kilder',
  updated: (time: string) => `Opdateret ${time}`,
  olderData: (name: string, time: string) => `${name} pr. ${time}`,
  more: (name: string) => `Hent flere fra ${name}`,
  moreToFetch: (names: string) => `${names} har flere, der ikke er hentet.`,
  noAnswer: (names: string) => `${names} svarede ikke.`,
  badAnswer: (names: string) => `${names} sendte et svar, der ikke kan læses.`,
  noAccess: (names: string) => `Du har ikke adgang til ${names}.`,
  needsPurpose: (names: string) => `${names} kræver, at formålet er oplyst.`,
  missing: (items: string) => `${items} derfra mangler.`,
  stale: (time: string) => `Det viste derfra er fra ${time}.`,
  unreadable: (count: number, name: string) =>
    count === 1
      ? `1 post fra ${name} kan ikke læses og mangler.`
      : `${count} poster fra ${name} kan ikke læses og mangler.`,
  interrupted: 'Hentningen blev afbrudt. Noget kan mangle.',
  offlineKept: 'Der er ingen forbindelse. Det viste kan være forældet.',
  configFault: (keys: string) => `Opsætningen af vinduet kan ikke bruges (${keys}). Standarden gælder.`,
  kept: (person: string) => `Vinduerne viser fortsat ${person}. Skiftet til en anden blev ikke gennemført.`,
  veiled: 'Skifter person …',
  noSubject: 'Ingen person er valgt',
  unsupported: (items: string) => `Ingen af de tilsluttede systemer leverer ${items}`,
  offline: 'Der er ingen forbindelse. Vinduet henter selv, når den er tilbage.',
  forbidden: (items: string) => `Du har ikke adgang til ${items} om denne person`,
  purpose: (items: string) => `Formålet med opslaget skal oplyses, før ${items} kan vises`,
  loggedOut: 'Du er ikke logget på. Log på igen i dit fagsystem.',
  error: (items: string) => `${items} kan ikke vises: ingen kilder svarede`,
  failed: (items: string) => `${items} kan ikke hentes lige nu`,
  unknownSubject: 'Personen findes ikke i kilderne',
  invalidSubject: 'Nummeret er ikke gyldigt',
  loading: (items: string) => `Henter ${items}`,
  empty: (items: string, answered: number) => `Ingen ${items} registreret i ${sources(answered)}, der svarede`,
  emptyPartial: (items: string, answered: number) =>
    `Ingen ${items} i det, der kom fra ${sources(answered)}, der svarede`,
};
/** See {@link panelDanish}. */
export type PanelTexts = typeof panelDanish;

/** Overridden under the name `panel`. */
export const panelStrings: StringSource<PanelTexts> = {
  name: 'panel',
  da: panelDanish,
  en: async () => (await import('./panel.strings.en.js')).panelEnglish,
};
