// The bundles' stand-in for zod/mini: it agrees with zod on records of the contract, however they are spoiled.
import assert from 'node:assert/strict';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, describe, it} from 'node:test';
import {fileURLToPath, pathToFileURL} from 'node:url';
import * as contract from '@bsp/contract';
import {characters, korsbaekBackend} from '@bsp/korsbaek';
import {build} from 'esbuild';
import fc from 'fast-check';
import {bites, fuzz, type Target} from './fuzz.js';
import {type JsonStep, jsonStep, spoiledJson} from './mutations.js';
import {withSortedKeys} from './sorted-keys.js';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const results = join(repository, 'tests', 'results');
mkdirSync(results, {recursive: true});
const folder = mkdtempSync(join(results, 'compact-fuzz-'));
after(() => rmSync(folder, {recursive: true, force: true}));

interface Reads {
  safeParse(value: unknown): {success: boolean; data?: unknown};
}
const {outputFiles} = await build({
  entryPoints: [join(repository, 'packages/contract/src/index.ts')],
  alias: {'zod/mini': join(repository, 'packages/embed/src/compact-validation.ts')},
  bundle: true,
  format: 'esm',
  write: false,
});
writeFileSync(join(folder, 'contract.mjs'), outputFiles[0]?.contents ?? '');
const compact = (await import(pathToFileURL(join(folder, 'contract.mjs')).href)) as Record<string, Reads>;
const schemas = Object.entries(contract).flatMap(([name, schema]) =>
  typeof schema === 'object' && schema !== null && 'safeParse' in schema ? [{name, schema: schema as Reads}] : [],
);

/** What the municipality says of its people: messages, and the records in them. */
const samples: unknown[] = [];
const {signal} = new AbortController();
const backend = korsbaekBackend({today: '2026-11-20T10:15:00+01:00', behaviour: {latencyMs: 0}});
samples.push(await backend.me({signal}));
for (const {cpr} of characters.slice(0, 4)) {
  const opened = await backend.openContext({type: 'cpr', value: cpr}, {signal});
  samples.push(opened);
  const reads = ['person', 'cases', 'journal', 'events', 'drafts'].map((resource) => ({resource}));
  for await (const message of backend.read(opened.contextId, reads, {signal}))
    if (message.kind === 'frame')
      samples.push({...message, items: message.items.slice(0, 2)}, ...message.items.slice(0, 3));
    else samples.push(message);
  await backend.closeContext(opened.contextId);
}

interface Spoiled {
  readonly schema: number;
  readonly sample: number;
  readonly json: readonly JsonStep[];
  /** A moment or a day, near to what is one. */
  readonly when: string;
}
const two = (most: number) => fc.nat(most).map((number) => String(number).padStart(2, '0'));
const near: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom('2026', '2024', '1900', '2000', '0000', '9999', '02026'),
    two(13),
    two(32),
    two(25),
    two(61),
    two(61),
  )
  .chain(([year, month, day, hour, minute, second]) =>
    fc
      .tuple(
        fc.constantFrom('', '.1', '.123456789', '.', ',5'),
        fc.constantFrom('Z', 'z', '', '+01:00', '-23:59', '+24:00', '+0100', '+01'),
      )
      .chain(([fraction, zone]) =>
        fc.constantFrom(
          `${year}-${month}-${day}`,
          `${year}-${month}-${day}T${hour}:${minute}:${second}${fraction}${zone}`,
          `${year}-${month}-${day}T${hour}:${minute}${zone}`,
        ),
      ),
  );

/** Undefined where it is too deep to be compared. */
const textOf = (value: unknown): string | undefined => {
  try {
    return JSON.stringify(withSortedKeys(value));
  } catch (error) {
    assert(error instanceof RangeError);
    return undefined;
  }
};

const agreement = (standIn: (name: string, value: unknown) => {success: boolean; data?: unknown}): Target<Spoiled> => ({
  inputs: fc.record({
    schema: fc.oneof({weight: 1, arbitrary: fc.nat(schemas.length - 1)}, {weight: 2, arbitrary: fc.constant(-1)}),
    sample: fc.nat(samples.length - 1),
    json: fc.array(jsonStep, {maxLength: 2}),
    when: near,
  }),
  check({schema: chosen, sample, json, when}) {
    const original = samples[sample];
    const fitting = schemas.findIndex(({schema}) => schema.safeParse(original).success);
    const {name, schema} = schemas[chosen < 0 ? Math.max(fitting, 0) : chosen]!;
    const text = spoiledJson(original, json).replace(/"\d{4}-\d\d-\d\d(?:T[^"]*)?"/, (old) =>
      sample % 2 ? old : JSON.stringify(when),
    );
    const value = JSON.parse(text) as unknown;
    const theirs = schema.safeParse(value);
    const ours = standIn(name, value);
    assert.equal(ours.success, theirs.success, `${name} is ${theirs.success ? 'refused' : 'taken'}`);
    if (!theirs.success) return 'refused';
    assert.equal(textOf(ours.data), textOf(theirs.data), `${name} is read as something else`);
    return 'taken';
  },
});
const standIn = (name: string, value: unknown) => compact[name]!.safeParse(value);

describe('the stand-in for zod/mini, on spoiled records', () => {
  it('agrees with zod', () => fuzz('stand-in', agreement(standIn), {share: 4}));
});

describe('the oracle of the stand-in would find one that', () => {
  type Read = Parameters<typeof agreement>[0];
  const faulty: Readonly<Record<string, Read>> = {
    'takes whatever has the right keys': (name, value) => {
      const read = standIn(name, value);
      return read.success || typeof value !== 'object' || value === null
        ? read
        : {success: 'ref' in value, data: value};
    },
    'lets through what it does not know': (name, value) => {
      const read = standIn(name, value);
      return read.success ? {success: true, data: value} : read;
    },
    'takes no moment but in UTC': (name, value) => {
      const read = standIn(name, value);
      return read.success && /T[\d:]+\+/.test(JSON.stringify(value)) ? {success: false} : read;
    },
  };
  for (const [fault, read] of Object.entries(faulty))
    it(fault, () => bites(fault, agreement(read), agreement(standIn)));
});
