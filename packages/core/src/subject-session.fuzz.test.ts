// A Session under spoiled streams: what is of another context is dropped, and nobody who is silent counts as empty.
import {casesResource, personResource} from '@bsp/contract';
import {expect} from '@open-wc/testing';
import fc from 'fast-check';
import {aCase, aPerson} from '../../../tests/browser/fixtures/records.js';
import {last, nextTask, ScriptedBackend} from '../../../tests/browser/fixtures/scripted-backend.js';
import {type JsonStep, jsonStep, spoiledJson} from '../../../tests/fuzz/mutations.js';
import {SubjectSession} from './subject-session.js';

const own = 'MARKER-OWN';
const other = 'MARKER-OTHER';

/** What a backend says about somebody: plan, frames of two sources, end. */
function messagesOf(contextId: string, readId: string, marker: string): readonly unknown[] {
  const head = {contextId, readId};
  const source = (id: string) => ({id, name: id});
  const planned = {sources: [source('a'), source('b')], deadlineMs: 4_000};
  const frame = (resource: string, id: string, items: readonly unknown[]) => {
    const about = {...head, kind: 'frame', resource, source: source(id)};
    return {...about, status: 'ok', mode: 'replace', items, asOf: '2026-11-20T09:00:00Z'};
  };
  return [
    {...head, kind: 'plan', resources: {cases: planned, person: planned}},
    frame('cases', 'a', [aCase('a', '1', marker), aCase('a', '2', marker)]),
    frame('cases', 'b', [aCase('b', '1', marker)]),
    frame('person', 'a', [aPerson('a', marker)]),
    {kind: 'end', readId},
  ];
}

interface Spoiled {
  /** Which message comes next, whose it is, and how it is spoiled. */
  readonly messages: readonly {readonly which: number; readonly foreign: boolean; readonly json: readonly JsonStep[]}[];
  readonly breaksOff: boolean;
}
const spoiled: fc.Arbitrary<Spoiled> = fc.record({
  messages: fc.array(fc.record({which: fc.nat(4), foreign: fc.boolean(), json: fc.array(jsonStep, {maxLength: 2})}), {
    maxLength: 14,
  }),
  breaksOff: fc.boolean(),
});

/** @param fault - what becomes of a foreign message on its way. */
async function play({messages, breaksOff}: Spoiled, fault: (text: string, contextId: string) => string): Promise<void> {
  const backend = new ScriptedBackend();
  const session = new SubjectSession();
  const stores = [session.resource(casesResource), session.resource(personResource)] as const;
  for (const store of stores) store.subscribe(() => undefined);
  const opening = session.open(
    backend,
    (signal) => backend.openContext({type: 'cpr', value: '6412840001'}, {signal}),
    () => true,
  );
  const contextId = last(backend.opens).accept();
  await opening;
  await nextTask();
  const read = last(backend.reads);
  const about = {
    true: messagesOf('another-context', read.readId, other),
    false: messagesOf(contextId, read.readId, own),
  };
  const answered = new Set<string>();
  const look = () => {
    for (const {view} of stores) {
      const text = JSON.stringify(view);
      expect(text).not.to.contain(other);
      for (const source of view.sources)
        if (source.status === 'ok') expect([...answered], 'a silent source counts as an answer').to.contain(source.id);
    }
    expect(session.name ?? '').not.to.contain(other);
  };
  read.feed.push(about.false[0]);
  for (const {which, foreign, json} of messages) {
    const text = spoiledJson(about[`${foreign}`][which], json);
    const value = JSON.parse(foreign ? fault(text, contextId) : text) as {
      source?: {id?: unknown};
      kind?: unknown;
    } | null;
    if (!foreign && value?.kind === 'frame') answered.add(String(value.source?.id));
    read.feed.push(value);
    await nextTask();
    look();
  }
  if (breaksOff) read.feed.stop({});
  else read.feed.push(about.false[4]);
  await nextTask();
  look();
  for (const {view} of stores)
    for (const {status} of view.sources) expect(status, 'a source is waited for after the end').not.to.equal('waiting');
  session.close();
  for (const {view} of stores) expect(view.items).to.have.length(0);
}

describe('a Session, spoiled', function () {
  this.timeout(60_000);

  const check = (fault: (text: string, contextId: string) => string) =>
    fc.check(
      fc.asyncProperty(spoiled, (one) => play(one, fault)),
      {numRuns: 80, seed: 20_261_120, endOnFailure: true},
    );

  it('shows what is of its context only, and claims no answer that nobody gave', async () => {
    const {failed, counterexample, errorInstance} = await check((text) => text);
    expect(failed, `${fc.stringify(counterexample)}\n${String(errorInstance)}`).to.equal(false);
  });

  it('would be seen to show another context’s records', async () => {
    const {failed, errorInstance} = await check((text, contextId) => text.replaceAll('another-context', contextId));
    expect(failed).to.equal(true);
    expect(String(errorInstance)).to.contain(other);
  });
});
