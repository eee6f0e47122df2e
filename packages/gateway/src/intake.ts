import {createHash, timingSafeEqual} from 'node:crypto';
import {problemOf} from '@bsp/contract';
import type {Intake} from '@bsp/sources';
import type {FastifyError, FastifyInstance, FastifyReply, FastifyRequest} from 'fastify';
import type {SourceConfig} from './config.js';
import {apiHeaders, sendProblem} from './problems.js';

const shortestSecret = 16;

/**
 * The secret that a sender must know; undefined where none is asked for.
 *
 * @throws Error that names the variable.
 */
export function pushSecretOf(
  {push}: SourceConfig,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  if (!push) return undefined;
  const secret = env[push.secret.env] ?? '';
  if (!/^[!-~]+$/.test(secret) || secret.length < shortestSecret)
    throw new Error(
      `the environment variable ${push.secret.env} must hold ${shortestSecret} characters or more, without spaces.`,
    );
  return secret;
}

/** Whether a header holds the secret, in a time that does not tell how much of it was right. */
function knows(secret: string, authorization: string | undefined): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(authorization ?? ''), digest(`Bearer ${secret}`));
}

/** Takes what a source pushes at its own path, whatever the sender calls the content; answers in the sender's format. */
export async function registerIntake<Incoming, Outcome extends string>(
  app: FastifyInstance,
  {sourceId, secret}: {sourceId: string; secret: string | undefined},
  intake: Intake<Incoming, Outcome>,
  keep: (incoming: Incoming) => Promise<Outcome>,
): Promise<void> {
  const take = async (body: Uint8Array, request: FastifyRequest, reply: FastifyReply) => {
    const answer = await intake.handle(body, keep);
    request.log.info({source: sourceId, outcome: answer.outcome}, 'a message came in');
    return reply.headers(apiHeaders).code(answer.status).type(answer.mediaType).send(answer.body);
  };
  await app.register((scope, _, done) => {
    if (secret !== undefined)
      scope.addHook('onRequest', (request, reply, next) => {
        if (knows(secret, request.headers.authorization)) return next();
        request.log.warn({source: sourceId}, 'a message was refused: its sender did not know the secret');
        void sendProblem(
          reply.header('www-authenticate', 'Bearer'),
          problemOf('unauthorized', 'The sender must tell the secret of this source.'),
        );
      });
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
