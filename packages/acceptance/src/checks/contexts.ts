import {openedContextSchema} from '@bsp/contract';
import {type Check, expect, expectSame, NotApplicable} from '../check.js';
import {expectJson, placesOf, type Request} from '../client.js';
import {expectProblem, sameProblem} from './problems.js';

const at = (contextId: string): string => `/contexts/${encodeURIComponent(contextId)}`;
/** As an id may look; nobody was given it. */
const madeUp = '0'.repeat(32);

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
      const {status, json, headers} = await client.ask(at(opened.contextId));
      expectSame(status, 200, 'GET /contexts/…');
      expectJson(headers, 'GET /contexts/…');
      const {success, data, error} = openedContextSchema.safeParse(json);
      expect(success, `GET /contexts/… gives no OpenedContext: ${success ? '' : placesOf(error)}.`);
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
    async run({client, people}) {
      const {contextId} = await client.openPerson(people.first);
      expectSame((await client.close(contextId)).status, 204, 'DELETE /contexts/…');
      const tries: readonly (readonly [string, Request])[] = [
        ['', {}],
        ['/read', {method: 'POST', body: {reads: [{resource: 'person'}]}}],
        ['/actions', {method: 'POST', body: {type: 'draft.save', key: 'acceptance-closed', payload: {}}}],
      ];
      for (const [path, request] of tries) {
        const closed = await client.ask(`${at(contextId)}${path}`, request);
        const never = await client.ask(`${at(madeUp)}${path}`, request);
        expectProblem(
          closed,
          `${request.method ?? 'GET'} ${path || 'the context'} after it was closed`,
          'context-closed',
        );
        expectSame(sameProblem(never), sameProblem(closed), 'A context that never was, beside one that was closed');
      }
    },
  },
  {
    id: 'contexts.one-users-own',
    says: "Who does not say who they are gets nothing, and nobody's context",
    async run({client, people}) {
      if (!client.authenticates) throw new NotApplicable('No token and no header was given that says who asks.');
      const {contextId} = await client.openPerson(people.first);
      for (const path of ['/me', at(contextId)]) {
        const answer = await client.ask(path, {anonymous: true});
        expectSame(answer.status, 401, `GET ${path === '/me' ? path : '/contexts/…'} without saying who asks`);
        expectProblem(answer, 'Without saying who asks', 'unauthorized');
        expect(answer.headers.has('www-authenticate'), 'A 401 says how to come in: WWW-Authenticate (RFC 9110).');
      }
    },
  },
];
