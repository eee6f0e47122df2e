import {type Backend, type OpenedContext, openedContextSchema, ProblemError} from '@bsp/contract';
import type {OpeningOptions} from './session.js';
import {giveBack, unexpected, wrongSubject} from './subject-session.js';

/** For what it is opened again: glass that was broken is broken again only with a reason for that. */
export const optionsAgain = (
  {breakGlass, reason, ...kept}: OpeningOptions,
  asked?: OpeningOptions,
): OpeningOptions => ({
  ...kept,
  ...(breakGlass || reason === undefined ? {} : {reason}),
  ...asked,
});

/**
 * Opens the subject of a context again, by its handle.
 *
 * @throws ProblemError `wrong-subject` for a context that is not about the very same one, besides what the backend says.
 */
export async function renewed(
  backend: Backend,
  {handle = '', subject}: OpenedContext,
  options: OpeningOptions,
  signal: AbortSignal,
): Promise<OpenedContext> {
  const {data: context} = openedContextSchema.safeParse(
    await backend.openContext({type: 'ref', value: handle}, {...options, signal}),
  );
  if (!context) throw new ProblemError(unexpected());
  if (context.handle === handle && context.subject.masked === subject.masked) return {...context, subject};
  giveBack(backend, context.contextId);
  throw new ProblemError(wrongSubject());
}
