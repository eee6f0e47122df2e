import {randomUUID} from 'node:crypto';
import {ProblemError, problemOf} from '@bsp/contract';
import type {LookupLogConfig} from './config.js';
import type {Context} from './contexts.js';
import type {Identity} from './identity.js';
import {errorDetails, type Log} from './log.js';
import {chainWriterOf, type NewRow} from './lookup-log-writer.js';
import type {Storage} from './storage/database.js';

/** Ways in which somebody comes to see a person's data. Each is a lookup of its own. */
export type LookupKind = 'read' | 'reveal' | 'content' | 'preview' | 'print' | 'search' | 'break-glass' | 'hop';

/** What is going to be looked up. */
export interface Lookup {
  readonly what: LookupKind;
  /** Which sources are asked, by resource. */
  readonly resources: Readonly<Record<string, readonly string[]>>;
  /** For a reveal: which field. */
  readonly field?: string;
  /** For a document: its id, as it goes out. */
  readonly record?: string;
  /** Who asks from where: a network address. */
  readonly from: string;
}

/** What one source answered to one resource. */
export interface LookupOutcome {
  readonly resource: string;
  readonly source: string;
  readonly status: string;
  readonly count: number;
  readonly invalid: number;
  readonly kle: readonly string[];
  readonly sensitivities: readonly string[];
}

/** By what records are classified: what the alarms on sensitive subjects go by. */
export type Classes = Pick<LookupOutcome, 'kle' | 'sensitivities'>;

/** The classes of records, and of the parts of those that have some: a grant's are its benefits', a payment's its parts'. */
export function classesOf(records: readonly unknown[]): {kle: string[]; sensitivities: string[]} {
  const kle = new Set<string>();
  const sensitivities = new Set<string>();
  const add = (given: unknown) => {
    const one = (typeof given === 'object' && given !== null ? given : {}) as Classified;
    if (typeof one.kle?.number === 'string') kle.add(one.kle.number);
    if (typeof one.sensitivity === 'string') sensitivities.add(one.sensitivity);
    for (const part of [one.benefits, one.parts].flat()) if (part !== undefined) add(part);
  };
  for (const record of records) add(record);
  return {kle: [...kle], sensitivities: [...sensitivities]};
}

interface Classified {
  readonly kle?: {readonly number?: unknown} | null;
  readonly sensitivity?: unknown;
  readonly benefits?: unknown;
  readonly parts?: unknown;
}

/** What an answer told about the person who was looked up; kept encrypted. */
export interface LookupParty {
  readonly name: string;
  readonly municipality?: string;
}

/** What the log needs to know of a context: it may be over by now. */
export type LookedUp = Pick<Context, 'id' | 'tenant' | 'userId' | 'subject' | 'subjectIndex' | 'purpose' | 'reason'> &
  Partial<Pick<Context, 'breakGlass'>>;

/** A lookup whose row has been committed. */
export interface OpenLookup {
  /** Writes the outcome. Never throws: a missing outcome counts as full disclosure. */
  close(outcomes: readonly LookupOutcome[], complete: boolean, party?: LookupParty): Promise<void>;
}

/** Writes what was looked up, before it is. */
export interface LookupLog {
  /**
   * Commits a `lookup` row: "all this may have been seen".
   * @throws ProblemError `unavailable` when it can't be written: no log, no data.
   */
  open(identity: Pick<Identity, 'user' | 'system'>, context: LookedUp, lookup: Lookup): Promise<OpenLookup>;
}

/** What the `entry` of a `lookup` row holds. */
export interface LookupEntry {
  readonly what: string;
  readonly purpose?: string;
  /** Encrypted: users write freely here. */
  readonly reasonSealed?: string;
  /** Absent in rows of before it was kept. */
  readonly who?: {
    readonly name: string;
    readonly unit?: string | undefined;
    readonly office?: string | undefined;
    /** The system that called. */
    readonly system?: string | undefined;
  };
  readonly resources: Readonly<Record<string, readonly string[]>>;
  readonly field?: string;
  readonly record?: string;
  readonly from?: string;
  /** It shows what the user's rights do not open. */
  readonly breakGlass?: true;
}

/** What the `entry` of an `outcome` row holds. */
export interface OutcomeEntry {
  /** False when the reader left before the end. */
  readonly complete: boolean;
  readonly outcomes: readonly LookupOutcome[];
}

/** What the `entry` of an `administration` row holds: somebody took something out, dropped rows of the log, or changed a key. */
export interface AdministrationEntry {
  readonly what: string;
  readonly by: string;
  readonly reason: string;
  readonly [detail: string]: unknown;
}

/** What sealed parts of the log are bound to. */
export const sealBounds = {
  subject: (tenant: string, lookupId: string) => ['lookup', tenant, lookupId],
  reason: (tenant: string, lookupId: string) => ['lookup reason', tenant, lookupId],
  party: (tenant: string, lookupId: string) => ['lookup party', tenant, lookupId],
} as const;

/** Makes the room that owns the lookup log: a chain per tenant and month. */
export function lookupLogOf(storage: Storage, {address, callingSystem}: LookupLogConfig, log: Log): LookupLog {
  const {secrets} = storage;
  const writer = chainWriterOf(storage, log);

  const lookupRow = (
    identity: Pick<Identity, 'user' | 'system'>,
    context: LookedUp,
    lookupId: string,
    lookup: Lookup,
  ): NewRow => {
    const {tenant, purpose, reason} = context;
    const {name, unit, office} = identity.user;
    const entry: LookupEntry = {
      what: lookup.what,
      ...(purpose === undefined ? {} : {purpose}),
      ...(reason === undefined ? {} : {reasonSealed: secrets.seal(sealBounds.reason(tenant, lookupId), reason)}),
      who: {name, unit, office, system: identity.system ?? callingSystem},
      resources: lookup.resources,
      ...(lookup.field === undefined ? {} : {field: lookup.field}),
      ...(lookup.record === undefined ? {} : {record: lookup.record}),
      ...(address === 'kept' ? {from: lookup.from} : {}),
      ...(context.breakGlass ? {breakGlass: true} : {}),
    };
    return {
      ...rowOf('lookup', context, lookupId, entry),
      subject_sealed: secrets.seal(sealBounds.subject(tenant, lookupId), JSON.stringify(context.subject)),
    };
  };

  const outcomeRow = (context: LookedUp, lookupId: string, entry: OutcomeEntry, party?: LookupParty): NewRow => ({
    ...rowOf('outcome', context, lookupId, entry),
    subject_sealed: party ? secrets.seal(sealBounds.party(context.tenant, lookupId), JSON.stringify(party)) : '',
  });

  return {
    async open(identity, context, lookup) {
      const lookupId = randomUUID();
      try {
        await writer.append(context.tenant, lookupRow(identity, context, lookupId, lookup));
      } catch (thrown) {
        log.error(errorDetails(thrown), 'the lookup log can not be written: nothing is shown');
        throw new ProblemError(
          problemOf('unavailable', 'The lookup log can not be written, so nothing may be shown.', {retryAfter: 5}),
        );
      }
      return {
        async close(outcomes, complete, party) {
          try {
            await writer.append(context.tenant, outcomeRow(context, lookupId, {complete, outcomes}, party));
          } catch (thrown) {
            log.error(errorDetails(thrown), 'the outcome of a lookup could not be written');
          }
        },
      };
    },
  };
}

const rowOf = (kind: 'lookup' | 'outcome', context: LookedUp, lookupId: string, entry: object): NewRow => ({
  kind,
  lookup_id: lookupId,
  user_id: context.userId,
  context_id: context.id,
  subject_index: context.subjectIndex,
  subject_sealed: '',
  entry: JSON.stringify(entry),
});
