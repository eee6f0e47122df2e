import '@bsp/widgets/events/define';
import type {EventRecord, Me} from '@bsp/contract';
import {sourceOf, todayAt, viewOf} from '../fixtures/fake-session.js';
import {type Scene, until} from '../fixtures/scene.js';

export const tag = 'bsp-events';

/** An event with what matters filled in. */
export const eventOf = (source: string, id: string, title: string, more: Partial<EventRecord> = {}): EventRecord => ({
  ref: {source, id},
  type: 'test',
  title,
  occurredAt: '2026-11-12T12:05:00Z',
  receivedAt: more.occurredAt ?? '2026-11-12T12:05:00Z',
  seenAt: '2026-11-13T08:00:00Z',
  ...more,
});

const letter = {
  kind: 'document',
  ref: {source: 'sbsys', id: 'letter'},
  title: 'Partshøring af 17.11.',
  case: {ref: {source: 'ky', id: '1'}, title: 'Kontanthjælp, nyansøgning'},
};

export const events: EventRecord[] = [
  eventOf('beskedfordeler', '1', 'Digital Post kunne ikke leveres', {
    occurredAt: todayAt('09:11:00Z'),
    seenAt: undefined,
    about: letter,
    delivery: {
      channel: 'Digital Post',
      state: 'failed',
      native: 'Fejlet',
      error: {code: '1104', text: 'Modtageren er ikke tilmeldt Digital Post'},
    },
  }),
  eventOf('cpr', '2', 'Flytning registreret i CPR', {
    occurredAt: todayAt('07:30:00Z'),
    seenAt: undefined,
    text: 'Ny adresse fra 15.11. Adressen er beskyttet.',
  }),
  eventOf('beskedfordeler', '3', 'Digital Post sendt', {
    occurredAt: '2026-11-17T13:02:00Z',
    about: letter,
    delivery: {channel: 'Digital Post', state: 'sent', native: 'Modtaget Digital Post'},
  }),
  eventOf('beskedfordeler', '4', 'Digital Post afleveret', {
    occurredAt: '2026-11-16T13:02:11Z',
    about: {kind: 'document', ref: {source: 'sbsys', id: 'call'}, title: 'Indkaldelse til samtale'},
    delivery: {channel: 'Digital Post', state: 'delivered', native: 'Afleveret Digital Post'},
    acknowledged: {at: '2026-11-17T08:14:00Z', by: 'Signe Holt'},
  }),
  eventOf('ky', '5', 'Ansøgning om kontanthjælp modtaget', {
    occurredAt: '2026-11-12T10:42:00Z',
    about: {kind: 'case', ref: {source: 'ky', id: '1'}, case: letter.case},
    done: {at: '2026-11-14T09:30:00Z', by: 'Karla Bruun'},
  }),
];

export const names: Readonly<Record<string, string>> = {beskedfordeler: 'Beskedfordeler', cpr: 'CPR', ky: 'KY'};

type Changes = Readonly<Record<string, Parameters<typeof sourceOf>[2]>>;

/** Three sources that answered with these events, changed where told. A source that failed gives nothing. */
export function eventsView(items: readonly EventRecord[], changes: Changes = {}) {
  const given = items.filter(({ref}) => {
    const change = changes[ref.source];
    return !change?.status || change.status === 'ok' || change.stale;
  });
  return viewOf(
    given,
    Object.entries(names).map(([id, name]) =>
      sourceOf(id, name, {count: given.filter(({ref}) => ref.source === id).length, ...changes[id]}),
    ),
  );
}

/** A caseworker who may do everything with events. */
export const me: Me = {
  user: {id: 'sih', name: 'Signe Holt'},
  tenant: {id: 'korsbaek', name: 'Korsbæk Kommune'},
  capabilities: ['live', 'act:event.acknowledge', 'act:event.done'],
  purposes: [],
};

const everySource = (change: Parameters<typeof sourceOf>[2]) =>
  Object.fromEntries(Object.keys(names).map((id) => [id, change]));
const shown = (more: Partial<Scene> = {}, changes: Changes = {}): Scene => ({
  session: {me},
  views: {events: eventsView(events, changes)},
  ...more,
});
/** Presses the first button of this text as soon as it is there, in either language, and waits for what it brings. */
const press = (button: RegExp, then: RegExp) => async (element: HTMLElement) => {
  const root = element.shadowRoot!;
  const find = () => [...root.querySelectorAll('button')].find(({innerText}) => button.test(innerText));
  (await until(find)).click();
  await until(() => then.test(root.querySelector('section')?.innerText ?? ''));
};

export const scenes: Readonly<Record<string, Scene>> = {
  ready: shown(),
  unfolded: shown({afterwards: press(/tidligere|earlier/, /Skjul tidligere|Hide earlier/)}),
  'read-only': shown({session: {}}),
  'not-live': shown({session: {me, live: false}}),
  manual: shown({
    config: {markSeen: 'manual', filter: 'new'},
    session: {me: {...me, capabilities: [...me.capabilities, 'act:event.seen']}},
  }),
  'not-saved': shown({afterwards: press(/Kvittér|Acknowledge/, /blev ikke gemt|was not saved/)}),
  ungrouped: shown({config: {group: false}}),
  partial: shown({}, {cpr: {status: 'timeout'}, ky: {invalid: 1}}),
  stale: shown({}, {beskedfordeler: {status: 'unavailable', stale: true}}),
  loading: {session: {me}},
  empty: {views: {events: eventsView([])}},
  'partial-empty': {views: {events: eventsView([], {ky: {status: 'unavailable'}})}},
  error: {views: {events: eventsView([], everySource({status: 'unavailable'}))}},
  forbidden: {views: {events: eventsView([], everySource({status: 'forbidden'}))}},
  unsupported: {views: {events: viewOf([], [])}},
  offline: {offline: true},
  'no-subject': {session: null},
  veiled: shown({session: {me, veiled: true}}),
  more: shown({config: {pageSize: 2}}, {ky: {next: 'cursor'}}),
  'filtered-away': {
    session: {me},
    views: {events: eventsView(events.filter(({done}) => done))},
    config: {filter: 'open'},
  },
  compact: shown({attributes: {density: 'compact'}}),
};
