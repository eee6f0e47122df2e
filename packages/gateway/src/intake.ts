import type {Intake} from '@bsp/sources';
import type {FastifyError, FastifyInstance, FastifyReply, FastifyRequest} from 'fastify';
import type {Events} from './events.js';
import {apiHeaders} from './problems.js';

/** Takes what a source pushes at its own path, whatever the sender calls the content; answers in the sender's format. */
export async function registerIntake(
  app: FastifyInstance,
  {tenant, sourceId, intake, events}: {tenant: string; sourceId: string; intake: Intake; events: Events},
): Promise<void> {
  const take = async (body: Uint8Array, request: FastifyRequest, reply: FastifyReply) => {
    const answer = await intake.handle(body, (event) => events.keep(tenant, sourceId, event));
    request.log.info({source: sourceId, outcome: answer.outcome}, 'a message came in');
    return reply.headers(apiHeaders).code(answer.status).type(answer.mediaType).send(answer.body);
  };
  await app.register((scope, _, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', {parseAs: 'buffer'}, (_request, body, parsed) => parsed(null, body));
    scope.setErrorHandler<FastifyError>((error, request, reply) => {
      if (error.code !== 'FST_ERR_CTP_BODY_TOO_LARGE') throw error;
      // Not read to its end: blanks of a length that the intake refuses stand in, so that it says so in its own format.
      return take(new Uint8Array(intake.maxBytes + 1).fill(0x20), request, reply);
    });
    scope.post(intake.path, {bodyLimit: intake.maxBytes}, (request, reply) =>
      take(request.body instanceof Uint8Array ? request.body : new Uint8Array(), request, reply),
    );
    done();
  });
}
