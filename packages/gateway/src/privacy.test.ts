import assert from 'node:assert/strict';
import {it} from 'node:test';
import {sql} from 'kysely';
import {anna, answering, bo, caseOf, gateways, numbers, onEachStorage, type Started, scripted} from './harness.test.js';
import {scrub} from './log.js';

/** Every row of every table, as text. */
async function dump({gateway}: Started): Promise<string> {
  const {database} = gateway.storage;
  const tables = await sql<{name: string}>`
    select table_name as name from information_schema.tables where table_schema = current_schema()`.execute(database);
  const rows: string[] = [];
  for (const {name} of tables.rows) {
    const {rows: some} = await sql<{row: string}>`select t::text as row from ${sql.table(name)} t`.execute(database);
    rows.push(...some.map(({row}) => `${name}: ${row}`));
  }
  return rows.join('\n');
}

const holdNumber = (text: string) => numbers.filter((number) => text.includes(number));

onEachStorage('numbers of persons', (storageFor) => {
  const {run} = gateways(storageFor);

  it('stand in no log, no address and no table, whatever comes in', async () => {
    const leaking = `CPR${anna.value} findes ikke`;
    const one = await run([
      scripted('kmd', {
        ...answering('cases', [caseOf(`SAG-${anna.value}-1`)]),
        resources: ['cases', 'person'],
        async *read({subject, resource}) {
          if (resource === 'cases') yield {about: subject, items: [caseOf(`SAG-${anna.value}-1`)]};
          const children = [{relation: 'child', subject: bo}];
          const person = {ref: {source: '', id: anna.value}, subject, name: 'A', status: {kind: 'active'}, children};
          if (resource === 'person') yield {about: subject, items: [person]};
        },
      }),
      scripted('leaks', {
        // biome-ignore lint/correctness/useYield: it only throws
        async *read() {
          throw new Error(leaking);
        },
      }),
      scripted('post', {
        resources: [],
        intake: {
          path: '/push',
          maxBytes: 1_000,
          async handle(_body, keep) {
            const outcome = await keep({
              id: `BESKED-${anna.value}`,
              type: 'cpr.moved',
              title: `Flytning ${numbers[1]}`,
              occurredAt: '2026-11-19T10:00:00Z',
              subject: anna,
            });
            return {status: 200, mediaType: 'text/plain', body: outcome, outcome};
          },
        },
      }),
    ]);
    const {client} = one;
    const {contextId} = await client.open(anna, {reason: `fordi ${anna.value}`});
    await client.request(client.base.replace('/bsp/v1', '/push'), {method: 'POST', body: 'x'});
    const frames = await client.frames(contextId, 'cases', 'person', 'journal', 'events', 'drafts');
    const answers = JSON.stringify(
      frames.map(({items, ...frame}) => [frame, items.map((item) => ({...(item as object), title: ''}))]),
    );
    assert.deepEqual(holdNumber(answers), []);
    const note = {heading: anna.value, body: `Om ${anna.value}`};
    assert.equal((await client.act(contextId, 'note.create', note)).status, 200);
    await client.act(contextId, 'draft.save', {window: 'journal', content: {body: anna.value}});
    const ref = frames.find(({resource}) => resource === 'person')!.items[0] as {ref: object};
    assert.equal((await client.act(contextId, 'reveal', {ref: ref.ref, field: 'cpr'})).status, 200);
    await client.act(contextId, 'event.seen', {events: [{source: 'post', id: anna.value}]});
    // Mistakes of a client: the number where it must not be.
    await client.post('/contexts', `{"subject": {"type": "cpr", "value": "${anna.value}"`);
    const before = client.asked.length;
    await client.request(`/contexts/${anna.value}`);
    await client.request(`/persons/${anna.value}?cpr=${anna.value}`);
    await client.post(`/contexts/${contextId}/read`, {reads: [{resource: anna.value, source: anna.value}]});
    assert.deepEqual(holdNumber(client.asked.slice(0, before).join('\n')), []);
    assert(one.log.length > 10);
    assert.deepEqual(holdNumber(one.log.join('')), []);
    const stored = await dump(one);
    for (const table of ['context', 'lookup_log', 'note', 'event', 'draft', 'handle', 'record_alias'])
      assert.match(stored, new RegExp(`^${table}: `, 'm'));
    assert.deepEqual(holdNumber(stored), []);
  });

  it('are blanked in any text that is logged', () =>
    assert.equal(
      scrub(`a${anna.value}b /x?cpr=${numbers[1]} 2026-11-19`),
      'a••••••••••b /x?cpr=•••••••••• 2026-11-19',
    ));
});

onEachStorage('tenants in one database', (storageFor) => {
  const {run} = gateways(storageFor);

  it('see nothing of each other', async () => {
    const post = scripted('post', {
      resources: [],
      intake: {
        path: '/push',
        maxBytes: 1_000,
        async handle(_body, keep) {
          const body = await keep({id: 'b1', type: 'x', title: 'T', occurredAt: '2026-11-19T10:00:00Z', subject: anna});
          return {status: 200, mediaType: 'text/plain', body, outcome: body};
        },
      },
    });
    const relative = {relation: 'child', subject: bo};
    const person = {
      ref: {source: '', id: '1'},
      subject: anna,
      name: 'A',
      status: {kind: 'active'},
      children: [relative],
    };
    const cpr = scripted('cpr', answering('person', [person]));
    const user = {demoUser: {id: 'karla', name: 'Karla'}};
    const here = await run([post, cpr], {tenant: {id: 'korsbaek', name: 'Korsbæk'}, ...user});
    const there = await run([post, cpr], {tenant: {id: 'andeby', name: 'Andeby'}, ...user});
    const push = (one: Started) =>
      one.client.request(one.client.base.replace('/bsp/v1', '/push'), {method: 'POST', body: 'x'});
    const [mine, theirs] = [await here.client.open(anna), await there.client.open(anna)];

    assert.equal(await (await push(here)).text(), 'kept');
    assert.deepEqual(await there.client.items(theirs.contextId, 'events'), []);
    assert.equal(await (await push(there)).text(), 'kept');
    const made = await here.client.act(mine.contextId, 'note.create', {heading: 'H', body: 'B'}, 'same-key');
    await here.client.act(mine.contextId, 'draft.save', {window: 'w', content: {a: 'b'}});
    await here.client.act(mine.contextId, 'event.done', {events: [{source: 'post', id: 'b1'}]});
    for (const resource of ['journal', 'drafts'])
      assert.deepEqual(await there.client.items(theirs.contextId, resource), []);
    const [event] = await there.client.items<{done?: object}>(theirs.contextId, 'events');
    assert.equal(event?.done, undefined);
    const {ref} = ((await made.json()) as {result: {ref: object}}).result;
    assert.equal((await there.client.act(theirs.contextId, 'note.addendum', {note: ref, body: 'x'})).status, 409);
    const repeated = await there.client.act(theirs.contextId, 'note.create', {heading: 'other', body: 'B'}, 'same-key');
    assert.equal(repeated.status, 200);
    assert.equal((await there.client.request(`/contexts/${mine.contextId}`)).status, 409);
    const [record] = await here.client.items<{children: {subject: object}[]}>(mine.contextId, 'person');
    const handle = record!.children[0]!.subject;
    await here.client.open(handle);
    assert.equal((await there.client.post('/contexts', {subject: handle})).status, 400);

    // The same person has another index in each tenant, and each tenant its own chain.
    const {database} = here.gateway.storage;
    const contexts = await database.selectFrom('context').select('subject_index').distinct().execute();
    assert.equal(contexts.length, 3);
    const chains = await database.selectFrom('lookup_head').selectAll().execute();
    assert.deepEqual(chains.map(({tenant}) => tenant).sort(), ['andeby', 'korsbaek']);
  });
});
