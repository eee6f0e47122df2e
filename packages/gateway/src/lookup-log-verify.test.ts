import assert from 'node:assert/strict';
import {randomUUID} from 'node:crypto';
import {describe, it} from 'node:test';
import fc from 'fast-check';
import {gateways, onEachStorage} from './harness.test.js';
import type {Log} from './log.js';
import {exportHeads, headsText, parseHeads} from './lookup-log-heads.js';
import {type Finding, type VerifyScope, verifyLog} from './lookup-log-verify.js';
import {type ChainWriter, chainWriterOf} from './lookup-log-writer.js';
import {quiet} from './quiet-log.test.js';
import type {Storage} from './storage/database.js';

const findingsOf = async (storage: Storage, scope: VerifyScope = {}): Promise<Finding[]> => {
  const findings: Finding[] = [];
  await verifyLog(storage, scope, (finding) => findings.push(finding));
  return findings;
};

const append = (writer: ChainWriter, tenant: string, marker: string): Promise<void> =>
  writer.append(tenant, {
    kind: 'lookup',
    lookup_id: randomUUID(),
    user_id: `user-${marker}`,
    context_id: `context-${marker}`,
    subject_index: `index-${marker}`,
    subject_sealed: `sealed-${marker}`,
    entry: JSON.stringify({marker}),
  });

const months = ['2026-08', '2026-09', '2026-11'];
const tenants = ['andeby', 'korsbaek'];
const rowsPerMonth = 5;

/** Two tenants with three chains each; the last one is open. */
async function writeLog(storage: Storage): Promise<void> {
  for (const [index, month] of months.entries()) {
    let minute = 0;
    const writer = chainWriterOf(
      storage,
      quiet,
      () => new Date(`${month}-10T10:${String(minute++).padStart(2, '0')}:00Z`),
    );
    for (const tenant of tenants)
      for (let row = 0; row < rowsPerMonth; row++) await append(writer, tenant, `${tenant}-${index}-${row}`);
  }
}

const tables = ['lookup_log', 'lookup_chain', 'lookup_head'] as const;
type Copy = Record<(typeof tables)[number], Record<string, unknown>[]>;

async function copyOf({database}: Storage): Promise<Copy> {
  const copy: Copy = {lookup_log: [], lookup_chain: [], lookup_head: []};
  for (const table of tables) copy[table] = await database.selectFrom(table).selectAll().execute();
  return copy;
}

async function restore({database}: Storage, copy: Copy): Promise<void> {
  for (const table of tables) {
    await database.deleteFrom(table).execute();
    if (copy[table].length > 0)
      await database
        .insertInto(table)
        .values(copy[table] as never)
        .execute();
  }
}

type Row = Copy['lookup_log'][number];
const rowsIn = (copy: Copy, tenant: unknown, month: unknown): Row[] =>
  copy.lookup_log.filter((row) => row.tenant === tenant && row.month === month);
const isNumber = (column: string) => column === 'sequence' || column === 'ordinal';

/** Somebody's doing: a changed copy of the log, and where it must be seen. */
interface Tampering {
  readonly what: string;
  readonly copy: Copy;
  /** The (tenant, month, row) of which one must be named. */
  readonly at: readonly {tenant: unknown; month?: unknown; sequence?: number}[];
}

const clone = (copy: Copy): Copy => structuredClone(copy);

/** A value that isn't the one there: another row's, or the same with one character more or less. */
const otherValue = (column: string, old: unknown, pick: number, from: readonly Row[]): unknown => {
  const others = from.map((row) => row[column]).filter((value) => String(value) !== String(old));
  if (others.length > 0 && pick % 2 === 0) return others[pick % others.length];
  if (isNumber(column)) return Number(old) + (pick % 3 === 0 ? -100 : 100);
  const text = String(old);
  return pick % 3 === 0 && text.length > 1 ? text.slice(0, -1) : `${text}x`;
};

/** All single changes that the log must not survive unnoticed. */
const tamperings = (original: Copy): fc.Arbitrary<Tampering> => {
  const anyRow = fc.nat(original.lookup_log.length - 1);
  const place = (row: Row) => ({tenant: row.tenant, month: row.month, sequence: Number(row.sequence)});
  const columns = Object.keys(original.lookup_log[0]!);
  const changedColumn = fc.tuple(anyRow, fc.constantFrom(...columns), fc.nat(1_000)).map(([index, column, pick]) => {
    const copy = clone(original);
    const row = copy.lookup_log[index]!;
    const before = place(row);
    row[column] = otherValue(column, row[column], pick, original.lookup_log);
    return {what: `${column} changed`, copy, at: [before, place(row)]};
  });
  const deleted = anyRow.map((index) => {
    const copy = clone(original);
    const [row] = copy.lookup_log.splice(index, 1);
    return {what: 'row deleted', copy, at: [place(row!)]};
  });
  const truncated = fc
    .tuple(fc.constantFrom(...tenants), fc.constantFrom(...months), fc.integer({min: 1, max: rowsPerMonth}), fc.nat(2))
    .map(([tenant, month, count, head]) => {
      const copy = clone(original);
      const kept = rowsPerMonth - count;
      copy.lookup_log = copy.lookup_log.filter(
        (row) => row.tenant !== tenant || row.month !== month || Number(row.sequence) <= kept,
      );
      // Who has no key can set the head back, but not seal it.
      const last = rowsIn(copy, tenant, month).find((row) => Number(row.sequence) === kept);
      for (const table of ['lookup_head', 'lookup_chain'] as const)
        for (const row of copy[table])
          if (head > 0 && row.tenant === tenant && row.month === month) {
            row.sequence = kept;
            row.hash = last?.hash ?? row.previous_hash;
            if (head === 2) row.seal = copy[table === 'lookup_head' ? 'lookup_chain' : 'lookup_head'][0]?.seal;
          }
      return {what: `last ${count} deleted, head ${head}`, copy, at: [{tenant, month}]};
    });
  const swapped = fc.tuple(anyRow, fc.integer({min: 1, max: rowsPerMonth - 1})).map(([index, distance]) => {
    const copy = clone(original);
    const row = copy.lookup_log[index]!;
    const sequence = ((Number(row.sequence) - 1 + distance) % rowsPerMonth) + 1;
    const other = rowsIn(copy, row.tenant, row.month).find((candidate) => Number(candidate.sequence) === sequence)!;
    const at = [place(row), place(other)];
    [row.sequence, other.sequence] = [other.sequence, row.sequence];
    return {what: 'rows swapped', copy, at};
  });
  const inserted = fc.tuple(anyRow, fc.constantFrom('end', 'start', 'shift', 'far')).map(([index, where]) => {
    const copy = clone(original);
    const row = {...copy.lookup_log[index]!};
    if (where === 'shift')
      for (const other of rowsIn(copy, row.tenant, row.month))
        if (Number(other.sequence) >= Number(row.sequence)) other.sequence = Number(other.sequence) + 1;
    if (where === 'end') row.sequence = rowsPerMonth + 1;
    if (where === 'far') row.sequence = rowsPerMonth + 100;
    if (where === 'start') row.sequence = 0;
    copy.lookup_log.push(row);
    const at = where === 'shift' ? [{tenant: row.tenant, month: row.month}] : [place(row)];
    return {what: `row inserted (${where})`, copy, at};
  });
  const moved = fc.tuple(anyRow, fc.boolean(), fc.boolean()).map(([index, toTenant, atEnd]) => {
    const copy = clone(original);
    const row = copy.lookup_log[index]!;
    const before = place(row);
    if (toTenant) row.tenant = row.tenant === 'andeby' ? 'korsbaek' : 'andeby';
    else row.month = row.month === '2026-09' ? '2026-11' : '2026-09';
    row.sequence = atEnd ? rowsPerMonth + 1 : 0;
    return {what: 'row moved', copy, at: [before]};
  });
  const headChanged = fc
    .tuple(fc.constantFrom('lookup_head', 'lookup_chain'), fc.nat(3), fc.nat(8), fc.nat(1_000))
    .map(([name, index, column, pick]) => {
      const table = name as 'lookup_head' | 'lookup_chain';
      const copy = clone(original);
      const row = copy[table][index % copy[table].length]!;
      const names = Object.keys(row);
      const key = names[column % names.length]!;
      const {tenant} = row;
      row[key] = otherValue(key, row[key], pick, original[table]);
      return {what: `${table}.${key} changed`, copy, at: [{tenant}, {tenant: row.tenant}]};
    });
  const chainDeleted = fc.tuple(fc.nat(5), fc.boolean()).map(([index, withRows]) => {
    const copy = clone(original);
    const heads = [...copy.lookup_chain, ...copy.lookup_head];
    const {tenant, month} = heads[index % heads.length]!;
    const isTheOne = (row: Row) => row.tenant === tenant && row.month === month;
    copy.lookup_chain = copy.lookup_chain.filter((row) => !isTheOne(row));
    copy.lookup_head = copy.lookup_head.filter((row) => !isTheOne(row));
    if (withRows) copy.lookup_log = copy.lookup_log.filter((row) => !isTheOne(row));
    return {what: `chain deleted, ${withRows ? 'with' : 'without'} its rows`, copy, at: [{tenant}]};
  });
  return fc.oneof(
    {arbitrary: changedColumn, weight: 4},
    deleted,
    truncated,
    swapped,
    inserted,
    moved,
    {arbitrary: headChanged, weight: 2},
    chainDeleted,
  );
};

const hasUniqueKeys = (copy: Copy): boolean =>
  tables.every((table) => {
    const keys = copy[table].map(({tenant, month, sequence}) =>
      JSON.stringify(
        table === 'lookup_head' ? tenant : [tenant, month, ...(table === 'lookup_log' ? [Number(sequence)] : [])],
      ),
    );
    return new Set(keys).size === keys.length;
  });

onEachStorage('verifying the lookup log', (storageFor) => {
  const {run} = gateways(storageFor);
  const start = async (): Promise<Storage> => (await run([])).gateway.storage;

  it('finds nothing wrong with a log as it was written, across months', async () => {
    const storage = await start();
    await writeLog(storage);
    const findings: Finding[] = [];
    const verified = await verifyLog(storage, {}, (finding) => findings.push(finding));
    assert.deepEqual(findings, []);
    assert.deepEqual(verified, {chains: 6, rows: 6 * rowsPerMonth, dropped: 0});
    const some = await verifyLog(storage, {tenant: 'andeby', month: '2026-09'}, ({detail}) => assert.fail(detail));
    assert.deepEqual(some, {chains: 1, rows: rowsPerMonth, dropped: 0});
    const unused = await verifyLog(storage, {tenant: 'never-used'}, ({detail}) => assert.fail(detail));
    assert.deepEqual(unused, {chains: 0, rows: 0, dropped: 0});
  });

  it('finds every single change, and names where', async () => {
    const storage = await start();
    await writeLog(storage);
    const original = await copyOf(storage);
    await fc.assert(
      fc.asyncProperty(tamperings(original), async ({copy, at, what}) => {
        fc.pre(hasUniqueKeys(copy));
        await restore(storage, copy);
        const findings = await findingsOf(storage);
        const isThere = (finding: Finding) =>
          at.some(
            ({tenant, month, sequence}) =>
              finding.tenant === tenant &&
              (month === undefined || finding.month === undefined || finding.month === month) &&
              (sequence === undefined || finding.sequence === undefined || finding.sequence === sequence),
          );
        assert(findings.some(isThere), `${what}: ${JSON.stringify(at)}, found ${JSON.stringify(findings)}`);
      }),
      {numRuns: Number(process.env.LOG_RUNS ?? 150)},
    );
    await restore(storage, original);
    assert.deepEqual(await findingsOf(storage), []);
  });

  it('says which row and what kind', async () => {
    const storage = await start();
    await writeLog(storage);
    const original = await copyOf(storage);
    const after = async (tamper: (copy: Copy, rows: Row[]) => void): Promise<string[]> => {
      const copy = clone(original);
      tamper(copy, rowsIn(copy, 'korsbaek', '2026-09'));
      await restore(storage, copy);
      return (await findingsOf(storage)).map(
        ({kind, tenant, month, sequence}) => `${kind} ${tenant} ${month} ${sequence ?? ''}`,
      );
    };
    const without = (copy: Copy, ...gone: Row[]) => {
      copy.lookup_log = copy.lookup_log.filter((row) => !gone.includes(row));
    };
    assert.deepEqual(await after((_, rows) => Object.assign(rows[2]!, {user_id: 'somebody else'})), [
      'changed korsbaek 2026-09 3',
    ]);
    assert.deepEqual(await after((copy, rows) => without(copy, rows[1]!, rows[2]!)), ['gap korsbaek 2026-09 2']);
    assert.deepEqual(await after((copy, rows) => without(copy, rows[3]!, rows[4]!)), ['truncated korsbaek 2026-09 4']);
    assert.deepEqual(
      await after((_, rows) => {
        [rows[0]!.sequence, rows[3]!.sequence] = [4, 1];
      }),
      ['moved korsbaek 2026-09 1', 'moved korsbaek 2026-09 4'],
    );
    assert.deepEqual(
      await after((copy, rows) => {
        copy.lookup_log.push({...rows[0]!, sequence: 6, entry: '{}'});
      }),
      ['inserted korsbaek 2026-09 6'],
    );
    assert.deepEqual(await after((_, rows) => Object.assign(rows[4]!, {month: '2026-11', sequence: 6})), [
      'truncated korsbaek 2026-09 5',
      'moved korsbaek 2026-11 6',
    ]);
    assert.deepEqual(
      await after((copy, rows) => {
        without(copy, ...rows);
        copy.lookup_chain = copy.lookup_chain.filter(({tenant, month}) => tenant !== 'korsbaek' || month !== '2026-09');
      }),
      ['chain-missing korsbaek 2026-11 '],
    );
  });

  it('still shows that the head was set back after more rows have been written', async () => {
    const storage = await start();
    await writeLog(storage);
    const copy = await copyOf(storage);
    const {hash} = rowsIn(copy, 'korsbaek', '2026-11').find(({sequence}) => Number(sequence) === 3)!;
    const set = {sequence: 3, hash: hash as string};
    await storage.database.updateTable('lookup_head').set(set).where('tenant', '=', 'korsbaek').execute();
    await storage.database
      .deleteFrom('lookup_log')
      .where('tenant', '=', 'korsbaek')
      .where('month', '=', '2026-11')
      .where('sequence', '>', 3)
      .execute();
    const kinds = async () => (await findingsOf(storage)).map(({kind, tenant, month}) => `${kind} ${tenant} ${month}`);
    assert.deepEqual(await kinds(), ['head korsbaek 2026-11']);
    const told: string[] = [];
    const log: Log = {...quiet, error: (_, message) => told.push(message)};
    await append(
      chainWriterOf(storage, log, () => new Date('2026-11-20T10:00:00Z')),
      'korsbaek',
      'after',
    );
    assert.match(told[0]!, /tampered/);
    assert.deepEqual(await kinds(), ['head korsbaek 2026-11']);
    await append(
      chainWriterOf(storage, quiet, () => new Date('2026-12-01T10:00:00Z')),
      'korsbaek',
      'next month',
    );
    assert.deepEqual(await kinds(), ['head korsbaek 2026-11']);
  });

  it('finds a log that was set back as a whole, by heads that were exported', async () => {
    const storage = await start();
    await writeLog(storage);
    const earlier = await copyOf(storage);
    const writer = chainWriterOf(storage, quiet, () => new Date('2026-11-11T10:00:00Z'));
    await append(writer, 'korsbaek', 'later');
    const heads = parseHeads(headsText(await exportHeads(storage)));
    assert.deepEqual(await findingsOf(storage, {heads}), []);
    await restore(storage, earlier);
    assert.deepEqual(await findingsOf(storage), [], 'without the exported heads nothing is amiss');
    const kinds = (await findingsOf(storage, {heads})).map(({kind, tenant, sequence}) => [kind, tenant, sequence]);
    assert.deepEqual(kinds, [['rolled-back', 'korsbaek', rowsPerMonth + 1]]);

    // Another history of the same length.
    await append(writer, 'korsbaek', 'another');
    assert.deepEqual(await findingsOf(storage), []);
    assert.equal((await findingsOf(storage, {heads})).length, 1);
    const forged = heads.map((head) => ({...head, sequence: head.sequence - 1}));
    assert.equal((await findingsOf(storage, {heads: forged})).length, heads.length);
    // All of a tenant gone.
    await restore(storage, {
      lookup_log: earlier.lookup_log.filter(({tenant}) => tenant !== 'korsbaek'),
      lookup_chain: earlier.lookup_chain.filter(({tenant}) => tenant !== 'korsbaek'),
      lookup_head: earlier.lookup_head.filter(({tenant}) => tenant !== 'korsbaek'),
    });
    assert.deepEqual(await findingsOf(storage), []);
    assert.equal((await findingsOf(storage, {heads})).length, 4);
  });

  it('keeps one chain without a gap when several write at once, over a change of month', async () => {
    const one = await start();
    const other = await start();
    let ticks = 0;
    const clock = () => new Date(Date.UTC(2026, 9, 31, 23, 59, 58) + 40 * ticks++);
    const writers = [
      chainWriterOf(one, quiet, clock),
      chainWriterOf(other, quiet, clock),
      chainWriterOf(other, quiet, clock),
    ];
    const written = Array.from({length: 300}, async (_, index) => {
      await new Promise((resolve) => setTimeout(resolve, index % 50));
      await append(writers[index % writers.length]!, 'korsbaek', String(index));
    });
    await Promise.all(written);
    const findings: Finding[] = [];
    const verified = await verifyLog(one, {}, (finding) => findings.push(finding));
    assert.deepEqual(findings, []);
    assert.equal(verified.rows, 300);
    const markers = await one.database.selectFrom('lookup_log').select('context_id').distinct().execute();
    assert.equal(markers.length, 300);
  });

  it('tells of a head that was changed between two rows of one writer, whatever was changed', async () => {
    const storage = await start();
    const told: string[] = [];
    const writer = chainWriterOf(storage, {...quiet, error: (_, message) => told.push(message)});
    const changes = {ordinal: 7, previous_hash: 'x', sequence: 9, hash: 'x', at: '2020', seal: 'x'};
    for (const [column, value] of Object.entries(changes)) {
      // A tenant for each: its name is the column's.
      for (const marker of ['first', 'second']) await append(writer, column, marker);
      assert.deepEqual(told, []);
      await storage.database
        .updateTable('lookup_head')
        .set({[column]: value})
        .where('tenant', '=', column)
        .execute();
      await append(writer, column, 'third');
      assert.match(told.splice(0).join(), /^the head of the lookup log was tampered with/, column);
    }
  });

  it('goes on after rows that could not be written', async () => {
    const storage = await start();
    const writer = chainWriterOf(storage, quiet);
    await append(writer, 'korsbaek', 'first');
    await storage.database.schema.alterTable('lookup_log').renameTo('lookup_away').execute();
    await assert.rejects(append(writer, 'korsbaek', 'lost'));
    await storage.database.schema.alterTable('lookup_away').renameTo('lookup_log').execute();
    for (const marker of ['second', 'third']) await append(writer, 'korsbaek', marker);
    const findings: Finding[] = [];
    assert.equal((await verifyLog(storage, {}, (finding) => findings.push(finding))).rows, 3);
    assert.deepEqual(findings, []);
  });

  it('reads one snapshot: rows that come meanwhile are not amiss', async () => {
    const storage = await start();
    await writeLog(storage);
    const writer = chainWriterOf(storage, quiet, () => new Date('2026-11-12T10:00:00Z'));
    const verifying = findingsOf(storage);
    await Promise.all(Array.from({length: 50}, (_, index) => append(writer, 'andeby', String(index))));
    assert.deepEqual(await verifying, []);
    assert.deepEqual(await findingsOf(storage), []);
  });
});

describe('exported heads', () => {
  it('are refused line by line', () => {
    assert.throws(() => parseHeads('{"tenant": "a"}\n'), /Line 1 is not an exported head/);
    assert.throws(() => parseHeads('\n{nothing\n'), /Line 2 is not JSON/);
    assert.throws(() => parseHeads('\n'), /There is no exported head in it/);
  });
});
