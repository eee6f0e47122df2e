import '@bsp/widgets/case-list/define';
import '@bsp/widgets/case-list/windowed';
import type {Case, CaseItem, Existence, Me} from '@bsp/contract';
import {sourceOf, todayAt, viewOf} from '../fixtures/fake-session.js';
import {type Scene, until} from '../fixtures/scene.js';

export const tag = 'bsp-case-list';

/** A case with what matters filled in. */
export const caseOf = (source: string, id: string, title: string, more: Partial<Case> = {}): Case => ({
  ref: {source, id},
  title,
  status: {phase: 'informed', native: 'Under behandling'},
  changedAt: '2026-11-12T13:05:00+01:00',
  sensitivity: 'ordinary',
  ...more,
});

export const cases: Case[] = [
  caseOf('ky', '1', 'Kontanthjælp, nyansøgning', {
    kle: {number: '32.24.04', title: 'Kontanthjælp'},
    number: '32.24.04-G01-8812-26',
    responsible: {name: 'Signe Holt', unit: 'Ydelsescenter Nord'},
    changedAt: todayAt('08:42:00Z'),
    sensitivity: 'confidential',
  }),
  caseOf('kmd-sag', '2', 'Boligstøtte 2026', {
    status: {phase: 'decided', native: 'Bevilget'},
    kle: {number: '32.06.00', title: 'Individuel boligstøtte'},
    responsible: {name: 'Udbetaling Danmark'},
  }),
  caseOf('nexus', '3', 'Hjælpemiddel: arbejdsstol', {
    status: {phase: 'ordered', native: 'Afventer levering'},
    kle: {number: '27.60.10', title: 'Hjælpemidler'},
    responsible: {name: 'Poul Dam', unit: 'Hjælpemiddelcentralen'},
    changedAt: '2026-11-04T08:12:00+01:00',
    sensitivity: 'sensitive',
  }),
  caseOf('sbsys', '4', 'Enkeltydelse, tandbehandling', {
    status: {phase: 'arisen', native: 'Modtaget'},
    kle: {number: '32.24.12', title: 'Enkeltydelser'},
    changedAt: '2026-10-30T11:20:00+01:00',
  }),
  caseOf('sbsys', '5', 'Aktindsigt efter forvaltningsloven', {
    status: {native: 'Parkeret v. jurist'},
    kle: {number: '85.02.02', title: 'Aktindsigt'},
    responsible: {name: 'Ragnhild Østergaard-Kjær', unit: 'Juridisk Sekretariat'},
    changedAt: '2025-06-03T10:00:00+02:00',
    sensitivity: 'vip',
  }),
  caseOf('momentum', '6', 'Kontaktforløb, jobparat', {
    status: {phase: 'executed', native: 'Aktiv indsats'},
    kle: {number: '15.20.00', title: 'Kontaktforløb'},
    responsible: {name: 'Karla Bruun', unit: 'Jobcenter Korsbæk'},
    changedAt: '2026-11-16T13:05:00+01:00',
    sensitivity: 'unknown',
  }),
  caseOf('kmd-sag', '7', 'Boligstøtte 2025', {
    status: {phase: 'closed', native: 'Henlagt'},
    kle: {number: '32.06.00', title: 'Individuel boligstøtte'},
    responsible: {name: 'Udbetaling Danmark'},
    changedAt: '2025-12-31T12:00:00+01:00',
    closedAt: '2025-12-31T12:00:00+01:00',
  }),
  caseOf('nexus', '8', 'Genoptræning efter håndledsbrud', {
    status: {phase: 'closed', native: 'Afsluttet'},
    kle: {number: '27.35.04', title: 'Genoptræning'},
    responsible: {name: 'Åse Lund', unit: 'Træningscenter Øst'},
    changedAt: '2024-03-08T12:00:00+01:00',
  }),
];

export const existence: Existence = {source: 'dubu', ask: {unit: 'Familieafdelingen', phone: '63 75 00 00'}};

export const names: Readonly<Record<string, string>> = {
  ky: 'KY',
  'kmd-sag': 'KMD Sag',
  nexus: 'KMD Nexus',
  sbsys: 'SBSYS',
  momentum: 'Momentum',
  dubu: 'DUBU',
};

type Changes = Readonly<Record<string, Parameters<typeof sourceOf>[2]>>;

/** Six sources that answered with these items, changed where told. A source that failed gives nothing. */
export function casesView(items: readonly CaseItem[], changes: Changes = {}) {
  const sources = Object.entries(names).map(([id, name]) => {
    const change = changes[id];
    const gives = !change?.status || change.status === 'ok' || change.stale;
    const count = items.filter((item) => ('ask' in item ? item.source : item.ref.source) === id).length;
    return sourceOf(id, name, {count: gives ? count : 0, ...change});
  });
  const silent = new Set(sources.filter(({status, stale}) => status !== 'ok' && !stale).map(({id}) => id));
  return viewOf(
    items.filter((item) => !silent.has('ask' in item ? item.source : item.ref.source)),
    sources,
  );
}

/** So many cases, the latest first: some with texts that need several lines. */
export const manyCases = (count: number): Case[] =>
  Array.from({length: count}, (_, index) => {
    const like = cases[index % cases.length] as Case;
    const title = `${index + 1} ${like.title}${index % 7 === 3 ? `, ${'med en meget lang titel '.repeat(8)}`.trimEnd() : ''}`;
    const changedAt = new Date(Date.UTC(2026, 10, 1) - index * 3_600_000).toISOString();
    return {...like, ref: {source: like.ref.source, id: `many-${index}`}, title, changedAt};
  });

/** Scrolls windowed rows, and waits until they stand. */
const scrolledTo = (share: number) => async (element: HTMLElement) => {
  const rows = await until(() => element.shadowRoot?.querySelector('.rows'));
  rows.scrollTop = rows.scrollHeight * share;
  await new Promise((resolve) => setTimeout(resolve, 400));
};
const windowed = {filter: 'all', rows: 'windowed'};

const all: CaseItem[] = [...cases, existence];
const everySource = (change: Parameters<typeof sourceOf>[2]) =>
  Object.fromEntries(Object.keys(names).map((id) => [id, change]));

const me: Me = {
  user: {id: 'karla', name: 'Karla Bruun'},
  tenant: {id: 'korsbaek', name: 'Korsbæk Kommune'},
  capabilities: ['read:cases', 'break-glass'],
  purposes: [
    {id: 'sag', label: 'Sagsbehandling'},
    {id: 'kontrol', label: 'Kontrol af udbetaling'},
  ],
  breakGlass: {minutes: 30, told: 'din leder og databeskyttelsesrådgiveren'},
};
/** All sources refuse, and the user may ask for more. */
const refused = (status: 'forbidden' | 'needs-purpose', afterwards?: Scene['afterwards']): Scene => ({
  session: {renewable: true, me},
  views: {cases: casesView([], everySource({status}))},
  ...(afterwards ? {afterwards} : {}),
});
/** Presses a button of the body, and waits for the dialog. */
const pressing =
  (name: RegExp) =>
  async (element: HTMLElement): Promise<void> => {
    const root = element.shadowRoot;
    const button = await until(() =>
      [...(root?.querySelectorAll<HTMLElement>('.body button') ?? [])].find((one) => name.test(one.innerText.trim())),
    );
    button.click();
    await until(() => root?.querySelector('dialog[open]'));
  };

const openSources = async (element: HTMLElement): Promise<void> => {
  element.shadowRoot?.querySelector<HTMLElement>('#sources')?.click();
  await until(() => element.shadowRoot?.querySelector('[popover]:popover-open'));
};

export const scenes: Readonly<Record<string, Scene>> = {
  ready: {views: {cases: casesView(all)}},
  partial: {views: {cases: casesView(all, {'kmd-sag': {status: 'timeout'}, momentum: {invalid: 2}})}},
  stale: {views: {cases: casesView(all, {nexus: {status: 'unavailable', stale: true}})}},
  loading: {},
  'some-waiting': {views: {cases: casesView(all, {nexus: {status: 'waiting'}, momentum: {status: 'waiting'}})}},
  opening: {session: {state: 'opening', subject: undefined, name: undefined, contextId: undefined}},
  empty: {views: {cases: casesView([])}},
  'partial-empty': {views: {cases: casesView([], {ky: {status: 'unavailable'}})}},
  error: {views: {cases: casesView([], everySource({status: 'unavailable'}))}},
  forbidden: {views: {cases: casesView([], everySource({status: 'forbidden'}))}},
  'needs-purpose': {views: {cases: casesView([], everySource({status: 'needs-purpose'}))}},
  'glass-offered': refused('forbidden'),
  'glass-asked': refused('forbidden', pressing(/^(Nødadgang|Emergency)/)),
  'glass-fault': refused('forbidden', async (element) => {
    await pressing(/^(Nødadgang|Emergency)/)(element);
    element.shadowRoot?.querySelector<HTMLElement>('dialog .primary')?.click();
  }),
  'purpose-offered': refused('needs-purpose'),
  'purpose-asked': refused('needs-purpose', pressing(/^(Oplys|State)/)),
  'purpose-some': {
    ...refused('needs-purpose'),
    views: {cases: casesView(all, {'kmd-sag': {status: 'needs-purpose'}, dubu: {status: 'needs-purpose'}})},
  },
  'glass-broken': {
    session: {renewable: true, me, glass: {until: todayAt('10:20:00Z')}},
    views: {cases: casesView(all)},
  },
  unsupported: {views: {cases: viewOf([], [])}},
  offline: {offline: true},
  'offline-kept': {offline: true, views: {cases: casesView(all, {ky: {status: 'unavailable', stale: true}})}},
  'no-subject': {session: null},
  veiled: {session: {veiled: true}, views: {cases: casesView(all)}},
  kept: {session: {kept: true}, views: {cases: casesView(all)}},
  more: {views: {cases: casesView(all, {sbsys: {next: 'cursor'}})}, config: {pageSize: 3, filter: 'all'}},
  'bad-config': {views: {cases: casesView(all)}, config: {columns: ['colour'], pageSize: -1}},
  'only-closed': {views: {cases: casesView(cases.filter(({status}) => status.phase === 'closed'))}},
  compact: {views: {cases: casesView(all)}, attributes: {density: 'compact'}},
  'few-columns': {views: {cases: casesView(all)}, config: {columns: ['status', 'changed'], filter: 'all'}},
  windowed: {views: {cases: casesView([...manyCases(10_000), existence])}, config: windowed},
  'windowed-middle': {
    views: {cases: casesView([...manyCases(10_000), existence])},
    config: windowed,
    afterwards: scrolledTo(0.4),
  },
  'windowed-end': {
    views: {cases: casesView([...manyCases(1_000), existence])},
    config: windowed,
    afterwards: scrolledTo(1),
  },
  'windowed-few': {views: {cases: casesView(all)}, config: windowed},
  sources: {
    views: {cases: casesView(all, {'kmd-sag': {status: 'timeout'}, momentum: {status: 'waiting'}, sbsys: {next: 'x'}})},
    afterwards: openSources,
  },
  // What is hidden looks like what is not there: who may break the glass is told so where the sources are.
  'sources-glass': {
    session: {renewable: true, me},
    views: {cases: casesView(all)},
    afterwards: openSources,
  },
};
