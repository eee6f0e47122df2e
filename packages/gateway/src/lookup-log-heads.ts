import * as z from 'zod/mini';
import {exportedSeal, type Head, withNumericPlaces} from './lookup-log-chain.js';
import type {Storage} from './storage/database.js';

/** A head with a seal of its own, to be kept outside the database: what happens to the log after shows against it. */
export interface ExportedHead extends Head {
  readonly seal: string;
}

const exportedHeadSchema = z.strictObject({
  tenant: z.string(),
  ordinal: z.int(),
  month: z.string(),
  previous_hash: z.string(),
  sequence: z.int(),
  hash: z.string(),
  seal: z.string(),
});

/** The heads of all chains, or of one tenant's. */
export async function exportHeads({database, secrets}: Storage, tenant?: string): Promise<ExportedHead[]> {
  const columns = ['tenant', 'ordinal', 'month', 'previous_hash', 'sequence', 'hash'] as const;
  const rows = await database
    .selectFrom('lookup_chain')
    .select(columns)
    .union(database.selectFrom('lookup_head').select(columns).where('sequence', '>', 0))
    .execute();
  return rows
    .filter((row) => tenant === undefined || row.tenant === tenant)
    .map(withNumericPlaces)
    .sort((left, right) =>
      left.tenant < right.tenant ? -1 : left.tenant > right.tenant ? 1 : left.ordinal - right.ordinal,
    )
    .map((head) => ({...head, seal: exportedSeal(secrets, head)}));
}

/** One head to a line, as JSON. */
export const headsText = (heads: readonly ExportedHead[]): string =>
  heads.map((head) => `${JSON.stringify(head)}\n`).join('');

/**
 * Reads what {@link headsText} wrote.
 * @throws Error - says which line is none, or that there is none at all: against nothing everything would be as it was.
 */
export function parseHeads(text: string): ExportedHead[] {
  const heads = text.split('\n').flatMap((line, index): ExportedHead[] => {
    if (line.trim() === '') return [];
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      throw new Error(`Line ${index + 1} is not JSON.`);
    }
    const parsed = exportedHeadSchema.safeParse(value);
    if (!parsed.success) throw new Error(`Line ${index + 1} is not an exported head.`);
    return [parsed.data];
  });
  if (heads.length === 0) throw new Error('There is no exported head in it.');
  return heads;
}
