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
        options: {directory: 'here'},
      },
    ]);
    assert.equal(config.prefix, '/bsp');
    assert.deepEqual(config.storage, {kind: 'folder', directory: resolve('var/bsp')});
  });

  it('takes port, database and key from the environment', () => {
    const env = {PORT: '20123', BSP_DATABASE_URL: 'postgres://db/bsp', BSP_KEY: 'k'};
    const config = loadConfig({sources: [], port: 1, storage: {memory: true}}, {env});
    assert.equal(config.port, 20123);
    assert.deepEqual(config.storage, {kind: 'postgres', url: 'postgres://db/bsp', schema: 'bsp', key: 'k'});
  });

  it('starts relative paths at its file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'bsp-config-'));
    const file = join(folder, 'gateway.json');
    writeFileSync(file, JSON.stringify({sources: [cpr], storage: {directory: 'kept'}}));
    const config = loadConfig(file, {env: {}});
    assert.equal(config.directory, folder);
    assert.deepEqual(config.storage, {kind: 'folder', directory: join(folder, 'kept')});
  });

  const source = (more: object) => ({sources: [{...cpr, ...more}]});
  const wrong: [string, unknown, ...RegExp[]][] = [
    ['no object', [], /\(top level\): expected an object/],
    ['no sources', {}, /sources: missing; expected a list/],
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
    ['two sources of one id', {sources: [cpr, cpr]}, /sources\[1\]\.id: "cpr" is taken/],
    ['the own source’s id', source({id: 'bsp'}), /sources\[0\]\.id: "bsp" is the gateway's own source/],
    [
      'authentication',
      {sources: [], auth: {issuer: 'x'}},
      /auth: this version has no authentication: .* Remove "auth"/,
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
      /storage\.url: expected a text that begins with postgres/,
    ],
    ['a prefix that ends in a slash', {sources: [], prefix: '/bsp/'}, /prefix: expected a path such as "\/bsp"/],
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
