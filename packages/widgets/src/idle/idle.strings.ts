import type {StringSource} from '@bsp/core';

const idleDanish = {
  heading: 'Er du der stadig?',
  /**
   * @param seconds - that are left.
   * @param drafts - what is begun is kept; undefined where nothing is written.
   */
  warning: (seconds: string, person: string, drafts?: boolean) =>
    `Om ${seconds} sekunder lukkes oplysningerne om ${person}, så ingen andre kan læse med.${
      drafts ? ' Kladder er gemt.' : drafts === false ? ' Det, du har skrevet og ikke gemt, går tabt.' : ''
    }`,
  thePerson: 'den valgte person',
  stay: 'Bliv her',
  closeNow: 'Luk nu',
  closed: (time: string, drafts?: boolean) =>
    `Oplysningerne blev lukket kl. ${time}, fordi skærmen ikke var i brug. Vælg personen igen i dit fagsystem.${drafts ? ' Kladder venter dér.' : ''}`,
  dismiss: 'Luk beskeden',
};
/** See {@link idleStrings}. */
export type IdleTexts = typeof idleDanish;

/** Texts of `<bsp-idle>`; overridden under `idle`. */
export const idleStrings: StringSource<IdleTexts> = {
  name: 'idle',
  da: idleDanish,
  en: async () => (await import('./idle.strings.en.js')).idleEnglish,
};
