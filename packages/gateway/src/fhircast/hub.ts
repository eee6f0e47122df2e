import type {RawData, WebSocket} from 'ws';
import {errorDetails, type Log} from '../log.js';
import type {Storage} from '../storage/database.js';
import type {HubStore, Subscription} from './hub-store.js';
import {
  acknowledgementOf,
  confirmation,
  denial,
  infrastructureEvents,
  type Notification,
  syncError,
} from './messages.js';

/** How long a subscriber may take to say what it did (FHIRcast 2.5). */
const patienceMs = 10_000;
const heartbeatMs = 30_000;
const longestTimer = 2 ** 31 - 1;
/** So many bytes may wait for a subscriber that does not read: some sixteen of the longest events. */
const mostUnread = 1024 * 1024;

/** A subscriber's socket. */
interface Line {
  readonly store: HubStore;
  readonly socket: WebSocket;
  subscription: Subscription;
  /** Everything up to here has been told. */
  position: number;
  /** Notifications without an answer, by id. */
  readonly waiting: Map<string, {readonly name: string; readonly timer: NodeJS.Timeout}>;
  lease: NodeJS.Timeout | undefined;
  alive: boolean;
  over: boolean;
}

/** Tells this process's sockets what happens in their topics, whichever process was told. */
export interface Hub {
  /** Takes over a socket of a subscription. */
  join(store: HubStore, subscription: Subscription, socket: WebSocket): Promise<void>;
  close(): void;
}

/** Makes the hub of a process. @param patience - for tests: a subscriber's time to answer. */
export function hubOf(storage: Storage, log: Log, patience = patienceMs): Hub {
  const lines = new Set<Line>();
  const looking = new Map<string, {again: boolean}>();

  storage.onWake((tenant) => {
    for (const name of new Set([...lines].map(({subscription}) => subscription.tenant)))
      if (tenant === undefined || tenant === name) look(name);
  });
  const heartbeat = setInterval(() => {
    for (const line of lines) {
      if (!line.alive) line.socket.terminate();
      line.alive = false;
      line.socket.ping();
    }
  }, heartbeatMs).unref();

  /** Looks what is new for a tenant's sockets; a wake in the meantime makes it look once more. */
  function look(tenant: string): void {
    const state = looking.get(tenant);
    if (state) {
      state.again = true;
      return;
    }
    const mine = {again: true};
    looking.set(tenant, mine);
    void (async () => {
      const of = () => [...lines].filter(({subscription}) => subscription.tenant === tenant);
      try {
        while (mine.again) {
          mine.again = false;
          if (await lookOnce(of())) mine.again = true;
        }
      } catch (thrown) {
        log.error(errorDetails(thrown), 'a hub could not read its topics; its sockets end and come again');
        for (const line of of()) finish(line, 1011);
      } finally {
        looking.delete(tenant);
      }
    })();
  }

  /** True: there may be more. */
  async function lookOnce(open: readonly Line[]): Promise<boolean> {
    const [first] = open;
    if (!first) return false;
    const rows = await first.store.look(open.map(({subscription}) => subscription.endpoint));
    const byEndpoint = new Map(rows.map((row) => [row.endpoint, row]));
    for (const line of open) follow(line, byEndpoint.get(line.subscription.endpoint));
    let more = false;
    for (const topic of new Set(open.map(({subscription}) => subscription.topic))) {
      const listening = open.filter(({over, subscription}) => !over && subscription.topic === topic);
      if (listening.length === 0) continue;
      const events = await first.store.eventsAfter(topic, Math.min(...listening.map(({position}) => position)));
      for (const {sequence, notification, except} of events)
        for (const line of listening) {
          if (sequence <= line.position) continue;
          line.position = sequence;
          if (except !== line.subscription.endpoint) tell(line, notification);
        }
      more ||= events.length >= 200;
    }
    return more;
  }

  /** What became of the subscription meanwhile. */
  function follow(line: Line, now: Subscription | undefined): void {
    if (line.over) return;
    const {connection, asked} = line.subscription;
    if (!now || now.ended) deny(line, now?.ended ?? 'The subscription is gone.');
    else if (now.connection !== connection) finish(line, 1000);
    else if (now.asked !== asked) {
      line.subscription = now;
      confirm(line);
    }
  }

  function confirm(line: Line): void {
    const {topic, events, leaseUntil} = line.subscription;
    clearTimeout(line.lease);
    const left = Math.max(0, leaseUntil.getTime() - Date.now());
    line.lease = setTimeout(() => void end(line, 'The lease is over.'), Math.min(left, longestTimer));
    send(line, confirmation(topic, events, Math.ceil(left / 1_000)));
  }

  const send = ({socket, over}: Line, message: unknown): void => {
    if (over) return;
    socket.send(JSON.stringify(message));
    // A farewell would wait behind all that is not read.
    if (socket.bufferedAmount > mostUnread) socket.terminate();
  };

  function tell(line: Line, notification: Notification): void {
    const name = notification.event['hub.event'];
    const same = (other: string) => other.toLowerCase() === name.toLowerCase();
    if (line.over || !line.subscription.events.some(same)) return;
    send(line, notification);
    // That somebody is out of step is told, not waited for.
    if (infrastructureEvents.some(same)) return;
    const timer = setTimeout(() => {
      void (async () => {
        await report(line, notification.id, 'did not answer');
        await end(line, 'It does not answer.');
      })();
    }, patience);
    line.waiting.set(notification.id, {name, timer});
  }

  function heard(line: Line, data: RawData): void {
    line.alive = true;
    const acknowledged = acknowledgementOf((data as Buffer).toString('utf8'));
    const waiting = acknowledged && line.waiting.get(acknowledged.id);
    if (!waiting) return;
    clearTimeout(waiting.timer);
    if (acknowledged.status >= 500) void report(line, acknowledged.id, 'failed to follow context');
    else if (acknowledged.status >= 400) void report(line, acknowledged.id, 'refused to follow context');
    line.waiting.delete(acknowledged.id);
  }

  /** Tells the others of the topic that this one is out of step. */
  async function report(line: Line, id: string, what: string): Promise<void> {
    const {topic, name, endpoint} = line.subscription;
    const about = {id, name: line.waiting.get(id)?.name ?? ''};
    await line.store.keep(syncError(topic, about, name, what), endpoint).catch((thrown: unknown) => {
      log.error(errorDetails(thrown), 'a hub could not tell of a program out of step');
    });
  }

  async function end(line: Line, reason: string): Promise<void> {
    const {endpoint, connection} = line.subscription;
    deny(line, reason);
    await line.store.end(endpoint, connection, reason).catch((thrown: unknown) => {
      log.error(errorDetails(thrown), 'a subscription could not be ended');
    });
  }

  function deny(line: Line, reason: string): void {
    send(line, denial(line.subscription.topic, line.subscription.events, reason));
    finish(line, 1000);
  }

  function finish(line: Line, code: number): void {
    if (line.over) return;
    line.over = true;
    lines.delete(line);
    clearTimeout(line.lease);
    for (const {timer} of line.waiting.values()) clearTimeout(timer);
    line.socket.close(code);
  }

  /** Who goes without a word may still show a person: the others are told (FHIRcast 2.5, "Hub Generated SyncError Events"). */
  async function left(line: Line, code: number): Promise<void> {
    if (line.over) return;
    const last = [...line.waiting.keys()].at(-1) ?? '';
    if (code !== 1000 && code !== 1001) await report(line, last, 'lost its connection');
    const {endpoint, connection} = line.subscription;
    finish(line, 1000);
    await line.store.end(endpoint, connection, 'It left.').catch(() => undefined);
  }

  return {
    async join(store, subscription, socket) {
      const line: Line = {
        store,
        socket,
        subscription,
        position: 0,
        waiting: new Map(),
        lease: undefined,
        alive: true,
        over: false,
      };
      socket.on('message', (data) => heard(line, data));
      socket.on('pong', () => (line.alive = true));
      socket.on('error', () => undefined);
      socket.on('close', (code) => void left(line, code));
      const topic = await store.topic(subscription.topic);
      if (line.over) return;
      line.position = topic.sequence;
      lines.add(line);
      confirm(line);
      if (topic.current) tell(line, topic.current);
      look(subscription.tenant);
    },

    close() {
      clearInterval(heartbeat);
      for (const line of [...lines]) finish(line, 1001);
    },
  };
}
