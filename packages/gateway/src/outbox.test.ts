import assert from 'node:assert/strict';
import {it} from 'node:test';
import type {Note} from '@bsp/contract';
import type {Connector, IncomingReceipt, NoteReceipt, OutgoingNote} from '@bsp/sources';
import {sql} from 'kysely';
import {containsCpr} from './aliases.js';
import {authFor, everything, startIssuer} from './auth/issuer-harness.test.js';
import {ConfigError} from './config-error.js';
import {anna, type Client, caseOf, deferred, gateways, onEachStorage, type Started, scripted} from './harness.test.js';
import {newNoteId} from './journal.js';

interface Delivered {
  readonly key: string;
  readonly note: OutgoingNote;
}

/** A case system that takes notes as `answer` says, and sends receipts as JSON. */
function receiver(
  answer: (delivered: Delivered, signal: AbortSignal) => Promise<NoteReceipt>,
  path: `/${string}` = '/receipts',
) {
  const delivered: Delivered[] = [];
  const waiting: (() => void)[] = [];
  const connector: Partial<Connector> = {
    async *read({subject}) {
      yield {about: subject, items: [caseOf(`s-${'value' in subject ? subject.value : ''}`)]};
    },
    deliverNote(note, {key, signal}) {
      delivered.push({key, note});
      waiting.shift()?.();
      return answer({key, note}, signal);
    },
    receipts: {
      path,
      maxBytes: 10_000,
      async handle(body, keep) {
        const outcome = await keep(JSON.parse(new TextDecoder().decode(body)) as IncomingReceipt);
        return {status: 200, mediaType: 'text/plain', body: outcome, outcome};
      },
    },
  };
  return {
    source: (more: object = {}) => scripted('sag', connector, more),
    delivered,
    /** Resolves when so many have come. */
    async until(count: number) {
      while (delivered.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
    },
  };
}

const received = (): Promise<NoteReceipt> => Promise.resolve({state: 'received', at: '2026-11-20T10:00:00Z'});
const config = {journal: {deliverTo: 'sag'}};

it('an id of a note never looks like a CPR number, which would be given another name at the border', () => {
  for (let times = 0; times < 5_000; times++) assert.ok(!containsCpr(newNoteId()));
});

onEachStorage('notes on their way', (storageFor) => {
  const {run} = gateways(storageFor);
  const write = async (client: Client, contextId: string, more: object = {}) => {
    const response = await client.act(contextId, 'note.create', {heading: 'Samtale', body: 'Aftalt møde.', ...more});
    assert.equal(response.status, 200, await response.clone().text());
    return ((await response.json()) as {result: {ref: {source: string; id: string}}}).result.ref;
  };
  const notes = (client: Client, contextId: string) => client.items<Note>(contextId, 'journal');
  const receipt = async (client: Client, body: object) => {
    const url = client.base.replace('/bsp/v1', '/receipts');
    return (await client.request(url, {method: 'POST', body: JSON.stringify(body)})).text();
  };
  /** Another process, for which nothing has arrived and all is due. It delivers as it starts. */
  const restart = async (before: Started, source: object) => {
    await before.stop();
    const idle = await run([source]);
    await idle.gateway.storage.database
      .updateTable('note_delivery')
      .set({state: 'queued', due_at: sql`now()`})
      .execute();
    await idle.stop();
    return run([source], config);
  };

  it('are delivered with all they say, and tell live how far they are', async () => {
    const {source, delivered, until} = receiver(received);
    const {client, gateway, log} = await run([source()], config);
    const {contextId} = await client.open(anna);
    const [{ref: kase}] = (await client.items(contextId, 'cases')) as [{ref: {source: string; id: string}}];
    assert.ok(!kase.id.includes(anna.value));
    const live = await client.live([contextId]);
    const note = {
      occurredAt: '2026-11-19T09:00:00Z',
      kle: {number: '32.24.04'},
      case: {ref: kase, title: 'Sag'},
    };
    const ref = await write(client, contextId, note);
    await until(1);
    // Once that it was written, once that it was received.
    for (const _ of [1, 2]) assert.equal(((await live.next()) as {resource: string}).resource, 'journal');
    live.close();
    const [shown] = await notes(client, contextId);
    assert.deepEqual(shown?.delivery, {state: 'received', at: '2026-11-20T10:00:00.000Z'});
    assert.deepEqual(delivered, [
      {
        key: ref.id,
        note: {
          subject: anna,
          author: {name: 'Demobruger'},
          heading: 'Samtale',
          body: 'Aftalt møde.',
          kle: {number: '32.24.04'},
          // By the name that the system itself gave it.
          case: {ref: {source: 'sag', id: `s-${anna.value}`}, title: 'Sag'},
          occurredAt: '2026-11-19T09:00:00.000Z',
          recordedAt: shown?.recordedAt,
        },
      },
    ]);
    const rows = await gateway.storage.database.selectFrom('note_delivery').selectAll().execute();
    assert.ok(!(JSON.stringify(rows) + log.join('')).includes(anna.value));
  });

  it('follow the receipts that come later, and end once', async () => {
    const {source, until} = receiver(received);
    const {client} = await run([source()], config);
    const {contextId} = await client.open(anna);
    const {id: key} = await write(client, contextId);
    await until(1);
    const told: string[] = [];
    for (const state of ['delivered', 'received', 'delivered', 'rejected', 'accepted', 'failed'])
      told.push(await receipt(client, {key, state, reason: `Grund ${state} ${anna.value}`}));
    assert.deepEqual(told, ['kept', 'duplicate', 'duplicate', 'kept', 'duplicate', 'duplicate']);
    const [shown] = await notes(client, contextId);
    assert.equal(shown?.delivery?.state, 'rejected');
    assert.equal(shown.delivery.reason, 'Grund rejected 700690-••••');
    for (const unknown of ['0'.repeat(32), 'x', `${key}.1`])
      assert.equal(await receipt(client, {key: unknown, state: 'accepted'}), 'unknown');
  });

  it('are tried again with the same key until they arrive, also when the receiver hangs', async () => {
    let times = 0;
    const {source, delivered, until} = receiver((_, signal) => {
      times++;
      if (times === 1) return Promise.reject(new Error(`no answer about ${anna.value}`));
      if (times > 2) return received();
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
    });
    const entry = source({deadlineMs: 50});
    let started = await run([entry], config);
    const {contextId} = await started.client.open(anna);
    const {id} = await write(started.client, contextId);
    const log = started.log;
    for (const time of [1, 2]) {
      await until(time);
      assert.equal((await notes(started.client, contextId))[0]?.delivery?.state, 'queued');
      started = await restart(started, entry);
    }
    await until(3);
    await started.stop();
    const after = await run([entry]);
    assert.equal((await notes(after.client, contextId))[0]?.delivery?.state, 'received');
    assert.deepEqual(
      delivered.map(({key}) => key),
      [id, id, id],
    );
    assert.ok(log.join('').includes('to be delivered again'));
    assert.ok(!log.join('').includes(anna.value));
  });

  it('take their addenda after them, and are as far as the last of them', async () => {
    const {source, delivered, until} = receiver(({note}) =>
      note.addendumTo === undefined ? Promise.resolve({state: 'accepted'}) : Promise.resolve({state: 'received'}),
    );
    const {client} = await run([source()], config);
    const {contextId} = await client.open(anna);
    const ref = await write(client, contextId);
    await until(1);
    const added = await client.act(contextId, 'note.addendum', {note: ref, body: 'Mødet er flyttet.'});
    assert.equal(added.status, 200, await added.text());
    await until(2);
    const [note, addendum] = delivered.map(({key, note: {addendumTo, heading, body}}) => ({
      key,
      told: [addendumTo, heading, body],
    }));
    assert.deepEqual(note, {key: ref.id, told: [undefined, 'Samtale', 'Aftalt møde.']});
    assert.deepEqual(addendum?.told, [ref.id, 'Samtale', 'Mødet er flyttet.']);
    // As long as a note's: what a receiver makes of it tells another process, too, of which addendum its receipts are.
    assert.match(addendum.key, /^[0-9a-f]{32}$/);
    assert.notEqual(addendum.key, ref.id);
    assert.equal(await receipt(client, {key: addendum.key, state: 'delivered'}), 'kept');
    const stateNow = async () => (await notes(client, contextId))[0]?.delivery?.state;
    assert.equal(await stateNow(), 'delivered');
    assert.equal(await receipt(client, {key: addendum.key, state: 'failed'}), 'kept');
    assert.equal(await stateNow(), 'failed');
  });

  it('keep the keys with which they were sent before addenda had keys of their own', async () => {
    const {source, delivered, until} = receiver(received);
    const entry = source();
    const first = await run([entry], config);
    const {contextId} = await first.client.open(anna);
    const ref = await write(first.client, contextId);
    await until(1);
    await first.client.act(contextId, 'note.addendum', {note: ref, body: 'Mødet er flyttet.'});
    await until(2);
    await first.gateway.storage.database.updateTable('note_delivery').set({key: null}).execute();
    const {client} = await restart(first, entry);
    await until(4);
    assert.deepEqual(
      delivered.slice(2).map(({key}) => key),
      [ref.id, `${ref.id}.1`],
    );
    assert.equal(await receipt(client, {key: `${ref.id}.1`, state: 'accepted'}), 'kept');
  });

  it('are delivered by another process when the one that had them in hand has ended', async () => {
    const {source, delivered, until} = receiver(received);
    const entry = source();
    const first = await run([entry]);
    const {contextId} = await first.client.open(anna);
    const old = await write(first.client, contextId);
    assert.equal((await notes(first.client, contextId))[0]?.delivery?.state, 'kept');
    await first.stop();
    const second = await run([entry], config);
    const ref = await write(second.client, contextId);
    await until(1);
    // As if the process had been killed after it had delivered the note, and before it knew.
    const third = await restart(second, entry);
    await until(2);
    assert.deepEqual(
      delivered.map(({key}) => key),
      [ref.id, ref.id],
    );
    // An addendum of a note that stays here stays here too.
    await third.client.act(contextId, 'note.addendum', {note: old, body: 'Rettelse.'});
    await write(third.client, contextId);
    await until(3);
    assert.ok(delivered.every(({note}) => note.addendumTo === undefined));
  });

  it('take their addenda to no other receiver, which never had the note', async () => {
    const before = receiver(received);
    const first = await run([before.source()], config);
    const {contextId} = await first.client.open(anna);
    const ref = await write(first.client, contextId);
    await before.until(1);
    await first.stop();
    const after = receiver(received, '/other-receipts');
    const entry = {...after.source(), id: 'esdh'};
    const second = await run([entry], {journal: {deliverTo: 'esdh'}});
    const added = await second.client.act(contextId, 'note.addendum', {note: ref, body: 'Mødet er flyttet.'});
    assert.equal(added.status, 200, await added.text());
    await write(second.client, contextId);
    await after.until(1);
    assert.deepEqual(
      after.delivered.map(({note: {addendumTo, body}}) => [addendumTo, body]),
      [[undefined, 'Aftalt møde.']],
    );
    const kept = (await notes(second.client, contextId)).find(({ref: {id}}) => id === ref.id);
    assert.deepEqual(
      kept?.addenda?.map(({body}) => body),
      ['Mødet er flyttet.'],
    );
  });

  it('wait for no other tenant’s receiver', {timeout: 30_000}, async () => {
    const go = deferred<NoteReceipt>();
    const hanging = receiver(() => go.promise);
    const prompt = receiver(received, '/other-receipts');
    const issuer = await startIssuer();
    const {client} = await run([], {
      auth: authFor(issuer, {claims: {tenant: 'tid'}}),
      tenants: [hanging, prompt].map(({source}, index) => ({
        id: `t${index}`,
        name: `t${index}`,
        cvr: String(index + 1).repeat(8),
        ...config,
        sources: [source({deadlineMs: 60_000})],
      })),
    });
    const writeAs = async (tid: string) => {
      const user = client.as(await issuer.token({...everything, tid}));
      await write(user, (await user.open(anna)).contextId);
    };
    await writeAs('t0');
    await hanging.until(1);
    await writeAs('t1');
    await prompt.until(1);
    go.resolve(await received());
  });

  it('need a source that takes notes', async () => {
    const wrong = (run([scripted('sag', {})], config) as Promise<unknown>).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    const thrown = await wrong;
    assert.ok(thrown instanceof ConfigError);
    assert.match(
      thrown.message,
      /journal\.deliverTo: "sag" is not a source that takes notes; none of the sources does/,
    );
  });
});
