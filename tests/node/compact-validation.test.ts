import assert from 'node:assert/strict';
import {mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, describe, it} from 'node:test';
import {fileURLToPath, pathToFileURL} from 'node:url';
import * as contract from '@bsp/contract';
import {build} from 'esbuild';
import fc from 'fast-check';
import {withSortedKeys} from '../fuzz/sorted-keys.js';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const results = join(repository, 'tests', 'results');
mkdirSync(results, {recursive: true});
const folder = mkdtempSync(join(results, 'compact-'));
after(() => rmSync(folder, {recursive: true, force: true}));

interface Reads {
  safeParse(value: unknown): {success: boolean; data?: unknown};
  parse(value: unknown): unknown;
}

/** The contract over the stand-in, as the bundles have it. */
const {outputFiles} = await build({
  entryPoints: [join(repository, 'packages/contract/src/index.ts')],
  alias: {'zod/mini': join(repository, 'packages/embed/src/compact-validation.ts')},
  bundle: true,
  format: 'esm',
  write: false,
});
writeFileSync(join(folder, 'contract.mjs'), outputFiles[0]?.contents ?? '');
const compact = (await import(pathToFileURL(join(folder, 'contract.mjs')).href)) as Record<string, unknown>;

const isSchema = (value: unknown): value is Reads =>
  typeof value === 'object' && value !== null && 'safeParse' in value;
const schemas = Object.entries(contract).flatMap(([name, schema]) => (isSchema(schema) ? [{name, schema}] : []));

const at = '2026-11-20T09:42:00+01:00';
const ref = {source: 's', id: 'i'};
const relative = {
  relation: 'child',
  name: 'n',
  masked: 'm',
  birthDate: '2012-02-29',
  subject: {type: 'ref', value: 'v'},
};
const hit = {
  kind: 'case',
  subject: {type: 'ref', value: 'v'},
  name: 'n',
  masked: 'm',
  detail: 'd',
  protected: true,
  record: ref,
};
/** Values that are near something: each schema accepts at least one of them. */
const seeds: unknown[] = [
  at,
  '2026-11-20',
  ref,
  {ref, title: 't'},
  {number: '27.60.10', title: 't'},
  {name: 'n', unit: 'u'},
  {...ref, type: 'cpr', value: 'v', masked: 'm', label: 'l', name: 'n'},
  {type: 'user'},
  {source: 's', ask: {unit: 'u', phone: 'p'}},
  {resource: 'cases', source: 's', cursor: 'c'},
  {kind: 'plan', readId: 'r', contextId: 'c', resources: {cases: {sources: [{id: 'i', name: 'n'}], deadlineMs: 1}}},
  {kind: 'end', readId: 'r'},
  {timestamp: at, id: 'i', event: {'hub.topic': 't', 'hub.event': 'e', context: [{key: 'k', resource: {}}]}},
  {issue: [{details: {coding: [{system: 's', code: 'c'}]}}]},
  {bridge: 1, from: 'one-of-them', kind: 'open', version: 1, by: 'one-of-them', id: 'i'},
  {
    bridge: 1,
    from: 'one-of-them',
    kind: 'status',
    version: 1,
    by: 'one-of-them',
    status: 'kept',
    name: 'n',
    follows: true,
  },
  {tabs: 'a-channel-of-this-log-in', fhircast: {url: '/bsp/v1/fhircast', topic: 'a-topic-of-this-log-in'}},
  '-1250.50',
  {
    ref,
    number: 'n',
    status: {state: 'active', native: 'Aktiv'},
    from: '2026-01-01',
    to: '2026-12-31',
    reason: 'r',
    benefits: [
      {
        id: 'i',
        name: 'n',
        kle: {number: '32.24.04'},
        from: '2026-01-01',
        repayable: true,
        plans: [{from: '2026-01-01', amount: '1250', frequency: 'f', timing: 'in-arrears'}],
      },
    ],
    case: {ref},
    responsible: {name: 'n'},
    changedAt: at,
    sensitivity: 'sensitive',
  },
  {
    ref,
    number: 'n',
    from: '2026-01-01',
    to: '2026-01-31',
    paidAt: '2026-01-31',
    gross: '1250.5',
    net: '900',
    sent: '900',
    paid: '900',
    native: 'n',
    department: 'd',
    parts: [{title: 't', kle: {number: '32.24.04'}, from: '2026-01-01', amount: '900', grant: {ref}, benefit: 'i'}],
    changedAt: at,
    sensitivity: 'sensitive',
  },
  {kind: 'notice', cursor: 'c', contextId: 'c', resource: 'r', source: 's'},
  {kind: 'reset', cursor: 'c', contextId: 'c'},
  {
    type: 'urn:bsp:problem:conflict',
    title: 't',
    status: 409,
    code: 'conflict',
    detail: 'd',
    pointer: '/p',
    retryAfter: 3,
  },
  {type: 'reveal', key: '12345678', payload: {a: [1]}},
  {key: 'k', type: 't', at, result: {a: 1}, replayed: true},
  {heading: 'h', body: 'b', case: {ref}, kle: {number: '1'}, occurredAt: at},
  {note: ref, body: 'b'},
  {events: [ref, ref]},
  {ref, field: 'cpr'},
  {value: 'v', lines: ['l'], since: '2026-11-20'},
  {target: ref, record: ref},
  {ref, name: 'n', for: 'case', sources: ['s']},
  {url: 'https://u.example/', code: 'c'},
  {query: 'han jens'},
  hit,
  {hits: [hit, hit], more: true, sources: [{id: 'i', name: 'n', status: 'ok'}]},
  {
    subject: {type: 'cpr', value: 'v'},
    user: {id: 'i', name: 'n', unit: 'u'},
    tenant: {id: 'i', name: 'n'},
    purpose: 'p',
    record: ref,
    launchedAt: at,
  },
  {window: 'w', content: {a: 'b'}},
  {window: 'w', content: null},
  {window: 'w', savedAt: at, version: 'v', content: {a: 'b'}},
  {
    user: {id: 'i', name: 'n', unit: 'u', office: 'back'},
    tenant: {id: 'i', name: 'n'},
    capabilities: ['c'],
    purposes: [{id: 'i', label: 'l'}],
  },
  {contextId: 'c', subject: {type: 'cpr', masked: 'm', label: 'l'}, openedAt: at, expiresAt: at, cursor: 'c'},
  {
    kind: 'frame',
    readId: 'r',
    contextId: 'c',
    resource: 'cases',
    source: {id: 'i', name: 'n'},
    status: 'ok',
    mode: 'append',
    items: [1, null, {}],
    next: 'n',
    invalid: 1,
    asOf: at,
    cached: false,
    problem: {type: 't', title: 't', status: 500, code: 'internal'},
  },
  {
    ref,
    title: 't',
    number: 'n',
    status: {phase: 'closed', native: 'Afsluttet'},
    kle: {number: '1'},
    responsible: {name: 'n'},
    openedAt: at,
    changedAt: at,
    closedAt: at,
    sensitivity: 'vip',
  },
  {
    ref,
    case: {ref, title: 't'},
    occurredAt: at,
    recordedAt: at,
    author: {name: 'n'},
    heading: 'h',
    body: 'b',
    delivery: {state: 'kept', at, reason: 'r'},
    addenda: [{at, author: {name: 'n'}, body: 'b'}],
  },
  {
    ref,
    type: 't',
    title: 't',
    occurredAt: at,
    receivedAt: at,
    about: {kind: 'k', ref, case: {ref}},
    delivery: {channel: 'c', state: 'failed', native: 'n', error: {code: '1', text: 't'}},
    acknowledged: {at, by: 'b'},
  },
  {
    ref,
    name: 'n',
    masked: 'm',
    status: {kind: 'dead', native: '90', since: '2026-11-20'},
    birthDate: '1984-12-04',
    sex: 'female',
    address: {lines: ['l'], protected: true},
    protections: [{kind: 'research', from: '2026-11-20'}],
    civilStatus: {kind: 'married'},
    spouse: relative,
    children: [relative],
    custody: [{holder: relative}],
    guardianship: {guardian: relative},
    previousNumbers: ['m'],
    replacedBy: relative,
  },
  relative,
  {lines: ['l'], municipality: 'm', since: '2026-11-20', protected: false},
];

const oddities = [
  undefined,
  null,
  0,
  -1,
  1.5,
  true,
  '',
  'x',
  'x'.repeat(101),
  '😀'.repeat(150),
  '2026-02-29',
  '2024-02-29',
  '1900-02-29',
  '2026-04-31',
  '2026-00-10',
  '2026-13-01',
  '0000-01-01',
  '2026-11-20T24:00:00Z',
  '2026-11-20T09:42:00',
  '2026-11-20T09:42Z',
  '2026-11-20T09:42:60Z',
  '2026-11-20T09:42:00.123456+14:59',
  '2026-02-30T09:42:00Z',
  '2026-11-20t09:42:00z',
  [],
  {},
  [[]],
  [null],
  {type: 'cpr'},
  JSON.parse('{"__proto__": {"id": "x"}, "id": "y"}'),
];

type Tree = Record<string, unknown> | unknown[];
/** Every place in a value, as a path of keys. */
const placesIn = (value: unknown): string[][] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => [[key], ...placesIn(inner).map((path) => [key, ...path])])
    : [];
/** A copy with one place taken out or replaced. */
const changed = (value: unknown, path: string[], by: {value: unknown} | undefined): unknown => {
  const copy = structuredClone(value) as Tree;
  const owner = path.slice(0, -1).reduce<Tree>((tree, key) => (tree as Record<string, Tree>)[key] as Tree, copy);
  const last = path.at(-1) ?? '';
  if (by) (owner as Record<string, unknown>)[last] = by.value;
  else if (Array.isArray(owner)) owner.splice(Number(last), 1);
  else delete owner[last];
  return copy;
};

const sameAnswer = (name: string, schema: Reads, value: unknown) => {
  const theirs = schema.safeParse(value);
  const ours = (compact[name] as Reads).safeParse(value);
  assert.equal(ours.success, theirs.success, `${name} on ${JSON.stringify(value)}`);
  // Through JSON, where an absent key and an undefined one are the same: windows read both alike.
  if (theirs.success)
    assert.deepEqual(JSON.stringify(withSortedKeys(ours.data)), JSON.stringify(withSortedKeys(theirs.data)));
};

describe('the stand-in for zod/mini in the bundles', () => {
  for (const {name, schema} of schemas) {
    const accepted = seeds.filter((seed) => schema.safeParse(seed).success);
    it(`reads ${name} as zod does, in every shape that one change can give it`, () => {
      assert.ok(accepted.length > 0, 'one of the seeds is of this kind');
      for (const value of [...seeds, ...oddities]) sameAnswer(name, schema, value);
      for (const seed of accepted)
        for (const path of placesIn(seed)) {
          sameAnswer(name, schema, changed(seed, path, undefined));
          for (const value of oddities) sameAnswer(name, schema, changed(seed, path, {value}));
        }
    });
  }

  it('and in shapes that many changes give', () =>
    fc.assert(
      fc.property(
        fc.constantFrom(...schemas),
        fc.constantFrom(...seeds),
        fc.array(
          fc.tuple(
            fc.nat(),
            fc.oneof(fc.constantFrom(...oddities), fc.jsonValue(), fc.constant(undefined)),
            fc.boolean(),
          ),
        ),
        ({name, schema}, seed, changes) => {
          let value: unknown = structuredClone(seed);
          for (const [index, by, remove] of changes) {
            const places = placesIn(value);
            const path = places[index % Math.max(places.length, 1)];
            if (path) value = changed(value, path, remove ? undefined : {value: by});
          }
          sameAnswer(name, schema, value);
        },
      ),
      {numRuns: 3000},
    ));

  it('throws where zod throws', () => {
    const ours = compact.recordRefSchema as Reads;
    assert.deepEqual(ours.parse(ref), contract.recordRefSchema.parse(ref));
    assert.throws(() => ours.parse({source: 's'}));
    assert.throws(() => contract.recordRefSchema.parse({source: 's'}));
  });

  it('has every way of reading that the browser packages use', () => {
    const known = new Set(Object.getOwnPropertyNames(Object.getPrototypeOf(compact.recordRefSchema)));
    const used = ['contract', 'core', 'ui', 'widgets'].flatMap((name) => {
      const folder = join(repository, 'packages', name, 'src');
      return readdirSync(folder, {recursive: true, encoding: 'utf8'})
        .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
        .flatMap((path) =>
          [...readFileSync(join(folder, path), 'utf8').matchAll(/\b\w*[sS]chema\.(\w+)\(/g)].map(
            ([, method]) => method,
          ),
        );
    });
    assert.ok(used.includes('safeParse'));
    assert.deepEqual(
      used.filter((method) => !known.has(method ?? '')),
      [],
    );
  });

  it('covers the whole contract', () => {
    assert.ok(schemas.length >= 25, `${schemas.length} schemas`);
    assert.deepEqual(
      schemas.map(({name}) => name).filter((name) => !isSchema(compact[name])),
      [],
    );
  });
});
