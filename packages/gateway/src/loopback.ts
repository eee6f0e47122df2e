import {problemOf} from '@bsp/contract';
import type {FastifyInstance} from 'fastify';
import {sendProblem} from './problems.js';

/** Whether an address to bind to can be reached from this machine only. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);

const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Guards a gateway without authentication against other people's web pages in the same browser: a request must be
 * addressed to this machine by name (DNS rebinding), and one that may change something must not come from another origin.
 */
export function guardLoopback(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, next) => {
    const host = request.headers.host ?? '';
    const name = host
      .replace(/:\d+$/, '')
      .replace(/^\[(.*)\]$/, '$1')
      .toLowerCase();
    if (!isLoopback(name)) {
      sendProblem(
        reply,
        problemOf('forbidden', 'Without authentication the gateway answers only at localhost.', {status: 421}),
      );
      return;
    }
    const {origin, 'sec-fetch-site': site} = request.headers;
    const foreign = (origin !== undefined && origin !== `http://${host}`) || site === 'cross-site';
    if (foreign && !safeMethods.has(request.method)) {
      sendProblem(reply, problemOf('forbidden', 'The request comes from another origin.'));
      return;
    }
    next();
  });
}
