import type {Secrets} from './storage/secrets.js';

/** What a row says; its hash covers all of it and the row before. */
export interface LogRow {
  readonly tenant: string;
  readonly month: string;
  readonly sequence: number;
  readonly kind: string;
  readonly lookup_id: string;
  readonly at: string;
  readonly user_id: string;
  readonly context_id: string;
  readonly subject_index: string;
  readonly subject_sealed: string;
  readonly entry: string;
  readonly previous_hash: string;
}

/** A row as it is kept. */
export interface StoredRow extends LogRow {
  readonly hash: string;
}

/** Where a tenant's chain stands. */
export interface Head {
  readonly tenant: string;
  /** How many chains the tenant has had, this one included. */
  readonly ordinal: number;
  readonly month: string;
  /** The hash of the last row of the chain before; empty for the first. */
  readonly previous_hash: string;
  readonly sequence: number;
  readonly hash: string;
}

/** The head of the chain that rows are being added to. */
export interface OpenHead extends Head {
  /** When the last row was written. */
  readonly at: string;
}

/** The head of a chain that has ended. */
export interface SealedHead extends Head {
  readonly sealed_at: string;
  /** When retention dropped the rows; empty while they are there. */
  readonly dropped_at: string;
}

/** The keyed hash of a row. The first row of a month follows the last one of the month before. */
export const rowHash = (secrets: Secrets, row: LogRow): string =>
  secrets.chainHash(
    JSON.stringify([
      row.tenant,
      row.month,
      row.sequence,
      row.kind,
      row.lookup_id,
      row.at,
      row.user_id,
      row.context_id,
      row.subject_index,
      row.subject_sealed,
      row.entry,
      row.previous_hash,
    ]),
  );

const headParts = (head: Head) => [head.tenant, head.ordinal, head.month, head.previous_hash, head.sequence, head.hash];

/** The seal of a chain that is still growing. */
export const openSeal = (secrets: Secrets, head: OpenHead): string =>
  secrets.chainHash(JSON.stringify(['open head', ...headParts(head), head.at]));

/** Whether the row of a chain that is still growing was sealed with these secrets, and is as it was then. */
export const isSealedBy = (secrets: Secrets, {seal, ...head}: OpenHead & {readonly seal: string}): boolean =>
  openSeal(secrets, withNumericPlaces(head)) === seal;

/** The seal of a chain that has ended. */
export const closedSeal = (secrets: Secrets, head: SealedHead): string =>
  secrets.chainHash(JSON.stringify(['sealed head', ...headParts(head), head.sealed_at, head.dropped_at]));

/** The seal of a head that leaves the database. */
export const exportedSeal = (secrets: Secrets, head: Head): string =>
  secrets.chainHash(JSON.stringify(['exported head', ...headParts(head)]));

/** Columns of type `bigint` arrive as texts. */
export const withNumericSequence = <T extends {sequence: number}>(row: T): T => ({
  ...row,
  sequence: Number(row.sequence),
});

/** The same for a head, which also has its place among the tenant's chains. */
export const withNumericPlaces = <T extends {sequence: number; ordinal: number}>(row: T): T => ({
  ...row,
  sequence: Number(row.sequence),
  ordinal: Number(row.ordinal),
});

/** The month of a moment, `YYYY-MM`. */
export const monthOf = (at: string): string => at.slice(0, 7);
