import {setMaxListeners} from 'node:events';
import type {ServerResponse} from 'node:http';
import {type ActionType, actionPayloads, type Me, ProblemError, problemOf, readSchema} from '@bsp/contract';
import type {FastifyInstance, FastifyReply, FastifyRequest} from 'fastify';
import * as z from 'zod/mini';
import type {Access} from './access/access.js';
import {sieveOf} from './access/visible.js';
import {askedFrom} from './asked-from.js';
import type {Asker} from './auth/authenticate.js';
import {allowOrigins} from './auth/cors.js';
import {TokenRefused} from './auth/verifier.js';
import type {Bridges} from './bridges.js';
import type {GatewayConfig} from './config.js';
import type {Context} from './contexts.js';
import {lacksPurpose, purposeNeeded} from './fan-out.js';
import type {Identity} from './identity.js';
import {rememberedIn} from './launch-routes.js';
import type {Overload} from './limits/overload.js';
import {letGoOfSilent} from './limits/slow-clients.js';
import type {HeldNotice, LiveHub, LiveSink} from './live.js';
import {errorDetails} from './log.js';
import {classesOf} from './lookup-log.js';
import {sendLines} from './ndjson.js';
import {noticeBound} from './notices.js';
import {apiHeaders, requestPart} from './problems.js';
import {askedTooMuch, inRate, userKey} from './rate-limit.js';
import type {Rooms} from './rooms.js';
import {untilAborted} from './until-aborted.js';

/** Finds out who asks. */
export interface Askers {
  /** @throws TokenRefused | ProblemError */
  askerOf(request: FastifyRequest): Promise<Asker>;
}

/** The rooms behind the API. */
export interface ApiParts {
  readonly config: GatewayConfig;
  readonly askers: Askers;
  readonly live: LiveHub;
  readonly bridges: Bridges;
  readonly overload: Overload;
  /** Aborts when the gateway begins to end: live streams go elsewhere. */
  readonly stopping: AbortSignal;
  /** Aborts what has not ended by itself by then. */
  readonly closing: AbortSignal;
  /** Called when a note of a tenant has been kept: it may have to be delivered. */
  readonly noteKept: (tenant: string) => void;
}

const readsSchema = z.object({reads: z.array(readSchema).check(z.minLength(1), z.maxLength(100))});
const smallBody = 64 * 1024;
/** A note that is too long must still get an answer that says so. */
const actionBody = 1024 * 1024;

/** A line's last words: its client comes back at once, but not with all the others, and a balancer sends it elsewhere. */
const elsewhere = (): string => `: this process ends\nretry: ${Math.round(200 + Math.random() * 1_800)}\n\n`;

/** What a timer can hold. */
const longestTimer = 2 ** 31 - 1;

type ContextRoute = {Params: {id: string}};

/** The HTTP API, without its prefix. */
export function apiOf(parts: ApiParts) {
  const {config, askers, live, bridges, overload, stopping, closing, noteKept} = parts;
  const known = new WeakMap<FastifyRequest, Asker>();
  /** Who asks: found out before anything of the request's body is read. */
  const who = (request: FastifyRequest): Asker => known.get(request)!;

  setMaxListeners(0, closing);

  /** A read or a document, until its answer is over. */
  const takeInHand = (request: FastifyRequest, {raw}: FastifyReply): void => {
    const {identity} = who(request);
    whenOver(raw, overload.read(identity.tenant.id, userKey(identity)));
  };

  const found = async (request: FastifyRequest<ContextRoute>) => {
    const {identity, rooms} = who(request);
    inRate(rooms.asking, identity, askedTooMuch);
    const context = await rooms.contexts.find(identity, request.params.id);
    return {identity: inContext(identity, context, rooms), rooms, context};
  };

  return (app: FastifyInstance, _options: object, done: () => void): void => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('application/json', {parseAs: 'string'}, app.getDefaultJsonParser('error', 'error'));
    app.addHook('onRequest', (request, reply, next) => {
      reply.headers(apiHeaders);
      const route = request.routeOptions.url;
      letGoOfSilent(reply.raw, config.limits.stallSeconds, () =>
        request.log.info({route}, 'a client that did not read its answer was let go'),
      );
      next();
    });
    if (config.auth) allowOrigins(app, config.auth);
    app.addHook('onRequest', async (request, reply) => {
      if (request.method === 'OPTIONS') return;
      known.set(request, await askers.askerOf(request).catch((thrown: unknown) => refused(reply, thrown)));
    });

    bridges.routes(app, who);

    app.get('/me', {exposeHeadRoute: false}, (request): Me => {
      const {identity, rooms} = who(request);
      const {user, tenant, access} = identity;
      const breakGlass = access.mayBreakGlass ? rooms.config.breakGlass : undefined;
      const resources = new Set(rooms.sources.flatMap((source) => [...source.resources]));
      const acts = (Object.keys(actionPayloads) as ActionType[]).filter(
        (type) =>
          (!type.startsWith('event.') || resources.has('events')) &&
          (type !== 'launch' || resources.has('targets')) &&
          (type !== 'search' || rooms.sources.some((source) => source.search !== undefined)) &&
          access.acts(type),
      );
      return {
        user,
        tenant: {id: tenant.id, name: tenant.name},
        capabilities: [
          ...[...resources].filter((name) => access.reads(name)).map((name) => `read:${name}`),
          ...acts.map((type) => `act:${type}`),
          'live',
          ...(breakGlass ? ['break-glass'] : []),
        ],
        purposes: rooms.config.purposes.map(({id, label}) => ({id, label})),
        ...(breakGlass ? {breakGlass: {minutes: breakGlass.minutes, told: breakGlass.told}} : {}),
      };
    });

    app.post('/contexts', {bodyLimit: smallBody}, async (request, reply) => {
      const {identity, rooms} = who(request);
      overload.admit();
      inRate(rooms.opening, identity, 'Too many persons in a short time.');
      return reply.code(201).send(await rooms.contexts.open(identity, request.body, askedFrom(request)));
    });

    app.get<ContextRoute>('/contexts/:id', {exposeHeadRoute: false}, async (request) => {
      const {identity, rooms, context} = await found(request);
      return rooms.contexts.shown(identity, context);
    });

    app.delete<ContextRoute>('/contexts/:id', async (request, reply) => {
      const {identity, rooms} = who(request);
      await rooms.contexts.close(identity, request.params.id);
      live.contextClosed(identity.tenant.id, request.params.id);
      return reply.code(204).send();
    });

    app.post<ContextRoute>('/contexts/:id/read', {bodyLimit: smallBody}, async (request, reply) => {
      // Before anything is looked up, or written into the log.
      takeInHand(request, reply);
      const {identity, rooms, context} = await found(request);
      const {reads} = requestPart(readsSchema, request.body);
      const signal = requestSignal(reply.raw, closing, true);
      const sendAll = await rooms.fanOut.read(identity, context, reads, {from: askedFrom(request), signal});
      await sendLines(streamed(reply, 'application/x-ndjson; charset=utf-8'), sendAll, (thrown) => {
        // Without an end, the reader knows that whoever has not answered has not.
        if (!signal.aborted) request.log.error(errorDetails(thrown), 'a read broke off');
      });
    });

    app.post<ContextRoute>('/contexts/:id/actions', {bodyLimit: actionBody}, async (request, reply) => {
      const {identity, rooms, context} = await found(request);
      // A client that goes away does not undo what it sent: only the gateway's own end stops an action.
      const signal = requestSignal(reply.raw, closing, false);
      const rememberLaunch = rememberedIn(request, reply);
      const asked = {identity, context, from: askedFrom(request), signal, rememberLaunch};
      const result = await rooms.actions.perform(asked, request.body);
      if (result.type.startsWith('note.')) noteKept(identity.tenant.id);
      return result;
    });

    app.get<{Params: {id: string; source: string; recordId: string}}>(
      '/contexts/:id/content/:source/:recordId',
      {exposeHeadRoute: false},
      async (request, reply) => {
        takeInHand(request, reply);
        const {identity, rooms, context} = await found(request);
        const {sources, aliases, lookupLog} = rooms;
        const {source: sourceId, recordId} = request.params;
        const source = sources.find(({id}) => id === sourceId);
        const absent = () => new ProblemError(problemOf('not-found', 'There is no such document.'));
        if (!source?.content) throw absent();
        if (!identity.access.reads('documents'))
          throw new ProblemError(problemOf('forbidden', 'Your office does not read this.'));
        if (lacksPurpose(source, context)) throw new ProblemError(purposeNeeded());
        const resources = {content: [sourceId]};
        const id = await aliases.sourceId(identity.tenant.id, {source: sourceId, id: recordId});
        const record = aliases.publicId(identity.tenant.id, {source: sourceId, id});
        const lookup = await lookupLog.open(identity, context, {
          what: 'content',
          resources,
          record,
          from: askedFrom(request),
        });
        const asked = requestSignal(reply.raw, closing, true);
        const signal = AbortSignal.any([asked, AbortSignal.timeout(source.deadlineMs)]);
        const outcome = {resource: 'content', source: sourceId, invalid: 0};
        /** Of the document, as far as it was told of in this context. */
        const classes = () =>
          classesOf([rooms.fanOut.deciding(identity, context, 'documents', {source: sourceId, id: record})]);
        const isVisible = async () => {
          if (identity.access.unbounded) return true;
          const wanted = {resource: 'documents', source: sourceId, ids: [record]};
          const held = await rooms.fanOut.holds(identity, context, wanted, signal);
          if (held === 'unknown') throw new Error('The source did not say whether the document is one of this person.');
          return held === 'yes';
        };
        const fetched = async () =>
          (await isVisible())
            ? untilAborted(source.content!(context.subject, {source: sourceId, id}, signal), signal)
            : undefined;
        const content = await fetched().catch(async (thrown: unknown) => {
          await lookup.close([{...outcome, ...classes(), status: 'unavailable', count: 0}], false);
          request.log.warn({source: sourceId, ...errorDetails(thrown)}, 'a document could not be read');
          throw new ProblemError(problemOf('unavailable', 'The source does not answer.', {retryAfter: 5}));
        });
        await lookup.close(
          [{...outcome, ...(content ? classes() : classesOf([])), status: 'ok', count: content ? 1 : 0}],
          true,
        );
        if (!content) throw absent();
        // The bytes are somebody else's: they must never run as a page of this origin.
        return reply
          .header('content-security-policy', "default-src 'none'; frame-ancestors 'none'; sandbox")
          .header(
            'content-disposition',
            `attachment; filename*=UTF-8''${encodeURIComponent(wellFormed(content.name ?? 'dokument'))}`,
          )
          .type(/^[\w.+-]+\/[\w.+-]+$/.test(content.mediaType) ? content.mediaType : 'application/octet-stream')
          .send(Buffer.from(content.bytes));
      },
    );

    app.get<{Querystring: {context?: string | string[]}}>('/live', {exposeHeadRoute: false}, async (request, reply) => {
      const {identity, rooms} = who(request);
      const ids = [...new Set([request.query.context ?? []].flat())].slice(0, 100);
      if (ids.length === 0)
        throw new ProblemError(problemOf('invalid-request', 'Name at least one context: ?context=…'));
      inRate(rooms.asking, identity, askedTooMuch);
      whenOver(reply.raw, overload.stream(userKey(identity)));
      const open: Context[] = [];
      const accesses = new Map<string, Access>();
      const gone: string[] = [];
      for (const id of ids) {
        try {
          const context = await rooms.contexts.find(identity, id);
          accesses.set(id, inContext(identity, context, rooms).access);
          open.push(context);
        } catch (thrown) {
          if (!(thrown instanceof ProblemError)) throw thrown;
          gone.push(id);
          if (gone.length === ids.length) throw thrown;
        }
      }
      const last = request.headers['last-event-id'];
      const response = streamed(reply, 'text/event-stream; charset=utf-8');
      response.write(': open\n\n');
      const heartbeat = setInterval(() => {
        if (!response.writableNeedDrain) response.write(': still here\n\n');
      }, config.liveHeartbeatSeconds * 1_000);
      let expiry: NodeJS.Timeout | undefined;
      let ended = false;
      const sink: LiveSink = {
        send: (notice) => response.write(`id: ${notice.cursor}\ndata: ${JSON.stringify(notice)}\n\n`),
        onDrain: (listener) => void response.once('drain', listener),
        end: () => {
          ended = true;
          clearInterval(heartbeat);
          clearTimeout(expiry);
          response.end(stopping.aborted ? elsewhere() : undefined);
        },
      };
      try {
        const stream = await live.open(identity.tenant.id, open, {
          gone,
          ...(typeof last === 'string' && last !== '' ? {lastEventId: last} : {}),
          sink,
          hears: hearingOf(accesses, rooms),
        });
        whenOver(response, () => stream.close());
        const {expiresAt} = identity;
        // A line lasts as long as the token that opened it: the client comes back with a new one.
        if (expiresAt && !ended)
          expiry = setTimeout(() => stream.close(), Math.min(expiresAt.getTime() - Date.now(), longestTimer));
      } catch (thrown) {
        request.log.error(errorDetails(thrown), 'a live stream could not be opened');
        sink.end();
      }
    });

    done();
  };
}

/** Text of which every sign is whole: half a sign can't be written in a header. */
const wellFormed = (text: string): string => Buffer.from(text).toString();

/** Begins an answer that is written bit by bit, and that nobody on the way should gather. */
function streamed(reply: FastifyReply, mediaType: string): ServerResponse {
  reply.hijack();
  return reply.raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': mediaType,
    'x-accel-buffering': 'no',
  });
}

/** Who asks in a context: where the glass was broken for it, with wider access, as long as the user may break it. */
function inContext(identity: Identity, {breakGlass}: Context, {config}: Rooms): Identity {
  const {access} = identity;
  if (!breakGlass) return identity;
  if (!config.breakGlass || !access.mayBreakGlass)
    throw new ProblemError(problemOf('context-closed', 'The context is not open.'));
  return {...identity, access: access.broken(config.tenant.cvr ?? '', config.breakGlass.sensitivity)};
}

/** What a user hears of in each context: what is about a record that they may see in it. */
function hearingOf(
  accesses: ReadonlyMap<string, Access>,
  {sources, storage, config}: Rooms,
): (notice: HeldNotice, context: Context) => boolean {
  return (notice, context) => {
    const access = accesses.get(context.id)!;
    const source = sources.find(({id}) => id === notice.source);
    if (access.unbounded || notice.about_sealed === null) return true;
    if (!source || !access.reads(notice.resource)) return false;
    const about = storage.secrets.open(noticeBound(config.tenant.id, notice), notice.about_sealed);
    const sieve = sieveOf(access, notice.resource, source.access);
    return (JSON.parse(about) as unknown[]).some((record) => sieve(record) !== undefined);
  };
}

/** Says how to come in (RFC 6750, section 3). */
function refused(reply: FastifyReply, thrown: unknown): never {
  if (!(thrown instanceof TokenRefused)) throw thrown;
  const fault = thrown.given ? `, error="invalid_token", error_description="${thrown.message}"` : '';
  reply.header('www-authenticate', `Bearer realm="bsp"${fault}`);
  throw new ProblemError(problemOf('unauthorized', thrown.message));
}

/** Does something when an answer is over: at once where its client has gone while it was found out who asks. */
function whenOver(response: ServerResponse, then: () => void): void {
  if (response.destroyed) then();
  else response.once('close', then);
}

/**
 * Aborts when the gateway closes, and, where it is asked to, when the client has gone before the answer was complete. Of
 * this request only, so that nothing gathers on the gateway's own signal.
 */
function requestSignal(response: ServerResponse, closing: AbortSignal, whenGone: boolean): AbortSignal {
  const request = new AbortController();
  const close = () => request.abort(closing.reason);
  if (closing.aborted) close();
  closing.addEventListener('abort', close, {once: true});
  whenOver(response, () => {
    closing.removeEventListener('abort', close);
    if (whenGone && !response.writableFinished) request.abort(new DOMException('The client is gone.', 'AbortError'));
  });
  return request.signal;
}
