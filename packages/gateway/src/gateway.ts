import type {Writable} from 'node:stream';
import {problemOf} from '@bsp/contract';
import fastify, {type FastifyInstance, type FastifyReply, type FastifyRequest, LogController} from 'fastify';
import {CompiledQuery} from 'kysely';
import {type Askers, apiOf} from './api.js';
import {type Authentication, authenticationOf} from './auth/authenticate.js';
import {bridgesOf} from './bridges.js';
import {type GatewayConfig, tenantsOf} from './config.js';
import {ConfigError, type ConfigFault} from './config-error.js';
import {type Connected, closeAll, intakePaths, sharedIntakes} from './connectors.js';
import {demoIdentity} from './identity.js';
import {pushSecretOf, registerIntake} from './intake.js';
import {launchRoutesOf} from './launch-routes.js';
import {Overload} from './limits/overload.js';
import {liveHubOf} from './live.js';
import {errorDetails, type Log} from './log.js';
import {guardLoopback, isLoopback} from './loopback.js';
import {pruneNotices} from './notices.js';
import {healthOf} from './operations/health.js';
import {healthRoutes, operationsServerOf} from './operations/operations-server.js';
import {tellQueues} from './operations/queues.js';
import {type Telemetry, telemetryOf} from './operations/telemetry.js';
import {pickUpsOf} from './pick-ups.js';
import {problemOfError, refuseUnreadable, sendProblem} from './problems.js';
import {dropOutlived} from './retention.js';
import {type Rooms, roomsOf, storageOf} from './rooms.js';
import {openStorage, type Storage} from './storage/database.js';
import type {Embedded} from './storage/embedded.js';
import {requireGrants} from './storage/migrate.js';
import {dropUnreadBody} from './unread-body.js';
import {abortableSleep, untilAborted} from './until-aborted.js';

/** A running gateway. */
export interface Gateway {
  /** The Fastify instance: a host may add its own routes before {@link Gateway.listen}. */
  readonly app: FastifyInstance;
  /**
   * Starts to answer; gives the address, e.g. `http://127.0.0.1:8080`. Port: the argument, else the configuration's.
   * @throws Error - for a host that is not loopback, without authentication or with the embedded database.
   */
  listen(options?: {port?: number; host?: string}): Promise<string>;
  /** Says that it is not ready, and still serves for as long as a balancer may need to hear of it (`operations.drainSeconds`). */
  drain(): Promise<void>;
  /**
   * Ends live streams, lets requests finish (`operations.closeSeconds` at most), closes connectors and storage, frees the
   * folder.
   */
  close(): Promise<void>;
}

/** A gateway with what a test looks into. */
export interface AssembledGateway extends Gateway {
  readonly storage: Storage;
  /** Those of each tenant. */
  readonly rooms: readonly Rooms[];
}

/**
 * Makes a gateway: opens the storage, applies migrations, makes the connectors.
 *
 * @throws ConfigError - when a source's entry is not what its connector wants.
 * @throws FolderInUseError - when another process uses the embedded database's folder.
 */
export function createGateway(config: GatewayConfig): Promise<Gateway> {
  return assembleGateway(config);
}

/**
 * {@link createGateway} with its inside. `logTo` takes the log instead of the standard output; `embedded` is a database that
 * several gateways of one process share.
 */
export async function assembleGateway(
  config: GatewayConfig,
  options: {logTo?: Writable; embedded?: Embedded} = {},
): Promise<AssembledGateway> {
  const app = serverOf(config, options.logTo);
  const log: Log = app.log;
  const watched = telemetryOf(config);
  const storage = await openStorage(config.storage, log, {
    shared: options.embedded,
    nats: config.nats,
    watched: (pool) => watched.pool(pool),
  });
  const all = await mayUse(storage, config)
    .then(() => allRooms(config, storage, log, watched))
    .catch(async (thrown: unknown) => {
      watched.close();
      await storage.close();
      throw thrown;
    });
  tellQueues(
    watched.metrics,
    storage.database,
    all.map(({config: its}) => its.tenant.id),
  );
  const health = healthOf(storage);
  const {server: place, drainSeconds, closeSeconds} = config.operations;
  const operations = place && operationsServerOf(place, health, watched.metrics);
  const authentication = config.auth && authenticationOf(config.auth, all, log);
  const live = watched.live(liveHubOf(storage, log));
  const overload = new Overload(config.limits, all.length, log);
  const stopping = new AbortController();
  const closing = new AbortController();

  watched.server(app);
  if (!authentication) guardLoopback(app);
  healthRoutes(app, health);
  const bridges = bridgesOf({config, all, storage, log}, app);
  const askers = askersOf(authentication, all);
  const noteKept = (tenant: string) => void background.now(deliveryOf(tenant));
  const signals = {stopping: stopping.signal, closing: closing.signal};
  await app.register(apiOf({config, askers, live, bridges, overload, ...signals, noteKept}), {
    prefix: `${config.prefix}/v1`,
  });
  await app.register(launchRoutesOf(all.map(({launches}) => launches)), {prefix: `${config.prefix}/v1/launches`});
  for (const {config: its, connected, events, outbox} of all)
    for (const {config: source, connector} of connected) {
      const tenant = its.tenant.id;
      const {intake, receipts} = connector;
      const sender = {sourceId: source.id, secret: pushSecretOf(source, process.env)};
      if (intake) await registerIntake(app, sender, intake, (event) => events.keep(tenant, source.id, event));
      if (receipts)
        await registerIntake(app, sender, receipts, (receipt) => outbox.receive(tenant, source.id, receipt));
    }

  const pickUps = pickUpsOf(all, stopping.signal, log);

  const background = backgroundOf(log);
  background.every(config.joinRetrySeconds, 'joining events', () =>
    each(all, (rooms) => rooms.events.joinWaiting(rooms.config.tenant.id)),
  );
  background.every(10, 'telling of broken glass', () => each(all, (rooms) => rooms.glass.tell()));
  // Each by itself: it ends when nothing is due any more, and one tenant's receiver may be slow, or away.
  for (const {outbox, config: its} of all)
    background.every(deliverySeconds, deliveryOf(its.tenant.id), () =>
      outbox.deliverDue(its.tenant.id, closing.signal),
    );
  background.every(3_600, 'tidying up', async () => {
    await each(all, async (rooms) => {
      const tenant = rooms.config.tenant.id;
      await rooms.contexts.sweep();
      await rooms.actions.sweep(tenant);
      await rooms.launches.sweep();
      await bridges.sweep(tenant);
      await dropOutlived(storage, rooms.config, log);
      await pruneNotices(storage, tenant, new Date(Date.now() - config.noticeHours * 3_600_000));
    });
    await storage.reclaim();
  });

  // A connection that is kept open would be waited for.
  app.addHook('onResponse', (_request, _reply, next) => {
    if (stopping.signal.aborted) setImmediate(() => app.server.closeIdleConnections());
    next();
  });

  let closed: Promise<void> | undefined;
  const close = async () => {
    const ending = new DOMException('The gateway is closing.', 'AbortError');
    health.drain();
    stopping.abort(ending);
    overload.close();
    live.close();
    bridges.close();
    const letGo = AbortSignal.timeout(closeSeconds * 1_000 + lastMs);
    const limits = [
      setTimeout(() => closing.abort(ending), closeSeconds * 1_000),
      setTimeout(() => app.server.closeAllConnections(), closeSeconds * 1_000 + 1_000),
    ];
    await app.close();
    for (const limit of limits) clearTimeout(limit);
    closing.abort(ending);
    // What waits for a database or a source that hangs is let go: whatever it has not committed is still where it was.
    const last = async () => {
      await Promise.all([background.stop(), pickUps.ended()]);
      await each(all, ({connected}) => closeAll(connected));
    };
    await untilAborted(last(), letGo).catch(() => undefined);
    await operations?.close();
    watched.close();
    await storage.close();
  };
  return {
    app,
    storage,
    rooms: all,
    async listen({port = config.port, host = '127.0.0.1'} = {}) {
      refuseOpenAddress(config, all, host);
      const address = await app.listen({port, host});
      if (operations) log.info({address: await operations.listen()}, 'health and metrics');
      if (!authentication)
        log.warn(`DEMO: nobody logs in; everyone on this machine sees and does everything in "${config.tenant.name}"`);
      overload.watch();
      void background.now('joining events');
      for (const {config: its} of all) void background.now(deliveryOf(its.tenant.id));
      pickUps.start();
      return address;
    },
    async drain() {
      health.drain();
      if (drainSeconds > 0) await abortableSleep(drainSeconds * 1_000, stopping.signal);
    },
    close: () => (closed ??= close()),
  };
}

/** How much longer than requests work in the background, and connectors, may take to end. */
const lastMs = 3_000;

/** How often each process looks for notes that are to be delivered, beside those that it has just kept. */
const deliverySeconds = 5;

/** The name of the work that delivers a tenant's notes. */
const deliveryOf = (tenant: string): string => `delivering notes of ${tenant}`;

/** Where somebody else makes the tables, the processes must have been granted them all: else each would fail in its own time. */
async function mayUse({database}: Storage, {storage}: GatewayConfig): Promise<void> {
  if (storage.kind !== 'postgres' || storage.migrate !== 'command') return;
  await requireGrants(
    (text, values) => database.executeQuery<{name: string}>(CompiledQuery.raw(text, values)),
    storage.schema,
  );
}

/** The rooms of all tenants, or of none: a connector that can't be made closes those that were. */
async function allRooms(config: GatewayConfig, storage: Storage, log: Log, watched: Telemetry): Promise<Rooms[]> {
  const several = config.tenants !== undefined;
  const results = await Promise.allSettled(
    tenantsOf(config).map(async (its) => roomsOf(its, await storageOf(its, storage, several), log, watched)),
  );
  const made = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const faults = results.flatMap((result, index): ConfigFault[] => {
    if (result.status === 'fulfilled') return [];
    const of = several ? `tenants[${index}].` : '';
    if (result.reason instanceof ConfigError)
      return result.reason.faults.map(({path, message}) => ({path: of + path, message}));
    throw result.reason;
  });
  faults.push(...sharedIntakes(config, made));
  if (faults.length === 0) return made;
  await each(made, ({connected}) => closeAll(connected));
  throw new ConfigError(config.origin, faults);
}

/** Who asks: as the token says, else the demo identity. */
function askersOf(authentication: Authentication | undefined, all: readonly Rooms[]): Askers {
  if (authentication) return {askerOf: (request) => authentication.askerOf(request)};
  const rooms = all[0]!;
  const demo = {identity: demoIdentity(rooms.config), rooms};
  return {askerOf: () => Promise.resolve(demo)};
}

/**
 * Refuses an address that others may reach, where anybody could ask or send there.
 *
 * @throws Error - that says what to change.
 */
export function refuseOpenAddress(
  config: GatewayConfig,
  all: readonly {readonly connected: readonly Connected[]}[],
  host: string,
): void {
  if (isLoopback(host)) return;
  if (!config.auth)
    throw new Error(
      `Without authentication the gateway listens on loopback only (127.0.0.1, ::1 or localhost), not on ${host}.`,
    );
  if (config.storage.kind !== 'postgres' && !config.embeddedAnywhere)
    throw new Error(
      `With the embedded database the gateway listens on loopback only, not on ${host}: it does not survive a power cut. Use PostgreSQL, or set "storage.anyAddress": true.`,
    );
  const open = all
    .flatMap(({connected}) => connected)
    .filter(({config: source, connector}) => !source.push && intakePaths(connector).length > 0)
    .map(({config: source}) => `"${source.id}"`);
  if (open.length > 0)
    throw new Error(
      `Whoever reaches ${host} could send messages to ${open.join(', ')}: give each a secret, "push": {"secret": {"env": "NAME"}}, or listen on loopback.`,
    );
}

const each = async <T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> => {
  for (const one of all) await work(one);
};

/** The server with its log, errors and limits; no routes. */
function serverOf(config: GatewayConfig, logTo: Writable | undefined): FastifyInstance {
  const app = fastify({
    logger: {
      level: config.logLevel,
      // Neither addresses nor bodies are logged: what a client sends by mistake must not end up here either.
      serializers: {req: (request: FastifyRequest) => ({method: request.method}), err: errorDetails as never},
      ...(logTo ? {stream: logTo} : {}),
    },
    logController: new LogController({disableRequestLogging: true}),
    bodyLimit: 1024 * 1024,
    routerOptions: {maxParamLength: 2_000},
    forceCloseConnections: 'idle',
    // What comes over a connection that is open anyway is still answered, and the connection then closed.
    return503OnClosing: false,
    requestTimeout: 60_000,
    ...(config.trustedProxies.length > 0 ? {trustProxy: [...config.trustedProxies]} : {}),
    clientErrorHandler: refuseUnreadable,
    frameworkErrors: (error, _request, reply) =>
      void sendProblem(reply as unknown as FastifyReply, problemOfError(error)),
  });
  app.addHook('onSend', (request) => dropUnreadBody(request.raw));
  app.addHook('onResponse', (request, reply, next) => {
    request.log.info(
      {
        method: request.method,
        route: request.routeOptions.url ?? '(none)',
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      'answered',
    );
    next();
  });
  app.setErrorHandler((error, request, reply) => {
    const problem = problemOfError(error);
    if (problem.status >= 500) request.log.error(errorDetails(error), 'a request failed');
    return sendProblem(reply, problem);
  });
  app.setNotFoundHandler((_request, reply) =>
    sendProblem(reply, problemOf('not-found', 'There is nothing at this address.')),
  );
  return app;
}

/** Work that comes back: never twice at a time, and a failure is logged and tried again. */
function backgroundOf(log: Log) {
  const jobs = new Map<string, () => Promise<void>>();
  const running = new Map<string, Promise<void>>();
  const timers: NodeJS.Timeout[] = [];
  const now = (name: string): Promise<void> => {
    const current =
      running.get(name) ??
      jobs.get(name)!()
        .catch((thrown: unknown) => log.error({job: name, ...errorDetails(thrown)}, 'background work failed'))
        .finally(() => running.delete(name));
    running.set(name, current);
    return current;
  };
  return {
    every(seconds: number, name: string, work: () => Promise<void>) {
      jobs.set(name, work);
      timers.push(setInterval(() => void now(name), seconds * 1_000).unref());
    },
    now,
    /** Waits for what is under way: the storage closes next. */
    async stop() {
      for (const timer of timers) clearInterval(timer);
      await Promise.all(running.values());
    },
  };
}
