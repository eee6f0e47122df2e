import {documentsResource, openedContextSchema, type ProblemCode, type RecordRef} from '@bsp/contract';
import {type Check, type CheckContext, expect, expectSame, NotApplicable} from '../check.js';
import {
  actionsPath,
  contentPath,
  contextPath,
  expectJson,
  livePath,
  parsedBy,
  type Request,
  readPath,
  shownPath,
} from '../client.js';
import {readWhole} from '../reading.js';
import {expectProblem, sameProblem} from './problems.js';

/** As an id may look; nobody was given it. */
export const madeUp = '0'.repeat(32);

/** Something that can be asked of a context. */
interface WayIn {
  readonly path: (contextId: string) => string;
  readonly request: Request;
  /** What it is refused with where the context is not open to who asks. */
  readonly codes: readonly ProblemCode[];
}

/** A document of the first person, if any source tells of one. */
async function documentOf({client, people, capabilities}: CheckContext): Promise<RecordRef | undefined> {
  if (!capabilities.has('read:documents')) return undefined;
  const {contextId} = await client.openPerson(people.first);
  const {frames} = await readWhole(client, contextId, [{resource: 'documents'}]);
  return frames.flatMap(({items}) => items.flatMap((item) => documentsResource.parse(item)?.ref ?? []))[0];
}

/** All that can be asked of a context. A backend that offers nothing of a kind need not have the place for it. */
export async function waysInto(context: CheckContext): Promise<WayIn[]> {
  const {capabilities} = context;
  const document = await documentOf(context);
  const closed: ProblemCode[] = ['context-closed'];
  const ways: WayIn[] = [
    {path: contextPath, request: {}, codes: closed},
    {path: readPath, request: {method: 'POST', body: {reads: [{resource: 'person'}]}}, codes: closed},
  ];
  const action = {type: 'draft.save', key: 'acceptance-closed', payload: {window: 'acceptance', content: null}};
  if ([...capabilities].some((one) => one.startsWith('act:')))
    ways.push({path: actionsPath, request: {method: 'POST', body: action}, codes: closed});
  if (document) {
    // There may be a list of documents, and no bytes of any.
    const codes: ProblemCode[] = ['context-closed', 'not-found', 'not-applicable'];
    ways.push({path: (contextId) => contentPath(contextId, document), request: {}, codes});
  }
  if (capabilities.has('live')) ways.push({path: livePath, request: {}, codes: closed});
  return ways;
}

/** Opening, adopting and closing. */
export const contextChecks: readonly Check[] = [
  {
    id: 'contexts.opens',
    says: 'A context opens about the person who was asked for, and tells the number masked only',
    async run({client, people}) {
      const {contextId, subject, openedAt, expiresAt} = await client.openPerson(people.first);
      expectSame(subject.type, 'cpr', 'Type of the subject');
      expectSame(subject.masked, `${people.first.slice(0, 6)}-••••`, 'Masked number, as far as it may be shown');
      expect(contextId.length >= 16, `A context id can't be guessed: it has ${contextId.length} characters.`);
      expect(!contextId.includes(people.first), 'The context id contains the number.');
      expect(Date.parse(expiresAt) > Date.parse(openedAt), 'A context expires after it was opened.');
    },
  },
  {
    id: 'contexts.never-reused',
    says: 'The same person again is another context: A, B, A are three',
    async run({client, people}) {
      const ids: string[] = [];
      for (const number of [people.first, people.second, people.first])
        ids.push((await client.openPerson(number)).contextId);
      expectSame(new Set(ids).size, 3, 'Different context ids');
    },
  },
  {
    id: 'contexts.takes-a-written-number',
    says: 'A number with a hyphen is the same number',
    async run({client, people: {first}}) {
      const {subject} = await client.openPerson(`${first.slice(0, 6)}-${first.slice(6)}`);
      expectSame(subject.masked?.slice(0, 6), first.slice(0, 6), 'Digits that may be shown');
    },
  },
  {
    id: 'contexts.can-be-adopted',
    says: 'An open context can be asked for by its id, and says the same',
    async run({client, people}) {
      const opened = await client.openPerson(people.first);
      const {status, json, headers} = await client.ask(contextPath(opened.contextId));
      expectSame(status, 200, 'GET /contexts/…');
      expectJson(headers, 'GET /contexts/…');
      const data = parsedBy(openedContextSchema, json, 'GET /contexts/… gives no OpenedContext');
      expectSame(data.contextId, opened.contextId, 'Context id');
      expectSame(data.subject.masked, opened.subject.masked, 'Masked number');
    },
  },
  {
    id: 'contexts.refuses-what-is-no-subject',
    says: 'What is no subject is refused as such, and never said again',
    async run({client}) {
      const wrong = ['310285-0001', '12345', 'not-a-number-at-all'].map((value) => ({type: 'cpr', value}));
      for (const subject of [...wrong, {type: 'dog', value: 'x'}, {type: 'cpr'}, undefined, 'x']) {
        const answer = await client.askFor(subject);
        expectProblem(answer, 'POST /contexts with what is no subject', 'invalid-subject', 'invalid-request');
        const value = typeof subject === 'object' && 'value' in subject ? subject.value : undefined;
        expect(!value || value === 'x' || !answer.text.includes(value), 'The problem says again what was sent.');
      }
    },
  },
  {
    id: 'contexts.tells-nobody-apart',
    says: 'A person whom nobody knows opens like one who is known',
    async run({client, people: {first, unknown}}) {
      if (unknown === undefined) throw new NotApplicable('No third test person, whom no source knows, was given.');
      const keys = (value: object): string => Object.keys(value).sort().join();
      const known = await client.openPerson(first);
      const nobody = await client.openPerson(unknown);
      expectSame(keys(nobody), keys(known), 'Fields of the context');
      // A name shows that the person is known: it is left to the resource `person`, which is a logged lookup.
      expectSame(keys(nobody.subject), keys(known.subject), 'Fields of its subject');
    },
  },
  {
    id: 'contexts.handle-opens-the-same',
    says: 'The handle of a context opens the same person again, and a made-up one opens nobody',
    async run({client, people}) {
      const {handle, subject} = await client.openPerson(people.first);
      if (handle === undefined) throw new NotApplicable('The backend gives no handles.');
      expect(!handle.includes(people.first), 'The handle contains the number.');
      const again = await client.open({type: 'ref', value: handle});
      expectSame(again.subject.masked, subject.masked, 'Masked number');
      expectSame(again.handle, handle, 'The handle of the same person is the same');
      const other = await client.openPerson(people.second);
      expect(other.handle !== handle, 'Two persons share a handle.');
      const answer = await client.askFor({type: 'ref', value: madeUp});
      expectProblem(answer, 'POST /contexts with a made-up handle', 'invalid-subject', 'not-found');
    },
  },
  {
    id: 'contexts.closed-is-closed',
    says: 'A closed context answers nothing more, in the same words as one that never was',
    async run(context) {
      const {client, people} = context;
      const ways = await waysInto(context);
      const {contextId} = await client.openPerson(people.first);
      expectSame((await client.close(contextId)).status, 204, 'DELETE /contexts/…');
      for (const {path, request, codes} of ways) {
        const closed = await client.ask(path(contextId), request);
        const never = await client.ask(path(madeUp), request);
        const what = `${request.method ?? 'GET'} ${shownPath(path(contextId))}`;
        expectProblem(closed, `${what} after it was closed`, ...codes);
        expectSame(
          sameProblem(never),
          sameProblem(closed),
          `${what}, of one that never was, beside one that was closed`,
        );
      }
    },
  },
  {
    id: 'contexts.one-users-own',
    says: "Who does not say who they are gets nothing, and nobody's context",
    async run(context) {
      const {client, people} = context;
      if (!client.authenticates) throw new NotApplicable('No token and no header was given that says who asks.');
      const {contextId} = await client.openPerson(people.first);
      const subject = {type: 'cpr', value: people.first};
      const ways: {path: string; request: Request}[] = [
        {path: '/me', request: {}},
        {path: '/contexts', request: {method: 'POST', body: {subject}}},
        ...(await waysInto(context)).map(({path, request}) => ({path: path(contextId), request})),
        {path: contextPath(contextId), request: {method: 'DELETE'}},
      ];
      const forged = client.forgedToken();
      for (const {path, request} of ways) {
        const what = `${request.method ?? 'GET'} ${shownPath(path)}`;
        const answer = await client.ask(path, {...request, anonymous: true});
        expectSame(answer.status, 401, `${what} without saying who asks`);
        expectProblem(answer, `${what} without saying who asks`, 'unauthorized');
        expect(answer.headers.has('www-authenticate'), 'A 401 says how to come in: WWW-Authenticate (RFC 9110).');
        if (!forged) continue;
        const {status} = await client.ask(path, {...request, anonymous: true, headers: forged});
        expectSame(status, 401, `${what} with the token, but for one character of its end`);
      }
      expectSame(
        (await client.ask(contextPath(contextId))).status,
        200,
        'The context, after others had asked to close it',
      );
    },
  },
];
