import {type Notice, noticeSchema} from '@bsp/contract';
import {type Check, type CheckContext, expect, expectSame, requireCapability, requireWriting} from '../check.js';
import {placesOf} from '../client.js';
import {eventsOf} from '../lines.js';
import {expectProblem} from './problems.js';

const livePath = (...contexts: readonly string[]): string =>
  `/live?${contexts.map((id) => `context=${encodeURIComponent(id)}`).join('&')}`;

/** How long a notice may take: generous, because nobody says how fast a backend's storage is. */
const noticeMs = 15_000;

/** Opens a live line, and gives the first notice for which the test holds. @throws Unmet when none comes in time */
async function noticeOn(
  {client}: CheckContext,
  contextId: string,
  {
    lastEventId,
    holds,
    meanwhile,
  }: {lastEventId?: string; holds: (notice: Notice) => boolean; meanwhile?: () => Promise<void>},
): Promise<Notice> {
  const leaving = new AbortController();
  const timer = setTimeout(() => leaving.abort(), noticeMs);
  try {
    const response = await client.send(livePath(contextId), {
      headers: lastEventId === undefined ? {} : {'last-event-id': lastEventId},
      signal: leaving.signal,
    });
    expectSame(response.status, 200, 'GET /live');
    const type = response.headers.get('content-type') ?? 'none';
    expect(type.startsWith('text/event-stream'), `GET /live: expected text/event-stream, saw ${type}.`);
    await meanwhile?.();
    for await (const {id, data} of eventsOf(response)) {
      const {success, data: notice, error} = noticeSchema.safeParse(parsed(data));
      expect(success, `An event of the live line is no notice: ${success ? '' : placesOf(error)}.`);
      expectSame(id, notice.cursor, 'Id of an event, by which a line is resumed');
      expectSame(notice.contextId, contextId, 'Context of a notice');
      if (holds(notice)) return notice;
    }
  } catch (thrown) {
    if (!leaving.signal.aborted) throw thrown;
  } finally {
    clearTimeout(timer);
    leaving.abort();
  }
  expect(false, `No notice came within ${noticeMs / 1000} s.`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Writes a note, which changes the journal. */
const writeNote = async ({client}: CheckContext, contextId: string): Promise<void> => {
  const payload = {heading: 'Acceptance', body: `Acceptance ${crypto.randomUUID()}`};
  const {status} = await client.act(contextId, {type: 'note.create', key: crypto.randomUUID(), payload});
  expectSame(status, 200, 'note.create');
};

const ofJournal = (notice: Notice): boolean => notice.kind === 'reset' || notice.resource === 'journal';

/** The live line. */
export const liveChecks: readonly Check[] = [
  {
    id: 'live.opens',
    says: 'A live line opens for an open context, and for none that is not',
    async run(context) {
      requireCapability(context, 'live');
      const {client, people} = context;
      const {contextId} = await client.openPerson(people.first);
      const leaving = new AbortController();
      const response = await client.send(livePath(contextId), {signal: leaving.signal});
      leaving.abort();
      expectSame(response.status, 200, 'GET /live');
      expectProblem(await client.ask(livePath('0'.repeat(32))), 'GET /live with an unknown context', 'context-closed');
      expectProblem(await client.ask('/live'), 'GET /live without a context', 'invalid-request');
    },
  },
  {
    id: 'live.tells-of-a-change',
    says: 'What changes is told at once, without anything of the person',
    async run(context) {
      for (const needed of ['live', 'act:note.create']) requireCapability(context, needed);
      requireWriting(context);
      const {contextId} = await context.client.openPerson(context.people.first);
      const notice = await noticeOn(context, contextId, {
        holds: ofJournal,
        meanwhile: () => writeNote(context, contextId),
      });
      const known = ['kind', 'cursor', 'contextId', 'resource', 'source'];
      const more = Object.keys(notice).filter((key) => !known.includes(key));
      expect(more.length === 0, `A notice says more than what to read again: ${more.join(', ')}.`);
    },
  },
  {
    id: 'live.misses-nothing',
    says: 'Who comes back with the last event id is told what was missed, also from the opening of the context on',
    async run(context) {
      for (const needed of ['live', 'act:note.create']) requireCapability(context, needed);
      requireWriting(context);
      const opened = await context.client.openPerson(context.people.first);
      const {contextId, cursor} = opened;
      // Nobody listens.
      await writeNote(context, contextId);
      const first = await noticeOn(context, contextId, {
        ...(cursor === undefined ? {} : {lastEventId: cursor}),
        holds: ofJournal,
      });
      await writeNote(context, contextId);
      const next = await noticeOn(context, contextId, {lastEventId: first.cursor, holds: ofJournal});
      expect(next.kind === 'reset' || next.cursor !== first.cursor, 'What was told is told again after its own id.');
    },
  },
];
