import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import type {Frame, RecordRef, Subject} from '@bsp/contract';
import type {Intake, SourcePage} from '@bsp/sources';
import fc from 'fast-check';
import {authFor, korsbaek, startIssuer} from '../auth/issuer-harness.test.js';
import {
  anna,
  answering,
  bo,
  type Client,
  caseOf,
  gateways,
  type LiveClient,
  memoryStorage,
  problemIn,
  scripted,
} from '../harness.test.js';

const few = [{kle: ['32.*'], sensitivity: 'confidential'}];
const dataTime = '2026-11-19T10:00:00Z';

/** A source that gives each person's items in pages, over several reads or in one. */
function paged(
  resource: string,
  items: (subject: Subject) => readonly unknown[],
  pageSize: () => number,
  inOne: () => boolean,
) {
  return {
    resources: [resource],
    async *read({subject, cursor}: {subject: Subject; cursor?: string}): AsyncGenerator<SourcePage> {
      const all = items(subject);
      let at = Number(cursor ?? 0);
      do {
        const end = at + pageSize();
        const next = end < all.length ? {next: String(end)} : {};
        yield {about: subject, items: all.slice(at, end), asOf: dataTime, ...(inOne() ? {} : next)};
        at = end;
      } while (inOne() && at < all.length);
    },
  };
}

/** Takes nothing by itself: events are given to the gateway. */
const intake: Intake = {
  path: '/push',
  maxBytes: 1,
  handle: () => Promise.resolve({status: 400, mediaType: 'text/plain', body: '', outcome: 'refused'}),
};

/** A whole answer, page after page, as it comes over the line; what differs in any two answers is left out. */
async function raw(client: Client, subject: object, resource: string): Promise<string> {
  const {contextId} = await client.open(subject);
  let text = '';
  let cursor: string | undefined;
  for (;;) {
    const read = cursor === undefined ? {resource} : {resource, source: 'kmd', cursor};
    const response = await client.post(`/contexts/${contextId}/read`, {reads: [read]});
    assert.equal(response.status, 200);
    const answer = await response.text();
    const frames = answer
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Frame)
      .filter(({kind}) => kind === 'frame');
    cursor = frames.at(-1)?.next;
    const readId = frames[0]!.readId;
    text += answer.replaceAll(contextId, 'C').replaceAll(readId, 'R');
    if (cursor !== undefined) text = text.replace(cursor, '.'.repeat(cursor.length));
    else return text;
  }
}

describe('what is hidden', () => {
  const {run} = gateways(memoryStorage);
  const running = async (sources: readonly object[], more: object = {}) => {
    const issuer = await startIssuer();
    const {client, gateway} = await run(sources, {tenant: korsbaek, auth: authFor(issuer), ...more});
    return {issuer, gateway, as: async (claims: object = {}) => client.as(await issuer.token({...claims}))};
  };

  it('is byte for byte what is not there', async () => {
    const visible = (id: number) => caseOf(`v${id}`, {kle: {number: '32.24.04'}});
    const hidden = (id: number, how: number) =>
      [
        caseOf(`h${id}`, {kle: {number: '27.60.10'}}),
        caseOf(`h${id}`, {sensitivity: 'sensitive'}),
        caseOf(`h${id}`, {sensitivity: 'top secret'}),
        caseOf(`h${id}`, {access: {owner: '22222222'}}),
        caseOf(`h${id}`, {kle: undefined}),
        {nonsense: id},
        null,
      ][how];
    let items: unknown[] = [];
    let kept: unknown[] = [];
    let size = 1;
    let inOne = false;
    const source = scripted(
      'kmd',
      paged(
        'cases',
        ({...subject}) => ('value' in subject && subject.value === anna.value ? items : kept),
        () => size,
        () => inOne,
      ),
    );
    const {as} = await running([source]);
    const client = await as({bsp_rights: few});
    const row = fc.oneof({weight: 2, arbitrary: fc.constant(undefined)}, {weight: 3, arbitrary: fc.nat(6)});
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, {maxLength: 12}),
        fc.constantFrom(1, 130, 260),
        fc.integer({min: 1, max: 700}),
        fc.boolean(),
        async (rows, times, pageSize, together) => {
          // Many of them, so that they fill more than a frame.
          const many = rows.flatMap((how, index) =>
            Array.from({length: times}, (_, nth) => ({how, id: index * 1_000 + nth})),
          );
          items = many.map(({how, id}) => (how === undefined ? visible(id) : hidden(id, how)));
          kept = many.flatMap(({how, id}) => (how === undefined ? [visible(id)] : []));
          size = Math.max(pageSize, 1 + Math.floor(many.length / 20));
          inOne = together;
          assert.equal(await raw(client, anna, 'cases'), await raw(client, bo, 'cases'));
        },
      ),
      {numRuns: 40},
    );
  });

  it('shows to whoever may see it', async () => {
    const source = scripted(
      'kmd',
      answering('cases', [caseOf('a'), caseOf('b', {sensitivity: 'sensitive'}), {nonsense: 1}], {invalid: 2}),
    );
    const {as} = await running([source]);
    const frameOf = async (claims: object) => {
      const client = await as(claims);
      const [frame] = await client.frames((await client.open(anna)).contextId, 'cases');
      return frame!.status === 'ok' ? [frame!.items.length, frame!.invalid] : frame!.status;
    };
    assert.deepEqual(await frameOf({}), [2, 3]);
    assert.deepEqual(await frameOf({bsp_rights: [{kle: ['*'], sensitivity: 'sensitive'}]}), [2, undefined]);
    assert.deepEqual(await frameOf({bsp_rights: few}), [1, undefined]);
    assert.deepEqual(await frameOf({bsp_rights: [{kle: ['99.*'], sensitivity: 'vip'}]}), [0, undefined]);
    // Nothing could be seen of anybody: that is no claim about this person.
    assert.equal(await frameOf({bsp_rights: []}), 'forbidden');
    assert.equal(await frameOf({bsp_rights: undefined}), 'forbidden');
    assert.deepEqual(await frameOf({office: 'front'}), [1, undefined]);
  });

  it('is not a person: that one could not be read is told to everybody who reads persons', async () => {
    const {as} = await running([scripted('cpr', answering('person', [], {invalid: 1}))]);
    for (const bsp_rights of [few, [], [{kle: ['*'], sensitivity: 'vip'}]]) {
      const client = await as({bsp_rights});
      const [frame] = await client.frames((await client.open(anna)).contextId, 'person');
      assert.deepEqual([frame?.status, frame?.items.length, frame?.invalid], ['ok', 0, 1]);
    }
  });

  it('is not there for whoever writes about it or fetches it either', async () => {
    const document = (id: string, sensitivity: string) => ({
      ref: {source: '', id},
      title: id,
      status: {native: 'Endeligt'},
      changedAt: dataTime,
      sensitivity,
      kle: {number: '32.24.04'},
    });
    const bytes = new TextEncoder().encode('brev');
    const {as} = await running([
      scripted('kmd', answering('cases', [caseOf('open'), caseOf('closed', {kle: {number: '27.60.10'}})])),
      scripted('esdh', {
        ...answering('documents', [document('open', 'ordinary'), document('closed', 'vip')]),
        content: (_, {id}) => Promise.resolve({mediaType: 'text/plain', name: `${id}\ud83d`, bytes}),
      }),
    ]);
    const client = await as({bsp_rights: few});
    const {contextId} = await client.open(anna);
    const note = (id: string) => ({heading: 'h', body: 'b', case: {ref: {source: 'kmd', id}}});
    assert.equal((await client.act(contextId, 'note.create', note('open'))).status, 200);
    const answers = await Promise.all(
      ['closed', 'absent'].map(async (id) =>
        JSON.stringify(await problemIn(await client.act(contextId, 'note.create', note(id)), 409, 'foreign-item')),
      ),
    );
    assert.equal(answers[0], answers[1]);
    const fetched = await client.request(`/contexts/${contextId}/content/esdh/open`);
    assert.equal(fetched.status, 200);
    // A name that is cut in the middle of a sign is a name all the same.
    assert.match(fetched.headers.get('content-disposition')!, /''open%EF%BF%BD$/);
    const absent = await Promise.all(
      ['closed', 'absent'].map(async (id) => {
        const response = await client.request(`/contexts/${contextId}/content/esdh/${id}`);
        return [
          JSON.stringify(await problemIn(response, 404, 'not-found')),
          [...response.headers.keys()].join(),
        ].join();
      }),
    );
    assert.equal(absent[0], absent[1]);
    // What one may fetch is not for the same user with fewer rights, in the same context.
    const less = await as({bsp_rights: []});
    await problemIn(await less.request(`/contexts/${contextId}/content/esdh/open`), 404, 'not-found');
  });
});

describe('a document that an event was joined to', () => {
  const {run} = gateways(memoryStorage);
  it('shows with the event to whoever may see it, and to nobody else', async () => {
    const issuer = await startIssuer();
    const sent = (access?: object) => ({
      subject: anna,
      ref: {source: '', id: 'd1'},
      title: 'Afgørelse om tvang',
      case: {ref: {source: '', id: 'c1'}, title: 'Tvang'},
      ...(access ? {access} : {}),
    });
    const shown = {sensitivity: 'ordinary', through: [{kle: ['32.24.04'], sensitivity: 'ordinary'}]};
    const closed = {sensitivity: 'ordinary', through: [{kle: ['27.60.10'], sensitivity: 'sensitive'}]};
    const documents: Record<string, object> = {shown: sent(shown), closed: sent(closed), unknown: sent()};
    const {client: anybody, gateway} = await run(
      [
        scripted('post', {resources: [], intake}, {access: {kle: '32.24.04', sensitivity: 'ordinary'}}),
        scripted(
          'esdh',
          {
            resources: ['documents'],
            findSentDocument: ({messageId = ''}) => Promise.resolve(documents[messageId] as never),
          },
          {purposes: ['sag']},
        ),
      ],
      {tenant: korsbaek, auth: authFor(issuer), purposes: [{id: 'sag', label: 'Sag'}]},
    );
    for (const id of Object.keys(documents)) {
      const event = {id, type: 'digital-post.failed', title: 'Brevet kom ikke frem', occurredAt: dataTime};
      await gateway.rooms[0]!.events.keep('korsbaek', 'post', {...event, message: {messageId: id}});
    }
    const aboutOf = async (bsp_rights: object, context = {purpose: 'sag'} as object) => {
      const client = anybody.as(await issuer.token({bsp_rights}));
      const {contextId} = await client.open(anna, context);
      const events = await client.items<{ref: {id: string}; about?: object}>(contextId, 'events');
      assert.equal(events.length, 3, 'the events themselves are the sender’s');
      return events.filter(({about}) => about).map(({ref}) => ref.id);
    };
    assert.deepEqual(await aboutOf(few), ['shown']);
    const all = [{kle: ['*'], sensitivity: 'vip'}];
    assert.deepEqual((await aboutOf(all)).sort(), ['closed', 'shown']);
    assert.deepEqual(await aboutOf(all, {}), [], 'without the purpose that its source is asked for');
  });
});

describe('a note that is kept here', () => {
  const {run} = gateways(memoryStorage);
  it('is for its writer and for whoever may see its case, and nobody else hears of it', async () => {
    const issuer = await startIssuer();
    const cases = [caseOf('plain', {kle: {number: '32.24.04'}}), caseOf('grave', {sensitivity: 'sensitive'})];
    const {client: anybody} = await run([scripted('kmd', answering('cases', cases))], {
      tenant: korsbaek,
      auth: authFor(issuer),
    });
    const as = async (sub: string, rights: object[]) =>
      anybody.as(await issuer.token({sub, name: sub, bsp_rights: rights}));
    const writer = await as('writer', [{kle: ['*'], sensitivity: 'sensitive'}]);
    const reader = await as('reader', few);
    const written = await writer.open(anna);
    const read = await reader.open(anna);
    const live = await reader.live([read.contextId]);
    const write = async (body: string, more: object) => {
      const answer = await writer.act(written.contextId, 'note.create', {heading: 'h', body, ...more});
      assert.equal(answer.status, 200, await answer.clone().text());
      return ((await answer.json()) as {result: {ref: object}}).result.ref;
    };
    const caseRef = (id: string) => ({case: {ref: {source: 'kmd', id}, title: 'Sag'}});
    const bodies = async (client: Client, contextId: string) =>
      (await client.items<{body: string}>(contextId, 'journal')).map(({body}) => body).sort();

    const hidden = await write('of the grave case', caseRef('grave'));
    await write('of no subject', {});
    await write('of another subject', {kle: {number: '27.60.10'}});
    await write('of the plain case', caseRef('plain'));
    await write('of the subject', {kle: {number: '32.24.04'}});
    assert.deepEqual(await bodies(reader, read.contextId), ['of the plain case', 'of the subject']);
    assert.equal((await bodies(writer, written.contextId)).length, 5);
    // Two of five were heard of; what comes next is the third.
    const heard = [await live.next(), await live.next()];
    const addendum = (client: Client, contextId: string, note: object) =>
      client.act(contextId, 'note.addendum', {note, body: 'more'});
    const absent = {source: 'bsp', id: 'f'.repeat(32)};
    const answers = [hidden, absent].map(async (note) =>
      JSON.stringify(await problemIn(await addendum(reader, read.contextId, note), 409, 'foreign-item')),
    );
    assert.equal(await answers[0], await answers[1]);
    assert.equal((await addendum(writer, written.contextId, hidden)).status, 200);
    const last = await write('of the subject too', {kle: {number: '32.24.04'}});
    assert(last);
    heard.push(await live.next());
    live.close();
    // One cursor for each note that was written: those in between were never sent.
    const cursors = heard.map(({cursor}) => Number(cursor.split('.')[1]));
    assert.deepEqual(cursors, [4, 5, 7]);
  });
});

describe('how far a note has come', () => {
  const {run} = gateways(memoryStorage);
  it('is told to whoever may see the note, and to nobody else', async () => {
    const issuer = await startIssuer();
    const cases = [caseOf('plain', {kle: {number: '32.24.04'}}), caseOf('grave', {sensitivity: 'sensitive'})];
    const source = scripted('kmd', {
      ...answering('cases', cases),
      deliverNote: () => Promise.resolve({state: 'received'}),
    });
    const {client: anybody} = await run([source], {
      ...{tenant: korsbaek, auth: authFor(issuer), journal: {deliverTo: 'kmd'}},
    });
    const as = async (sub: string, rights: object[]) =>
      anybody.as(await issuer.token({sub, name: sub, bsp_rights: rights}));
    const writer = await as('writer', [{kle: ['*'], sensitivity: 'sensitive'}]);
    const reader = await as('reader', few);
    const {contextId} = await writer.open(anna);
    const lines = [await writer.live([contextId]), await reader.live([(await reader.open(anna)).contextId])] as const;
    /** Of a note and its addendum: that they were written, and that they have come. */
    const four = async ({next}: LiveClient) => {
      const cursors: string[] = [];
      for (let time = 0; time < 4; time++) cursors.push((await next()).cursor.split('.')[1]!);
      return cursors;
    };
    const heard: string[][] = [];
    for (const id of ['grave', 'plain']) {
      const note = {heading: 'h', body: 'b', case: {ref: {source: 'kmd', id}, title: 'Sag'}};
      const answer = await writer.act(contextId, 'note.create', note);
      const {result} = (await answer.json()) as {result: {ref: RecordRef}};
      await writer.act(contextId, 'note.addendum', {note: result.ref, body: 'more'});
      heard.push(await four(lines[0]));
    }
    assert.deepEqual(await four(lines[1]), heard[1]);
    for (const line of lines) line.close();
  });
});

describe('an office', () => {
  const {run} = gateways(memoryStorage);
  it('is told at once what it does not read or do', async () => {
    const issuer = await startIssuer();
    let asked = 0;
    const source = scripted('kmd', {
      resources: ['cases', 'journal'],
      async *read({subject}) {
        asked++;
        yield {about: subject, items: []};
      },
    });
    const {client: anybody} = await run([source], {tenant: korsbaek, auth: authFor(issuer)});
    const client = anybody.as(await issuer.token({office: 'support'}));
    const {capabilities} = await client.me();
    assert.deepEqual(capabilities, ['read:cases', 'read:drafts', 'live']);
    const {contextId} = await client.open(anna);
    const frames = await client.frames(contextId, 'journal');
    assert.deepEqual(new Set(frames.map(({status}) => status)), new Set(['forbidden']));
    assert.equal(asked, 0);
    await problemIn(await client.act(contextId, 'note.create', {heading: 'h', body: 'b'}), 403, 'forbidden');
  });
});

describe('a source that is asked for certain purposes', () => {
  const {run} = gateways(memoryStorage);
  it('is asked for these, with and without a login', async () => {
    const income = scripted(
      'income',
      {...answering('cases', [caseOf('c1')]), content: () => Promise.resolve(undefined)},
      {purposes: ['kontrol']},
    );
    const {client} = await run([income], {
      purposes: [
        {id: 'kontrol', label: 'Kontrol af bevillinger'},
        {id: 'sag', label: 'Sagsbehandling'},
      ],
    });
    for (const [purpose, status] of [
      [undefined, 'needs-purpose'],
      ['sag', 'needs-purpose'],
      ['kontrol', 'ok'],
    ] as const) {
      const {contextId} = await client.open(anna, purpose ? {purpose} : {});
      const [frame] = await client.frames(contextId, 'cases');
      assert.equal(frame!.status, status);
      assert.equal(frame!.items.length, status === 'ok' ? 1 : 0);
      const content = await client.request(`/contexts/${contextId}/content/income/d`);
      assert.equal(content.status, status === 'ok' ? 404 : 403);
    }
  });
});
