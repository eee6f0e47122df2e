import {randomBytes} from 'node:crypto';
import type {IncomingMessage} from 'node:http';
import type {Duplex} from 'node:stream';
import {ProblemError, problemOf} from '@bsp/contract';
import type {FastifyInstance, FastifyRequest} from 'fastify';
import {WebSocketServer} from 'ws';
import type {Asker} from '../auth/authenticate.js';
import type {FhircastConfig} from '../bridges-config.js';
import {errorDetails, type Log} from '../log.js';
import {problemOfError} from '../problems.js';
import {askedTooMuch, inRate} from '../rate-limit.js';
import type {Hub} from './hub.js';
import {grantedEvents, type HubStore} from './hub-store.js';
import {
  handleIn,
  infrastructureEvents,
  type Notification,
  notificationOf,
  opens,
  refused,
  type SubscriptionRequest,
  subjectEvents,
  subscriptionOf,
  typeOfEvent,
} from './messages.js';

/** A working day: nobody's socket stays open over night. */
const longestLeaseSeconds = 8 * 3_600;
const smallBody = 64 * 1024;

/** What the hub's addresses need. */
export interface HubParts {
  readonly config: FhircastConfig;
  /** Where the hub's addresses begin: `<prefix>/v1/fhircast`. */
  readonly path: string;
  readonly who: (request: FastifyRequest) => Asker;
  readonly storeOf: (tenant: string) => HubStore | undefined;
  readonly topicOf: (asker: Asker) => string;
}

/** The hub over HTTP (FHIRcast 3.0.0, sections 2.4 to 2.9). */
export function hubRoutes({config, path, who, storeOf, topicOf}: HubParts) {
  const supported = [...subjectEvents, ...infrastructureEvents, ...config.events];

  /** The store of the asker's tenant; a topic that is not the asker's own is unknown, whoever's it is. */
  const storeFor = (asker: Asker, topic: string): HubStore => {
    const store = storeOf(asker.identity.tenant.id);
    if (!store || topic !== topicOf(asker)) throw new ProblemError(problemOf('not-found', 'The topic is not known.'));
    return store;
  };

  async function subscribe(request: FastifyRequest, form: SubscriptionRequest): Promise<string> {
    const asker = who(request);
    const {identity} = asker;
    const topic = form['hub.topic'];
    const store = storeFor(asker, topic);
    const endpoint = form['hub.channel.endpoint'];
    const gone = () => new ProblemError(problemOf('not-found', 'There is no such subscription.'));
    if (form['hub.mode'] === 'unsubscribe') {
      if (!endpoint) throw refused('hub.channel.endpoint is missing.');
      if (!(await store.change(secretIn(endpoint), topic, {ended: 'It has unsubscribed.'}))) throw gone();
      return endpoint;
    }
    const events = grantedEvents(form['hub.events'] ?? '', supported);
    const tokenSeconds = ((identity.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY) - Date.now()) / 1_000;
    const asked = Number(form['hub.lease_seconds'] ?? longestLeaseSeconds);
    const leaseUntil = new Date(Date.now() + Math.floor(Math.min(asked, tokenSeconds, longestLeaseSeconds)) * 1_000);
    if (endpoint) {
      if (!(await store.change(secretIn(endpoint), topic, {events, leaseUntil}))) throw gone();
      return endpoint;
    }
    const secret = randomBytes(24).toString('base64url');
    const name = form['subscriber.name'] ?? identity.system ?? 'A program';
    await store.subscribe(secret, {topic, name, events, leaseUntil});
    const base = config.url ?? `${request.protocol}://${request.host}`;
    return `${base.replace(/^http/, 'ws')}${path}/socket/${identity.tenant.id}/${secret}`;
  }

  async function publish(request: FastifyRequest): Promise<void> {
    const asker = who(request);
    const notification = notificationOf(request.body);
    const {event} = notification;
    const store = storeFor(asker, event['hub.topic']);
    const name = supported.find((one) => one.toLowerCase() === event['hub.event'].toLowerCase());
    if (!name) throw refused(`hub.event is none of ${supported.join(', ')}.`);
    if (subjectEvents.some((one) => one === name) && !(await knows(asker, event)))
      throw refused('context holds a handle that is not known.');
    await store.keep({...notification, event: {...event, 'hub.event': name}});
  }

  const knows = async ({identity, rooms}: Asker, event: Notification['event']): Promise<boolean> =>
    (await rooms.aliases.subjectOf(identity, handleIn(event))) !== undefined;

  return (app: FastifyInstance, _options: object, done: () => void): void => {
    app.addHook('onRequest', (request, _reply, next) => {
      // A browser's question whether it may ask comes without a log-in.
      const asker = request.method === 'OPTIONS' ? undefined : who(request);
      if (asker) inRate(asker.rooms.asking, asker.identity, askedTooMuch);
      next();
    });
    app.addContentTypeParser('application/x-www-form-urlencoded', {parseAs: 'string'}, (_request, body, take) =>
      take(null, new Form(String(body))),
    );
    app.addContentTypeParser(
      ['application/fhir+json'],
      {parseAs: 'string'},
      app.getDefaultJsonParser('error', 'error'),
    );
    // "A description of the error in the response body as plain text" (FHIRcast 2.4).
    app.setErrorHandler((error, request, reply) => {
      const {status, title, detail, retryAfter} = problemOfError(error);
      if (status >= 500) request.log.error(errorDetails(error), 'a request failed');
      if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter));
      return reply
        .code(status)
        .type('text/plain; charset=utf-8')
        .send(detail ?? title);
    });

    app.post('/fhircast', {bodyLimit: smallBody}, async (request, reply) => {
      if (!(request.body instanceof Form)) {
        await publish(request);
        return reply.code(202).send();
      }
      const endpoint = await subscribe(request, subscriptionOf(request.body.text));
      return reply.code(202).send({'hub.channel.endpoint': endpoint});
    });

    app.get('/fhircast/.well-known/fhircast-configuration', {exposeHeadRoute: false}, () => ({
      eventsSupported: supported,
      websocketSupport: true,
      fhircastVersion: '3.0.0',
      getCurrentSupport: true,
      capabilities: {supportsGetCurrentContext: true, supportsNonCurrentContextUpdates: false},
    }));

    app.get<{Params: {topic: string}}>('/fhircast/:topic', {exposeHeadRoute: false}, async (request) => {
      const {topic} = request.params;
      const {current, versionId} = await storeFor(who(request), topic).topic(topic);
      return {
        'context.type': current ? typeOfEvent(current.event['hub.event']) : '',
        'context.versionId': versionId,
        context: current && opens(current.event['hub.event']) ? current.event.context : [],
      };
    });
    done();
  };
}

/** The body of a form. */
class Form {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** The last part of a socket's address: the secret. */
const secretIn = (endpoint: string): string => endpoint.trim().split('/').at(-1) ?? '';

/** Takes the subscribers' sockets. The address is the ticket: a browser sends no token with a WebSocket. */
export function takeSockets(
  app: FastifyInstance,
  {path, storeOf, hub, log}: Pick<HubParts, 'path' | 'storeOf'> & {hub: Hub; log: Log},
): void {
  const server = new WebSocketServer({noServer: true, maxPayload: smallBody, clientTracking: false});
  /** Nobody counts a socket that was upgraded: one that is refused must not stay open until its client likes to leave. */
  const refuse = (socket: Duplex) =>
    socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n', () => socket.destroy());
  app.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // From here on nobody else listens: whatever is thrown, or breaks, would end the process.
    socket.on('error', () => undefined);
    // Not by `URL`, which throws: whoever asks may have written anything.
    const [pathname = ''] = (request.url ?? '').split('?');
    if (!pathname.startsWith(`${path}/socket/`)) {
      // A host may take other upgrades on this port.
      if (app.server.listenerCount('upgrade') === 1) refuse(socket);
      return;
    }
    void (async () => {
      const [tenant = '', secret = ''] = pathname.slice(`${path}/socket/`.length).split('/');
      const store = storeOf(tenant);
      const subscription = store && (await store.connect(store.endpointKey(secret)));
      if (!store || !subscription) {
        refuse(socket);
        return;
      }
      server.handleUpgrade(request, socket, head, (open) => {
        hub.join(store, subscription, open).catch((thrown: unknown) => {
          log.error(errorDetails(thrown), 'a socket could not be taken');
          open.close(1011);
        });
      });
    })().catch((thrown: unknown) => {
      log.error(errorDetails(thrown), 'a socket could not be taken');
      socket.destroy();
    });
  });
}
