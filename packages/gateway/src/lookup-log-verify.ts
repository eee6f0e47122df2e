import {sql} from 'kysely';
import {
  closedSeal,
  exportedSeal,
  type Head,
  monthOf,
  openSeal,
  rowHash,
  type SealedHead,
  type StoredRow,
  withNumericPlaces,
  withNumericSequence,
} from './lookup-log-chain.js';
import type {ExportedHead} from './lookup-log-heads.js';
import type {Storage, Tx} from './storage/database.js';
import type {Secrets} from './storage/secrets.js';

/** What can be wrong with a log. */
export type FindingKind =
  /** A row is not as it was written. */
  | 'changed'
  /** A row stands where another belongs: reordered, or from another month or tenant. */
  | 'moved'
  /** A row's moment is not in the month whose chain it stands in. */
  | 'wrong-month'
  /** A row that the gateway did not write there. */
  | 'inserted'
  /** Rows are missing in the middle. */
  | 'gap'
  /** The last rows are missing. */
  | 'truncated'
  /** A row follows another one than the one before it. */
  | 'link'
  /** A head was changed, or does not fit its rows. */
  | 'head'
  /** A whole chain, or a head, is missing. */
  | 'chain-missing'
  /** The log is behind, or not the one, from which a head was exported. */
  | 'rolled-back';

/** One thing that is wrong. */
export interface Finding {
  readonly kind: FindingKind;
  readonly tenant: string;
  readonly month?: string;
  /** Which row. */
  readonly sequence?: number;
  readonly detail: string;
}

/** What was looked at. */
export interface Verified {
  readonly chains: number;
  readonly rows: number;
  /** Chains whose rows retention has dropped: only their heads are there. */
  readonly dropped: number;
}

/** Which part of the log is verified, and against what. */
export interface VerifyScope {
  readonly tenant?: string;
  readonly month?: string;
  readonly heads?: readonly ExportedHead[];
}

const pageSize = 1_000;
/** Looking for a row's true place reads the whole log: only for the first ones. */
const mostPlacesSought = 20;

/**
 * Verifies the log in one snapshot, also while it grows. Reads row by row, never the whole.
 *
 * @param tell - called for each finding, in the order of the chains.
 */
export async function verifyLog(
  {database, secrets}: Storage,
  scope: VerifyScope,
  tell: (finding: Finding) => void,
): Promise<Verified> {
  return database
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (tx) => {
      const segments = await segmentsOf(tx);
      const tenants = new Set([
        ...segments.map(({tenant}) => tenant),
        ...(await tx.selectFrom('lookup_head').select('tenant').execute()).map(({tenant}) => tenant),
        ...(await tx.selectFrom('lookup_chain').select('tenant').distinct().execute()).map(({tenant}) => tenant),
        ...(scope.heads ?? []).map(({tenant}) => tenant),
      ]);
      const total = {chains: 0, rows: 0, dropped: 0};
      for (const tenant of [...tenants].sort()) {
        if (scope.tenant !== undefined && tenant !== scope.tenant) continue;
        const chains = await verifiedChains(tx, secrets, tenant, tell);
        const months = new Set([
          ...chains.map(({month}) => month),
          ...segments.filter((segment) => segment.tenant === tenant).map(({month}) => month),
        ]);
        for (const month of [...months].sort()) {
          if (scope.month !== undefined && month !== scope.month) continue;
          const chain = chains.find((candidate) => candidate.month === month);
          const {rows} = await verifyRows(tx, secrets, {tenant, month, chain}, tell);
          total.rows += rows;
          if (chain) total.chains++;
          if (chain?.dropped) total.dropped++;
        }
        for (const head of scope.heads ?? [])
          if (head.tenant === tenant && (scope.month === undefined || head.month === scope.month))
            await compareWithExported(tx, secrets, chains, head, tell);
      }
      return total;
    });
}

/** Verifies one ended chain by itself, in the given transaction; tells only of that chain. */
export async function verifyEndedChain(
  tx: Tx,
  secrets: Secrets,
  {tenant, month}: {tenant: string; month: string},
  tell: (finding: Finding) => void,
): Promise<void> {
  const chains = await verifiedChains(tx, secrets, tenant, (finding) => {
    if (finding.month === month) tell(finding);
  });
  const chain = chains.find((candidate) => candidate.month === month);
  await verifyRows(tx, secrets, {tenant, month, chain}, tell);
}

interface Chain extends Head {
  readonly dropped: boolean;
}

/** The months that have rows, by tenant. Skips through the index instead of reading it. */
async function segmentsOf(tx: Tx): Promise<{tenant: string; month: string}[]> {
  const {rows} = await sql<{tenant: string; month: string}>`
    with recursive segment as (
      (select tenant, month from lookup_log order by tenant, month limit 1)
      union all
      select following.tenant, following.month from segment, lateral (
        select tenant, month from lookup_log
        where (tenant, month) > (segment.tenant, segment.month) order by tenant, month limit 1) as following)
    select tenant, month from segment`.execute(tx);
  return rows;
}

/** A tenant's chains in their order, after their seals, numbers and links were looked at. */
async function verifiedChains(
  tx: Tx,
  secrets: Secrets,
  tenant: string,
  tell: (finding: Finding) => void,
): Promise<Chain[]> {
  const ended = await tx.selectFrom('lookup_chain').selectAll().where('tenant', '=', tenant).execute();
  const open = await tx.selectFrom('lookup_head').selectAll().where('tenant', '=', tenant).executeTakeFirst();
  const chains: Chain[] = [];
  for (const {seal, ...row} of ended) {
    const head: SealedHead = withNumericPlaces(row);
    if (closedSeal(secrets, head) !== seal) {
      const detail = 'the head of this chain was changed, or sealed with another key';
      tell({kind: 'head', tenant, month: head.month, detail});
    }
    chains.push({...head, dropped: head.dropped_at !== ''});
  }
  if (open) {
    const {seal, ...row} = open;
    const head = withNumericPlaces(row);
    if (openSeal(secrets, head) !== seal) {
      const detail = 'the head of the open chain was changed, or sealed with another key';
      tell({kind: 'head', tenant, month: head.month, detail});
    }
    const sealed = chains.find(({month}) => month === head.month);
    if (!sealed) chains.push({...head, dropped: false});
    else if (sealed.sequence !== head.sequence || sealed.hash !== head.hash)
      tell({kind: 'head', tenant, month: head.month, detail: 'two heads of this chain contradict each other'});
  } else tell({kind: 'chain-missing', tenant, detail: 'the tenant has no open chain: its head is missing'});

  chains.sort((left, right) => left.ordinal - right.ordinal);
  let before: Chain | undefined;
  for (const chain of chains) {
    const {ordinal, month} = chain;
    const due = (before?.ordinal ?? 0) + 1;
    if (ordinal > due) {
      const which = ordinal === due + 1 ? `number ${due}` : `numbers ${due} to ${ordinal - 1}`;
      const detail = `chain ${which} of the tenant is missing, before this month`;
      tell({kind: 'chain-missing', tenant, month, detail});
    } else if (ordinal < due || (before && before.month >= month))
      tell({kind: 'head', tenant, month, detail: 'the chains of the tenant are not in the order of their months'});
    else if (chain.previous_hash !== (before?.hash ?? ''))
      tell({kind: 'head', tenant, month, detail: 'the chain does not follow the one of the month before'});
    before = chain;
  }
  return chains;
}

/** Verifies the rows of one month against its chain's head. */
async function verifyRows(
  tx: Tx,
  secrets: Secrets,
  {tenant, month, chain}: {tenant: string; month: string; chain: Chain | undefined},
  tell: (finding: Finding) => void,
): Promise<{rows: number}> {
  const head = chain && !chain.dropped ? chain : undefined;
  let rows = 0;
  let due = 1;
  let sought = 0;
  /** What the next row must follow; undefined where that can't be known any more. */
  let before: string | undefined = head?.previous_hash;
  let headPassed = false;
  for await (const row of rowsOf(tx, tenant, month)) {
    rows++;
    const {sequence} = row;
    const finding = (kind: FindingKind, detail: string) => tell({kind, tenant, month, sequence, detail});
    if (!head) {
      finding('inserted', chain ? 'the rows of this month had been dropped' : 'there is no chain for this month');
      continue;
    }
    if (sequence < 1) {
      finding('inserted', 'a row before the first one');
      continue;
    }
    if (sequence > due) {
      tellMissing(tell, {tenant, month, from: due, to: Math.min(sequence - 1, head.sequence), kind: 'gap'});
      before = undefined;
    }
    due = sequence + 1;
    const sound = rowHash(secrets, row) === row.hash;
    if (sequence > head.sequence) {
      if (!sound) finding(...misplaced(sought++ < mostPlacesSought ? await placeOf(tx, secrets, row) : undefined));
      else if (!headPassed) finding('head', `the head stands at row ${head.sequence}, before this one`);
      headPassed = true;
      continue;
    }
    if (!sound) {
      const place = sought++ < mostPlacesSought ? await placeOf(tx, secrets, row) : undefined;
      if (place) finding(...misplaced(place));
      else if (monthOf(row.at) !== month) finding('wrong-month', `the row's moment is in ${monthOf(row.at)}`);
      else finding('changed', 'the row is not as it was written');
    } else if (monthOf(row.at) !== month) finding('wrong-month', `the row's moment is in ${monthOf(row.at)}`);
    else if (before !== undefined && row.previous_hash !== before)
      finding('link', 'the row follows another one than the one before it');
    before = sound ? row.hash : undefined;
  }
  if (head && due <= head.sequence) tellMissing(tell, {tenant, month, from: due, to: head.sequence, kind: 'truncated'});
  else if (head && !headPassed && before !== undefined && before !== head.hash)
    tell({kind: 'head', tenant, month, sequence: head.sequence, detail: 'the last row is not the one of the head'});
  return {rows};
}

function tellMissing(
  tell: (finding: Finding) => void,
  {tenant, month, from, to, kind}: {tenant: string; month: string; from: number; to: number; kind: FindingKind},
): void {
  if (to < from) return;
  const detail = from === to ? 'this row is missing' : `rows ${from} to ${to} are missing`;
  tell({kind, tenant, month, sequence: from, detail});
}

interface Place {
  readonly tenant: string;
  readonly month: string;
  readonly sequence: number;
}

const misplaced = (place: Place | undefined): [FindingKind, string] =>
  place
    ? ['moved', `this row belongs to ${place.tenant}, ${place.month}, row ${place.sequence}`]
    : ['inserted', 'a row after the last one that the gateway wrote'];

/** Where a row comes from that is sound, but not here: told by the rows that it follows and that follow it. */
async function placeOf(tx: Tx, secrets: Secrets, row: StoredRow): Promise<Place | undefined> {
  const near = await tx
    .selectFrom('lookup_log')
    .select(['tenant', 'month', 'sequence', 'hash'])
    .where((where) => where.or([where('hash', '=', row.previous_hash), where('previous_hash', '=', row.hash)]))
    .limit(10)
    .execute();
  const heads = await tx
    .selectFrom('lookup_head')
    .select(['tenant', 'month', 'sequence', 'previous_hash', 'hash'])
    .unionAll(tx.selectFrom('lookup_chain').select(['tenant', 'month', 'sequence', 'previous_hash', 'hash']))
    .execute();
  const places: Place[] = [
    {tenant: row.tenant, month: monthOf(row.at), sequence: row.sequence},
    ...near.map(({tenant, month, sequence, hash}) => ({
      tenant,
      month,
      sequence: Number(sequence) + (hash === row.previous_hash ? 1 : -1),
    })),
    ...heads.flatMap(({tenant, month, sequence, previous_hash, hash}) => [
      ...(previous_hash === row.previous_hash ? [{tenant, month, sequence: 1}] : []),
      ...(hash === row.hash ? [{tenant, month, sequence: Number(sequence)}] : []),
    ]),
  ];
  return places.find((place) => rowHash(secrets, {...row, ...place}) === row.hash);
}

async function* rowsOf(tx: Tx, tenant: string, month: string): AsyncGenerator<StoredRow> {
  let last = Number.MIN_SAFE_INTEGER;
  for (;;) {
    const page = await tx
      .selectFrom('lookup_log')
      .selectAll()
      .where('tenant', '=', tenant)
      .where('month', '=', month)
      .where('sequence', '>', last)
      .orderBy('sequence')
      .limit(pageSize)
      .execute();
    for (const row of page) yield withNumericSequence(row);
    if (page.length < pageSize) return;
    last = Number(page.at(-1)!.sequence);
  }
}

/** A head that was exported earlier must still be on the chain. */
async function compareWithExported(
  tx: Tx,
  secrets: Secrets,
  chains: readonly Chain[],
  exported: ExportedHead,
  tell: (finding: Finding) => void,
): Promise<void> {
  const {tenant, month, sequence} = exported;
  const rolledBack = (detail: string) => tell({kind: 'rolled-back', tenant, month, sequence, detail});
  if (exportedSeal(secrets, exported) !== exported.seal) {
    rolledBack('the exported head was changed, or sealed with another key');
    return;
  }
  const chain = chains.find((candidate) => candidate.month === month);
  if (!chain) rolledBack('a head was exported of this chain, and it is gone');
  else if (chain.ordinal !== exported.ordinal || chain.previous_hash !== exported.previous_hash)
    rolledBack('the chain is another one than the one whose head was exported');
  else if (chain.sequence < sequence)
    rolledBack(`the chain ends at row ${chain.sequence}; when its head was exported it had ${sequence}`);
  else if (chain.sequence === sequence && chain.hash !== exported.hash)
    rolledBack('the last row is another one than when the head was exported');
  else if (!chain.dropped && sequence > 0) {
    const row = await tx
      .selectFrom('lookup_log')
      .select('hash')
      .where('tenant', '=', tenant)
      .where('month', '=', month)
      .where('sequence', '=', sequence)
      .executeTakeFirst();
    if (row?.hash !== exported.hash) rolledBack('this row is another one than when the head was exported');
  }
}
