import {type FrameStatus, frameStatuses, problemCodes, problemOf} from '@bsp/contract';
import {expect} from '@open-wc/testing';
import fc from 'fast-check';
import type {SourceView} from './session.js';
import {type WindowStateInput, windowState, windowStates} from './window-state.js';

type View = WindowStateInput['views'][number];

const problem = fc.option(
  fc.constantFrom(...problemCodes).map((code) => problemOf(code, 'x')),
  {nil: undefined, freq: 4},
);
const source: fc.Arbitrary<SourceView> = fc
  .record({
    status: fc.constantFrom<SourceView['status']>('waiting', 'ok', 'ok', ...frameStatuses),
    count: fc.nat(2),
    invalid: fc.constantFrom(0, 0, 1),
    next: fc.constantFrom(undefined, undefined, 'cursor'),
    refreshing: fc.boolean(),
  })
  .map(({status, refreshing, ...given}) => {
    const nothing = ['waiting', 'forbidden', 'needs-purpose', 'not-applicable'].includes(status);
    const {count, invalid, next} = nothing ? {count: 0, invalid: 0, next: undefined} : given;
    return {id: 's', name: 'S', status, count, invalid, next, refreshing, stale: status !== 'ok' && count > 0};
  });
/** Only what a store can say: items come from its sources, a problem stands where no plan does. */
const view: fc.Arbitrary<View> = fc
  .record({sources: fc.array(source, {maxLength: 4}), planned: fc.boolean(), problem})
  .map(({planned, sources, problem: failed}) => ({
    planned,
    sources: planned ? sources : [],
    items: (planned ? sources : []).flatMap(({count}) => Array.from({length: count}, () => ({}))),
    problem: planned ? undefined : failed,
  }));
const input: fc.Arbitrary<WindowStateInput> = fc.record({
  session: fc.option(
    fc
      .record({state: fc.constantFrom('opening', 'open', 'failed', 'closed'), problem})
      .map(({state, problem: failed}) => ({
        state,
        problem: state === 'failed' ? (failed ?? problemOf('unavailable', 'x')) : undefined,
      })),
    {nil: undefined, freq: 8},
  ),
  views: fc.array(view, {minLength: 1, maxLength: 3}),
  online: fc.boolean(),
});

const holds = (property: (given: WindowStateInput) => void): void =>
  fc.assert(
    fc.property(input, (given) => {
      property(given);
    }),
    {numRuns: 2_000},
  );

const sourcesOf = ({views}: WindowStateInput) => views.flatMap((one) => one.sources);
const itemsOf = ({views}: WindowStateInput) => views[0]?.items.length ?? 0;
const refusals: readonly string[] = ['forbidden', 'needs-purpose'];

describe('the state of a window', () => {
  it('is one of the ten, whatever is given', () =>
    holds((given) => expect(windowStates).to.include(windowState(given))));

  it('is empty only where every planned source answered well, whole and with nothing', () =>
    holds((given) => {
      if (windowState(given) !== 'empty') return;
      expect(given.views.every(({planned, problem: failed}) => planned && !failed)).to.equal(true);
      expect(given.session).to.deep.include({state: 'open', problem: undefined});
      expect(itemsOf(given)).to.equal(0);
      const asked = sourcesOf(given).filter(({status}) => status !== 'not-applicable');
      expect(asked.length).to.be.greaterThan(0);
      for (const {status, invalid, next} of asked)
        expect({status, invalid, next}).to.deep.equal({status: 'ok', invalid: 0, next: undefined});
    }));

  it('is empty wherever that is so: it can be reached', () => {
    const states = new Set<string>();
    fc.assert(
      fc.property(input, (given) => {
        states.add(windowState(given));
      }),
      // Always the same ones: now and then, five thousand drawn anew leave one out.
      {numRuns: 5_000, seed: 20_261_120},
    );
    expect([...states]).to.have.members([...windowStates]);
  });

  it('never gets better by a source that fails', () =>
    fc.assert(
      fc.property(input, fc.constantFrom<FrameStatus>('timeout', 'unavailable', 'invalid'), (given, status) => {
        const [first, ...rest] = given.views;
        if (!first?.planned) return;
        const failing: SourceView = {
          id: 'f',
          name: 'F',
          status,
          count: 0,
          invalid: 0,
          refreshing: false,
          stale: false,
        };
        const after = windowState({...given, views: [{...first, sources: [...first.sources, failing]}, ...rest]});
        expect(['empty', 'ready', 'stale', 'unsupported']).not.to.include(after);
      }),
      {numRuns: 2_000},
    ));

  it('shows what there is: with items it is never loading, empty, error or forbidden', () =>
    holds((given) => {
      if (itemsOf(given) === 0 || !given.session || given.session.state !== 'open') return;
      expect(['ready', 'partial', 'stale', 'offline']).to.include(windowState(given));
    }));

  it('is loading only while somebody is waited for, and never offline while online', () =>
    holds((given) => {
      const state = windowState(given);
      if (given.online) expect(state).not.to.equal('offline');
      if (state !== 'loading') return;
      expect(
        given.session?.state === 'opening' ||
          given.views.some(({planned}) => !planned) ||
          sourcesOf(given).some(({status}) => status === 'waiting'),
      ).to.equal(true);
    }));

  it('is forbidden only where nothing but refusals came, and error only where nobody answered', () =>
    holds((given) => {
      const state = windowState(given);
      const failed = given.session?.problem ?? given.views.find((one) => one.problem)?.problem;
      const asked = sourcesOf(given).filter(({status}) => status !== 'not-applicable');
      if (state === 'forbidden' && !failed) expect(asked.every(({status}) => refusals.includes(status))).to.equal(true);
      if (state === 'error' && !failed) expect(asked.some(({status}) => status === 'ok')).to.equal(false);
      if (state === 'unsupported') expect(asked).to.deep.equal([]);
    }));

  it('is ready only where nothing shown is old, unread or missing', () =>
    holds((given) => {
      if (windowState(given) !== 'ready') return;
      for (const {status, invalid, stale} of sourcesOf(given)) {
        expect(['ok', 'waiting', 'not-applicable']).to.include(status);
        expect([invalid, stale]).to.deep.equal([0, false]);
      }
    }));

  it('is decided by the first view where it is about emptiness', () => {
    const ok: SourceView = {id: 's', name: 'S', status: 'ok', count: 0, invalid: 0, refreshing: false, stale: false};
    const none: View = {planned: true, sources: [ok], items: []};
    const some: View = {planned: true, sources: [{...ok, count: 1}], items: [{}]};
    const session = {state: 'open', problem: undefined} as const;
    expect(windowState({session, views: [none, some], online: true})).to.equal('empty');
    expect(windowState({session, views: [some, none], online: true})).to.equal('ready');
  });

  it('is no-subject without a Session or with one that has ended', () =>
    holds((given) =>
      expect(windowState(given) === 'no-subject').to.equal(!given.session || given.session.state === 'closed'),
    ));
});
