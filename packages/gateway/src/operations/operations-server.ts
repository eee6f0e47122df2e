import {once} from 'node:events';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import type {FastifyInstance} from 'fastify';
import {apiHeaders} from '../problems.js';
import type {Health} from './health.js';
import type {Metrics} from './metrics.js';

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const json = (status: number, body: object): Answer => ({status, type: 'application/json', body: JSON.stringify(body)});

/** What is told of the process at an address, to whoever may reach it. */
type Pages = ReadonlyMap<string, () => Answer | Promise<Answer>>;

const healthPages = (health: Health): Pages =>
  new Map<string, () => Answer | Promise<Answer>>([
    ['/healthz', () => json(200, {alive: true})],
    [
      '/readyz',
      async () => {
        const readiness = await health.ready();
        return json(readiness.ready ? 200 : 503, readiness);
      },
    ],
  ]);

/** Health on the gateway's own port, for whoever stands before it: outside of the API and its prefix. */
export function healthRoutes(app: FastifyInstance, health: Health): void {
  // A probe every second would be most of the log.
  for (const [path, answerOf] of healthPages(health))
    app.get(path, {logLevel: 'warn'}, async (_request, reply) => {
      const {status, type, body} = await answerOf();
      return reply.headers(apiHeaders).code(status).type(type).send(body);
    });
}

/** A port of its own for health and metrics, which no user reaches. */
export interface OperationsServer {
  /** Gives its address. */
  listen(): Promise<string>;
  close(): Promise<void>;
}

/** Makes it. */
export function operationsServerOf(
  place: {readonly host: string; readonly port: number},
  health: Health,
  metrics: Metrics,
): OperationsServer {
  const pages: Pages = new Map([
    ...healthPages(health),
    [
      '/metrics',
      async () => ({status: 200, type: 'text/plain; version=0.0.4; charset=utf-8', body: await metrics.text()}),
    ],
  ]);
  const answer = async ({method, url}: IncomingMessage, response: ServerResponse) => {
    const page = method === 'GET' || method === 'HEAD' ? pages.get(url ?? '') : undefined;
    const {status, type, body} = page ? await page() : {status: 404, type: 'text/plain', body: ''};
    response.writeHead(status, {...apiHeaders, 'content-type': type}).end(method === 'HEAD' ? undefined : body);
  };
  const server = createServer((request, response) => void answer(request, response));
  return {
    async listen() {
      server.listen(place);
      await once(server, 'listening');
      const {address, port, family} = server.address() as AddressInfo;
      return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
    },
    async close() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
