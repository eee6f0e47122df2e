import type {Intake} from '@bsp/sources';
import type {FastifyInstance} from 'fastify';
import type {Events} from './events.js';
import {apiHeaders} from './problems.js';

/** Takes what a source pushes at its own path, whatever the sender calls the content; answers in the sender's format. */
export async function registerIntake(
  app: FastifyInstance,
  {tenant, sourceId, intake, events}: {tenant: string; sourceId: string; intake: Intake; events: Events},
): Promise<void> {
  await app.register((scope, _, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', {parseAs: 'buffer'}, (_request, body, parsed) => parsed(null, body));
    scope.post(intake.path, {bodyLimit: intake.maxBytes}, async (request, reply) => {
      const body = request.body instanceof Uint8Array ? request.body : new Uint8Array();
      const answer = await intake.handle(body, (event) => events.keep(tenant, sourceId, event));
      request.log.info({source: sourceId, outcome: answer.outcome}, 'a message came in');
      return reply.headers(apiHeaders).code(answer.status).type(answer.mediaType).send(answer.body);
    });
    done();
  });
}
