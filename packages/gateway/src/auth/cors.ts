import type {FastifyInstance} from 'fastify';
import type {AuthConfig} from './auth-config.js';
import {proofHeader} from './token-of.js';

/**
 * Lets pages of the configured origins ask from the browser (Fetch standard, CORS protocol). Each is named to itself only;
 * credentials are for cookies.
 */
export function allowOrigins(app: FastifyInstance, {origins, cookie}: AuthConfig): void {
  if (origins.length === 0) return;
  const allowed = new Set(origins);
  app.addHook('onRequest', (request, reply, next) => {
    const {origin} = request.headers;
    reply.header('vary', 'origin');
    if (origin !== undefined && allowed.has(origin)) {
      reply.headers({
        'access-control-allow-origin': origin,
        'access-control-expose-headers': 'content-disposition, retry-after, www-authenticate',
        ...(cookie === undefined ? {} : {'access-control-allow-credentials': 'true'}),
      });
    }
    next();
  });
  app.options('/*', (_request, reply) =>
    reply
      .headers({
        'access-control-allow-methods': 'GET, POST, DELETE',
        'access-control-allow-headers': `authorization, content-type, last-event-id, ${proofHeader.name}`,
        'access-control-max-age': '600',
      })
      .code(204)
      .send(),
  );
}
