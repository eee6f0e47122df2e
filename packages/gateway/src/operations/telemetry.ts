import {monitorEventLoopDelay} from 'node:perf_hooks';
import {frameStatuses} from '@bsp/contract';
import {
  INVALID_TRACEID,
  type Context as SpanContext,
  SpanKind,
  SpanStatusCode,
  context as spanContext,
  trace,
} from '@opentelemetry/api';
import type {FastifyInstance, FastifyRequest} from 'fastify';
import type {PostgresPool, PostgresPoolClient} from 'kysely';
import type pg from 'pg';
import {knownResources} from '../border.js';
import {type GatewayConfig, tenantsOf} from '../config.js';
import type {Context, Contexts} from '../contexts.js';
import type {Events} from '../events.js';
import type {FanOut} from '../fan-out.js';
import type {SourceGate} from '../limits/source-gate.js';
import type {LiveHub} from '../live.js';
import type {LookupKind, LookupLog} from '../lookup-log.js';
import type {Source} from '../sources.js';
import {type ClosedLists, type Labels, type Metrics, metricsOf, tellerOf} from './metrics.js';

/**
 * What operations see of a running gateway. Each function gives back what it was given, watched: the rooms know nothing of it.
 * Names and values come from closed lists; whom something is about, who asked, and in which context is never told.
 */
export interface Telemetry {
  readonly metrics: Metrics;
  server(app: FastifyInstance): void;
  pool<P extends PostgresPool>(pool: P): PostgresPool;
  source(tenant: string, source: Source): Source;
  fanOut(tenant: string, fanOut: FanOut): FanOut;
  lookupLog(tenant: string, log: LookupLog): LookupLog;
  contexts(tenant: string, contexts: Contexts): Contexts;
  events(tenant: string, events: Events): Events;
  live(live: LiveHub): LiveHub;
  close(): void;
}

const lookupKinds: Record<LookupKind, true> = {
  read: true,
  reveal: true,
  content: true,
  preview: true,
  print: true,
  search: true,
  'break-glass': true,
  hop: true,
};

/** How something ended; of a source: it answered to its end, failed, or was left (its time was over, or nobody waited). */
const outcomes = ['ok', 'failed', 'left', 'kept', 'duplicate'] as const;
type Outcome = (typeof outcomes)[number];

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Makes the telemetry of a gateway. */
export function telemetryOf(config: GatewayConfig): Telemetry {
  const all = tenantsOf(config);
  const routes = new Set<string>(['(none)']);
  const lists: ClosedLists = {
    tenant: new Set(all.map(({tenant}) => tenant.id)),
    source: new Set(all.flatMap(({sources, journal}) => [...sources.map(({id}) => id), journal.source])),
    resource: new Set(knownResources.keys()),
    status: new Set<string>(frameStatuses),
    outcome: new Set<string>(outcomes),
    kind: new Set([...Object.keys(lookupKinds), 'busy', 'idle', 'waiting', 'resident', 'heap']),
    quantile: new Set(['0.5', '0.99', '1']),
    route: routes,
    method: methods,
    code: {has: (code) => /^[2-5]\d\d$/.test(code)},
  };
  const tell = tellerOf(lists);
  const metrics = metricsOf(tell);
  const tracer = trace.getTracer('@bsp/gateway');

  /** A span; what is told of it stands when it ends. Nothing is put into words that nobody has set up a tracer for. */
  const begin = (name: string, labels: Labels, parent: SpanContext, kind = SpanKind.INTERNAL) => {
    const options = {
      kind,
      get attributes() {
        return tell(labels).attributes;
      },
    };
    const span = tracer.startSpan(name, options, parent);
    const started = performance.now();
    return {
      context: span.spanContext().traceId === INVALID_TRACEID ? parent : trace.setSpan(parent, span),
      /** @returns seconds since it began. */
      end(more: Labels, failed = false): number {
        if (span.isRecording()) {
          span.setAttributes(tell(more).attributes);
          if (failed) span.setStatus({code: SpanStatusCode.ERROR});
        }
        span.end();
        return (performance.now() - started) / 1_000;
      },
    };
  };

  const requests = metrics.histogram({
    name: 'http.server.request.duration',
    help: 'Time to answer a request to its end, without live streams.',
  });
  const reads = metrics.counter({name: 'bsp.reads', help: 'Reads that were answered to the end, or left before.'});
  const frames = metrics.counter({name: 'bsp.frames', help: 'Frames that went out, by what the source answered.'});
  const asked = metrics.histogram({
    name: 'bsp.source.duration',
    help: 'Time that a source was waited for in one read, without waiting for its turn.',
  });
  const lookups = metrics.counter({name: 'bsp.lookup_log.writes', help: 'Lookups committed, or not, before the data.'});
  const opened = metrics.counter({name: 'bsp.contexts.opened', help: 'Contexts opened.'});
  const events = metrics.counter({name: 'bsp.events', help: 'Events that came in.'});
  const lag = metrics.histogram({
    name: 'bsp.event.lag',
    help: 'From when an event happened, as its sender says, until it was kept.',
  });
  const transactions = metrics.histogram({
    name: 'bsp.database.transaction.duration',
    help: 'From begin to commit or rollback.',
  });
  const streams = new Map<string, number>(all.map(({tenant}) => [tenant.id, 0]));
  metrics.gauge({name: 'bsp.live.streams', help: 'Open live streams.'}, () =>
    [...streams].map(([tenant, count]) => [{tenant}, count] as const),
  );
  const watched: {tenant: string; source: Source}[] = [];
  const ofGates = (value: (gates: readonly SourceGate[]) => number) => () =>
    watched.map(({tenant, source}) => {
      const gates = new Set([...source.resources].map((resource) => source.gateOf(resource)));
      return [{tenant, source: source.id}, value([...gates])] as const;
    });
  metrics.gauge(
    {name: 'bsp.source.waiting', help: 'Reads that wait for their turn at a source.'},
    ofGates((gates) => gates.reduce((sum, {waiting}) => sum + waiting, 0)),
  );
  metrics.gauge(
    {name: 'bsp.source.left_alone', help: '1 while a source is not asked, because it does not answer.'},
    ofGates((gates) => (gates.some(({isLeftAlone}) => isLeftAlone) ? 1 : 0)),
  );
  const delay = eventLoopDelay();
  metrics.gauge(
    {name: 'nodejs.eventloop.delay', help: 'How late timers were, over the last ten seconds.', unit: 's'},
    delay.read,
  );
  metrics.gauge({name: 'process.memory.usage', help: 'Memory of the process.', unit: 'By'}, () => {
    const {rss, heapUsed} = process.memoryUsage();
    return [
      [{kind: 'resident'}, rss],
      [{kind: 'heap'}, heapUsed],
    ];
  });

  /** In which span a context is read: a context object belongs to one request. */
  const readIn = new WeakMap<Context, SpanContext>();

  return {
    metrics,

    server(app) {
      const spans = new WeakMap<FastifyRequest, SpanContext>();
      app.addHook('onRoute', ({url}) => void routes.add(url));
      app.addHook('onRequest', (request, reply, next) => {
        const {labels} = tell({method: request.method, route: request.routeOptions.url ?? '(none)'});
        // Where the caller says that it comes from is not taken over: it could say anything.
        const span = begin(`${labels.method} ${labels.route}`, labels, spanContext.active(), SpanKind.SERVER);
        spans.set(request, span.context);
        reply.raw.once('close', () => {
          const code = String(reply.raw.statusCode);
          const seconds = span.end({code}, reply.raw.statusCode >= 500);
          const isLive = String(reply.raw.getHeader('content-type')).startsWith('text/event-stream');
          if (!isLive) requests({...labels, code}, seconds);
        });
        spanContext.with(span.context, next);
      });
      // Reading a body leaves the span's context.
      app.addHook('preValidation', (request, _reply, next) =>
        spanContext.with(spans.get(request) ?? spanContext.active(), next),
      );
    },

    pool(pool) {
      const counts = pool as PostgresPool & Partial<Pick<pg.Pool, 'idleCount' | 'totalCount' | 'waitingCount'>>;
      if (counts.totalCount !== undefined)
        metrics.gauge({name: 'bsp.database.connections', help: 'Connections to the database, and who waits.'}, () => {
          const {idleCount: idle = 0, totalCount: total = 0, waitingCount: waiting = 0} = counts;
          return [
            [{kind: 'idle'}, idle],
            [{kind: 'busy'}, total - idle],
            [{kind: 'waiting'}, waiting],
          ];
        });
      const clients = new WeakMap<PostgresPoolClient, PostgresPoolClient>();
      return {
        async connect() {
          const client = await pool.connect();
          const known = clients.get(client) ?? timedClient(client);
          clients.set(client, known);
          return known;
        },
        end: () => pool.end(),
      };
    },

    source(tenant, source) {
      const labels = {tenant, source: source.id};
      watched.push({tenant, source});
      return {
        ...source,
        read(read) {
          const parent = readIn.get(read.context) ?? spanContext.active();
          const span = begin('source', {...labels, resource: read.resource}, parent);
          const end = (how: Outcome, waited: number) => {
            // A connector that heeds its signal fails when it is left.
            const outcome = how === 'failed' && read.signal.aborted ? 'left' : how;
            span.end({outcome}, outcome === 'failed');
            asked({...labels, outcome}, waited);
          };
          return {
            [Symbol.asyncIterator]: () =>
              watchedIterator(
                spanContext.with(span.context, () => source.read(read)[Symbol.asyncIterator]()),
                end,
              ),
          };
        },
      };
    },

    fanOut(tenant, fanOut) {
      return {
        ...fanOut,
        async read(identity, context, asks, options) {
          const span = begin('read', {tenant}, spanContext.active());
          readIn.set(context, span.context);
          const end = (outcome: Outcome) => {
            span.end({outcome}, outcome === 'failed');
            reads({tenant, outcome});
          };
          const sendAll = await spanContext
            .with(span.context, () => fanOut.read(identity, context, asks, options))
            .catch((thrown: unknown) => {
              end('failed');
              throw thrown;
            });
          return async (send) => {
            try {
              await sendAll((message) => {
                if (message.kind === 'frame') {
                  const {source, resource, status} = message;
                  frames({tenant, source: source.id, resource, status});
                }
                return send(message);
              });
              end('ok');
            } catch (thrown) {
              end(options.signal.aborted ? 'left' : 'failed');
              throw thrown;
            }
          };
        },
      };
    },

    lookupLog(tenant, log) {
      return {
        async open(identity, context, lookup) {
          const written = (outcome: Outcome) => lookups({tenant, kind: lookup.what, outcome});
          try {
            const open = await log.open(identity, context, lookup);
            written('ok');
            return open;
          } catch (thrown) {
            written('failed');
            throw thrown;
          }
        },
      };
    },

    contexts(tenant, contexts) {
      return {
        ...contexts,
        async open(identity, body, from) {
          const context = await contexts.open(identity, body, from);
          opened({tenant});
          return context;
        },
      };
    },

    events(tenant, room) {
      return {
        ...room,
        async keep(its, source, event) {
          const outcome = await room.keep(its, source, event).catch((thrown: unknown) => {
            events({tenant, source, outcome: 'failed'});
            throw thrown;
          });
          events({tenant, source, outcome});
          const seconds = (Date.now() - Date.parse(event.occurredAt)) / 1_000;
          if (outcome === 'kept' && Number.isFinite(seconds)) lag({tenant, source}, Math.max(0, seconds));
          return outcome;
        },
      };
    },

    live(live) {
      const add = (tenant: string, more: number) => streams.set(tenant, (streams.get(tenant) ?? 0) + more);
      return {
        ...live,
        async open(tenant, contexts, options) {
          let counted = true;
          add(tenant, 1);
          const end = () => {
            if (counted) add(tenant, -1);
            counted = false;
          };
          const {sink} = options;
          const watchedSink = {
            ...sink,
            end() {
              end();
              sink.end();
            },
          };
          try {
            return await live.open(tenant, contexts, {...options, sink: watchedSink});
          } catch (thrown) {
            end();
            throw thrown;
          }
        },
      };
    },

    close() {
      delay.stop();
      metrics.close();
    },
  };

  /** Tells of transactions, whoever begins them. */
  function timedClient(client: PostgresPoolClient): PostgresPoolClient {
    let current: ReturnType<typeof begin> | undefined;
    const end = (outcome: Outcome) => {
      const seconds = current?.end({outcome}, outcome === 'failed');
      current = undefined;
      if (seconds !== undefined) transactions({outcome}, seconds);
    };
    const query = async (text: string, parameters: readonly unknown[]) => {
      if (/^(begin|start transaction)/.test(text)) current = begin('transaction', {}, spanContext.active());
      const result = await client.query<unknown>(text, parameters);
      if (text === 'commit') end('ok');
      else if (text === 'rollback') end('failed');
      return result;
    };
    return {
      query: ((text: unknown, parameters: readonly unknown[]) =>
        // Anything else is a cursor, which answers in its own way.
        typeof text === 'string'
          ? query(text, parameters)
          : client.query(text as never)) as PostgresPoolClient['query'],
      release: () => {
        end('failed');
        client.release();
      },
    };
  }
}

/** Watches an iterator from its first step to its end; only time in which it is waited for counts. */
function watchedIterator<T>(
  inner: AsyncIterator<T>,
  end: (outcome: Outcome, waited: number) => void,
): AsyncIterator<T, void> {
  let waited = 0;
  let ended = false;
  const finish = (outcome: Outcome) => {
    if (!ended) end(outcome, waited / 1_000);
    ended = true;
  };
  let since: number | undefined;
  const back = () => {
    if (since !== undefined) waited += performance.now() - since;
    since = undefined;
  };
  const answered = (result: IteratorResult<T, void>): IteratorResult<T, void> => {
    back();
    if (result.done) finish('ok');
    return result;
  };
  const failed = (thrown: unknown): never => {
    back();
    finish('failed');
    throw thrown;
  };
  return {
    next() {
      since = performance.now();
      try {
        return Promise.resolve(inner.next()).then(answered, failed);
      } catch (thrown) {
        return failed(thrown);
      }
    },
    async return() {
      back();
      finish('left');
      return (await inner.return?.()) ?? {done: true, value: undefined};
    },
  };
}

/** How late timers are, in windows of ten seconds: whoever asks sees the last whole one. */
function eventLoopDelay() {
  const histogram = monitorEventLoopDelay({resolution: 20});
  histogram.enable();
  const seconds = (quantile: number) =>
    Math.max(0, (quantile === 1 ? histogram.max : histogram.percentile(quantile * 100)) / 1e9);
  const look = () =>
    histogram.count === 0
      ? []
      : [0.5, 0.99, 1].map((quantile) => [{quantile: `${quantile}`}, seconds(quantile)] as const);
  let last = look();
  const timer = setInterval(() => {
    last = look();
    histogram.reset();
  }, 10_000).unref();
  return {
    read: () => (last.length > 0 ? last : look()),
    stop() {
      clearInterval(timer);
      histogram.disable();
    },
  };
}
