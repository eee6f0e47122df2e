// Two municipalities in one installation: whoever tries to cross from one to the other finds nothing.
import assert from 'node:assert/strict';
import {randomBytes} from 'node:crypto';
import {mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Readable, Writable} from 'node:stream';
import {describe, it} from 'node:test';
import type {Person} from '@bsp/contract';
import fc from 'fast-check';
import {authFor, everything, type Issuer, startIssuer} from './auth/issuer-harness.test.js';
import {runCheck} from './cli-check.js';
import {anna, bo, type Client, caseOf, gateways, key, onEachStorage, problemIn, scripted} from './harness.test.js';
import {type Finding, verifyLog} from './lookup-log-verify.js';

const folder = mkdtempSync(join(tmpdir(), 'bsp-tenants-'));
const keyFile = join(folder, 'key');
writeFileSync(keyFile, randomBytes(32).toString('base64'));

/** A source of the same id in both, with records that say whose they are. */
const sourceOf = (tenant: string) =>
  scripted('kmd', {
    resources: ['cases', 'person', 'events'],
    async *read({subject, resource}) {
      const ref = {source: '', id: `${resource}-1`};
      const at = '2026-11-19T10:00:00Z';
      if (resource === 'cases') yield {about: subject, items: [caseOf('cases-1', {title: `of ${tenant}`})]};
      else if (resource === 'events')
        yield {about: subject, items: [{ref, type: 'x', title: tenant, occurredAt: at, receivedAt: at}]};
      else
        yield {
          about: subject,
          items: [
            {
              ref,
              name: tenant,
              status: {kind: 'active'},
              subject,
              children: [{relation: 'child', name: 'Bo', subject: bo}],
            },
          ],
        };
    },
  });

const tenantsOf = (names: readonly string[]) =>
  names.map((id, index) => ({
    id,
    name: id,
    cvr: String(index + 1).repeat(8),
    claim: `k${index}`,
    sources: [sourceOf(id)],
    contextRate: {perMinute: 1, burst: 40},
    ...(index === 1 ? {keyFile} : {}),
  }));

const tokenFor = (issuer: Issuer, claim: string, sub = 'karla') => issuer.token({...everything, sub, tid: claim});

onEachStorage('two tenants', (storageFor) => {
  const {run} = gateways(storageFor);
  const running = async () => {
    const issuer = await startIssuer();
    const auth = authFor(issuer, {claims: {tenant: 'tid'}});
    const started = await run([], {sources: undefined, auth, tenants: tenantsOf(['korsbaek', 'olsbaek'])});
    const as = async (claim: string, sub?: string) => started.client.as(await tokenFor(issuer, claim, sub));
    return {...started, issuer, as};
  };

  it('each see their own, with the same user, person, source and ids', async () => {
    const {as, gateway, client, issuer} = await running();
    for (const [claim, id] of [
      ['k0', 'korsbaek'],
      ['k1', 'olsbaek'],
    ] as const) {
      const one = await as(claim);
      assert.deepEqual((await one.me()).tenant, {id, name: id});
      const {contextId} = await one.open(anna);
      assert.deepEqual(
        (await one.items(contextId, 'cases')).map(({title}) => title),
        [`of ${id}`],
      );
    }
    for (const tid of ['k2', 'korsbaek', undefined, ['k0'], 'K0'])
      await problemIn(await client.as(await issuer.token({tid})).request('/me'), 401, 'unauthorized');
    const [korsbaek, olsbaek] = gateway.rooms.map(({storage}) => storage);
    assert(korsbaek && olsbaek);
    for (const [tenant, own, other] of [
      ['korsbaek', korsbaek, olsbaek],
      ['olsbaek', olsbaek, korsbaek],
    ] as const) {
      const found: Finding[] = [];
      assert.equal((await verifyLog(own, {tenant}, (finding) => void found.push(finding))).chains, 1);
      assert.equal(found.length, 0);
      // With another tenant's key nothing of it holds.
      await verifyLog(other, {tenant}, (finding) => void found.push(finding));
      assert.notEqual(found.length, 0);
    }
  });

  it('are each looked at by the command "check", with their own keys and sources', async () => {
    const {as, gateway} = await running();
    for (const claim of ['k0', 'k1']) {
      const one = await as(claim);
      await one.items((await one.open(anna)).contextId, 'cases');
    }
    const {storage} = gateway.rooms[0]!.config;
    const check = async (env: object, connectors: readonly string[] = []) => {
      const file = join(folder, `${randomBytes(4).toString('hex')}.json`);
      const tenants = tenantsOf(['korsbaek', 'olsbaek']).map((one, index) => ({
        ...one,
        sources: connectors.slice(index, index + 1).map((connector) => ({id: 'a', connector})),
      }));
      const where = storage.kind === 'postgres' ? {url: storage.url, schema: storage.schema} : {memory: true};
      const auth = {issuer: 'https://i.example', audience: 'bsp', claims: {tenant: 'tid'}};
      writeFileSync(file, JSON.stringify({storage: where, auth, tenants}));
      let said = '';
      const out = new Writable({
        write(chunk, _encoding, done) {
          said += String(chunk);
          done();
        },
      });
      const code = await runCheck(['--config', file], {out, err: out, in: Readable.from([]), env: {...env}});
      return {code, said};
    };
    const well = await check({BSP_KEY: key});
    assert.equal(well.code, 0, well.said);
    assert.match(well.said, /ok {5}configuration: .*, 2 tenants, 0 sources\n/);
    assert.match(well.said, /ok {5}connectors: korsbaek: none; olsbaek: none\n/);
    const faulty = await check({BSP_KEY: key}, ['no-such', 'cpr-direct']);
    assert.match(
      faulty.said,
      /tenants\[0\]\.sources\[0\]\.connector: [\s\S]*tenants\[1\]\.sources\[0\]\.connector: .*cpr-direkte/,
    );
    if (storage.kind !== 'postgres') return;
    const foreign = await check({BSP_KEY: randomBytes(32).toString('base64')});
    assert.equal(foreign.code, 1);
    assert.match(foreign.said, /WRONG {2}storage: the key is not one that opens/);
  });

  it('find nothing of each other, whatever they try', async () => {
    const {as} = await running();
    const mine = await as('k0');
    const theirs = await as('k1');
    const their = await theirs.open(anna);
    const [person] = await theirs.items<Person>(their.contextId, 'person');
    const note = async (client: Client, contextId: string) => {
      const answer = await client.act(
        contextId,
        'note.create',
        {heading: 'h', body: 'secret of olsbaek'},
        'the-same-key',
      );
      return ((await answer.json()) as {result: {ref: {source: string; id: string}}}).result.ref;
    };
    const theirNote = await note(theirs, their.contextId);
    await theirs.act(their.contextId, 'draft.save', {window: 'journal', content: {body: 'secret of olsbaek'}});
    const event = {events: [{source: 'kmd', id: 'events-1'}]};
    await theirs.act(their.contextId, 'event.done', event);
    const theirHandles = [their.handle!, person!.children![0]!.subject!.value];
    const [first] = await theirs.frames(their.contextId, 'cases');

    const my = await mine.open(anna);
    const live = await mine.live([my.contextId]);
    const closed = (response: Response) => problemIn(response, 409, 'context-closed');
    const attempts: Record<string, () => Promise<unknown>> = {
      'see the context': async () => closed(await mine.request(`/contexts/${their.contextId}`)),
      'close the context': async () => closed(await mine.request(`/contexts/${their.contextId}`, {method: 'DELETE'})),
      'read in it': async () =>
        closed(await mine.post(`/contexts/${their.contextId}/read`, {reads: [{resource: 'cases'}]})),
      'write in it': async () =>
        closed(await mine.act(their.contextId, 'reveal', {ref: {source: 'kmd', id: 'x'}, field: 'cpr'})),
      'fetch in it': async () => closed(await mine.request(`/contexts/${their.contextId}/content/kmd/1`)),
      'listen to it': async () => closed(await mine.request(`/live?context=${their.contextId}`)),
      'open their handles': async () => {
        for (const value of theirHandles)
          await problemIn(await mine.post('/contexts', {subject: {type: 'ref', value}}), 400, 'invalid-subject');
      },
      'reveal by their handles': async () => {
        for (const id of theirHandles) {
          const answer = await mine.act(my.contextId, 'reveal', {ref: {source: 'kmd', id}, field: 'cpr'});
          await problemIn(answer, 409, 'foreign-item');
        }
      },
      'add to their note': async () =>
        problemIn(await mine.act(my.contextId, 'note.addendum', {note: theirNote, body: 'b'}), 409, 'foreign-item'),
      'read their notes': async () =>
        assert(!JSON.stringify(await mine.items(my.contextId, 'journal')).includes('olsbaek')),
      'read their drafts': async () => assert.deepEqual(await mine.items(my.contextId, 'drafts'), []),
      'see their marks': async () => {
        const [seen] = await mine.items(my.contextId, 'events');
        assert.equal(seen!.done, undefined);
        assert.equal(seen!.title, 'korsbaek');
      },
      'meet their keys of actions': async () => {
        const answer = await mine.act(my.contextId, 'draft.save', {window: 'w', content: null}, 'the-same-key');
        assert.equal(answer.status, 200);
        // Theirs wrote a note with it.
        assert.equal(((await answer.json()) as {type: string}).type, 'draft.save');
      },
      'go on with their cursor': async () => {
        const reads = [{resource: 'cases', source: 'kmd', cursor: first!.readId}];
        await problemIn(await mine.post(`/contexts/${my.contextId}/read`, {reads}), 400, 'invalid-request');
      },
      'use up their openings': async () => {
        for (let times = 0; times < 3; times++) await mine.post('/contexts', {subject: bo});
        assert.equal((await theirs.post('/contexts', {subject: bo})).status, 201);
      },
    };
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(Object.keys(attempts), {minLength: 5}), async (order) => {
        for (const name of order) await attempts[name]!();
      }),
      {numRuns: 5},
    );
    for (const attempt of Object.values(attempts)) await attempt();
    // What they write is heard by nobody here: the first notice is of what is written here.
    await theirs.act(their.contextId, 'note.create', {heading: 'h', body: 'b'});
    const sent = await mine.act(my.contextId, 'event.acknowledge', event);
    assert.equal(sent.status, 200);
    const notice = await live.next();
    assert.deepEqual(
      [notice.kind, notice.contextId, 'resource' in notice && notice.resource],
      ['notice', my.contextId, 'events'],
    );
    live.close();
    assert.equal((await theirs.request(`/contexts/${their.contextId}`)).status, 200);
  });

  it('have their own quotas: one that has used up its own leaves the other’s', async () => {
    const {as} = await running();
    const [mine, theirs] = [await as('k0'), await as('k1')];
    for (let times = 0; times < 40; times++) await mine.open(anna);
    await problemIn(await mine.post('/contexts', {subject: anna}), 429, 'rate-limited');
    await theirs.open(anna);
  });
});

onEachStorage('what is kept of a tenant', (storageFor) => {
  const {run} = gateways(storageFor);
  it('is not taken for nothing where the configuration gives it another key', async () => {
    const issuer = await startIssuer();
    const file = join(folder, randomBytes(4).toString('hex'));
    writeFileSync(file, randomBytes(32).toString('base64'));
    const one = (id: string) => ({id, name: id, cvr: '11111111'});
    const many = (id: string, more: object = {}) => ({
      sources: undefined,
      auth: authFor(issuer, {claims: {tenant: 'tid'}}),
      tenants: [{...one(id), sources: [], ...more}],
    });
    const alone = (id: string) => ({auth: authFor(issuer), tenant: one(id)});
    const own = {keyFile: file};
    const changes: [string, object, object][] = [
      ['a', alone('a'), many('a')],
      ['b', many('b'), alone('b')],
      ['c', many('c'), many('c', own)],
      ['d', alone('d'), many('d', own)],
      ['e', many('e', own), many('e')],
      ['f', many('f', own), alone('f')],
    ];
    for (const [id, before, after] of changes) {
      const first = await run([], {...before});
      const client = first.client.as(await issuer.token({...everything, tid: id}));
      const {contextId} = await client.open(anna);
      await client.act(contextId, 'note.create', {heading: 'h', body: 'b'});
      assert.equal((await client.items(contextId, 'journal')).length, 1);
      await first.stop();
      await assert.rejects(run([], {...after}), /was written with another key/, id);
      // As it was, it is all there.
      const again = await run([], {...before});
      const their = again.client.as(await issuer.token({...everything, tid: id}));
      assert.equal((await their.items((await their.open(anna)).contextId, 'journal')).length, 1);
      await again.stop();
    }
  });
});

describe('tenants', () => {
  it('are told in one list what is wrong with their sources', async () => {
    const {loadConfig} = await import('./config.js');
    const {createGateway} = await import('./gateway.js');
    const config = loadConfig(
      {
        auth: {issuer: 'https://i.example', audience: 'bsp', claims: {tenant: 'tid'}},
        storage: {memory: true},
        logLevel: 'silent',
        tenants: ['a', 'b'].map((id, index) => ({
          id,
          name: id,
          cvr: String(index + 1).repeat(8),
          sources: [{id: 'bf', connector: 'beskedfordeler'}],
        })),
      },
      {env: {}},
    );
    await assert.rejects(createGateway(config), /tenants\[1\]\.sources\[0\]: another tenant takes messages at/);
  });
});
