import type {Case, Subject} from '@bsp/contract';
import {isoDay, momentOf, workday} from './calendar.js';
import type {Today} from './dossier.js';
import {type KleNumber, kleTitles} from './kle.js';
import {chanceOf} from './random.js';
import {staffOf, type UnitId} from './staff.js';
import {caseNumber, phaseOf, type SystemId} from './systems.js';

/** A company or a property of Korsbæk. Its number is beyond those that are given out. */
export interface Organization {
  readonly index: number;
  readonly subject: Extract<Subject, {value: string}> & {readonly type: 'cvr' | 'bfe'};
  readonly name: string;
  readonly address: string;
  readonly cases: readonly Case[];
}

interface Written {
  readonly subject: Organization['subject'];
  readonly name: string;
  readonly address: string;
  readonly cases: readonly WrittenCase[];
}

interface WrittenCase {
  readonly system: SystemId;
  readonly title: string;
  readonly word: string;
  readonly kle: KleNumber;
  readonly unit: UnitId;
  readonly openedDaysAgo: number;
  readonly changedDaysAgo: number;
}

const practice = (title: string, word: string, openedDaysAgo: number, changedDaysAgo: number): WrittenCase => ({
  system: 'momentum',
  title,
  word,
  kle: '15.18.05',
  unit: 'job',
  openedDaysAgo,
  changedDaysAgo,
});

const building = (
  title: string,
  word: string,
  openedDaysAgo: number,
  changedDaysAgo: number,
  kle: KleNumber = '02.34.02',
): WrittenCase => ({system: 'sbsys', title, word, kle, unit: 'environment', openedDaysAgo, changedDaysAgo});

const written: readonly Written[] = [
  {
    subject: {type: 'cvr', value: '90000004'},
    name: 'Korsbæk Byggemarked ApS',
    address: 'Teglværksgade 12, 4978 Korsbæk',
    cases: [
      practice('Virksomhedspraktik, to pladser i trælasten', 'I tilbud', 74, 3),
      building('Skilt over indgangen, Teglværksgade 12', 'Afgørelse truffet', 120, 41, '02.00.14'),
    ],
  },
  {
    subject: {type: 'cvr', value: '90000012'},
    name: 'Hotel Postgården A/S',
    address: 'Hotelgade 1, 4978 Korsbæk',
    cases: [
      practice('Virksomhedspraktik i køkkenet', 'Tilbud bestilt', 21, 1),
      practice('Virksomhedspraktik i receptionen', 'Lukket', 400, 210),
    ],
  },
  {
    subject: {type: 'cvr', value: '90000020'},
    name: 'Fjordby Fiskeeksport ApS',
    address: 'Havnepladsen 4, 4986 Fjordby',
    cases: [],
  },
  {
    subject: {type: 'bfe', value: '990000001'},
    name: 'Teglværksgade 12, 4978 Korsbæk',
    address: 'Matrikel 14b, Korsbæk Markjorder',
    cases: [
      building('Byggetilladelse til halvtag over trælasten', 'I partshøring', 63, 2),
      building('Nedrivning af det gamle tørrehus', 'Lukket', 700, 480, '02.34.30'),
    ],
  },
  {
    subject: {type: 'bfe', value: '990000002'},
    name: 'Klosterstræde 8, 4978 Korsbæk',
    address: 'Matrikel 3a, Korsbæk Bygrunde',
    cases: [building('Byggetilladelse til kviste mod gården', 'Aktiv', 18, 5)],
  },
];

/** Makes Korsbæk's companies and properties, with their cases counted back from today. */
export const organizationsOf = (seed: string, today: Today): readonly Organization[] =>
  written.map(({cases, ...organization}, index) => ({
    ...organization,
    index,
    cases: cases.map((one, number) => caseOf(one, `o${index}-${number}`, seed, today)),
  }));

/** The company or property that a subject means. */
export const organizationBy = (organizations: readonly Organization[], subject: Subject): Organization | undefined =>
  organizations.find((one) => one.subject.type === subject.type && one.subject.value === subject.value);

function caseOf(one: WrittenCase, id: string, seed: string, today: Today): Case {
  const {system, title, word, kle, unit} = one;
  const opened = workday(today.day - one.openedDaysAgo);
  const changed = workday(today.day - one.changedDaysAgo);
  const chance = chanceOf(seed, 'organization', id);
  return {
    ref: {source: system, id},
    title,
    number: caseNumber(system, kle, Number(isoDay(opened).slice(0, 4)), chance),
    status: {phase: phaseOf(system, word), native: word},
    kle: {number: kle, title: kleTitles[kle]},
    responsible: chance.pick(staffOf(unit)),
    openedAt: momentOf(opened, 31_860),
    changedAt: momentOf(changed, 39_720),
    sensitivity: 'ordinary',
  };
}
