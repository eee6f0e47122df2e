import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import type {ActionResult, Draft, EventRecord, Note} from '@bsp/contract';
import {
  anna,
  answering,
  bo,
  type Client,
  caseOf,
  gateways,
  onEachStorage,
  problemIn,
  scripted,
} from './harness.test.js';

const resultOf = async (response: Response): Promise<ActionResult> => {
  assert.equal(response.status, 200, await response.clone().text());
  return (await response.json()) as ActionResult;
};
const note = {heading: 'Telefonsamtale', body: 'Ringede. <script>alert(1)</script>'};

const at = '2026-11-19T10:00:00Z';
const eventOf = (id: string) => ({ref: {source: '', id}, type: 'x', title: 'T', occurredAt: at, receivedAt: at});

onEachStorage('actions', (storageFor) => {
  const {run} = gateways(storageFor);
  const cases = scripted('kmd', answering('cases', [caseOf('mine')]));
  const opened = async (client: Client, subject: object = anna) => (await client.open(subject)).contextId;

  it('keeps a note, and shows it to the next reader of that person only', async () => {
    const {client} = await run([cases], {demoUser: {id: 'karla', name: 'Karla', unit: 'Jobcenter'}});
    const id = await opened(client);
    const created = await resultOf(
      await client.act(id, 'note.create', {
        ...note,
        kle: {number: '32.24.04', title: 'Sygedagpenge'},
        case: {ref: {source: 'kmd', id: 'mine'}, title: 'Sag'},
        occurredAt: '2026-11-19T10:00:00+01:00',
      }),
    );
    const [kept, ...others] = await client.items<Note>(await opened(client), 'journal');
    assert.equal(others.length, 0);
    assert.deepEqual(kept, {
      ref: (created.result as {ref: object}).ref,
      occurredAt: '2026-11-19T09:00:00.000Z',
      recordedAt: kept?.recordedAt,
      author: {name: 'Karla', unit: 'Jobcenter'},
      ...note,
      kle: {number: '32.24.04', title: 'Sygedagpenge'},
      case: {ref: {source: 'kmd', id: 'mine'}, title: 'Sag'},
      delivery: {state: 'kept', at: kept?.recordedAt},
    });
    assert.deepEqual(await client.items(await opened(client, bo), 'journal'), []);
  });

  it('does the same key once, also after a restart, and refuses it for anything else', async () => {
    const first = await run([cases]);
    const id = await opened(first.client);
    const done = await resultOf(await first.client.act(id, 'note.create', note, 'key-0001'));
    assert.equal(done.replayed, undefined);
    const reordered = {body: note.body, heading: note.heading};
    const again = await resultOf(await first.client.act(id, 'note.create', reordered, 'key-0001'));
    assert.deepEqual(again, {...done, replayed: true});
    const other = await first.client.act(id, 'note.create', {...note, body: 'x'}, 'key-0001');
    assert.equal((await problemIn(other, 422, 'key-reused')).pointer, '/key');
    const otherType = await first.client.act(id, 'draft.save', {window: 'w', content: null}, 'key-0001');
    await problemIn(otherType, 422, 'key-reused');
    const atOnce = await Promise.all(
      Array.from({length: 5}, () => first.client.act(id, 'note.create', note, 'key-0002').then(resultOf)),
    );
    assert.equal(atOnce.filter(({replayed}) => !replayed).length, 1);
    await first.stop();

    const {client} = await run([cases]);
    const newId = await opened(client);
    const replayed = await resultOf(await client.act(newId, 'note.create', note, 'key-0001'));
    assert.deepEqual(replayed, {...done, replayed: true});
    assert.equal((await client.items(newId, 'journal')).length, 2);
    // The key is this person's: for another one it is new.
    const forBo = await resultOf(await client.act(await opened(client, bo), 'note.create', note, 'key-0001'));
    assert.equal(forBo.replayed, undefined);
  });

  it('refuses notes that can’t stand, and says where', async () => {
    const dead = scripted(
      'dead',
      {
        async *read() {
          await new Promise(() => undefined);
        },
      },
      {deadlineMs: 20},
    );
    const {client} = await run([cases, dead]);
    const id = await opened(client);
    const refused = async (payload: object, status: number, code: string, pointer: string) => {
      const problem = await problemIn(await client.act(id, 'note.create', payload), status, code);
      assert.equal(problem.pointer, pointer);
      return problem;
    };
    await refused({body: 'x'}, 400, 'invalid-request', '/payload/heading');
    await refused({...note, body: ''}, 400, 'invalid-request', '/payload/body');
    await refused({...note, kle: {number: '1.2'}}, 400, 'invalid-request', '/payload/kle/number');
    await refused({...note, occurredAt: 'i går'}, 400, 'invalid-request', '/payload/occurredAt');
    await refused({...note, case: {ref: {source: 'kmd'}}}, 400, 'invalid-request', '/payload/case/ref/id');
    const long = await refused({...note, body: 'æ'.repeat(100_000)}, 413, 'too-large', '/payload/body');
    assert.match(long.title, /200000 bytes.*100000/);
    for (const ref of [
      {source: 'kmd', id: 'somebody else’s'},
      {source: 'nobody', id: 'mine'},
    ])
      await refused({...note, case: {ref}}, 409, 'foreign-item', '/payload/case/ref');
    await problemIn(await client.act(id, 'note.create', {...note, body: 'x'.repeat(2_000_000)}), 413, 'too-large');
    await problemIn(await client.act(id, 'note.erase', {}), 404, 'not-applicable');
    await problemIn(await client.act(id, 'toString', {}), 404, 'not-applicable');
    await problemIn(await client.act(id, 'note.create', note, 'short'), 400, 'invalid-request');
    assert.deepEqual(await client.items(id, 'journal').then((items) => items.length), 0);
    // A source that is down does not cost the note.
    await resultOf(await client.act(id, 'note.create', {...note, case: {ref: {source: 'dead', id: 'c'}}}));
  });

  it('refuses what it could not keep or tell again', async () => {
    const {client} = await run([cases]);
    const id = await opened(client);
    for (const occurredAt of ['0000-06-01T00:00:00Z', '0001-01-01T00:00:00+14:00', '9999-12-31T23:59:59-14:00']) {
      const refused = await client.act(id, 'note.create', {...note, occurredAt});
      assert.equal((await problemIn(refused, 400, 'invalid-request')).pointer, '/payload/occurredAt');
    }
    const draft = await client.act(id, 'draft.save', {window: '\ud800', content: {a: 'b'}});
    assert.equal((await problemIn(draft, 400, 'invalid-request')).pointer, '/payload/window');
  });

  it('takes what it does not know in a payload at any depth, and for no difference', async () => {
    const {client} = await run([cases]);
    const id = await opened(client);
    const send = (more: string) =>
      client.post(
        `/contexts/${id}/actions`,
        `{"type": "note.create", "key": "key-0001", "payload": {"heading": "H", "body": "B"${more}}}`,
      );
    const done = await resultOf(await send(`, "more": ${'['.repeat(100_000)}${']'.repeat(100_000)}`));
    assert.deepEqual(await resultOf(await send('')), {...done, replayed: true});
  });

  it('adds addenda to notes of its own about this person, in order', async () => {
    const {client} = await run([cases]);
    const id = await opened(client);
    const {result} = await resultOf(await client.act(id, 'note.create', note));
    const {ref} = result as {ref: object};
    await Promise.all(
      ['første', 'anden'].map((body) => client.act(id, 'note.addendum', {note: ref, body}).then(resultOf)),
    );
    const [kept] = await client.items<Note>(id, 'journal');
    assert.deepEqual(kept?.addenda?.map(({body}) => body).sort(), ['anden', 'første']);
    const foreign = [
      client.act(await opened(client, bo), 'note.addendum', {note: ref, body: 'x'}),
      client.act(id, 'note.addendum', {note: {source: 'kmd', id: 'mine'}, body: 'x'}),
      client.act(id, 'note.addendum', {note: {source: 'bsp', id: 'nothing'}, body: 'x'}),
    ];
    for (const response of foreign) await problemIn(await response, 409, 'foreign-item');
    await problemIn(await client.act(id, 'note.addendum', {note: ref, body: 'x'.repeat(100_001)}), 413, 'too-large');
  });

  it('marks events of this person; seen is one’s own', async () => {
    const source = scripted('advis', {
      resources: ['events'],
      async *read({subject}) {
        yield {about: subject, items: 'value' in subject && subject.value === anna.value ? [eventOf('e1')] : []};
      },
    });
    const karla = await run([source], {demoUser: {id: 'karla', name: 'Karla'}});
    const id = await opened(karla.client);
    const events = [{source: 'advis', id: 'e1'}];
    await resultOf(await karla.client.act(id, 'event.seen', {events}));
    await resultOf(await karla.client.act(id, 'event.acknowledge', {events}));
    const [marked] = await karla.client.items<EventRecord>(id, 'events');
    assert(marked?.seenAt);
    assert.equal(marked.acknowledged?.by, 'Karla');
    assert.equal(marked.done, undefined);
    for (const [context, refs] of [
      [await opened(karla.client, bo), events],
      [id, [...events, {source: 'advis', id: 'e2'}]],
      [id, [{source: 'nobody', id: 'e1'}]],
    ] as const)
      await problemIn(await karla.client.act(context, 'event.done', {events: refs}), 409, 'foreign-item');
    await karla.stop();

    const knud = await run([source], {demoUser: {id: 'knud', name: 'Knud'}});
    const his = await opened(knud.client);
    await resultOf(await knud.client.act(his, 'event.done', {events}));
    await resultOf(await knud.client.act(his, 'event.acknowledge', {events}));
    const [shown] = await knud.client.items<EventRecord>(his, 'events');
    assert.equal(shown?.seenAt, undefined);
    assert.deepEqual([shown?.acknowledged?.by, shown?.done?.by], ['Karla', 'Knud']);
  });

  it('marks the same events for two users at once, in whatever order they name them', async () => {
    const ids = Array.from({length: 500}, (_, number) => `e${number}`);
    const source = scripted('advis', {
      resources: ['events'],
      async *read({subject}) {
        yield {about: subject, items: ids.map(eventOf)};
      },
    });
    const [karla, knud] = [
      (await run([source], {demoUser: {id: 'karla', name: 'Karla'}})).client,
      (await run([source], {demoUser: {id: 'knud', name: 'Knud'}})).client,
    ];
    const events = ids.map((id) => ({source: 'advis', id}));
    const contexts = [await opened(karla), await opened(knud)] as const;
    for (const kind of ['event.acknowledge', 'event.done']) {
      const both = await Promise.all([
        karla.act(contexts[0], kind, {events}),
        knud.act(contexts[1], kind, {events: events.toReversed()}),
      ]);
      for (const response of both) await resultOf(response);
    }
  });

  it('need not ask a source again about what it has just shown', async () => {
    let asked = 0;
    const {client} = await run([
      scripted('kmd', {
        async *read({subject}) {
          asked++;
          yield {about: subject, items: [caseOf('mine')]};
        },
      }),
    ]);
    const linked = {...note, case: {ref: {source: 'kmd', id: 'mine'}}};
    const id = await opened(client);
    await client.items(id, 'cases');
    await resultOf(await client.act(id, 'note.create', linked));
    assert.equal(asked, 1);
    await resultOf(await client.act(await opened(client), 'note.create', linked));
    assert.equal(asked, 2);
  });

  it('keeps a draft with its person, user and window, until it is discarded', async () => {
    const {client} = await run([cases]);
    const id = await opened(client);
    const save = async (window: string, content: object | null, over?: string) =>
      (await resultOf(await client.act(id, 'draft.save', {window, content, over}))).key;
    const second = await save('journal', {body: 'Begyndt'}, await save('journal', {body: 'Beg'}));
    await save('other', {x: '1'});
    const drafts = async (subject: object) =>
      (await client.items<Draft>(await opened(client, subject), 'drafts')).map(({window, content}) => [
        window,
        content,
      ]);
    assert.deepEqual(await drafts(anna), [
      ['journal', {body: 'Begyndt'}],
      ['other', {x: '1'}],
    ]);
    assert.deepEqual(await drafts(bo), []);
    await save('journal', null, second);
    assert.deepEqual(await drafts(anna), [['other', {x: '1'}]]);
    await save('journal', null);
  });

  it('lets a draft take the place of the version that its sender has seen, and of no other', async () => {
    const {client} = await run([cases]);
    const id = await opened(client);
    const save = (more: object) => client.act(id, 'draft.save', {window: 'journal', content: {body: 'Min'}, ...more});
    const conflict = async (answer: Promise<Response>, pointer = '/payload/over') =>
      assert.equal((await problemIn(await answer, 409, 'conflict')).pointer, pointer);
    await conflict(save({over: 'there-is-none'}));
    const {key: first} = await resultOf(await save({}));
    for (const more of [{}, {over: 'another'}, {content: null}, {content: null, over: 'another'}])
      await conflict(save({content: {body: 'Den andens'}, ...more}));
    // Two at once over the same version: one of them is told.
    const both = await Promise.all(['A', 'B'].map(async (body) => (await save({over: first, content: {body}})).status));
    assert.deepEqual(both.sort(), [200, 409]);
    await conflict(save({over: first}));
  });

  it('drops a draft when what it was to become is done, and keeps none for it afterwards', async () => {
    const {client} = await run([cases]);
    const id = await opened(client);
    const save = (more: object) => client.act(id, 'draft.save', {window: 'journal', content: {body: 'Min'}, ...more});
    const drafts = async () => (await client.items<Draft>(id, 'drafts')).map(({version, key}) => ({version, key}));
    const {key: version} = await resultOf(await save({key: 'note-key'}));
    assert.deepEqual(await drafts(), [{version, key: 'note-key'}]);
    await resultOf(await client.act(id, 'note.create', note, 'another-key'));
    assert.equal((await drafts()).length, 1);
    await resultOf(await client.act(id, 'note.create', note, 'note-key'));
    assert.deepEqual(await drafts(), []);
    const late = await problemIn(await save({key: 'note-key'}), 409, 'conflict');
    assert.equal(late.pointer, '/payload/key');
    await problemIn(await save({key: 'note-key', over: version}), 409, 'conflict');
    for (let round = 0; round < 10; round++) {
      const key = `note-key-${round}`;
      await Promise.all([client.act(id, 'note.create', note, key).then(resultOf), save({key})]);
      assert.deepEqual(await drafts(), []);
    }
    const strange = await problemIn(await save({key: 'a key with blanks'}), 400, 'invalid-request');
    assert.equal(strange.pointer, '/payload/key');
  });
});

describe('reveal', () => {
  onEachStorage('of numbers and addresses', (storageFor) => {
    const {run} = gateways(storageFor);
    const personId = `P-${anna.value}`;
    const person = {
      ref: {source: '', id: personId},
      subject: anna,
      name: 'Anna',
      status: {kind: 'active'},
      address: {protected: true},
      children: [{relation: 'child', name: 'Bo', subject: bo}],
    };
    const cpr = scripted('cpr', {
      ...answering('person', [person]),
      reveal: (subject, ref) => {
        assert.deepEqual([subject, ref.id], [anna, personId]);
        return Promise.resolve({lines: ['Storegade 1', '9999 Korsbæk']});
      },
    });

    it('shows them on demand, logs each time, and keeps nothing', async () => {
      const {client, gateway} = await run([cpr]);
      const {contextId} = await client.open(anna);
      const [record] = await client.items<{ref: {source: string; id: string}; children: {subject: {value: string}}[]}>(
        contextId,
        'person',
      );
      const {ref, children} = record!;
      const reveal = async (payload: object, key?: string) =>
        (await resultOf(await client.act(contextId, 'reveal', payload, key))).result;
      assert.deepEqual(await reveal({ref, field: 'cpr'}, 'key-reveal'), {value: '700690-0126'});
      assert.deepEqual(await reveal({ref, field: 'address'}, 'key-reveal'), {lines: ['Storegade 1', '9999 Korsbæk']});
      const handle = {source: ref.source, id: children[0]!.subject.value};
      assert.deepEqual(await reveal({ref: handle, field: 'cpr'}), {value: '710791-0237'});
      const {database} = gateway.storage;
      assert.deepEqual(await database.selectFrom('action').selectAll().execute(), []);
      const lookups = () => database.selectFrom('lookup_log').selectAll().where('kind', '=', 'lookup').execute();
      const rows = await lookups();
      const revealed = rows.filter(({entry}) => entry.includes('"reveal"'));
      assert.equal(revealed.length, 3);
      // Bo's number is a lookup of Bo.
      assert.equal(new Set(revealed.map((row) => row.subject_index)).size, 2);

      // The source stands in the log: whoever sends it must not write there what they like.
      for (const source of ['nobody', anna.value, 'bsp']) {
        const elsewhere = {ref: {...handle, source}, field: 'cpr'};
        await problemIn(await client.act(contextId, 'reveal', elsewhere), 409, 'foreign-item');
      }
      assert.equal((await lookups()).length, rows.length);
      const foreign = {ref: {source: 'cpr', id: 'P-2'}, field: 'cpr'};
      await problemIn(await client.act(contextId, 'reveal', foreign), 409, 'foreign-item');
      await problemIn(await client.act(contextId, 'reveal', {ref, field: 'shoe size'}), 400, 'invalid-request');
    });

    it('says so when the source can’t', async () => {
      const {client} = await run([
        scripted('cpr', {...answering('person', [person]), reveal: () => Promise.reject(new Error('down'))}),
        scripted('plain', answering('person', [{...person, ref: {source: '', id: 'p'}}])),
      ]);
      const {contextId} = await client.open(anna);
      const records = await client.items<{ref: {source: string}}>(contextId, 'person');
      const of = (source: string) => records.find(({ref}) => ref.source === source)!.ref;
      const reveal = (source: string) => client.act(contextId, 'reveal', {ref: of(source), field: 'address'});
      await problemIn(await reveal('cpr'), 503, 'unavailable');
      await problemIn(await reveal('plain'), 404, 'not-applicable');
    });
  });
});
