import '@bsp/widgets/person/define';
import {type Me, type Person, ProblemError, problemOf} from '@bsp/contract';
import {formatsFor, type Session} from '@bsp/core';
import {sourceOf, viewOf} from '../fixtures/fake-session.js';
import {type Scene, settled, until} from '../fixtures/scene.js';

export const tag = 'bsp-person';

/** A calendar day so many days from now, in Denmark. */
export const dayFromNow = (days: number): string =>
  formatsFor('da').dayKey(new Date(Date.now() + days * 864e5).toISOString());

/** Somebody born so many years ago today, but for some days. */
export const bornYearsAgo = (years: number, days = 0): string => {
  const [year, rest] = [dayFromNow(-days).slice(0, 4), dayFromNow(-days).slice(4)];
  return `${Number(year) - years}${rest === '-02-29' ? '-02-28' : rest}`;
};

/** A person of the CPR with what matters filled in. */
export const personOf = (more: Partial<Person> = {}): Person => ({
  ref: {source: 'cpr', id: 'p0'},
  name: 'Maude Agerlund',
  masked: '641284-••••',
  status: {kind: 'active', native: '01'},
  birthDate: '1984-12-04',
  sex: 'female',
  ...more,
});

const handle = (value: string) => ({type: 'ref', value}) as const;

/** Protected, separated, two children. */
export const maude = personOf({
  address: {protected: true, municipality: 'Korsbæk', since: '2026-11-01'},
  contactAddress: {protected: true},
  protections: [
    {kind: 'name-address', from: dayFromNow(-23), to: dayFromNow(342)},
    {kind: 'marketing', from: '2018-02-01'},
  ],
  civilStatus: {kind: 'separated', since: '2026-11-01'},
  citizenship: 'Danmark',
  spouse: {
    relation: 'spouse',
    name: 'Torben Dissing',
    masked: '720482-••••',
    birthDate: '1982-04-12',
    subject: handle('h-12'),
  },
  children: [
    {
      relation: 'child',
      name: 'Alma Agerlund Dissing',
      masked: '740215-••••',
      birthDate: bornYearsAgo(11, 90),
      protected: true,
      subject: handle('h-8'),
    },
    {
      relation: 'child',
      name: 'Viggo Agerlund Dissing',
      masked: '890518-••••',
      birthDate: bornYearsAgo(8, 30),
      protected: true,
      subject: handle('h-13'),
    },
  ],
  parents: [
    {relation: 'mother', name: 'Grethe Agerlund', masked: '630258-••••', subject: handle('h-30')},
    {relation: 'father', name: 'Svend Agerlund'},
  ],
});

/** A child whose parents share custody. */
export const alma = personOf({
  name: 'Alma Agerlund Dissing',
  masked: '740215-••••',
  birthDate: bornYearsAgo(11, 90),
  address: {protected: true, municipality: 'Korsbæk', since: '2026-11-01'},
  protections: [{kind: 'name-address', from: dayFromNow(-23), to: dayFromNow(342)}],
  civilStatus: {kind: 'unmarried'},
  parents: [
    {relation: 'mother', name: 'Maude Agerlund', masked: '641284-••••', protected: true, subject: handle('h-0')},
    {relation: 'father', name: 'Torben Dissing', masked: '720482-••••', subject: handle('h-12')},
  ],
  custody: [
    {holder: {relation: 'mother', name: 'Maude Agerlund', masked: '641284-••••', subject: handle('h-0')}},
    {holder: {relation: 'father', name: 'Torben Dissing', masked: '720482-••••', subject: handle('h-12')}},
  ],
});

/** Married, nothing out of the ordinary. */
export const holger = personOf({
  name: 'Holger Skjern',
  masked: '770571-••••',
  birthDate: '1971-05-17',
  sex: 'male',
  address: {lines: ['Jernbanealléen 9', '4978 Korsbæk'], municipality: 'Korsbæk', since: '2004-06-15'},
  civilStatus: {kind: 'married', since: '1998-08-22'},
  citizenship: 'Danmark',
  spouse: {relation: 'spouse', name: 'Karen Skjern', masked: '880173-••••', subject: handle('h-14')},
  children: [],
});

export const vilhelm = personOf({
  name: 'Vilhelm Norup',
  masked: '660741-••••',
  birthDate: '1941-07-06',
  sex: 'male',
  status: {kind: 'dead', native: '90', since: '2026-09-29'},
  civilStatus: {kind: 'deceased', since: '2026-09-29'},
  citizenship: 'Danmark',
});

export const katrine = personOf({
  name: 'Katrine Bjerre Olsen',
  masked: '750392-••••',
  birthDate: '1992-03-15',
  status: {kind: 'emigrated', native: '80', since: '2025-08-31'},
  civilStatus: {kind: 'unmarried'},
  contactAddress: {lines: ['Storgata 14', '9008 Tromsø', 'Norge']},
  citizenship: 'Danmark',
});

export const jonas = personOf({
  name: 'Jonas Thorup',
  masked: '820696-••••',
  birthDate: '1996-06-22',
  sex: 'male',
  status: {kind: 'missing', native: '70', since: '2026-03-12'},
  civilStatus: {kind: 'unmarried'},
});

export const sasja = personOf({
  name: 'Sasja Holm',
  masked: '691099-••••',
  birthDate: '1999-10-09',
  status: {kind: 'changed-number', native: '60', since: '2026-05-06'},
  replacedBy: {relation: 'other', name: 'Sasja Holm', masked: '691099-••••', subject: handle('h-18')},
});

/** All that a record can hold. */
export const everything = personOf({
  ...maude,
  name: 'Maude Emilie Agerlund Bjerregaard-Østergaard',
  guardianship: {
    since: '2024-02-01',
    guardian: {relation: 'other', name: 'Louise Friis', masked: '620491-••••', subject: handle('h-20')},
  },
  previousNumbers: ['641284-••••', '671284-••••'],
  protections: [
    ...(maude.protections ?? []),
    {kind: 'research', from: dayFromNow(60)},
    {kind: 'directory', from: '2010-01-01', to: dayFromNow(-1)},
  ],
});

export const hostile = personOf({
  name: '<b>Kasper</b> "><script>document.title=1</script> O’Brian \u202Enesneroslevgninrev\u202C vedr. 811187-1003',
  masked: '811187-••••',
  birthDate: '1987-11-21',
  sex: 'male',
  status: {kind: 'missing', native: '<img src=x onerror=alert(1)>'},
  address: {
    lines: [
      '<img src=x onerror=alert(1)> Speciallægepraksisplanlægningsstabiliseringsperiodensvej 1000',
      '4978 Korsbæk &amp; <i>omegn</i>',
    ],
    municipality: 'Speciallægepraksisplanlægningsstabiliseringsperiodenskommune',
  },
  citizenship: '{{constructor.constructor("alert(1)")()}}',
  civilStatus: {kind: 'unknown', native: '<script>globalThis.attacked = true</script>'},
  children: [
    {relation: 'child', name: '<b>Speciallægepraksisplanlægningsstabiliseringsperiodens barn</b> 811187-1003'},
  ],
});

/** The CPR, and a second source that holds persons. */
export const names: Readonly<Record<string, string>> = {cpr: 'CPR', sygesikring: 'Sygesikring'};

/** The CPR answered with these records. */
export const personView = (items: readonly Person[], change: Parameters<typeof sourceOf>[2] = {}) =>
  viewOf(items, [sourceOf('cpr', 'CPR', {count: items.length, ...change})]);

/** Both sources answered, changed where told. */
export const twoSources = (
  items: readonly Person[],
  changes: Readonly<Record<string, Parameters<typeof sourceOf>[2]>> = {},
) =>
  viewOf(
    items,
    Object.entries(names).map(([id, name]) =>
      sourceOf(id, name, {count: items.filter(({ref}) => ref.source === id).length, ...changes[id]}),
    ),
  );

/** A user who may do these things. */
export const userWith = (...capabilities: string[]): Me => ({
  user: {id: 'u1', name: 'Signe Holt'},
  tenant: {id: 't1', name: 'Korsbæk'},
  capabilities,
  purposes: [],
});

/** Answers `reveal` with the synthetic number, or the lines. */
export const revealing: Session['act'] = async (type, payload) => ({
  key: '12345678',
  type,
  at: '2026-11-20T09:42:00+01:00',
  result:
    (payload as {field: string}).field === 'cpr'
      ? {value: '641284-1002'}
      : {lines: ['Rolighedsparken 44, 2. tv', '4979 Korsbæk Ø', 'Kontaktadresse:', 'Postboks 112', '4978 Korsbæk']},
});

/** Refuses. */
export const refusing: Session['act'] = async () => {
  throw new ProblemError(problemOf('timeout', 'The source did not answer in time'));
};

/** The Session of one of the persons. */
export const sessionOf = ({name, masked}: Person, more: Partial<Session> = {}): Partial<Session> => ({
  subject: {type: 'cpr', masked, label: name},
  name,
  me: userWith('act:reveal'),
  act: revealing,
  ...more,
});

/** One person in a form. */
export const shown = (person: Person, form: 'banner' | 'full' = 'banner', more: Partial<Scene> = {}): Scene => ({
  session: sessionOf(person),
  views: {person: personView([person])},
  config: {form},
  ...more,
});

const pressed = (label: RegExp, then: RegExp) => async (element: HTMLElement) => {
  const root = element.shadowRoot as ShadowRoot;
  [...root.querySelectorAll('button')].find(({ariaLabel}) => label.test(ariaLabel ?? ''))?.click();
  await until(() => then.test(root.querySelector('section')?.innerText ?? ''));
  await settled(element);
};

const inactive = personOf({status: {kind: 'inactive', native: '20'}, address: undefined} as Partial<Person>);
const annulled = personOf({status: {kind: 'annulled', native: '30', since: '2019-06-01'}});
const marriedName = {...maude, ref: {source: 'sygesikring', id: 's1'}, name: 'Maude Dissing'};

export const scenes: Readonly<Record<string, Scene>> = {
  protected: shown(maude),
  ordinary: shown(holger),
  child: shown(alma),
  dead: shown(vilhelm),
  emigrated: shown(katrine),
  missing: shown(jonas),
  'changed-number': shown(sasja),
  annulled: shown(annulled),
  inactive: shown(inactive),
  hostile: shown(hostile),
  'number-revealed': shown(maude, 'banner', {afterwards: pressed(/CPR/, /1002/)}),
  'address-revealed': shown(maude, 'banner', {afterwards: pressed(/adresse|address/, /Rolighedsparken/)}),
  'reveal-failed': shown(maude, 'banner', {
    session: sessionOf(maude, {act: refusing}),
    afterwards: pressed(/CPR/, /svarede ikke|did not answer/),
  }),
  'no-reveal': shown(maude, 'banner', {session: sessionOf(maude, {me: userWith()})}),
  full: shown(maude, 'full'),
  'full-everything': shown(everything, 'full', {afterwards: pressed(/adresse|address/, /Rolighedsparken/)}),
  'full-ordinary': shown(holger, 'full'),
  'full-child': shown(alma, 'full'),
  'full-dead': shown(vilhelm, 'full'),
  'full-hostile': shown(hostile, 'full'),
  disagreement: {
    session: sessionOf(maude),
    views: {person: twoSources([maude, {...marriedName, status: {kind: 'dead', since: '2026-11-02'}}])},
  },
  'another-name': {session: sessionOf(maude), views: {person: twoSources([maude, marriedName])}},
  partial: {session: sessionOf(maude), views: {person: twoSources([maude], {sygesikring: {status: 'timeout'}})}},
  stale: {
    session: sessionOf(maude),
    views: {
      person: personView([maude], {status: 'unavailable', stale: true, asOf: '2026-11-18T08:12:00+01:00'}),
    },
  },
  loading: {},
  'loading-full': {config: {form: 'full'}},
  'some-waiting': {
    session: sessionOf(maude),
    views: {person: twoSources([maude], {sygesikring: {status: 'waiting'}})},
  },
  opening: {session: {state: 'opening', subject: undefined, name: undefined, contextId: undefined}},
  unknown: {
    session: {subject: {type: 'cpr', masked: '610199-••••'}, name: undefined},
    views: {person: twoSources([])},
  },
  'partial-empty': {
    session: {subject: {type: 'cpr', masked: '610199-••••'}, name: undefined},
    views: {person: twoSources([], {sygesikring: {status: 'unavailable'}})},
  },
  error: {views: {person: personView([], {status: 'unavailable'})}},
  forbidden: {views: {person: personView([], {status: 'forbidden'})}},
  'needs-purpose': {views: {person: personView([], {status: 'needs-purpose'})}},
  unsupported: {views: {person: viewOf([], [])}},
  offline: {offline: true},
  'offline-kept': {
    session: sessionOf(maude),
    offline: true,
    views: {person: personView([maude], {status: 'unavailable', stale: true})},
  },
  'no-subject': {session: null},
  veiled: shown(maude, 'banner', {session: sessionOf(maude, {veiled: true})}),
  kept: shown(maude, 'banner', {session: sessionOf(maude, {kept: true})}),
  'bad-config': shown(maude, 'banner', {config: {form: 'huge'}}),
  compact: shown(maude, 'banner', {attributes: {density: 'compact'}}),
};
