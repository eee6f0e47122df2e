import {sql} from 'kysely';
import {dayOf, handleSlackDays} from './aliases.js';
import type {GatewayConfig} from './config.js';
import type {Log} from './log.js';
import type {Storage} from './storage/database.js';

/** So many at a time: no statement takes long. */
const portion = 5_000;
const dayMs = 86_400_000;

/** Drops portion by portion until there is no more; gives how many there were. */
async function inPortions(dropPortion: () => Promise<number>): Promise<number> {
  for (let count = 0; ; ) {
    const dropped = await dropPortion();
    count += dropped;
    if (dropped < portion) return count;
  }
}

/** What was dropped. */
export interface Outlived {
  readonly events: number;
  readonly drafts: number;
  readonly handles: number;
}

/**
 * Drops what a tenant has kept for as long as its configuration says: events that were received, with their marks, drafts, and
 * handles that were not given out any more. An event that is sent once more after that is a new one.
 */
export async function dropOutlived(
  {database}: Storage,
  {tenant: {id: tenant}, retention: {eventDays, draftDays, handleDays}}: Pick<GatewayConfig, 'tenant' | 'retention'>,
  log: Log,
  now: Date = new Date(),
): Promise<Outlived> {
  const before = (days: number): Date => new Date(now.getTime() - days * dayMs);
  const dropEvents = async (age: Date): Promise<number> => {
    const {rows} = await sql<{count: number}>`
      with dropped as (
        delete from event where tenant = ${tenant} and (source, id) in (
          select source, id from event where tenant = ${tenant} and received_at < ${age} limit ${portion})
        returning source, id),
      marks as (
        delete from event_mark using dropped
        where event_mark.tenant = ${tenant} and event_mark.source = dropped.source and event_mark.event_id = dropped.id)
      select count(*)::int as count from dropped`.execute(database);
    return rows[0]?.count ?? 0;
  };
  const dropDrafts = async (age: Date): Promise<number> => {
    const {numDeletedRows} = await database
      .deleteFrom('draft')
      .where('tenant', '=', tenant)
      .where('saved_at', '<', age)
      .executeTakeFirst();
    return Number(numDeletedRows);
  };
  const dropHandles = async (age: string): Promise<number> => {
    const {rows} = await sql<{count: number}>`
      with dropped as (
        delete from handle where tenant = ${tenant} and (user_id, handle) in (
          select user_id, handle from handle where tenant = ${tenant} and given_on < ${age} limit ${portion})
        and given_on < ${age} returning 1)
      select count(*)::int as count from dropped`.execute(database);
    return rows[0]?.count ?? 0;
  };
  const dropped = {
    events: eventDays === undefined ? 0 : await inPortions(() => dropEvents(before(eventDays))),
    drafts: draftDays === undefined ? 0 : await dropDrafts(before(draftDays)),
    handles:
      handleDays === undefined ? 0 : await inPortions(() => dropHandles(dayOf(now, -handleDays - handleSlackDays))),
  };
  if (dropped.events + dropped.drafts + dropped.handles > 0)
    log.info({tenant, ...dropped}, 'dropped what is older than it is kept');
  return dropped;
}
