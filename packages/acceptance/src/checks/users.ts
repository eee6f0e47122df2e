import type {ProblemCode} from '@bsp/contract';
import {
  type Check,
  type CheckContext,
  expect,
  expectSame,
  NotApplicable,
  requireCapability,
  requireWriting,
} from '../check.js';
import {type BackendClient, contextPath, newKey, shownPath} from '../client.js';
import {madeUp, waysInto} from './contexts.js';
import {draftsOf, saveDraft} from './drafts.js';
import {expectProblem, sameProblem} from './problems.js';

/** @throws NotApplicable unless a second user was named */
function requireOther({other}: CheckContext): BackendClient {
  if (!other) throw new NotApplicable('No second user was named: --other-token-env or --other-header.');
  return other;
}

/** What is one user's, and no other's. */
export const userChecks: readonly Check[] = [
  {
    id: 'users.are-two',
    says: 'The second user is somebody else, and opens contexts of their own',
    async run(context) {
      const other = requireOther(context);
      const idOf = async (client: BackendClient) => ((await client.ask('/me')).json as {user?: {id?: string}}).user?.id;
      const [mine, theirs] = [await idOf(context.client), await idOf(other)];
      expect(theirs !== undefined, 'GET /me does not say who the second user is.');
      expect(mine !== theirs, 'Both tokens are those of one user: name another with --other-token-env.');
      await other.openPerson(context.people.first);
    },
  },
  {
    id: 'users.contexts',
    says: 'A context is worth nothing to another user, in the same words as one that never was',
    async run(context) {
      const other = requireOther(context);
      const ways = await waysInto(context);
      const {contextId} = await context.client.openPerson(context.people.first);
      for (const {path, request, codes} of ways) {
        const what = `${request.method ?? 'GET'} ${shownPath(path(contextId))}`;
        const foreign = await other.ask(path(contextId), request);
        expectProblem(foreign, `${what} of another user's context`, ...codes);
        const never = await other.ask(path(madeUp), request);
        expectSame(sameProblem(foreign), sameProblem(never), `${what} of another user's, beside one that never was`);
      }
      await other.ask(contextPath(contextId), {method: 'DELETE'});
      const {status} = await context.client.ask(contextPath(contextId));
      expectSame(status, 200, 'The context, after another user had asked to close it');
    },
  },
  {
    id: 'users.handles',
    says: 'A handle opens nothing to another user',
    async run(context) {
      const other = requireOther(context);
      const {handle} = await context.client.openPerson(context.people.first);
      if (handle === undefined) throw new NotApplicable('The backend gives no handles.');
      const codes: readonly ProblemCode[] = ['invalid-subject', 'not-found'];
      expectProblem(
        await other.askFor({type: 'ref', value: handle}),
        "POST /contexts with another user's handle",
        ...codes,
      );
    },
  },
  {
    id: 'users.drafts',
    says: 'A draft is of the user who began it, and of no other',
    async run(context) {
      const other = requireOther(context);
      for (const needed of ['act:draft.save', 'read:drafts']) requireCapability(context, needed);
      requireWriting(context);
      const {client, people} = context;
      const {contextId} = await client.openPerson(people.first);
      const theirs = await other.openPerson(people.first);
      const version = newKey();
      const window = `acceptance-${version.slice(0, 8)}`;
      await saveDraft(client, contextId, version, {window, content: {body: 'first'}});
      const mine = await draftsOf(client, contextId, window);
      const foreign = await draftsOf(other, theirs.contextId, window);
      await saveDraft(client, contextId, newKey(), {window, content: null, over: version});
      expectSame(mine.length, 1, 'Drafts of the user who began it');
      expectSame(foreign.length, 0, 'Drafts of another user about the same person');
    },
  },
];
