import {parseCpr, type RecordRef, type Subject} from '@bsp/contract';
import type {Identity} from './identity.js';
import type {Storage} from './storage/database.js';

/** A handle or an alias that is about to leave the gateway and must be known when it comes back. */
export interface Minted {
  readonly handles: Map<string, Subject>;
  /** By `source` and alias: the source's own id. */
  readonly records: Map<string, {readonly source: string; readonly alias: string; readonly id: string}>;
}

/**
 * Names under which things go out that must not go out under their own: persons as handles, bound to tenant and user, and
 * record ids that contain a CPR number. Both are stable fingerprints, and what they stand for is kept encrypted.
 */
export interface Aliases {
  /** The id under which a source's record goes out. */
  publicId(tenant: string, ref: RecordRef, minted?: Minted): string;
  /** The id that the source itself knows. */
  sourceId(tenant: string, ref: RecordRef): Promise<string>;
  /** A handle for a person. */
  handleOf(identity: Identity, subject: Subject, minted: Minted): string;
  /** Whom a handle means; undefined for unknown, another user's and another tenant's alike. */
  subjectOf(identity: Identity, handle: string): Promise<Subject | undefined>;
  /** Keeps what was minted; to be called before it goes out. */
  keep(identity: Identity, minted: Minted): Promise<void>;
}

/** An empty {@link Minted}. */
export const mintedNothing = (): Minted => ({handles: new Map(), records: new Map()});

const aliasPattern = /^~[\w-]{22}$/;
const handlePattern = /^p-[\w-]{22}$/;

/** Whether a CPR number stands anywhere in a text, also inside a longer word. */
export function containsCpr(text: string): boolean {
  if (!/\d{6}/.test(text)) return false;
  for (const [, candidate] of text.matchAll(/(?=(\d{6}[^\S\n]?[-\u2010-\u2015\u2212]?[^\S\n]?[\dA-Za-z]{4}))/g))
    if (parseCpr(candidate!).ok) return true;
  return false;
}

const byName = ([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number =>
  left < right ? -1 : 1;

/** Makes the room that owns aliases. */
export function aliasesOf({database, secrets}: Storage, now: () => Date = () => new Date()): Aliases {
  const handleBound = (tenant: string, user: string, handle: string) => ['handle', tenant, user, handle];
  const aliasBound = (tenant: string, source: string, alias: string) => ['record', tenant, source, alias];
  /** What was committed on this day, and so is there still. */
  let kept = {day: '', names: new Set<string>()};
  return {
    publicId(tenant, {source, id}, minted) {
      // What looks like an alias is given one: else a source's own id could be taken for another record's alias.
      if (!containsCpr(id) && !aliasPattern.test(id)) return id;
      const alias = `~${secrets.fingerprint('record', [tenant, source, id])}`;
      minted?.records.set(`${source}\u0000${alias}`, {source, alias, id});
      return alias;
    },

    async sourceId(tenant, {source, id}) {
      if (!aliasPattern.test(id)) return id;
      const row = await database
        .selectFrom('record_alias')
        .select('id_sealed')
        .where('tenant', '=', tenant)
        .where('source', '=', source)
        .where('alias', '=', id)
        .executeTakeFirst();
      return row ? secrets.open(aliasBound(tenant, source, id), row.id_sealed) : id;
    },

    handleOf({tenant, user}, subject, minted) {
      const parts = [tenant.id, user.id, subject.type, 'value' in subject ? subject.value : ''];
      const handle = `p-${secrets.fingerprint('handle', parts)}`;
      minted.handles.set(handle, subject);
      return handle;
    },

    async subjectOf({tenant, user}, handle) {
      if (!handlePattern.test(handle)) return undefined;
      const row = await database
        .selectFrom('handle')
        .select('subject_sealed')
        .where('tenant', '=', tenant.id)
        .where('user_id', '=', user.id)
        .where('handle', '=', handle)
        .executeTakeFirst();
      return row && (JSON.parse(secrets.open(handleBound(tenant.id, user.id, handle), row.subject_sealed)) as Subject);
    },

    async keep({tenant, user}, minted) {
      const today = dayOf(now());
      if (kept.day !== today || kept.names.size > mostKept) kept = {day: today, names: new Set()};
      const {names} = kept;
      // In one order everywhere: two who keep the same at the same moment wait for each other, but not in a ring.
      const handles = [...minted.handles]
        .filter(([handle]) => !names.has(`${tenant.id} ${user.id} ${handle}`))
        .sort(byName);
      const records = [...minted.records]
        .filter(([, {source, alias}]) => !names.has(`${tenant.id} ${source} ${alias}`))
        .sort(byName)
        .map(([, record]) => record);
      if (handles.length > 0)
        await database
          .insertInto('handle')
          .values(
            handles.map(([handle, subject]) => ({
              tenant: tenant.id,
              user_id: user.id,
              handle,
              subject_sealed: secrets.seal(handleBound(tenant.id, user.id, handle), JSON.stringify(subject)),
              given_on: today,
            })),
          )
          // Not `doNothing`, which would trust a row that is being dropped.
          .onConflict((conflict) =>
            conflict
              .columns(['tenant', 'user_id', 'handle'])
              .doUpdateSet({given_on: today})
              .where('handle.given_on', '<', dayOf(now(), -handleSlackDays)),
          )
          .execute();
      if (records.length > 0)
        await database
          .insertInto('record_alias')
          .values(
            records.map(({source, alias, id}) => ({
              tenant: tenant.id,
              source,
              alias,
              id_sealed: secrets.seal(aliasBound(tenant.id, source, alias), id),
            })),
          )
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      for (const [handle] of handles) names.add(`${tenant.id} ${user.id} ${handle}`);
      for (const {source, alias} of records) names.add(`${tenant.id} ${source} ${alias}`);
    },
  };
}

/** How many names are remembered as kept, so that they need not be written again. */
const mostKept = 50_000;

/** When a handle was last given out is known to so many days: to know it better would be a write each day. */
export const handleSlackDays = 7;

/** The day of a moment, or so many days from it, in UTC. */
export const dayOf = (moment: Date, days = 0): string =>
  new Date(moment.getTime() + days * 86_400_000).toISOString().slice(0, 10);
