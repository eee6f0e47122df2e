import assert from 'node:assert/strict';
import {mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {describe, it} from 'node:test';
import {loadConfig} from './config.js';
import {ConfigError} from './config-error.js';
import {assembleGateway} from './gateway.js';
import {answering, memoryStorage, scripted} from './harness.test.js';
import {jsonFaultAt} from './json-fault.js';

const cpr = {id: 'cpr', connector: 'cpr-direkte', directory: 'here'};

describe('configuration', () => {
  it('needs no more than a source', () => {
    const config = loadConfig({sources: [cpr]}, {env: {}});
    assert.deepEqual(config.sources, [
      {
        id: 'cpr',
        name: 'cpr',
        connector: 'cpr-direkte',
        deadlineMs: 4000,
        concurrency: 8,
        queue: 256,
        breaker: {failures: 5, pauseSeconds: 5},
        access: {},
        options: {directory: 'here'},
      },
    ]);
    assert.equal(config.prefix, '/bsp');
    assert.deepEqual(config.storage, {kind: 'folder', directory: resolve('var/bsp')});
  });

  it('bounds what is taken in hand, and a user where there are users', () => {
    const limits = {reads: 1_000, streams: 20_000, lateMs: 1_000, stallSeconds: 60};
    const config = loadConfig({sources: [{...cpr, concurrency: 2, breaker: false}]}, {env: {}});
    assert.deepEqual(config.limits, {...limits, readsPerUser: 1_000, streamsPerUser: 20_000});
    assert.equal(config.requestRate, undefined);
    assert.deepEqual([config.sources[0]!.queue, config.sources[0]!.breaker], [64, undefined]);
    const given = {auth, tenant: {id: 'a', name: 'A', cvr: '11111111'}, sources: [{...cpr, breaker: {failures: 9}}]};
    const withUsers = loadConfig({...given, limits: {reads: 7}}, {env: {}});
    assert.deepEqual(withUsers.limits, {...limits, reads: 7, readsPerUser: 100, streamsPerUser: 100});
    assert.deepEqual(withUsers.requestRate, {perMinute: 3_000, burst: 1_000});
    assert.deepEqual(withUsers.sources[0]!.breaker, {failures: 9, pauseSeconds: 5});
  });

  it('takes port, database and key from the environment', () => {
    const env = {PORT: '20123', BSP_DATABASE_URL: 'postgres://db/bsp', BSP_KEY: 'k'};
    const config = loadConfig({sources: [], port: 1, storage: {memory: true}}, {env});
    assert.equal(config.port, 20123);
    assert.deepEqual(config.storage, {
      kind: 'postgres',
      url: 'postgres://db/bsp',
      schema: 'bsp',
      migrate: 'start',
      key: 'k',
    });
  });

  it('starts relative paths at its file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'bsp-config-'));
    const file = join(folder, 'gateway.json');
    writeFileSync(file, JSON.stringify({sources: [cpr], storage: {directory: 'kept'}}));
    const config = loadConfig(file, {env: {}});
    assert.equal(config.directory, folder);
    assert.deepEqual(config.storage, {kind: 'folder', directory: join(folder, 'kept')});
  });

  const auth = {issuer: 'https://login.example', audience: 'bsp'};
  const tenant = (id: string, cvr: string) => ({id, name: id, cvr, sources: [cpr]});
  const source = (more: object) => ({sources: [{...cpr, ...more}]});
  const care = {id: 'care', name: 'Care', kind: 'code', url: 'https://care.example/', secret: 'x'.repeat(32)};
  const {secret: _, kind: __, ...openedByLink} = care;
  const link = {...openedByLink, kind: 'link'};
  const target = (one: object) => ({sources: [cpr], targets: [one]});
  const wrong: [string, unknown, ...RegExp[]][] = [
    ['a target of no kind', target({...care, kind: 'x'}), /targets\[0\]\.kind: expected one of "code", "form", "link"/],
    [
      'a mistyped key of a target',
      target({...care, urll: 'x'}),
      /targets\[0\]\.urll: unknown key; did you mean "url"\?/,
    ],
    ['a mistyped limit', {...source({}), limits: {readz: 1}}, /limits\.readz: unknown key; did you mean "reads"\?/],
    ['a limit of nothing', {...source({}), limits: {reads: 0}}, /limits\.reads: expected/],
    [
      'a breaker that is none',
      source({breaker: true}),
      /sources\[0\]\.breaker: expected "failures" and "pauseSeconds", or false/,
    ],
    ['two targets of one id', {sources: [], targets: [care, link]}, /targets\[1\]\.id: "care" is taken/],
    ['a target on an open line', target({...care, url: 'http://care.example/'}), /targets\[0\]\.url: expected https/],
    ['a target that is a script', target({...care, url: 'javascript:alert(1)'}), /targets\[0\]\.url: expected https/],
    ['a target that is no address', target({...care, url: 'care'}), /targets\[0\]\.url: expected an address/],
    [
      'a target with a password',
      target({...care, url: 'https://a:b@care.example'}),
      /targets\[0\]\.url: a name or pass/,
    ],
    [
      'a number in an address',
      target({...care, url: 'https://a.example/6412841002'}),
      /targets\[0\]\.url: a CPR number/,
    ],
    [
      'a person in an address',
      target({...link, url: 'https://a.example/{cpr}'}),
      /targets\[0\]\.url: nothing in braces/,
    ],
    [
      'a record in place of a host',
      target({...link, for: 'case', sources: ['cpr'], url: 'https://{record}.example/'}),
      /targets\[0\]\.url: \{record\} can stand only after the host/,
    ],
    ['a case of unknown systems', target({...link, for: 'case'}), /targets\[0\]\.sources: missing; name the sources/],
    [
      'a case of a system that is not there',
      target({...link, for: 'case', sources: ['x']}),
      /targets\[0\]\.sources\[0\]: there is no source "x"/,
    ],
    ['sources of a person', target({...link, sources: ['cpr']}), /targets\[0\]\.sources: a target for persons/],
    ['no secret', target({...link, kind: 'code'}), /targets\[0\]: expected exactly one of "secret", .* got none/],
    ['two secrets', target({...care, secretVariable: 'X'}), /targets\[0\]: expected .* got secret and secretVariable/],
    ['a short secret', target({...care, secret: 'short'}), /targets\[0\]\.secret: the secret must have 32 characters/],
    [
      'a secret that is not there',
      target({...link, kind: 'code', secretVariable: 'X'}),
      /targets\[0\]\.secretVariable: there is no variable [A-Z_]+ in the environment/,
    ],
    [
      'a file of a secret that is not there',
      target({...link, kind: 'code', secretFile: '/nowhere/secret'}),
      /targets\[0\]\.secretFile: can't be read. Looked at \/nowhere\/secret/,
    ],
    [
      'a form with a strange field',
      target({...link, kind: 'form', fields: {A: '{cpr}', B: '{name}', C: '{record}'}}),
      /targets\[0\]\.fields\.B: \{name\} is none of \{cpr\}, \{user\}/,
      /targets\[0\]\.fields\.C: \{record\}/,
    ],
    ['a public address that is none', {sources: [], publicUrl: 'bsp/'}, /publicUrl: expected an address/],

    ['no object', [], /\(top level\): expected an object/],
    ['no sources', {}, /sources: missing; expected a list/],
    ...['10.0.0.0/33', '10.0.0/8', 'proxy.example', '::1/129', '0.0.0.0/0', '1.2.3.4/8/8'].map(
      (proxy): [string, object, RegExp] => [
        `a proxy that is no address: ${proxy}`,
        {sources: [], trustedProxies: ['::1/64', '10.0.0.0/8', proxy]},
        /trustedProxies\[2\]: expected an IP address such as "10\.1\.2\.3", or a range/,
      ],
    ),
    ['a mistyped key', {sorces: [], sources: []}, /sorces: unknown key; did you mean "sources"\?/],
    ['a key that is like none', {sources: [], colour: 1}, /colour: unknown key; known keys are tenant, /],
    ['a source without id', {sources: [{connector: 'x'}]}, /sources\[0\]\.id: missing; expected a text/],
    ['a mistyped id', {sources: [{ide: 'a', connector: 'x'}]}, /sources\[0\]\.ide: unknown key; did you mean "id"\?/],
    ['an id with spaces', source({id: 'C P R'}), /sources\[0\]\.id: expected small letters/],
    ['a deadline in words', source({deadlineMs: 'fast'}), /sources\[0\]\.deadlineMs: expected a number/],
    ['a deadline of nothing', source({deadlineMs: 0}), /sources\[0\]\.deadlineMs: expected at least 1/],
    ['half an existence', source({existence: {}}), /sources\[0\]\.existence\.unit: missing; expected a text/],
    [
      'existence beside other resources',
      source({existence: {unit: 'U'}, resources: ['cases', 'journal']}),
      /sources\[0\]\.resources\[1\]: a source with "existence" serves only "cases"/,
    ],
    [
      'wakes that nobody hears',
      {sources: [], storage: {memory: true}, wakes: {nats: 'nats://host'}},
      /wakes\.nats: only processes on PostgreSQL/,
    ],
    ['wakes that go nowhere', {sources: [], wakes: {lookSeconds: 2}}, /wakes\.nats: missing, and so is BSP_NATS_URL/],
    ['wakes over something else', {sources: [], wakes: {nats: 'http://host'}}, /wakes\.nats: .*nats:\/\/host:4222/],
    ['two sources of one id', {sources: [cpr, cpr]}, /sources\[1\]\.id: "cpr" is taken/],
    ['the own source’s id', source({id: 'bsp'}), /sources\[0\]\.id: "bsp" is the gateway's own source/],
    [
      'half an authentication',
      {sources: [], auth: {issuer: 'x'}},
      /auth\.issuer: expected an address that begins with https:/,
      /auth\.audience: missing; expected a text/,
    ],
    [
      'mistyped keys of an authentication',
      {sources: [], auth: {...auth, audiense: 'bsp', claims: {tennant: 'tid'}, systems: [{id: 'a', right: []}]}},
      /auth\.audiense: unknown key; did you mean "audience"\?/,
      /auth\.claims\.tennant: unknown key; did you mean "tenant"\?/,
      /auth\.systems\[0\]\.right: unknown key; did you mean "rights"\?/,
    ],
    [
      'an authentication that anybody could sign for',
      {sources: [], auth: {...auth, algorithms: ['HS256', 'none']}},
      /auth\.algorithms\[0\]: expected one of "RS256"/,
      /auth\.algorithms\[1\]: expected one of "RS256"/,
    ],
    [
      'keys over an open line',
      {sources: [], auth: {...auth, jwksUri: 'http://keys.example'}},
      /auth\.jwksUri: expected/,
    ],
    ['an origin with a path', {sources: [], auth: {...auth, origins: ['https://a.example/']}}, /auth\.origins\[0\]: /],
    ['an authentication without an owner', {sources: [], auth}, /tenant\.cvr: missing; with "auth"/],
    [
      'a KLE pattern that is none',
      {sources: [], auth: {...auth, systems: [{id: 'a', rights: [{kle: ['27'], sensitivity: 'all'}]}]}},
      /auth\.systems\[0\]\.rights\[0\]\.kle\[0\]: expected a KLE number or pattern/,
      /auth\.systems\[0\]\.rights\[0\]\.sensitivity: expected one of "ordinary"/,
    ],
    [
      'a purpose that nobody may name',
      source({purposes: ['kontrol']}),
      /sources\[0\]\.purposes\[0\]: "kontrol" is not/,
    ],
    ['tenants without authentication', {tenants: [tenant('a', '11111111')]}, /auth: missing; with "tenants"/],
    [
      'tenants whose tokens do not tell them apart',
      {auth, tenants: [tenant('a', '11111111')]},
      /auth\.claims\.tenant: missing; name the claim/,
    ],
    [
      'tenants that share what is one’s own',
      {auth: {...auth, claims: {tenant: 'tid'}}, tenants: [tenant('a', '11111111'), tenant('a', '11111111')]},
      /tenants\[1\]\.id: "a" is taken/,
      /tenants\[1\]\.cvr: "11111111" is taken/,
    ],
    [
      'tenants beside a single one',
      {tenant: {id: 'b', name: 'B'}, sources: [], tenants: [tenant('a', '11111111')]},
      /tenant: a configuration with "tenants" has no "tenant"/,
      /sources: each of the "tenants" has its own "sources"/,
    ],
    [
      'a fault in a tenant’s source',
      {auth, tenants: [{...tenant('a', '11111111'), sources: [{id: 'cpr'}]}]},
      /tenants\[0\]\.sources\[0\]\.connector: missing; expected a text/,
    ],
    [
      'two storages',
      {sources: [], storage: {directory: 'a', memory: true}},
      /storage: expected exactly one of .* got directory and memory/,
    ],
    ['no storage', {sources: [], storage: {}}, /storage: expected exactly one of .* got none/],
    [
      'PostgreSQL without a key',
      {sources: [], storage: {url: 'postgres://x/y'}},
      /storage: PostgreSQL needs a key .* BSP_KEY/,
    ],
    [
      'another database',
      {sources: [], storage: {url: 'mysql://x'}},
      /storage\.url: expected an address such as "postgres:/,
    ],
    ['a prefix that ends in a slash', {sources: [], prefix: '/bsp/'}, /prefix: expected a path such as "\/bsp"/],
    [
      'a typo in a part',
      {
        sources: [],
        lookupLog: {adress: 'kept'},
        operations: {drainSecond: 5},
        offices: {front: {sensitivty: 'vip'}},
      },
      /lookupLog\.adress: unknown key; did you mean "address"\?/,
      /operations\.drainSecond: unknown key; did you mean "drainSeconds"\?/,
      /offices\.front\.sensitivty: unknown key; did you mean "sensitivity"\?/,
    ],
    [
      'a typo in a part of a source',
      {sources: [{...cpr, access: {sensitivty: 'vip'}}]},
      /sources\[0\]\.access\.sensitivty: unknown key; did you mean "sensitivity"\?/,
    ],
    [
      'two systems, or two purposes, of one id',
      {
        sources: [],
        purposes: ['sag', 'sag'].map((id) => ({id, label: id})),
        tenant: {id: 'a', name: 'A', cvr: '11111111'},
        auth: {...auth, systems: ['j', 'k', 'j'].map((id) => ({id, rights: []}))},
      },
      /auth\.systems\[2\]\.id: "j" is taken/,
      /\n {2}purposes\[1\]\.id: "sag" is taken/,
    ],
    ['a port out of range', {sources: [], port: 70000}, /port: expected at most 65535/],
    [
      'several faults at once',
      {sources: [{...cpr, deadlineMs: -1}, {id: 'x'}]},
      /sources\[0\]\.deadlineMs/,
      /sources\[1\]\.connector: missing/,
    ],
  ];
  for (const [name, config, ...patterns] of wrong)
    it(`refuses ${name}`, () => {
      assert.throws(
        () => loadConfig(config as object, {env: {}}),
        (thrown) => {
          assert(thrown instanceof ConfigError);
          for (const pattern of patterns) assert.match(thrown.message, pattern);
          return true;
        },
      );
    });

  it('refuses a file that is absent or no JSON, and says where', () => {
    assert.throws(() => loadConfig('/nowhere/gateway.json', {env: {}}), /\(file\): there is no such file.*\/nowhere/);
    const file = join(mkdtempSync(join(tmpdir(), 'bsp-config-')), 'gateway.json');
    writeFileSync(file, '{\n"sources": [\n}');
    assert.throws(() => loadConfig(file, {env: {}}), /\(file\): not JSON: line 3, column 1/);
  });

  const notJson: [string, number, number][] = [
    ['{"a": 1,}', 1, 9],
    ['{"a": [1, 2\n, ]}', 2, 3],
    ['{\n  "a" 1}', 2, 7],
    ['{"a": tru}', 1, 7],
    ['{"a": "x\ny"}', 1, 7],
    ['[1] 2', 1, 5],
    ['{"a": 1', 1, 8],
    ['', 1, 1],
    ["{'a': 1}", 1, 2],
  ];
  for (const [text, line, column] of notJson)
    it(`finds where ${JSON.stringify(text)} stops being JSON`, () => {
      assert.throws(() => JSON.parse(text));
      assert.deepEqual(jsonFaultAt(text), {line, column});
    });

  it('finds it in a text that is deeper or longer than the stack', () => {
    assert.deepEqual(jsonFaultAt('['.repeat(100_000)), {line: 1, column: 100_001});
    assert.deepEqual(jsonFaultAt(`{"a": "${'x'.repeat(20_000_000)}",}`), {line: 1, column: 20_000_010});
  });

  it('refuses a port of the environment that is none', () =>
    assert.throws(() => loadConfig({sources: []}, {env: {PORT: 'http'}}), /\(environment\) PORT: expected a port/));
});

describe('configuration of connectors', () => {
  const starting = async (...sources: object[]): Promise<string> => {
    const {storage, env} = memoryStorage();
    const config = loadConfig({sources, storage, logLevel: 'silent'}, {env});
    try {
      await (await assembleGateway({...config, directory: import.meta.dirname})).close();
      return 'started';
    } catch (thrown) {
      assert(thrown instanceof ConfigError, String(thrown));
      return thrown.message;
    }
  };

  it('names every fault of every source', async () => {
    const message = await starting(
      {id: 'a', connector: 'cpr-direct', directory: 'x'},
      {id: 'b', connector: './nowhere.js'},
      {id: 'c', connector: '@bsp/contract'},
      scripted('d', {}, {dedlineMs: 3}),
      {id: 'e', connector: './harness.test.ts'},
      scripted('f', answering('cases', []), {resources: ['cases', 'journal']}),
      scripted('g', {
        resources: ['events'],
        intake: {path: '/g', maxBytes: 1, handle: () => Promise.reject(new Error())},
      }),
    );
    assert.match(message, /sources\[0\]\.connector: there is no connector "cpr-direct"; did you mean "cpr-direkte"\?/);
    assert.match(message, /sources\[1\]\.connector: "\.\/nowhere\.js" can't be loaded: there is no such module/);
    assert.match(message, /sources\[2\]\.connector: "@bsp\/contract" is not a connector/);
    assert.match(message, /sources\[3\]\.dedlineMs: unknown key; did you mean "deadlineMs"\?/);
    assert.match(message, /sources\[4\]\.script: missing; expected a text/);
    assert.match(message, /sources\[5\]\.resources\[1\]: .* reads cases; remove this one/);
    assert.match(message, /sources\[6\]\.connector: a connector that takes in events must not read/);
  });

  it('tells two sources apart that would take messages at the same path', async () => {
    const post = (id: string, more: object = {}) => ({id, connector: 'beskedfordeler', ...more});
    const message = await starting(post('post'), post('again'));
    assert.match(message, /sources\[1\]: "post" takes messages at \/beskedfordeler\/modtag too/);
    assert.equal(await starting(post('post'), post('again', {path: '/again'})), 'started');
  });

  it('starts with built-in connectors by their short names', async () =>
    assert.equal(await starting({id: 'post', connector: 'beskedfordeler'}), 'started'));
});
