import type {Writable} from 'node:stream';
import {problemOf} from '@bsp/contract';
import fastify, {type FastifyInstance, type FastifyReply, type FastifyRequest, LogController} from 'fastify';
import {actionsOf} from './actions.js';
import {aliasesOf} from './aliases.js';
import {apiOf} from './api.js';
import {knownResources} from './border.js';
import type {GatewayConfig} from './config.js';
import {closeAll, connect} from './connectors.js';
import {contextsOf} from './contexts.js';
import {draftsOf} from './drafts.js';
import {eventsOf} from './events.js';
import {fanOutOf} from './fan-out.js';
import {demoIdentity} from './identity.js';
import {registerIntake} from './intake.js';
import {journalOf} from './journal.js';
import {liveHubOf} from './live.js';
import {errorDetails, type Log} from './log.js';
import {lookupLogOf} from './lookup-log.js';
import {guardLoopback, isLoopback} from './loopback.js';
import {pruneNotices} from './notices.js';
import {problemOfError, sendProblem} from './problems.js';
import {revealingOf} from './reveal.js';
import {connectedSource, ownSource, type Source} from './sources.js';
import {type Embedded, openStorage, type Storage} from './storage/database.js';
import {dropUnreadBody} from './unread-body.js';

/** A running gateway. */
export interface Gateway {
  /** The Fastify instance: a host may add its own routes before {@link Gateway.listen}. */
  readonly app: FastifyInstance;
  /**
   * Starts to answer; gives the address, e.g. `http://127.0.0.1:8080`. Port: the argument, else the configuration's.
   * @throws Error - for a host that is not loopback: there is no authentication.
   */
  listen(options?: {port?: number; host?: string}): Promise<string>;
  /** Ends streams, lets requests finish (5 s at most), closes connectors and storage, frees the folder. */
  close(): Promise<void>;
}

/** A gateway with the storage that a test looks into. */
export interface AssembledGateway extends Gateway {
  readonly storage: Storage;
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
  const storage = await openStorage(config.storage, log, options.embedded);
  const connected = await connect(config, log).catch(async (thrown: unknown) => {
    await storage.close();
    throw thrown;
  });

  const {secrets} = storage;
  const identity = demoIdentity(config);
  const tenant = config.tenant.id;
  const aliases = aliasesOf(storage);
  const journal = journalOf(storage, config.journal.source);
  const drafts = draftsOf(storage);
  const sources: Source[] = [];
  const events = eventsOf(storage, aliases, () => sources, log);
  sources.push(
    ...connected.map(({config: source, connector}) => connectedSource(source, connector, events.storeOf(source.id))),
    ownSource(config.journal.source, config.journal.name, {journal: journal.read, drafts: drafts.read}),
  );
  for (const source of sources)
    for (const resource of source.resources)
      if (!knownResources.has(resource))
        log.warn({source: source.id, resource}, 'this version does not know the resource, so it is not served');
  const lookupLog = lookupLogOf(storage, config.lookupLog, log);
  const fanOut = fanOutOf({sources, aliases, secrets, lookupLog, overlays: {events: events.marked}, log});
  const revealing = revealingOf({sources, aliases, fanOut, lookupLog, secrets, log});
  const ownSourceId = config.journal.source;
  const actions = actionsOf({storage, fanOut, journal, events, drafts, revealing, ownSourceId});
  const contexts = contextsOf(config, storage, aliases);
  const live = liveHubOf(storage, log);
  const closing = new AbortController();

  guardLoopback(app);
  await app.register(
    apiOf({
      config,
      identify: () => identity,
      sources,
      aliases,
      contexts,
      fanOut,
      lookupLog,
      actions,
      live,
      closing: closing.signal,
    }),
    {prefix: `${config.prefix}/v1`},
  );
  for (const {config: source, connector} of connected)
    if (connector.intake) await registerIntake(app, {tenant, sourceId: source.id, intake: connector.intake, events});

  const background = backgroundOf(log);
  background.every(config.joinRetrySeconds, 'joining events', () => events.joinWaiting(tenant));
  background.every(3_600, 'tidying up', async () => {
    await contexts.sweep();
    await actions.sweep(tenant);
    await pruneNotices(storage, tenant, new Date(Date.now() - config.noticeHours * 3_600_000));
  });

  let closed: Promise<void> | undefined;
  const close = async () => {
    closing.abort(new DOMException('The gateway is closing.', 'AbortError'));
    live.close();
    const patience = setTimeout(() => app.server.closeAllConnections(), 5_000);
    await app.close();
    clearTimeout(patience);
    await background.stop();
    await closeAll(connected);
    await storage.close();
  };
  return {
    app,
    storage,
    async listen({port = config.port, host = '127.0.0.1'} = {}) {
      if (!isLoopback(host))
        throw new Error(
          `Without authentication the gateway listens on loopback only (127.0.0.1, ::1 or localhost), not on ${host}.`,
        );
      const address = await app.listen({port, host});
      log.warn(
        `DEMO: nobody logs in; everyone on this machine is "${config.demoUser.name}" of "${config.tenant.name}"`,
      );
      void background.now('joining events');
      return address;
    },
    close: () => (closed ??= close()),
  };
}

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
