import '@bsp/widgets/search/define';
import {type Found, type FrameStatus, type Hit, ProblemError, problemOf} from '@bsp/contract';
import type {Session} from '@bsp/core';
import {type FakeProvider, fakeSession} from '../fixtures/fake-session.js';
import {type Scene, settled, until} from '../fixtures/scene.js';

export const tag = 'bsp-search';

const sources = (status: FrameStatus = 'ok', of = 'sbsys') =>
  [
    {id: 'cpr', name: 'CPR'},
    {id: 'momentum', name: 'Momentum'},
    {id: 'sbsys', name: 'SBSYS'},
  ].map((source) => ({...source, status: source.id === of ? status : ('ok' as const)}));

const hitOf = (value: string, more: Partial<Hit>): Hit => ({kind: 'person', subject: {type: 'ref', value}, ...more});

export const hits: readonly Hit[] = [
  hitOf('p-1', {name: 'Maude Agerlund', masked: '641284-••••', protected: true}),
  hitOf('p-2', {name: 'Maude Marie Holm', masked: '700690-••••', detail: 'Rolighedsparken 44, 2. tv, 4979 Korsbæk Ø'}),
  hitOf('p-3', {name: 'Maude Skjern', masked: '710791-••••', detail: 'Fjordbyvej 9, 4986 Fjordby'}),
];
export const mixed: readonly Hit[] = [
  ...hits.slice(1),
  hitOf('o-1', {
    kind: 'company',
    name: 'Korsbæk Byggemarked ApS',
    masked: 'CVR 90000004',
    detail: 'Teglværksgade 12, 4978 Korsbæk',
  }),
  hitOf('o-2', {
    kind: 'property',
    name: 'Teglværksgade 12, 4978 Korsbæk',
    masked: 'BFE 990000001',
    detail: 'Matrikel 14b, Korsbæk Markjorder',
  }),
  hitOf('p-2', {
    kind: 'case',
    name: 'Kontanthjælp, aktivitetsparat',
    masked: '32.24.04-G01-381-26',
    detail: 'Maude Marie Holm, 700690-••••',
    record: {source: 'sbsys', id: 'c1'},
  }),
];
export const foundOf = (some: readonly Hit[], more: Partial<Found> = {}): Found => ({
  hits: [...some],
  sources: sources(),
  ...more,
});

/** A Session of the user's own, whose searches are answered like this. */
export const userSession = (answer: (payload: {query: string}) => unknown, more: Partial<Session> = {}) =>
  fakeSession({
    subject: {type: 'user'},
    name: undefined,
    ...more,
    act: async (type, payload) => ({
      type,
      key: 'k',
      at: '2026-11-20T09:00:00Z',
      result: await answer(payload as {query: string}),
    }),
  });

/** Lets the window ask that Session. */
export function answerBy(element: HTMLElement, session: Session | undefined): void {
  const provider = element.closest<FakeProvider>('fake-provider')!;
  provider.environment = {...provider.environment, userSession: () => session};
}

/** Types into the window, and presses a key. */
export async function type(element: HTMLElement, typed: string, ...keys: readonly string[]): Promise<void> {
  const field = element.shadowRoot!.querySelector('input')!;
  field.focus();
  field.value = typed;
  field.dispatchEvent(new InputEvent('input', {bubbles: true}));
  for (const key of keys) {
    field.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true, composed: true, cancelable: true}));
    await settled(element);
  }
}

const searched =
  (typed: string, answer: () => unknown, ...keys: readonly string[]) =>
  async (element: HTMLElement): Promise<void> => {
    answerBy(element, userSession(answer));
    await type(element, typed, 'Enter', ...keys);
    await until(() => !element.matches(':state(idle)'));
    await settled(element);
    leaveRoom(element);
  };
/** The list lies above what comes after it: a picture needs the room. */
function leaveRoom(element: HTMLElement): void {
  const popup = element.shadowRoot!.querySelector<HTMLElement>('.popup');
  if (popup)
    element.closest('fake-provider')!.style.cssText += `;display:block;min-block-size:${popup.offsetHeight + 90}px`;
}
const shown = (some: readonly Hit[], more: Partial<Found> = {}, ...keys: readonly string[]): Scene => ({
  session: null,
  afterwards: searched('maude', () => foundOf(some, more), ...keys),
});
const refusing = (code: 'forbidden' | 'not-applicable' | 'unavailable' | 'rate-limited'): Scene => ({
  session: null,
  afterwards: searched('maude', () => Promise.reject(new ProblemError(problemOf(code, 'No.')))),
});
const typing = (typed: string): Scene => ({session: null, afterwards: searched(typed, () => foundOf([]))});

export const scenes: Readonly<Record<string, Scene>> = {
  idle: {session: null},
  'too-short': typing('m'),
  invalid: typing('9913840001'),
  'invalid-cvr': typing('cvr 90000008'),
  searching: {session: null, afterwards: searched('maude', () => new Promise(() => undefined))},
  ready: shown(hits),
  mixed: shown(mixed),
  marked: shown(mixed, {}, 'ArrowDown', 'ArrowDown', 'ArrowDown'),
  unknown: {
    session: null,
    afterwards: searched('641284-0001', () => foundOf([hitOf('p-9', {masked: '641284-••••'})])),
  },
  'too-many': shown(
    Array.from({length: 25}, (_, index) =>
      hitOf(`p-${index}`, {name: `Maude Nr. ${index + 1}`, masked: '641284-••••', detail: 'Algade 1, 4978 Korsbæk'}),
    ),
    {more: true},
  ),
  partial: shown(hits, {sources: sources('timeout')}),
  incomplete: shown(hits, {sources: sources('invalid', 'cpr')}),
  refused: shown(hits, {sources: sources('forbidden')}),
  'partial-nothing': shown([], {sources: sources('unavailable', 'cpr')}),
  empty: shown([]),
  error: shown([], {sources: sources('unavailable', 'cpr').slice(0, 1)}),
  failed: refusing('unavailable'),
  busy: refusing('rate-limited'),
  forbidden: refusing('forbidden'),
  unsupported: refusing('not-applicable'),
  offline: {...typing('maude'), offline: true},
  compact: {...shown(hits), attributes: {density: 'compact'}},
};
