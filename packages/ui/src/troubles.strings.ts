import type {StringSource} from '@bsp/core';

const sources = (count: number) => (count === 1 ? 'den kilde' : `de ${count} kilder`);

/** What can be wrong, in words. `items` is a window's own plural noun, `names` a list of sources. */
export const troublesDanish = {
  noAnswer: (names: string) => `${names} svarede ikke.`,
  badAnswer: (names: string) => `${names} sendte et svar, der ikke kan læses.`,
  noAccess: (names: string) => `${names} giver dig ikke adgang.`,
  needsPurpose: (names: string) => `${names} kræver, at formålet er oplyst.`,
  missing: (items: string) => `${items} derfra mangler.`,
  stale: (time: string) => `Oplysningerne derfra er fra ${time}.`,
  unreadable: (count: number, name: string) =>
    count === 1
      ? `1 post fra ${name} kan ikke læses og mangler.`
      : `${count} poster fra ${name} kan ikke læses og mangler.`,
  interrupted: 'Hentningen blev afbrudt. Noget kan mangle.',
  offlineKept: 'Der er ingen forbindelse. Oplysningerne kan være forældede.',
  configFault: (keys: string) => `Opsætningen af vinduet kan ikke bruges (${keys}). Standarden gælder.`,
  unsupported: (items: string) => `Ingen af de tilsluttede systemer leverer ${items}`,
  offline: 'Der er ingen forbindelse. Vinduet henter selv, når den er tilbage.',
  forbidden: (items: string) => `Du har ikke adgang til ${items} om denne person`,
  purpose: (items: string) => `Formålet med opslaget skal oplyses, før ${items} kan vises`,
  loggedOut: 'Du er ikke logget på. Log på igen i dit fagsystem.',
  error: (items: string) => `${items} kan ikke vises: ingen kilder svarede`,
  failed: (items: string) => `${items} kan ikke hentes lige nu`,
  closed: 'Opslaget på personen er lukket. Vælg personen igen.',
  closedRenewable: 'Opslaget på personen er lukket.',
  renew: 'Åbn igen',
  breakGlass: 'Nødadgang …',
  mayBeMore: 'Der kan være mere, som du ikke har adgang til.',
  statePurpose: 'Oplys formål …',
  busy: (items: string) => `${items} kan ikke hentes lige nu: der er for mange opslag. Vent lidt, og prøv igen.`,
  unknownSubject: 'Personen kunne ikke slås op',
  invalidSubject: 'Nummeret er ikke gyldigt',
  emptyPartial: (items: string, answered: number) =>
    `Ingen ${items} i det, der kom fra ${sources(answered)}, der svarede`,
};
/** See {@link troublesDanish}. */
export type TroubleTexts = typeof troublesDanish;

/** Overridden under the name `panel`, as the panel's other texts. */
export const troubleStrings: StringSource<TroubleTexts> = {
  name: 'panel',
  da: troublesDanish,
  en: async () => (await import('./troubles.strings.en.js')).troublesEnglish,
};
