import type {Subject} from '@bsp/contract';
import type {SourcePage} from '@bsp/sources';
import {aliasesOf} from './aliases.js';
import type {GatewayConfig} from './config.js';
import type {Context} from './contexts.js';
import {draftsOf} from './drafts.js';
import {eventsOf} from './events.js';
import {journalOf} from './journal.js';
import type {Log} from './log.js';
import {outboxOf} from './outbox.js';
import type {OwnStore} from './sources.js';
import type {Storage} from './storage/database.js';
import {subjectIndex} from './storage/secrets.js';

/** All that a gateway keeps of somebody, beside who looked at them (`bsp-gateway log citizen`). */
export interface KeptOfSubject {
  /** Written here, with addenda, and where each is on its way. */
  readonly notes: readonly unknown[];
  /** What was received, and from which source. */
  readonly events: readonly unknown[];
  /** Who marked which events. */
  readonly marks: readonly {readonly kind: string; readonly by: string; readonly at: string; readonly event: string}[];
  /** What users have begun to write. */
  readonly drafts: readonly {readonly user: string; readonly draft: unknown}[];
  /** Who has, or lately had, this person open. */
  readonly contexts: readonly {readonly user: string; readonly openedAt: string; readonly expiresAt: string}[];
}

/** Gathers all that is kept of a subject, newest first, whoever may see it: for whoever answers a request for access. */
export async function keptOf(
  storage: Storage,
  {tenant: {id: tenant}, journal}: GatewayConfig,
  subject: Subject,
  log: Log,
): Promise<KeptOfSubject> {
  const {database, secrets} = storage;
  const index = subjectIndex(secrets, tenant, '', subject);
  const aliases = aliasesOf(storage);
  const outbox = outboxOf({storage, aliases, ownSourceId: journal.source, target: undefined, log});
  const itemsOf = (store: OwnStore, resource: string, userId = ''): Promise<unknown[]> =>
    allItems(store, resource, contextOf(tenant, userId, subject, index));
  const of = (table: 'event' | 'event_mark' | 'draft' | 'context') =>
    database.selectFrom(table).where('tenant', '=', tenant).where('subject_index', '=', index);

  const events = eventsOf(storage, aliases, () => [], log);
  const sources = await of('event').select('event.source').distinct().orderBy('event.source').execute();
  const received: unknown[] = [];
  for (const {source} of sources) received.push(...(await itemsOf(events.storeOf(source), 'events')));
  const drafts = draftsOf(storage);
  const writers = await of('draft').select('draft.user_id').distinct().orderBy('draft.user_id').execute();
  const begun: {user: string; draft: unknown}[] = [];
  for (const {user_id: user} of writers)
    for (const draft of await itemsOf(drafts.read, 'drafts', user)) begun.push({user, draft});
  const marks = await of('event_mark')
    .select(['event_mark.kind', 'event_mark.by_name', 'event_mark.at', 'event_mark.source', 'event_mark.event_id'])
    .orderBy('event_mark.at', 'desc')
    .execute();
  const contexts = await of('context')
    .select(['context.user_id', 'context.opened_at', 'context.expires_at'])
    .orderBy('context.opened_at', 'desc')
    .execute();
  return {
    notes: await itemsOf(journalOf(storage, journal.source, outbox).read, 'journal'),
    events: received,
    marks: marks.map(({kind, by_name: by, at, source, event_id: id}) => ({
      kind,
      by,
      at: at.toISOString(),
      event: `${source} ${id}`,
    })),
    drafts: begun,
    contexts: contexts.map(({user_id: user, opened_at, expires_at}) => ({
      user,
      openedAt: opened_at.toISOString(),
      expiresAt: expires_at.toISOString(),
    })),
  };
}

async function allItems(store: OwnStore, resource: string, context: Context): Promise<unknown[]> {
  const items: unknown[] = [];
  const {signal} = new AbortController();
  const user = {id: context.userId, name: ''};
  let cursor: string | undefined;
  do {
    let next: SourcePage['next'];
    const read = {subject: context.subject, resource, user, signal, context, ...(cursor === undefined ? {} : {cursor})};
    for await (const page of store(read)) {
      items.push(...page.items);
      ({next} = page);
    }
    cursor = next;
  } while (cursor !== undefined);
  return items;
}

/** As the stores are asked: nobody has it open. */
const contextOf = (tenant: string, userId: string, subject: Subject, index: string): Context => ({
  id: '',
  tenant,
  userId,
  subject,
  subjectIndex: index,
  purpose: undefined,
  reason: undefined,
  breakGlass: false,
  openedAt: new Date(),
  expiresAt: new Date(),
  cursor: '',
});
