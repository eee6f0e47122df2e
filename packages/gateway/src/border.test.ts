import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {recordResources, targetsResource} from '@bsp/contract';
import fc from 'fast-check';
import {knownResources} from './border.js';
import {caseOf} from './harness.test.js';

const ref = {source: 'ky', id: '1'};
const at = '2026-11-19T10:00:00+01:00';
const kle = {number: '32.24.04', title: 'Kontanthjælp'};
const samples: Readonly<Record<string, object>> = {
  person: {
    ref,
    name: 'Anna',
    masked: '700690-••••',
    status: {kind: 'active', native: '1'},
    birthDate: '1990-06-10',
    sex: 'female',
    address: {municipality: 'Korsbæk', protected: true},
    protections: [{kind: 'name-address', from: '2026-10-28'}],
    children: [{relation: 'child', name: 'Bo', subject: {type: 'ref', value: 'p-1'}}],
    previousNumbers: ['710791-••••'],
  },
  cases: caseOf('c'),
  journal: {
    ref,
    occurredAt: at,
    recordedAt: at,
    author: {name: 'Karla', unit: 'Jobcenter'},
    heading: 'H',
    body: 'x',
    addenda: [{at, author: {name: 'Knud'}, body: 'y'}],
  },
  events: {ref, type: 'post', title: 'Brev', occurredAt: at, receivedAt: at, about: {kind: 'document', ref}},
  drafts: {window: 'journal', savedAt: at, version: 'v', content: {heading: 'H', ref: 'x'}},
  documents: {
    ref,
    title: 'Brev',
    type: {kind: 'outgoing-letter', native: 'Udgående'},
    status: {state: 'final', native: 'Endelig'},
    cases: [{ref, title: 'Sag'}],
    kle,
    letterDate: '2026-10-30',
    changedAt: at,
    sensitivity: 'confidential',
  },
  grants: {
    ref,
    status: {state: 'active', native: 'Aktiv'},
    benefits: [{id: '1', name: 'Kontanthjælp', kle, from: '2026-01-01', plans: [{amount: '-10.50', timing: 'x'}]}],
    changedAt: at,
    sensitivity: 'strange',
  },
  payments: {ref, paidAt: '2026-10-30', gross: '12550.00', parts: [{title: 'x'}], changedAt: at, sensitivity: 'vip'},
  targets: {ref, name: 'Fagsystem', for: 'person', sources: ['ky']},
};

/** A value like another one, in which something may be something else, be missing, or be too much. */
const like = (value: unknown): fc.Arbitrary<unknown> => {
  const other = fc.oneof(fc.constant(null), fc.constant(undefined), fc.string(), fc.integer(), fc.constant([]));
  return fc.oneof({weight: 60, arbitrary: likeInside(value)}, {weight: 1, arbitrary: other});
};

function likeInside(value: unknown): fc.Arbitrary<unknown> {
  if (Array.isArray(value)) return fc.tuple(...value.map(like));
  if (typeof value !== 'object' || value === null) return fc.constant(value);
  const whole = fc.record(Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, like(entry)])));
  const without = fc.oneof(
    {weight: 15, arbitrary: fc.constant('nothing')},
    {weight: 1, arbitrary: fc.constantFrom(...Object.keys(value))},
  );
  return fc.tuple(whole, without, fc.boolean()).map(([record, key, more]) => {
    const {[key]: _, ...rest} = record;
    return more ? {...rest, unheardOf: 1} : rest;
  });
}

describe('the border', () => {
  for (const {name, parse} of [...recordResources, targetsResource])
    it(`reads ${name} as the contract does`, () => {
      const known = knownResources.get(name)!;
      const sample = samples[name]!;
      assert.notEqual(parse(sample), undefined);
      fc.assert(
        fc.property(like(sample), (item) => {
          assert.deepEqual(known.parse(item), parse(item));
        }),
        {numRuns: 500},
      );
    });
});
