import {randomUUID} from 'node:crypto';
import {ProblemError, problemOf} from '@bsp/contract';
import type {Storage, Tx} from '../storage/database.js';
import {anchorOf, closes, infrastructureEvents, type Notification, opens, refused} from './messages.js';

/** A program that listens to a topic. */
export interface Subscription {
  /** A fingerprint of its socket's address. */
  readonly endpoint: string;
  readonly tenant: string;
  readonly topic: string;
  readonly name: string;
  readonly events: readonly string[];
  readonly leaseUntil: Date;
  /** Random, of the socket that it has; empty until it has one. */
  readonly connection: string;
  /** Why it was ended; empty while it is not. */
  readonly ended: string;
  /** The version of what was asked for: it changes when it subscribes again. */
  readonly asked: string;
}

/** An event of a topic as it is told. */
export interface TopicEvent {
  readonly sequence: number;
  readonly notification: Notification;
  /** Not told to this one, which it is about. */
  readonly except: string;
}

/** What a topic is about now. */
export interface Topic {
  readonly sequence: number;
  readonly versionId: string;
  /** The event that opened it; undefined: nothing is open. */
  readonly current: Notification | undefined;
}

/** The most programs of one user. */
const mostSubscriptions = 30;

/**
 * The hub's tables, of one tenant. Topics and addresses are kept as fingerprints, what is said as sealed: a dump of the database
 * lets nobody listen, and names nobody.
 */
export function hubStoreOf(storage: Storage, tenant: string) {
  const {database, secrets} = storage;
  const topicKey = (topic: string): string => secrets.fingerprint('fhircast topic', [tenant, topic]);
  const endpointKey = (address: string): string => secrets.fingerprint('fhircast endpoint', [tenant, address]);
  const bound = (...parts: string[]) => ['fhircast', tenant, ...parts];

  type Row = {
    endpoint: string;
    sealed: string;
    events: string;
    lease_until: Date;
    connection: string;
    ended: string;
    asked: string;
  };
  const subscriptionIn = (row: Row): Subscription => ({
    endpoint: row.endpoint,
    tenant,
    ...(JSON.parse(secrets.open(bound('subscription', row.endpoint), row.sealed)) as {topic: string; name: string}),
    events: row.events.split(','),
    leaseUntil: row.lease_until,
    connection: row.connection,
    ended: row.ended,
    asked: row.asked,
  });
  const subscriptions = () => database.selectFrom('fhircast_subscription').selectAll().where('tenant', '=', tenant);

  /** The topic's row, locked until the transaction ends: its events get their order here. */
  async function locked(tx: Tx, key: string) {
    await tx
      .insertInto('fhircast_topic')
      .values({tenant, topic: key, sequence: 0, version_id: '', current_sealed: null, at: new Date(0)})
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    return tx
      .selectFrom('fhircast_topic')
      .selectAll()
      .where('tenant', '=', tenant)
      .where('topic', '=', key)
      .forUpdate()
      .executeTakeFirstOrThrow();
  }

  return {
    endpointKey,

    async subscribe(
      address: string,
      {topic, name, events, leaseUntil}: Pick<Subscription, 'topic' | 'name' | 'events' | 'leaseUntil'>,
    ) {
      const key = topicKey(topic);
      const {count} = await database
        .selectFrom('fhircast_subscription')
        .select((eb) => eb.fn.countAll<string>().as('count'))
        .where('tenant', '=', tenant)
        .where('topic', '=', key)
        .where('ended', '=', '')
        .where('lease_until', '>', new Date())
        .executeTakeFirstOrThrow();
      if (Number(count) >= mostSubscriptions)
        throw new ProblemError(problemOf('rate-limited', 'Too many programs listen to this topic.', {retryAfter: 60}));
      const endpoint = endpointKey(address);
      const sealed = secrets.seal(bound('subscription', endpoint), JSON.stringify({topic, name}));
      await database
        .insertInto('fhircast_subscription')
        .values({
          tenant,
          endpoint,
          topic: key,
          sealed,
          events: events.join(','),
          lease_until: leaseUntil,
          connection: '',
          ended: '',
          asked: randomUUID(),
        })
        .execute();
    },

    /** Changes what a subscription asks for, or ends it. False: there is none of this topic. */
    async change(
      address: string,
      topic: string,
      change: {events?: readonly string[]; leaseUntil?: Date; ended?: string},
    ) {
      return storage.transact(async (tx) => {
        const {numUpdatedRows} = await tx
          .updateTable('fhircast_subscription')
          .set({
            asked: randomUUID(),
            ...(change.events ? {events: change.events.join(',')} : {}),
            ...(change.leaseUntil ? {lease_until: change.leaseUntil} : {}),
            ...(change.ended === undefined ? {} : {ended: change.ended}),
          })
          .where('tenant', '=', tenant)
          .where('endpoint', '=', endpointKey(address))
          .where('topic', '=', topicKey(topic))
          .where('ended', '=', '')
          .where('lease_until', '>', new Date())
          .executeTakeFirst();
        await storage.wake(tx, tenant);
        return numUpdatedRows > 0n;
      });
    },

    /** Gives a subscription a socket; a socket that it had is left behind. Undefined: there is no such subscription. */
    async connect(endpoint: string): Promise<Subscription | undefined> {
      return storage.transact(async (tx) => {
        const row = await tx
          .updateTable('fhircast_subscription')
          .set({connection: randomUUID()})
          .where('tenant', '=', tenant)
          .where('endpoint', '=', endpoint)
          .where('ended', '=', '')
          .where('lease_until', '>', new Date())
          .returningAll()
          .executeTakeFirst();
        if (row) await storage.wake(tx, tenant);
        return row && subscriptionIn(row);
      });
    },

    async end(endpoint: string, connection: string, reason: string): Promise<void> {
      await database
        .updateTable('fhircast_subscription')
        .set({ended: reason})
        .where('tenant', '=', tenant)
        .where('endpoint', '=', endpoint)
        .where('connection', '=', connection)
        .execute();
    },

    async look(endpoints: readonly string[]): Promise<Subscription[]> {
      return (await subscriptions().where('endpoint', 'in', endpoints).execute()).map(subscriptionIn);
    },

    async topic(topic: string): Promise<Topic> {
      const key = topicKey(topic);
      const row = await database
        .selectFrom('fhircast_topic')
        .selectAll()
        .where('tenant', '=', tenant)
        .where('topic', '=', key)
        .executeTakeFirst();
      const sealed = row?.current_sealed;
      return {
        sequence: Number(row?.sequence ?? 0),
        versionId: row?.version_id ?? '',
        current: sealed ? (JSON.parse(secrets.open(bound('topic', key), sealed)) as Notification) : undefined,
      };
    },

    async eventsAfter(topic: string, sequence: number): Promise<TopicEvent[]> {
      const key = topicKey(topic);
      const rows = await database
        .selectFrom('fhircast_event')
        .selectAll()
        .where('tenant', '=', tenant)
        .where('topic', '=', key)
        .where('sequence', '>', sequence)
        .orderBy('sequence')
        .limit(200)
        .execute();
      return rows.map((row) => ({
        sequence: Number(row.sequence),
        notification: JSON.parse(secrets.open(bound('event', key, String(row.sequence)), row.sealed)) as Notification,
        except: row.except_endpoint,
      }));
    },

    /**
     * Keeps an event, in its place among the topic's, and has all processes tell it. One that was kept before (a repeated id) is
     * not told again. The hub's clock dates it: programs' clocks differ, and a subscriber ignores what is dated before the
     * context that it has (FHIRcast 2.5).
     *
     * @throws ProblemError `conflict` - it builds on a context (`priorVersionId`) that is no longer the current one.
     */
    async keep({id, event}: Notification, except = ''): Promise<void> {
      const key = topicKey(event['hub.topic']);
      await storage.transact(async (tx) => {
        const topic = await locked(tx, key);
        const known = await tx
          .selectFrom('fhircast_event')
          .select('sequence')
          .where('tenant', '=', tenant)
          .where('topic', '=', key)
          .where('event_id', '=', id)
          .executeTakeFirst();
        if (known) return;
        const name = event['hub.event'];
        const changes = !infrastructureEvents.some((one) => one.toLowerCase() === name.toLowerCase());
        if (changes && event.priorVersionId !== undefined && event.priorVersionId !== topic.version_id)
          throw new ProblemError(problemOf('conflict', 'priorVersionId is not the current version.'));
        const sequence = Number(topic.sequence) + 1;
        const at = new Date(Math.max(Date.now(), topic.at.getTime() + 1));
        const versionId = changes ? randomUUID() : topic.version_id;
        const told: Notification['event'] = {...event};
        delete told.versionId;
        delete told.priorVersionId;
        if (changes) told.versionId = versionId;
        if (changes && topic.version_id !== '') told.priorVersionId = topic.version_id;
        const text = JSON.stringify({timestamp: at.toISOString(), id, event: told});
        const before = topic.current_sealed
          ? (JSON.parse(secrets.open(bound('topic', key), topic.current_sealed)) as Notification)
          : undefined;
        const closed = closes(name) && (!before || anchorOf(before.event) === anchorOf(event));
        const current = opens(name)
          ? secrets.seal(bound('topic', key), text)
          : closed || name.toLowerCase() === 'userlogout'
            ? null
            : topic.current_sealed;
        await tx
          .updateTable('fhircast_topic')
          .set({sequence, version_id: versionId, current_sealed: current, at})
          .where('tenant', '=', tenant)
          .where('topic', '=', key)
          .execute();
        await tx
          .insertInto('fhircast_event')
          .values({
            tenant,
            topic: key,
            sequence,
            event_id: id,
            sealed: secrets.seal(bound('event', key, String(sequence)), text),
            except_endpoint: except,
            at,
          })
          .execute();
        await storage.wake(tx, tenant);
      });
    },

    /** Deletes what nobody waits for any more. */
    async sweep(olderThan: Date): Promise<void> {
      await database.deleteFrom('fhircast_event').where('tenant', '=', tenant).where('at', '<', olderThan).execute();
      await database.deleteFrom('fhircast_topic').where('tenant', '=', tenant).where('at', '<', olderThan).execute();
      await database
        .deleteFrom('fhircast_subscription')
        .where('tenant', '=', tenant)
        .where('lease_until', '<', olderThan)
        .execute();
    },
  };
}

/** See {@link hubStoreOf}. */
export type HubStore = ReturnType<typeof hubStoreOf>;

/** The events of a list that this hub has, spelled as it spells them. @throws ProblemError - none of them. */
export function grantedEvents(asked: string, supported: readonly string[]): string[] {
  const names = new Set(asked.split(',').map((name) => name.trim().toLowerCase()));
  const granted = supported.filter((name) => names.has(name.toLowerCase()));
  if (granted.length === 0) throw refused(`hub.events names none of ${supported.join(', ')}.`);
  return granted;
}
