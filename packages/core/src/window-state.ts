import type {ResourceView, Session} from './session.js';

/** The exclusive states of a window. */
export const windowStates = [
  'no-subject',
  'unsupported',
  'offline',
  'forbidden',
  'error',
  'loading',
  'partial',
  'stale',
  'empty',
  'ready',
] as const;
/** One of {@link windowStates}. */
export type WindowState = (typeof windowStates)[number];

/** What {@link windowState} looks at. */
export interface WindowStateInput {
  readonly session: Pick<Session, 'state' | 'problem'> | undefined;
  /** The views that the window shows; the first is the one that decides about emptiness. */
  readonly views: readonly Pick<ResourceView<unknown>, 'items' | 'sources' | 'planned' | 'problem'>[];
  readonly online: boolean;
}

const forbiddenCodes = new Set(['forbidden', 'needs-purpose', 'unauthorized']);

/**
 * The state of a window: one pure function over its stores.
 *
 * "Empty" is a claim. It is made only when every planned source answered, no record was unreadable and no `next` is
 * open.
 */
export function windowState({session, views, online}: WindowStateInput): WindowState {
  if (!session || session.state === 'closed') return 'no-subject';
  const sources = views.flatMap((view) => view.sources);
  const items = views[0]?.items.length ?? 0;
  const problem = session.problem ?? views.find((view) => view.problem)?.problem;
  const planned = views.length > 0 && views.every((view) => view.planned);
  const asked = sources.filter((source) => source.status !== 'not-applicable');
  if (planned && asked.length === 0 && !problem) return 'unsupported';
  if (items === 0) {
    if (problem) return forbiddenCodes.has(problem.code) ? 'forbidden' : online ? 'error' : 'offline';
    if (!planned || session.state === 'opening') return online ? 'loading' : 'offline';
    if (asked.some((source) => source.status === 'waiting')) return 'loading';
    if (asked.every((source) => source.status === 'forbidden' || source.status === 'needs-purpose')) return 'forbidden';
    if (asked.every((source) => source.status !== 'ok')) return online ? 'error' : 'offline';
    if (asked.some((source) => source.status !== 'ok' || source.invalid > 0 || source.next !== undefined))
      return 'partial';
    return 'empty';
  }
  if (problem || asked.some((source) => source.invalid > 0 || (failed(source) && !source.stale))) return 'partial';
  if (asked.some((source) => source.stale)) return online ? 'stale' : 'offline';
  return 'ready';
}

const failed = (source: {status: string}): boolean => source.status !== 'ok' && source.status !== 'waiting';
