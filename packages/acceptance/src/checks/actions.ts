import {
  type ActionResult,
  actionResultSchema,
  journalResource,
  maxNoteBytes,
  type Note,
  type ProblemCode,
  type RecordRef,
} from '@bsp/contract';
import {
  type Check,
  type CheckContext,
  expect,
  expectSame,
  NotApplicable,
  requireCapability,
  requireWriting,
} from '../check.js';
import {type Answer, type BackendClient, expectJson, newKey, parsedBy} from '../client.js';
import {readAllOf} from '../reading.js';
import {draftsOf, saveDraft} from './drafts.js';
import {expectProblem} from './problems.js';

/** What came of an action that must succeed. @throws Unmet */
function resultOf({status, json, headers}: Answer, what: string): ActionResult {
  expectSame(status, 200, what);
  expectJson(headers, what);
  return parsedBy(actionResultSchema, json, `${what} gives no ActionResult`);
}

const note = (key: string, body: string, more: object = {}) => ({
  type: 'note.create',
  key,
  payload: {heading: 'Acceptance', body, ...more},
});

/** The records that there are of a person. */
const refsOf = async ({client}: CheckContext, contextId: string, resource: string): Promise<RecordRef[]> =>
  (await readAllOf(client, contextId, resource)).flatMap((item) => (item as {ref?: RecordRef} | null)?.ref ?? []);

/** The notes whose body is this text, on whichever page: they can't be deleted, and more are written by every run. */
const notesSaying = async ({client}: CheckContext, contextId: string, body: string): Promise<Note[]> =>
  (await readAllOf(client, contextId, 'journal'))
    .flatMap((item) => journalResource.parse(item) ?? [])
    .filter((one) => one.body === body);

/** What came of an action that is under way already: who is told to wait (409 `conflict`) sends it again. */
async function doneBy(client: BackendClient, contextId: string, action: object): Promise<Answer> {
  for (let times = 0; ; times++) {
    const answer = await client.act(contextId, action);
    const {code} = (answer.json ?? {}) as {code?: unknown};
    if (answer.status !== 409 || code !== 'conflict' || times === 20) return answer;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

function requireNotes(context: CheckContext): void {
  requireCapability(context, 'act:note.create');
  requireCapability(context, 'read:journal');
  requireWriting(context);
}

/** Writes: a key makes a retry safe, and nothing is written about the wrong person. */
export const actionChecks: readonly Check[] = [
  {
    id: 'actions.what-nobody-offers',
    says: 'An action that the backend does not have, or that is none, is refused and does nothing',
    async run({client, people, capabilities}) {
      const {contextId} = await client.openPerson(people.first);
      const writes = [...capabilities].some((one) => one.startsWith('act:'));
      const unknown = await client.act(contextId, {type: 'no.such.action', key: newKey(), payload: {}});
      // Where nothing can be done there need not be a place for it.
      const codes: ProblemCode[] = ['not-applicable', 'invalid-request', ...(writes ? [] : (['not-found'] as const))];
      expectProblem(unknown, 'An action that nobody has', ...codes);
      if (!writes) return;
      for (const action of [{}, {type: 'note.create'}, {type: 'note.create', key: 'short', payload: {}}])
        expectProblem(await client.act(contextId, action), 'What is no action', 'invalid-request');
    },
  },
  {
    id: 'actions.payloads-are-checked',
    says: 'A payload that is not as it must be is refused, and the problem says where',
    async run(context) {
      requireCapability(context, 'act:note.create');
      const {client, people} = context;
      const {contextId} = await client.openPerson(people.first);
      const answer = await client.act(contextId, {type: 'note.create', key: newKey(), payload: {heading: '', body: 7}});
      expectProblem(answer, 'A note without heading', 'invalid-request');
      const {pointer} = answer.json as {pointer?: string};
      expect(pointer?.startsWith('/'), 'The problem has no pointer (RFC 6901) to what was wrong.');
    },
  },
  {
    id: 'actions.note-is-kept',
    says: 'A note stands in the journal of its person, and of nobody else',
    async run(context) {
      requireNotes(context);
      const {client, people} = context;
      const {contextId} = await client.openPerson(people.first);
      const other = await client.openPerson(people.second);
      const body = `Acceptance ${newKey()}`;
      resultOf(await client.act(contextId, note(newKey(), body)), 'note.create');
      expectSame((await notesSaying(context, contextId, body)).length, 1, 'Notes in the journal of the person');
      expectSame((await notesSaying(context, other.contextId, body)).length, 0, 'Notes in the journal of another');
    },
  },
  {
    id: 'actions.key-makes-a-retry-safe',
    says: 'The same key with the same payload is done once, also at the same time and in another context of the person',
    async run(context) {
      requireNotes(context);
      const {client, people} = context;
      const {contextId} = await client.openPerson(people.first);
      const body = `Acceptance ${newKey()}`;
      const action = note(newKey(), body);
      const answers = await Promise.all(Array.from({length: 5}, () => doneBy(client, contextId, action)));
      const results = answers.map((answer) => JSON.stringify(resultOf(answer, 'note.create').result));
      expectSame(new Set(results).size, 1, 'Different results of one key');
      const again = resultOf(await client.act(contextId, action), 'note.create again');
      expectSame(again.replayed, true, '"replayed" of an action that had been done');
      const elsewhere = await client.openPerson(people.first);
      resultOf(await client.act(elsewhere.contextId, action), 'note.create again, in another context of the person');
      expectSame((await notesSaying(context, contextId, body)).length, 1, 'Notes after seven attempts with one key');
      // The key may be another one there, or be refused; but what is said to be done must be.
      const other = await client.openPerson(people.second);
      const there = await client.act(other.contextId, action);
      const theirs = (await notesSaying(context, other.contextId, body)).length;
      expect(
        there.status !== 200 || theirs === 1,
        "The same key in another person's context was answered as done, and there is no such note in their journal.",
      );
    },
  },
  {
    id: 'actions.key-is-one-payloads',
    says: 'The same key with another payload is refused, and does nothing',
    async run(context) {
      requireNotes(context);
      const {client, people} = context;
      const {contextId} = await client.openPerson(people.first);
      const [body, another] = [`Acceptance ${newKey()}`, `Acceptance ${newKey()}`];
      const key = newKey();
      resultOf(await client.act(contextId, note(key, body)), 'note.create');
      const answer = await client.act(contextId, note(key, another));
      expectSame(answer.status, 422, 'The same key with another payload');
      expectProblem(answer, 'The same key with another payload', 'key-reused');
      expectSame((await notesSaying(context, contextId, another)).length, 0, 'Notes with the other payload');
    },
  },
  {
    id: 'actions.foreign-items-are-refused',
    says: "A note can not be attached to another person's record",
    async run(context) {
      requireNotes(context);
      requireCapability(context, 'read:cases');
      const {client, people} = context;
      const other = await client.openPerson(people.second);
      const [theirs] = await refsOf(context, other.contextId, 'cases');
      if (!theirs) throw new NotApplicable('The second test person has no case.');
      const {contextId} = await client.openPerson(people.first);
      const body = `Acceptance ${newKey()}`;
      const answer = await client.act(contextId, note(newKey(), body, {case: {ref: theirs}}));
      expectProblem(answer, "A note on another person's case", 'foreign-item');
      expectSame((await notesSaying(context, contextId, body)).length, 0, 'Notes after it was refused');
    },
  },
  {
    id: 'actions.foreign-notes-and-events-are-refused',
    says: "Another person's note gets no addendum, and another person's event no mark",
    async run(context) {
      requireNotes(context);
      const {client, people, capabilities} = context;
      const other = await client.openPerson(people.second);
      const {contextId} = await client.openPerson(people.first);
      const codes: readonly ProblemCode[] = ['foreign-item', 'not-found', 'not-applicable'];
      if (capabilities.has('act:note.addendum')) {
        const body = `Acceptance ${newKey()}`;
        resultOf(await client.act(other.contextId, note(newKey(), body)), 'note.create');
        const [theirs] = await notesSaying(context, other.contextId, body);
        expect(theirs, 'A note that was written does not stand in the journal.');
        const payload = {note: theirs.ref, body: `Acceptance ${newKey()}`};
        const answer = await client.act(contextId, {type: 'note.addendum', key: newKey(), payload});
        expectProblem(answer, "An addendum to another person's note", ...codes);
      }
      const marks = ['event.seen', 'event.acknowledge', 'event.done'].filter((one) => capabilities.has(`act:${one}`));
      const [event] = marks.length > 0 ? await refsOf(context, other.contextId, 'events') : [];
      if (!event && !capabilities.has('act:note.addendum'))
        throw new NotApplicable('The backend takes neither addenda nor marks, or the second test person has no event.');
      for (const type of event ? marks : []) {
        const answer = await client.act(contextId, {type, key: newKey(), payload: {events: [event]}});
        expectProblem(answer, `${type} of another person's event`, ...codes);
      }
    },
  },
  {
    id: 'actions.too-long-is-told',
    says: 'A note that is too long is refused as such, and not cut off',
    async run(context) {
      requireNotes(context);
      const {client, people} = context;
      const {contextId} = await client.openPerson(people.first);
      const answer = await client.act(contextId, note(newKey(), 'æ'.repeat(maxNoteBytes)));
      expectSame(answer.status, 413, `A note of ${maxNoteBytes * 2} bytes`);
      expectProblem(answer, 'A note that is too long', 'too-large');
    },
  },
  {
    id: 'actions.drafts',
    says: 'A draft waits with its person, and none takes the place of one that it has not seen',
    async run(context) {
      requireCapability(context, 'act:draft.save');
      requireCapability(context, 'read:drafts');
      requireWriting(context);
      const {client, people} = context;
      const {contextId} = await client.openPerson(people.first);
      const other = await client.openPerson(people.second);
      const window = `acceptance-${newKey().slice(0, 8)}`;
      const save = (key: string, content: object | null, more: object = {}) =>
        saveDraft(client, contextId, key, {window, content, ...more});
      const draftsIn = (id: string) => draftsOf(client, id, window);
      const version = newKey();
      resultOf(await save(version, {body: 'first'}), 'draft.save');
      expectProblem(await save(newKey(), {body: 'second'}), 'A draft over one that it has not seen', 'conflict');
      const [draft] = await draftsIn(contextId);
      expectSame(draft?.content.body, 'first', 'What the draft says');
      expectSame(draft?.version, version, 'The version of the draft is the key of what saved it');
      expectSame((await draftsIn(other.contextId)).length, 0, 'Drafts of the window with another person');
      const again = (await client.openPerson(people.first)).contextId;
      expectSame((await draftsIn(again)).length, 1, 'Drafts when the person is opened again');
      resultOf(await save(newKey(), null, {over: version}), 'draft.save with nothing');
      expectSame((await draftsIn(contextId)).length, 0, 'Drafts after it was discarded');
    },
  },
];
