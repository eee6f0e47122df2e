// The gateway's configuration under spoiled files: it is used, or refused with a list of what to change.
import assert from 'node:assert/strict';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, describe, it} from 'node:test';
import fc from 'fast-check';
import {bites, fuzz, type Target} from '../../../tests/fuzz/fuzz.js';
import {
  type ByteStep,
  byteStep,
  type JsonStep,
  jsonStep,
  spoilBytes,
  spoiledJson,
} from '../../../tests/fuzz/mutations.js';
import {loadConfig} from './config.js';
import {ConfigError} from './config-error.js';

/** What an error must not repeat. */
const password = 'sesam-luk-dig-op';

const samples: readonly object[] = [
  {
    tenant: {id: 'korsbaek', name: 'Korsbæk'},
    demoUser: {id: 'karla', name: 'Karla', unit: 'Ydelse', office: 'back'},
    prefix: '/bsp',
    port: 8080,
    storage: {url: `postgres://bsp:${password}@db/bsp`, schema: 'bsp', keyFile: 'key'},
    contextHours: 10,
    contextRate: {perMinute: 60, burst: 20},
    purposes: [{id: 'sag', label: 'Sagsbehandling'}],
    journal: {source: 'bsp', name: 'BSP'},
    joinRetrySeconds: 60,
    liveHeartbeatSeconds: 15,
    noticeHours: 48,
    logLevel: 'info',
    sources: [
      {id: 'cpr', name: 'CPR', connector: 'cpr-direkte', directory: '/data', deadlineMs: 4000, concurrency: 8},
      {
        id: 'aktiv',
        connector: './x.js',
        resources: ['cases'],
        existence: {unit: 'Ydelse', phone: '1'},
        token: password,
      },
    ],
  },
  {sources: []},
  {
    auth: {
      issuer: 'https://login.example',
      audience: ['bsp'],
      claims: {tenant: 'tid', office: 'kontor'},
      privileges: {read: ['urn:laes'], breakGlass: ['urn:noed']},
      systems: [{id: 'jobcenter', rights: [{owner: '11111111', kle: ['27.*'], sensitivity: 'sensitive'}]}],
      origins: ['https://jobcenter.example'],
      cookie: {name: 'bsp'},
    },
    offices: {front: {resources: ['person'], actions: ['reveal'], sensitivity: 'ordinary'}},
    storage: {url: `postgres://bsp:${password}@db/bsp`, keyFile: 'key', anyAddress: true},
    tenants: [
      {
        id: 'korsbaek',
        name: 'Korsbæk',
        cvr: '11111111',
        claim: '101',
        keyFile: 'k',
        sources: [{id: 'a', connector: 'b'}],
      },
      {id: 'olsbaek', name: 'Olsbæk', cvr: '22222222', purposes: [{id: 'sag', label: 'Sag'}], sources: []},
    ],
  },
];

interface Spoiled {
  readonly sample: number;
  readonly json: readonly JsonStep[];
  readonly bytes: readonly ByteStep[];
}
const inputs: fc.Arbitrary<Spoiled> = fc.record({
  sample: fc.nat(samples.length - 1),
  json: fc.array(jsonStep, {maxLength: 3}),
  bytes: fc.oneof({weight: 2, arbitrary: fc.constant([])}, {weight: 1, arbitrary: fc.array(byteStep, {maxLength: 2})}),
});

const folder = mkdtempSync(join(tmpdir(), 'bsp-config-fuzz-'));
after(() => rmSync(folder, {recursive: true}));
const file = join(folder, 'gateway.json');

interface Written {
  readonly sources: readonly unknown[];
}

const configurations = (load: typeof loadConfig = loadConfig): Target<Spoiled> => ({
  inputs,
  check({sample, json, bytes}) {
    const text = bytes.reduce(spoilBytes, Buffer.from(spoiledJson(samples[sample], json)));
    writeFileSync(file, text);
    try {
      const config = load(file, {env: {}});
      assert.equal(config.directory, folder);
      assert(Number.isInteger(config.port) && config.port >= 0 && config.port <= 65_535);
      const written = JSON.parse(text.toString().replace(/^\uFEFF/, '')) as Written & {tenants?: Written[]};
      const tenants = config.tenants ?? [config];
      assert.equal(tenants.length, written.tenants?.length ?? 1, 'a tenant was left out without a word');
      assert.equal(new Set(tenants.map(({tenant}) => tenant.id)).size, tenants.length, 'two tenants have one id');
      tenants.forEach(({sources}, index) => {
        assert.equal(new Set(sources.map(({id}) => id)).size, sources.length, 'two sources have one id');
        const its = (written.tenants?.[index] ?? written).sources;
        assert.equal(sources.length, its.length, 'a source was left out without a word');
        for (const source of sources) assert(source.deadlineMs > 0 && source.concurrency > 0);
      });
      return 'taken';
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
      assert(error instanceof ConfigError, `a file throws ${String(error)}`);
      assert(error.faults.length > 0);
      for (const {path, message} of error.faults) {
        assert(path !== '' && message.length > 5, 'a fault says nothing');
        assert(!message.includes('undefined') && !message.includes('[object'), `a fault reads ${message.slice(0, 80)}`);
      }
      assert(!error.message.includes(password), 'an error repeats a password');
      return 'refused';
    }
  },
});

describe('configuration, spoiled', () => {
  it('is used, or refused with what to change', () => fuzz('configuration', configurations()));
});

describe('the oracle of the configuration would find a reader that', () => {
  const faulty: Readonly<Record<string, typeof loadConfig>> = {
    'throws what JSON.parse throws': (source, options) => {
      try {
        return loadConfig(source, options);
      } catch (error) {
        if (String(error).includes('not JSON')) throw new SyntaxError('Unexpected token');
        throw error;
      }
    },
    'leaves out what it does not understand': (source, options) => {
      const config = loadConfig(source, options);
      return {...config, sources: config.sources.filter(({name}) => name !== 'aktiv')};
    },
    'quotes the value': (source, options) => {
      try {
        return loadConfig(source, options);
      } catch (error) {
        const {faults} = error as ConfigError;
        throw new ConfigError(
          file,
          faults.map((fault) => ({...fault, message: `${fault.message} ${password}`})),
        );
      }
    },
  };
  for (const [fault, load] of Object.entries(faulty))
    it(fault, () => bites(fault, configurations(load), configurations()));
});
