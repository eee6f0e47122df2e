// A window's config under whatever a host hands in: what is usable stands, what is not falls back, and nothing throws.
import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {flag, oneOf, readConfig, someOf, wholeNumber} from '@bsp/ui';
import fc from 'fast-check';
import {bites, fuzz, type Target} from './fuzz.js';
import {type JsonStep, jsonStep, spoiledJson} from './mutations.js';

const shape = {
  columns: someOf(['status', 'responsible', 'changed'], ['status', 'changed']),
  filter: oneOf(['open', 'closed', 'all'], 'open'),
  pageSize: wholeNumber(1, 2000, 200),
  compose: flag(true),
};
const sample = {columns: ['changed', 'status'], filter: 'all', pageSize: 20, compose: false};
const secret = 'hemmelig-værdi';

type Given = {readonly json: readonly JsonStep[]} | {readonly hostile: number};
const fails = (): never => {
  throw new Error(secret);
};
/** What no JSON holds, but a host's script may. */
const hostile: readonly unknown[] = [
  fails,
  Symbol(secret),
  10n,
  new Date(Number.NaN),
  new Map([['filter', 'all']]),
  Object.create({filter: 'all'}),
  Object.defineProperty({}, 'filter', {enumerable: true, get: fails}),
  new Proxy({}, {ownKeys: fails, get: fails}),
  {columns: new Proxy(['status'], {get: fails})},
  {pageSize: {valueOf: fails, toString: fails}},
  {columns: Object.assign(['status'], {length: 3})},
];

const configs = (read: typeof readConfig = readConfig): Target<Given> => ({
  inputs: fc.oneof(
    {weight: 4, arbitrary: fc.record({json: fc.array(jsonStep, {maxLength: 3})})},
    {weight: 1, arbitrary: fc.record({hostile: fc.nat(hostile.length - 1)})},
  ),
  check(given) {
    const raw =
      'json' in given
        ? (JSON.parse(spoiledJson({...sample, note: secret}, given.json)) as unknown)
        : hostile[given.hostile];
    const {config, faults} = read<{[K in keyof typeof shape]: unknown}>(shape, raw);
    assert.deepEqual(Object.keys(config).sort(), Object.keys(shape).sort());
    for (const [key, field] of Object.entries(shape)) {
      const value = config[key as keyof typeof shape];
      assert(field.accepts(value), `an unusable ${key} stands`);
      const wanted = 'json' in given ? (raw as Record<string, unknown> | null)?.[key] : undefined;
      if (wanted !== undefined && Object.hasOwn(raw as object, key))
        assert(
          field.accepts(wanted) ? Object.is(value, wanted) : faults.some((fault) => fault.key === key),
          `${key} was dropped without a word`,
        );
    }
    assert(!JSON.stringify(faults.map(({expected}) => expected)).includes(secret), 'a fault repeats a value');
    return faults.length > 0 ? 'refused' : 'taken';
  },
});

describe('a window’s config, spoiled', () => {
  it('stands or falls back, and is told', () => fuzz('window config', configs(), {share: 4}));
});

describe('the oracle of the config would find a reader that', () => {
  const faulty: Readonly<Record<string, typeof readConfig>> = {
    'says nothing of what falls back': (fields, raw) => ({...readConfig(fields, raw), faults: []}),
    'takes what stands there': (fields, raw) => {
      const {config, faults} = readConfig(fields, raw);
      return {
        config: {...config, ...(typeof raw === 'object' ? {filter: (raw as {filter?: unknown} | null)?.filter} : {})},
        faults,
      };
    },
    'repeats the value': (fields, raw) => {
      const {config, faults} = readConfig(fields, raw);
      return {config, faults: faults.map((fault) => ({...fault, expected: `${fault.expected}, not ${secret}`}))};
    },
  };
  for (const [fault, read] of Object.entries(faulty)) it(fault, () => bites(fault, configs(read), configs()));
});
