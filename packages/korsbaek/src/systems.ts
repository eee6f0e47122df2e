import type {CasePhase, Subject} from '@bsp/contract';
import type {Chance} from './random.js';

/** The six systems that hold Korsbæk's cases. */
export const systemIds = ['ky', 'kmd-aktiv', 'nexus', 'momentum', 'sbsys', 'dubu'] as const;
/** One of {@link systemIds}. */
export type SystemId = (typeof systemIds)[number];

/** What there is to ask: the six systems, and the CPR register that holds the person data. */
export const sourceIds = ['cpr', ...systemIds] as const;
/** One of {@link sourceIds}. */
export type KorsbaekSourceId = (typeof sourceIds)[number];

/** A system as its users know it. */
export interface System {
  readonly id: KorsbaekSourceId;
  readonly name: string;
  /** The contract's resources that it holds. */
  readonly resources: readonly ('person' | 'cases' | 'journal' | 'events')[];
  /** The keys that it knows anything about. */
  readonly subjects: readonly Subject['type'][];
  /** Its own words for a case's status, and the phase that each of them means. */
  readonly words: Readonly<Record<string, CasePhase>>;
}

/** Korsbæk's sources by id. */
export const systems: Readonly<Record<KorsbaekSourceId, System>> = {
  cpr: {id: 'cpr', name: 'CPR', resources: ['person', 'events'], subjects: ['cpr'], words: {}},
  ky: {
    id: 'ky',
    name: 'KY',
    resources: ['cases', 'journal', 'events'],
    subjects: ['cpr'],
    words: {
      Modtaget: 'arisen',
      'Under behandling': 'informed',
      'Afventer borger': 'informed',
      Bevilget: 'decided',
      Afslået: 'decided',
      'I udbetaling': 'executed',
      Ophørt: 'closed',
    },
  },
  'kmd-aktiv': {
    id: 'kmd-aktiv',
    name: 'KMD Aktiv',
    resources: ['cases'],
    subjects: ['cpr'],
    words: {
      Oprettet: 'arisen',
      Beregnet: 'informed',
      Godkendt: 'decided',
      'Til anvisning': 'ordered',
      Udbetales: 'executed',
      Stoppet: 'closed',
      Passiv: 'closed',
    },
  },
  nexus: {
    id: 'nexus',
    name: 'KMD Nexus',
    resources: ['cases', 'journal', 'events'],
    subjects: ['cpr'],
    words: {
      'Henvendelse modtaget': 'arisen',
      'Under udredning': 'informed',
      Visiteret: 'decided',
      'Afventer levering': 'ordered',
      'Bestilt hos leverandør': 'ordered',
      'Indsats i gang': 'executed',
      Afsluttet: 'closed',
    },
  },
  momentum: {
    id: 'momentum',
    name: 'Momentum',
    resources: ['cases', 'journal', 'events'],
    subjects: ['cpr', 'cvr'],
    words: {
      'Til visitation': 'arisen',
      'Aktiv, afklaring': 'informed',
      'Plan godkendt': 'decided',
      'Tilbud bestilt': 'ordered',
      'I tilbud': 'executed',
      Lukket: 'closed',
    },
  },
  sbsys: {
    id: 'sbsys',
    name: 'SBSYS',
    resources: ['cases', 'journal', 'events'],
    subjects: ['cpr', 'cvr', 'bfe'],
    words: {
      Ny: 'arisen',
      Aktiv: 'informed',
      'I partshøring': 'informed',
      'Afgørelse truffet': 'decided',
      'Til ekspedition': 'ordered',
      Ekspederet: 'executed',
      Lukket: 'closed',
      Arkiveret: 'closed',
    },
  },
  dubu: {
    id: 'dubu',
    name: 'DUBU',
    resources: ['cases', 'journal'],
    subjects: ['cpr'],
    words: {
      'Underretning modtaget': 'arisen',
      'Undersøgelse i gang': 'informed',
      'Indsats besluttet': 'decided',
      'Indsats bestilt': 'ordered',
      'Indsats iværksat': 'executed',
      'Sag afsluttet': 'closed',
    },
  },
};

/** The phase that a system's own word means; undefined for a word that it does not use. */
export const phaseOf = (system: SystemId, word: string): CasePhase | undefined =>
  Object.hasOwn(systems[system].words, word) ? systems[system].words[word] : undefined;

/** The words of a system that mean a phase. */
export const wordsFor = (system: SystemId, phase: CasePhase): readonly string[] =>
  Object.entries(systems[system].words)
    .filter(([, meant]) => meant === phase)
    .map(([word]) => word);

/** A case number as the system writes it. None of the forms can be taken for a CPR number. */
export function caseNumber(system: SystemId, kle: string, year: number, chance: Chance): string {
  const yy = String(year % 100).padStart(2, '0');
  const digits = (count: number): string => String(chance.between(10 ** (count - 1), 10 ** count - 1));
  switch (system) {
    case 'ky':
      return `KY-${yy}-${digits(7)}`;
    case 'kmd-aktiv':
      return `${digits(3)}.${digits(3)}/${yy}`;
    case 'nexus':
      return `NX-${digits(4)}-${digits(2)}`;
    case 'momentum':
      return `M${digits(7)}`;
    case 'sbsys':
      return `${kle}-${chance.pick(['G01', 'Ø54', 'P27', 'K08'])}-${digits(3)}-${yy}`;
    case 'dubu':
      return `${year}/${digits(5)}`;
  }
}

const caseNumbers: Readonly<Record<SystemId, RegExp>> = {
  ky: /^KY-\d\d-\d{7}$/i,
  'kmd-aktiv': /^\d{3}\.\d{3}\/\d\d$/,
  nexus: /^NX-\d{4}-\d\d$/i,
  momentum: /^M\d{7}$/i,
  sbsys: /^\d\d\.\d\d\.\d\d-[A-ZØ]\d\d-\d{3}-\d\d$/i,
  dubu: /^\d{4}\/\d{5}$/,
};

/** Whether a text is written as the system writes its case numbers. */
export const looksLikeCaseNumber = (system: SystemId, text: string): boolean => caseNumbers[system].test(text);
