import {type Frame, type Plan, type Read, type StreamMessage, streamMessageSchema} from '@bsp/contract';
import {type CheckContext, expect, NotApplicable} from './check.js';
import {type BackendClient, parsedBy, type TimedLine} from './client.js';

/** A whole read. */
export interface WholeRead {
  readonly plan: Plan;
  readonly frames: readonly Frame[];
  readonly lines: readonly TimedLine[];
}

/** Which resources the backend says that it can read. */
export const resourcesOf = ({capabilities}: CheckContext): string[] =>
  [...capabilities].flatMap((one) => (one.startsWith('read:') ? one.slice('read:'.length) : []));

/** What all windows of a page ask for at once. @throws NotApplicable where there is nothing to read */
export function allReads(context: CheckContext): Read[] {
  const reads = resourcesOf(context).map((resource) => ({resource}));
  if (reads.length === 0) throw new NotApplicable('The backend offers no resource to read.');
  return reads;
}

/** A message of a line. @throws Unmet */
function messageOf({text}: TimedLine, place: number): StreamMessage {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    expect(false, `Line ${place} of the stream is no JSON.`);
  }
  return parsedBy(streamMessageSchema, value, `Line ${place} of the stream is no message`);
}

/** Reads to the end, and holds the stream to its grammar: a plan, frames, an end. @throws Unmet */
export async function readWhole(client: BackendClient, contextId: string, reads: readonly Read[]): Promise<WholeRead> {
  const lines: TimedLine[] = [];
  for await (const line of client.read(contextId, reads)) if (line.text.trim() !== '') lines.push(line);
  const messages = lines.map((line, index) => messageOf(line, index + 1));
  const [plan] = messages;
  expect(plan?.kind === 'plan', `A stream begins with a plan; this one begins with ${plan?.kind ?? 'nothing'}.`);
  const end = messages.at(-1);
  expect(end?.kind === 'end', `A stream ends with an end; this one ends with ${end?.kind ?? 'nothing'}.`);
  const frames: Frame[] = [];
  for (const [index, message] of messages.entries()) {
    expect(message.readId === plan.readId, `Line ${index + 1} is of another read than the plan.`);
    if (message.kind === 'frame') frames.push(message);
    else expect(index === 0 || index === messages.length - 1, `Line ${index + 1} is a second ${message.kind}.`);
    if (message.kind !== 'end')
      expect(message.contextId === contextId, `Line ${index + 1} is of another context than the one that was read.`);
  }
  return {plan, frames, lines};
}

/** How many pages are read at most: somebody may have been testing for years. */
const mostPages = 200;

/** Everything that sources give of a resource, read on to the last page. @throws Unmet */
export async function readAllOf(client: BackendClient, contextId: string, resource: string): Promise<unknown[]> {
  const items: unknown[] = [];
  let reads: Read[] = [{resource}];
  for (let page = 0; page < mostPages && reads.length > 0; page++) {
    const next = new Map<string, Read>();
    for (const frame of (await readWhole(client, contextId, reads)).frames) {
      items.push(...frame.items);
      const {source} = frame;
      if (frame.next === undefined) next.delete(source.id);
      else next.set(source.id, {resource, source: source.id, cursor: frame.next});
    }
    reads = [...next.values()];
  }
  return items;
}
