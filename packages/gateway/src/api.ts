import {setMaxListeners} from 'node:events';
import type {ServerResponse} from 'node:http';
import {Readable} from 'node:stream';
import {type ActionType, actionPayloads, type Me, ProblemError, problemOf, readSchema} from '@bsp/contract';
import type {FastifyInstance, FastifyRequest} from 'fastify';
import * as z from 'zod/mini';
import type {Actions} from './actions.js';
import type {Aliases} from './aliases.js';
import type {GatewayConfig} from './config.js';
import type {Context, Contexts} from './contexts.js';
import type {FanOut} from './fan-out.js';
import type {Identity} from './identity.js';
import type {LiveHub, LiveSink} from './live.js';
import {errorDetails} from './log.js';
import type {LookupLog} from './lookup-log.js';
import {apiHeaders, requestPart} from './problems.js';
import {RateLimit} from './rate-limit.js';
import type {Source} from './sources.js';
import {untilAborted} from './until-aborted.js';

/** The rooms behind the API. */
export interface ApiParts {
  readonly config: GatewayConfig;
  readonly identify: (request: FastifyRequest) => Identity;
  readonly sources: readonly Source[];
  readonly aliases: Aliases;
  readonly contexts: Contexts;
  readonly fanOut: FanOut;
  readonly lookupLog: LookupLog;
  readonly actions: Actions;
  readonly live: LiveHub;
  /** Aborts when the gateway closes. */
  readonly closing: AbortSignal;
}

const readsSchema = z.object({reads: z.array(readSchema).check(z.minLength(1), z.maxLength(100))});
const smallBody = 64 * 1024;
/** A note that is too long must still get an answer that says so. */
const actionBody = 1024 * 1024;

type ContextRoute = {Params: {id: string}};

/** The HTTP API, without its prefix. */
export function apiOf(parts: ApiParts) {
  const {config, identify, sources, aliases, contexts, fanOut, lookupLog, actions, live, closing} = parts;
  const opening = new RateLimit(config.contextRate);
  setMaxListeners(0, closing);

  const found = async (request: FastifyRequest<ContextRoute>): Promise<{identity: Identity; context: Context}> => {
    const identity = identify(request);
    return {identity, context: await contexts.find(identity, request.params.id)};
  };

  return (app: FastifyInstance, _options: object, done: () => void): void => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('application/json', {parseAs: 'string'}, app.getDefaultJsonParser('error', 'error'));
    app.addHook('onRequest', (_request, reply, next) => {
      reply.headers(apiHeaders);
      next();
    });

    app.get('/me', {exposeHeadRoute: false}, (request): Me => {
      const {user, tenant} = identify(request);
      const resources = new Set(sources.flatMap((source) => [...source.resources]));
      const acts = (Object.keys(actionPayloads) as ActionType[]).filter(
        (type) => !type.startsWith('event.') || resources.has('events'),
      );
      return {
        user,
        tenant: {id: tenant.id, name: tenant.name},
        capabilities: [...[...resources].map((name) => `read:${name}`), ...acts.map((type) => `act:${type}`), 'live'],
        purposes: config.purposes.map(({id, label}) => ({id, label})),
      };
    });

    app.post('/contexts', {bodyLimit: smallBody}, async (request, reply) => {
      const identity = identify(request);
      const wait = opening.take(`${identity.tenant.id} ${identity.user.id}`);
      if (wait !== undefined)
        throw new ProblemError(problemOf('rate-limited', 'Too many persons in a short time.', {retryAfter: wait}));
      return reply.code(201).send(await contexts.open(identity, request.body));
    });

    app.get<ContextRoute>('/contexts/:id', {exposeHeadRoute: false}, async (request) => {
      const {identity, context} = await found(request);
      return contexts.shown(identity, context);
    });

    app.delete<ContextRoute>('/contexts/:id', async (request, reply) => {
      const identity = identify(request);
      await contexts.close(identity, request.params.id);
      live.contextClosed(identity.tenant.id, request.params.id);
      return reply.code(204).send();
    });

    app.post<ContextRoute>('/contexts/:id/read', {bodyLimit: smallBody}, async (request, reply) => {
      const {identity, context} = await found(request);
      const {reads} = requestPart(readsSchema, request.body);
      const signal = requestSignal(reply.raw, closing, true);
      const messages = await fanOut.read(identity, context, reads, {from: request.ip, signal});
      const lines = async function* () {
        try {
          for await (const message of messages) yield `${JSON.stringify(message)}\n`;
        } catch (thrown) {
          // Without an end, the reader knows that whoever has not answered has not.
          if (!signal.aborted) request.log.error(errorDetails(thrown), 'a read broke off');
          throw thrown;
        }
      };
      return reply
        .header('x-accel-buffering', 'no')
        .type('application/x-ndjson; charset=utf-8')
        .send(Readable.from(lines(), {objectMode: true, highWaterMark: 1}));
    });

    app.post<ContextRoute>('/contexts/:id/actions', {bodyLimit: actionBody}, async (request, reply) => {
      const {identity, context} = await found(request);
      // A client that goes away does not undo what it sent: only the gateway's own end stops an action.
      const signal = requestSignal(reply.raw, closing, false);
      return actions.perform({identity, context, from: request.ip, signal}, request.body);
    });

    app.get<{Params: {id: string; source: string; recordId: string}}>(
      '/contexts/:id/content/:source/:recordId',
      {exposeHeadRoute: false},
      async (request, reply) => {
        const {identity, context} = await found(request);
        const {source: sourceId, recordId} = request.params;
        const source = sources.find(({id}) => id === sourceId);
        const absent = () => new ProblemError(problemOf('not-found', 'There is no such document.'));
        if (!source?.content) throw absent();
        const resources = {content: [sourceId]};
        const id = await aliases.sourceId(identity.tenant.id, {source: sourceId, id: recordId});
        const record = aliases.publicId(identity.tenant.id, {source: sourceId, id});
        const lookup = await lookupLog.open(identity, context, {what: 'content', resources, record, from: request.ip});
        const asked = requestSignal(reply.raw, closing, true);
        const signal = AbortSignal.any([asked, AbortSignal.timeout(source.deadlineMs)]);
        const outcome = {resource: 'content', source: sourceId, invalid: 0, kle: [], sensitivities: []};
        const content = await untilAborted(
          source.content(context.subject, {source: sourceId, id}, signal),
          signal,
        ).catch(async (thrown: unknown) => {
          await lookup.close([{...outcome, status: 'unavailable', count: 0}], false);
          request.log.warn({source: sourceId, ...errorDetails(thrown)}, 'a document could not be read');
          throw new ProblemError(problemOf('unavailable', 'The source does not answer.', {retryAfter: 5}));
        });
        await lookup.close([{...outcome, status: 'ok', count: content ? 1 : 0}], true);
        if (!content) throw absent();
        // The bytes are somebody else's: they must never run as a page of this origin.
        return reply
          .header('content-security-policy', "default-src 'none'; frame-ancestors 'none'; sandbox")
          .header(
            'content-disposition',
            `attachment; filename*=UTF-8''${encodeURIComponent(content.name ?? 'dokument')}`,
          )
          .type(/^[\w.+-]+\/[\w.+-]+$/.test(content.mediaType) ? content.mediaType : 'application/octet-stream')
          .send(Buffer.from(content.bytes));
      },
    );

    app.get<{Querystring: {context?: string | string[]}}>('/live', {exposeHeadRoute: false}, async (request, reply) => {
      const identity = identify(request);
      const ids = [...new Set([request.query.context ?? []].flat())].slice(0, 100);
      if (ids.length === 0)
        throw new ProblemError(problemOf('invalid-request', 'Name at least one context: ?context=…'));
      const open: Context[] = [];
      const gone: string[] = [];
      for (const id of ids) {
        try {
          open.push(await contexts.find(identity, id));
        } catch (thrown) {
          if (!(thrown instanceof ProblemError)) throw thrown;
          gone.push(id);
          if (gone.length === ids.length) throw thrown;
        }
      }
      const last = request.headers['last-event-id'];
      reply.hijack();
      const response = reply.raw;
      response.writeHead(200, {
        ...apiHeaders,
        'content-type': 'text/event-stream; charset=utf-8',
        'x-accel-buffering': 'no',
      });
      response.write(': open\n\n');
      const heartbeat = setInterval(() => {
        if (!response.writableNeedDrain) response.write(': still here\n\n');
      }, config.liveHeartbeatSeconds * 1_000);
      const sink: LiveSink = {
        send: (notice) => response.write(`id: ${notice.cursor}\ndata: ${JSON.stringify(notice)}\n\n`),
        onDrain: (listener) => void response.once('drain', listener),
        end: () => {
          clearInterval(heartbeat);
          response.end();
        },
      };
      try {
        const stream = await live.open(identity.tenant.id, open, {
          gone,
          ...(typeof last === 'string' && last !== '' ? {lastEventId: last} : {}),
          sink,
        });
        if (response.destroyed) stream.close();
        else response.on('close', () => stream.close());
      } catch (thrown) {
        request.log.error(errorDetails(thrown), 'a live stream could not be opened');
        sink.end();
      }
    });

    done();
  };
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
  response.on('close', () => {
    closing.removeEventListener('abort', close);
    if (whenGone && !response.writableFinished) request.abort(new DOMException('The client is gone.', 'AbortError'));
  });
  return request.signal;
}
