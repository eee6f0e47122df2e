import {type Notice, noticeSchema} from '@bsp/contract';
import {type Check, type CheckContext, expect, expectSame, requireCapability, requireWriting} from '../check.js';
import {jsonOf, livePath, newKey, parsedBy} from '../client.js';
import {expectProblem} from './problems.js';

/** How long a notice may take: generous, because nobody says how fast a backend's storage is. */
const noticeMs = 15_000;

/** How long a line is listened to that must say nothing. */
const silentMs = 2_000;

/** What a live line has told. */
interface Told {
  readonly notice: Notice;
  /** What stood in it, beside what we know. */
  readonly fields: readonly string[];
}

interface Listening {
  readonly lastEventId?: string | undefined;
  /** How long it is listened to, in milliseconds. */
  readonly forMs?: number;
  /** Done once the line stands. */
  readonly meanwhile?: () => Promise<void>;
}

/** Opens a live line, and gives what it tells; it is opened again where it ends, as windows do. @throws Unmet */
async function* toldOn(
  {client}: CheckContext,
  contextId: string,
  {lastEventId, forMs = noticeMs, meanwhile}: Listening,
): AsyncGenerator<Told> {
  const leaving = new AbortController();
  const timer = setTimeout(() => leaving.abort(), forMs);
  let [last, begun] = [lastEventId, false];
  try {
    while (!leaving.signal.aborted) {
      for await (const event of client.listen(contextId, last, leaving.signal)) {
        if (!begun) await meanwhile?.();
        begun = true;
        if (!event) continue;
        const said = jsonOf(event.data);
        const notice = parsedBy(noticeSchema, said, 'An event of the live line is no notice');
        expectSame(event.id, notice.cursor, 'Id of an event, by which a line is resumed');
        expectSame(notice.contextId, contextId, 'Context of a notice');
        last = notice.cursor;
        yield {notice, fields: Object.keys(said as object)};
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  } catch (thrown) {
    if (!leaving.signal.aborted) throw thrown;
  } finally {
    clearTimeout(timer);
    leaving.abort();
  }
}

/** Gives the first that a line tells of the journal. @throws Unmet when none comes in time */
async function journalNoticeOn(context: CheckContext, contextId: string, listening: Listening): Promise<Told> {
  for await (const told of toldOn(context, contextId, listening)) if (ofJournal(told.notice)) return told;
  expect(false, `No notice came within ${noticeMs / 1000} s.`);
}

/** Writes a note, which changes the journal. */
const writeNote = async ({client}: CheckContext, contextId: string): Promise<void> => {
  const payload = {heading: 'Acceptance', body: `Acceptance ${crypto.randomUUID()}`};
  const {status} = await client.act(contextId, {type: 'note.create', key: newKey(), payload});
  expectSame(status, 200, 'note.create');
};

/** @throws NotApplicable unless something can be changed of which a line tells */
function requireNotices(context: CheckContext): void {
  for (const needed of ['live', 'act:note.create']) requireCapability(context, needed);
  requireWriting(context);
}

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
      requireNotices(context);
      const {contextId} = await context.client.openPerson(context.people.first);
      const {fields} = await journalNoticeOn(context, contextId, {meanwhile: () => writeNote(context, contextId)});
      const known = ['kind', 'cursor', 'contextId', 'resource', 'source'];
      const more = fields.filter((key) => !known.includes(key));
      expect(more.length === 0, `A notice says more than what to read again: ${more.join(', ')}.`);
    },
  },
  {
    id: 'live.misses-nothing',
    says: 'Who comes back with the last event id is told what was missed, also from the opening of the context on',
    async run(context) {
      requireNotices(context);
      const opened = await context.client.openPerson(context.people.first);
      const {contextId, cursor} = opened;
      // Nobody listens.
      await writeNote(context, contextId);
      const {notice: first} = await journalNoticeOn(context, contextId, {lastEventId: cursor});
      await writeNote(context, contextId);
      const {notice: next} = await journalNoticeOn(context, contextId, {lastEventId: first.cursor});
      expect(next.kind === 'reset' || next.cursor !== first.cursor, 'What was told is told again after its own id.');
    },
  },
  {
    id: 'live.nobody-elses',
    says: 'A line is silent about what changes of anybody else than the person of its context',
    async run(context) {
      requireNotices(context);
      const other = await context.client.openPerson(context.people.second);
      // What was written before may still be on its way, and be told of: it is not by chance every time.
      for (let times = 0; times < 3; times++) {
        const {contextId, cursor} = await context.client.openPerson(context.people.first);
        const listening = {lastEventId: cursor, forMs: silentMs, meanwhile: () => writeNote(context, other.contextId)};
        let heard = false;
        for await (const {notice} of toldOn(context, contextId, listening))
          if (notice.kind === 'notice' && notice.resource === 'journal') {
            heard = true;
            break;
          }
        if (!heard) return;
      }
      expect(false, "What changed in another person's journal was told to this person's line, as a change of theirs.");
    },
  },
];
