import '@bsp/widgets/journal/define';
import {type Me, type Note, type Problem, type ProblemCode, ProblemError, problemOf} from '@bsp/contract';
import type {Session, SurveyParticipant} from '@bsp/core';
import {type FakeSession, fakeSession, sourceOf, viewOf} from '../fixtures/fake-session.js';
import {type Scene, settled, until} from '../fixtures/scene.js';
import {casesView, cases as someCases} from './case-list.js';

export const tag = 'bsp-journal';

const today = new Date();
const at = (hour: number, minute: number, daysAgo = 0) => {
  const moment = new Date(today);
  moment.setDate(moment.getDate() - daysAgo);
  moment.setHours(hour, minute, 0, 0);
  return moment.toISOString();
};

/** A note with what matters filled in. */
export const noteOf = (source: string, id: string, heading: string, more: Partial<Note> = {}): Note => ({
  ref: {source, id},
  occurredAt: '2026-11-16T13:05:00+01:00',
  recordedAt: more.occurredAt ?? '2026-11-16T13:05:00+01:00',
  author: {name: 'Karla Bruun', unit: 'Jobcenter Korsbæk'},
  heading,
  body: 'Aftalt virksomhedsbesøg i uge 48. Ønsker deltid af hensyn til børnene.',
  ...more,
});

const long = `Hjemmebesøg sammen med ergoterapeut. Maude viser rundt i lejligheden og fortæller, at hun har svært ved at komme op af lænestolen og ud af badet. Hun går med rollator indendørs og bruger kørestol uden for hjemmet.

Aftalt:
- Badebænk og to greb afprøves fra mandag.
- Lænestol forhøjes med klodser, til bevilling foreligger.
- Datteren ringer, hvis der er brug for hjælp til at flytte møblerne.

Maude er orienteret om, at der træffes afgørelse inden for tre uger, og at hun kan klage. Hun ønsker, at vi ringer efter kl. 10, fordi hun sover dårligt om natten. Der er ikke fundet grundlag for yderligere hjælp til rengøring på nuværende tidspunkt, men det tages op igen ved næste opfølgning.`;

export const notes: Note[] = [
  noteOf('bsp', '1', 'Telefonsamtale', {
    occurredAt: at(9, 58),
    body: 'Maude oplyser, at hun er flyttet fra sin ægtefælle pr. 1. november og er på udkig efter en mindre bolig.',
    case: {ref: {source: 'ky', id: '1'}, title: 'Kontanthjælp, nyansøgning'},
    kle: {number: '32.24.04', title: 'Kontanthjælp'},
    delivery: {state: 'queued'},
  }),
  noteOf('ky', '2', 'Ansøgning modtaget', {
    occurredAt: at(9, 42),
    author: {name: 'Signe Holt', unit: 'Ydelsescenter Nord'},
    body: 'Digital ansøgning om kontanthjælp. Formue og samlivsstatus mangler. Ægtefællen er 641284-0001.',
    case: {ref: {source: 'ky', id: '1'}, title: 'Kontanthjælp, nyansøgning'},
    kle: {number: '32.24.04', title: 'Kontanthjælp'},
  }),
  noteOf('nexus', '3', 'Hjemmebesøg', {
    occurredAt: at(11, 15, 1),
    recordedAt: at(8, 2),
    author: {name: 'Poul Dam', unit: 'Hjælpemiddelcentralen'},
    body: long,
    case: {ref: {source: 'nexus', id: '3'}, title: 'Hjælpemiddel: arbejdsstol'},
  }),
  noteOf('bsp', '4', 'Samtale i jobcenter', {
    occurredAt: '2026-11-16T13:05:00+01:00',
    recordedAt: '2026-11-18T16:20:00+01:00',
    delivery: {state: 'accepted'},
    addenda: [
      {
        at: '2026-11-19T09:12:00+01:00',
        author: {name: 'Karla Bruun', unit: 'Jobcenter Korsbæk'},
        body: 'Rettelse: virksomhedsbesøget er i uge 49.',
      },
    ],
  }),
  noteOf('bsp', '5', 'Partshøring', {
    occurredAt: '2026-11-12T10:30:00+01:00',
    body: 'Partshøring sendt om indsættelser på kontoen i oktober. Frist 27.11.',
    delivery: {state: 'rejected', reason: 'Sagen er afsluttet i SBSYS'},
    case: {ref: {source: 'sbsys', id: '4'}},
  }),
  noteOf('momentum', '6', '', {
    occurredAt: '2025-06-03T00:00:00+02:00',
    recordedAt: '2025-06-03T00:00:00+02:00',
    author: {name: 'Ragnhild Østergaard-Kjær', unit: 'Juridisk Sekretariat'},
    body: '',
  }),
];

const names: Readonly<Record<string, string>> = {
  bsp: 'Journal',
  ky: 'KY',
  nexus: 'KMD Nexus',
  momentum: 'Momentum',
  sbsys: 'SBSYS',
};

type Changes = Readonly<Record<string, Parameters<typeof sourceOf>[2]>>;

/** Five sources that answered with these notes, changed where told. A source that failed gives nothing. */
export function journalView(items: readonly Note[], changes: Changes = {}) {
  const sources = Object.entries(names).map(([id, name]) => {
    const change = changes[id];
    const gives = !change?.status || change.status === 'ok' || change.stale;
    return sourceOf(id, name, {count: gives ? items.filter(({ref}) => ref.source === id).length : 0, ...change});
  });
  const silent = new Set(sources.filter(({status, stale}) => status !== 'ok' && !stale).map(({id}) => id));
  return viewOf(
    items.filter(({ref}) => !silent.has(ref.source)),
    sources,
  );
}

const everySource = (change: Parameters<typeof sourceOf>[2]) =>
  Object.fromEntries(Object.keys(names).map((id) => [id, change]));

/** A caseworker who may write, with these capabilities. */
export const writer = (...capabilities: string[]): Me => ({
  user: {id: 'kbru', name: 'Karla Bruun', unit: 'Jobcenter Korsbæk'},
  tenant: {id: 'korsbaek', name: 'Korsbæk'},
  capabilities,
  purposes: [],
});
const me = writer('act:note.create', 'act:note.addendum', 'act:draft.save');
const views = {journal: journalView(notes), cases: casesView(someCases), drafts: viewOf([], [])};

const done = (type: string, result?: unknown) =>
  Promise.resolve({key: '12345678', type, at: at(10, 14), ...(result ? {result} : {})});
const never = new Promise<never>(() => undefined);
let answer = (): void => undefined;
const whenAnswered: Session['act'] = (type) =>
  type === 'draft.save'
    ? done(type)
    : new Promise((resolve) => {
        answer = () => resolve(done(type, {ref: {source: 'bsp', id: '9'}}));
      });
const failing =
  (problem: Problem): Session['act'] =>
  (type) =>
    type === 'draft.save' ? done(type) : Promise.reject(new ProblemError(problem));
const refusing =
  (code: ProblemCode): Session['act'] =>
  (type) =>
    Promise.reject(new ProblemError(problemOf(code, type)));
const saving: Session['act'] = (type) => done(type, {ref: {source: 'bsp', id: '1'}});

const find = <T extends HTMLElement>(element: HTMLElement, selector: string) =>
  until(() => element.shadowRoot?.querySelector<T>(selector));

/** Types as a user does. */
export async function fill(element: HTMLElement, selector: string, value: string): Promise<void> {
  const field = await find<HTMLInputElement>(element, selector);
  field.value = value;
  field.dispatchEvent(new Event('input', {bubbles: true}));
  field.dispatchEvent(new Event('change', {bubbles: true}));
  await settled(element);
}

const body = 'Maude oplyser, at hun er flyttet fra sin ægtefælle pr. 1. november og har brug for hjælp til indskud.';

const open = async (element: HTMLElement) => {
  (await find(element, '#write')).click();
  await find(element, '#note-body');
};
const write = async (element: HTMLElement) => {
  await open(element);
  await fill(element, '#note-heading', 'Telefonsamtale');
  await fill(element, '#note-case', 'ky\u00001');
  await fill(element, '#note-body', body);
};
const keep = async (element: HTMLElement) => {
  await write(element);
  element.shadowRoot?.querySelector('.compose')?.dispatchEvent(new Event('focusout'));
};
const save = async (element: HTMLElement) => {
  await write(element);
  (await find<HTMLButtonElement>(element, '.compose .primary')).click();
  await settled(element);
};
const composing = (act: Session['act'], afterwards: Scene['afterwards'], more: Partial<Session> = {}): Scene => ({
  session: {me, act, ...more},
  views,
  ...(afterwards ? {afterwards} : {}),
});

let participant: SurveyParticipant | undefined;
let asked: ReturnType<SurveyParticipant> | undefined;
const survey: Session['survey'] = (joined) => {
  participant = joined;
  return () => undefined;
};
const ask = async (element: HTMLElement) => {
  await write(element);
  const {session} = element.closest('fake-provider') ?? {};
  (session as FakeSession).change({veiled: true});
  asked = participant?.(new AbortController().signal);
  await settled(element);
};
/** The user keeps the person in this window, and the page goes on to another. */
const pin = async (element: HTMLElement) => {
  await ask(element);
  (await find(element, '#pin')).click();
  const answer = await asked;
  const provider = element.closest('fake-provider');
  if (typeof answer === 'object' && 'pin' in answer) answer.pin();
  if (!provider) return;
  (provider.session as FakeSession).change({veiled: false});
  provider.session = fakeSession({name: 'Bo Dahl', subject: {type: 'cpr', masked: '710190-••••'}});
  await settled(element);
};
const savedDraft = {
  window: 'journal',
  savedAt: '2026-11-19T14:02:00+01:00',
  version: 'first-version',
  key: '0123456789abcdef',
  content: {heading: 'Telefonsamtale', body, occurred: '2026-11-19T13:50'},
};

/** The backend has closed the context; it can be opened again. */
const closedContext = (): Scene => ({
  session: {me, renewable: true},
  views: {journal: {...viewOf([], []), planned: false, problem: problemOf('context-closed', 'x')}},
});

const all: Readonly<Record<string, Scene>> = {
  ready: {session: {me}, views},
  'read-only': {session: {me: writer()}, views},
  partial: {
    session: {me},
    views: {...views, journal: journalView(notes, {ky: {status: 'timeout'}, sbsys: {invalid: 2}})},
  },
  stale: {views: {journal: journalView(notes, {nexus: {status: 'unavailable', stale: true}})}},
  loading: {session: {me}},
  'some-waiting': {session: {me}, views: {journal: journalView(notes, {nexus: {status: 'waiting'}})}},
  opening: {session: {state: 'opening', subject: undefined, name: undefined, contextId: undefined}},
  empty: {session: {me}, views: {journal: journalView([])}},
  'partial-empty': {views: {journal: journalView([], {ky: {status: 'unavailable'}})}},
  error: {session: {me}, views: {journal: journalView([], everySource({status: 'unavailable'}))}},
  forbidden: {views: {journal: journalView([], everySource({status: 'forbidden'}))}},
  'needs-purpose': {views: {journal: journalView([], everySource({status: 'needs-purpose'}))}},
  unsupported: {views: {journal: viewOf([], [])}},
  offline: {offline: true},
  'no-subject': {session: null},
  veiled: {session: {veiled: true, me}, views},
  kept: {session: {kept: true, me}, views},
  'kept-for': {
    session: {
      kept: true,
      objections: [{program: 'Lægesystemet', reason: 'Attesten er ikke gemt.'}, {program: 'Kalenderen'}],
      me,
    },
    views,
  },
  'cut-off': {session: {cutOff: ['Lægesystemet', undefined], me}, views},
  more: {session: {me}, views: {...views, journal: journalView(notes, {sbsys: {next: 'x'}})}, config: {pageSize: 2}},
  'filtered-away': {session: {me}, views, afterwards: (element) => fill(element, 'input[type=search]', 'findes ikke')},
  'bad-config': {session: {me}, views, config: {headings: 'mange', pageSize: -1}},
  compact: {session: {me}, views, attributes: {density: 'compact'}},
  'draft-waiting': {
    session: {me},
    views: {...views, drafts: viewOf([savedDraft, {...savedDraft, window: 'journal-addendum'}], [])},
  },
  'compose-empty': composing(saving, open),
  'compose-written': composing(saving, keep),
  'compose-own-heading': composing(saving, async (element) => {
    await write(element);
    await fill(element, '#note-heading', '\n');
    await fill(element, '#note-own-heading', 'Opkald fra udlejer');
  }),
  'compose-draft-failed': composing(refusing('unavailable'), keep),
  'compose-draft-too-large': composing(refusing('too-large'), keep),
  'compose-draft-changed': {
    ...composing(refusing('conflict'), keep),
    views: {...views, drafts: viewOf([savedDraft], [])},
  },
  'compose-draft-gone': composing(refusing('conflict'), keep),
  'compose-no-drafts': composing(saving, write, {me: writer('act:note.create')}),
  'compose-faults': composing(saving, async (element) => {
    await open(element);
    await fill(element, '#note-kle', 'kontanthjælp');
    await fill(element, '#note-occurred', '2999-01-01T10:00');
    (await find(element, '.compose .primary')).click();
  }),
  'compose-too-long': composing(saving, async (element) => {
    await write(element);
    await fill(element, '#note-body', 'Æblegrød '.repeat(20_000));
    (await find(element, '.compose .primary')).click();
  }),
  'compose-saving': composing((type) => (type === 'draft.save' ? done(type) : never), save),
  'compose-refused': composing(failing(problemOf('rate-limited', 'x', {retryAfter: 30})), save),
  'compose-uncertain': composing(failing(problemOf('unavailable', 'x')), save),
  'compose-closed': composing(failing(problemOf('context-closed', 'x')), save),
  'compose-renewable': composing(failing(problemOf('context-closed', 'x')), save, {renewable: true}),
  closed: closedContext(),
  'compose-discard': composing(saving, async (element) => {
    await write(element);
    (await find(element, '.compose-foot .button')).click();
  }),
  'compose-saved': composing(saving, save),
  addendum: composing(saving, async (element) => {
    [...(element.shadowRoot?.querySelectorAll<HTMLElement>('.entry button') ?? [])].at(2)?.click();
    await settled(element);
    [...(element.shadowRoot?.querySelectorAll<HTMLElement>('.entry button') ?? [])]
      .find(({textContent}) => /Tilføj|Add/.test(textContent ?? ''))
      ?.click();
    await fill(element, '#addendum-body', 'Rettelse: hun flyttede den 3. november.');
  }),
  question: composing(saving, ask, {survey}),
  'question-keeping': composing(() => never, ask, {survey}),
  'question-lost': composing(saving, ask, {survey, me: writer('act:note.create')}),
  pinned: composing(saving, pin, {survey}),
  outcome: composing(whenAnswered, async (element) => {
    await save(element);
    const provider = element.closest('fake-provider');
    if (provider) provider.session = undefined;
    await settled(element);
    answer();
    await find(element, '.outcome');
  }),
};

/** Waits until the window's tools are loaded. */
export const tooled = (element: HTMLElement): Promise<boolean> =>
  until(() => element.shadowRoot?.querySelector('.coming') === null);

export const scenes: Readonly<Record<string, Scene>> = Object.fromEntries(
  Object.entries(all).map(([name, scene]) => [
    name,
    {
      ...scene,
      afterwards: async (element: HTMLElement) => {
        await tooled(element);
        await settled(element);
        await scene.afterwards?.(element);
      },
    },
  ]),
);
