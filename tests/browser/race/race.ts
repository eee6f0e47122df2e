import fc from 'fast-check';
import {nextTask} from '../fixtures/scripted-backend.js';
import {type Happening, happeningNames} from './happenings.js';
import {RacePage} from './race-page.js';

/** How often each thing happens, of all that do. What brings rows on screen is common, else there is nothing to leak. */
export const weights: Partial<Record<Happening['what'], number>> = {
  setSubject: 10,
  openContext: 14,
  plan: 16,
  list: 30,
  repeat: 4,
  readAgain: 6,
  end: 6,
  use: 10,
  foreign: 5,
  refuse: 4,
  object: 4,
  answer: 8,
  rejoin: 3,
  live: 4,
  name: 3,
  moveWindow: 3,
  comeLate: 1,
  defineLate: 1,
  share: 1,
  sleep: 1,
  returnToPage: 1,
  bridge: 3,
  carry: 10,
  turnHub: 1,
  idle: 1,
  logout: 1,
};

/** A story begins with somebody on screen: most of what can go wrong is about who comes next. */
const storyOf = (more: typeof weights) =>
  fc.record({seen: fc.constantFrom(false, false, false, true), events: eventsOf(more)});

const eventsOf = (more: typeof weights) =>
  fc.array(
    fc.record({
      what: fc.oneof(
        ...happeningNames.map((name) => ({weight: more[name] ?? weights[name] ?? 2, arbitrary: fc.constant(name)})),
      ),
      // Mostly what is there already, and the latest of it.
      which: fc.oneof({weight: 3, arbitrary: fc.nat(2)}, {weight: 1, arbitrary: fc.nat(40)}),
      how: fc.nat(4_000),
      /** How long the world has before the next thing: no time, or a few tasks. */
      pause: fc.constantFrom(0, 0, 1, 1, 1, 3),
    }),
    {minLength: 10, maxLength: 50},
  );

interface Story {
  /** The page is laid out and painted. */
  readonly seen: boolean;
  readonly events: readonly (Happening & {pause: number})[];
}

/** The end of this task: all microtasks, no timer and no frame. */
async function endOfTask(): Promise<void> {
  for (let turn = 0; turn < 120; turn++) await null;
}

async function begin(page: RacePage): Promise<void> {
  page.do({what: 'setSubject', which: 0, how: 1});
  await endOfTask();
  page.look('at the beginning');
  await nextTask();
  page.do({what: 'openContext', which: 0, how: 0});
  await nextTask();
  const [read] = page.openReads;
  if (!read) throw new Error('Nobody reads.');
  page.plan(read, ['a', 'b']);
  for (const {resource} of read.reads) page.list(read, resource, 'a', 2);
  await endOfTask();
}

/** What was played: for the report. */
export class Tally {
  stories = 0;
  steps = 0;
  /** Looks at the accessibility tree. */
  trees = 0;
  /** How often each thing happened, and in which way: `attach: removed in a switch`. */
  readonly kinds: Record<string, number> = {};
  /** How often there was nothing to do it to. */
  readonly nothing: Partial<Record<Happening['what'], number>> = {};
  readonly #treeOf: (() => Promise<unknown>) | undefined;

  /** @param treeOf - gives the page's accessibility tree, where the engine has one to give. */
  constructor(treeOf?: () => Promise<unknown>) {
    this.#treeOf = treeOf;
  }

  /** Counts a step. At every 200th what a screen reader would say is looked at too. */
  async count(page: RacePage, {what}: Happening, way: string | false | undefined): Promise<void> {
    this.steps++;
    if (way === false) this.nothing[what] = (this.nothing[what] ?? 0) + 1;
    else {
      const kind = way === undefined ? what : `${what}: ${way}`;
      this.kinds[kind] = (this.kinds[kind] ?? 0) + 1;
    }
    if (!this.#treeOf || this.steps % 200 !== 0) return;
    this.trees++;
    const before = page.shownMarkers();
    const tree = JSON.stringify(await page.inSight(this.#treeOf));
    page.look('after the accessibility tree');
    page.lookAtTree(tree, new Set([...before, ...page.shownMarkers()]));
  }
}

async function play({seen, events}: Story, tally: Tally): Promise<void> {
  const page = new RacePage(seen);
  tally.stories++;
  const faultIn = (): string | undefined => page.faults[0];
  try {
    await begin(page);
    page.look('at the beginning');
    for (const event of events) {
      const way = page.do(event);
      await endOfTask();
      page.look('in the same task');
      await tally.count(page, event, way);
      for (let task = 0; task < event.pause; task++) await nextTask();
      if (event.pause > 0) page.look('later');
      if (page.faults.length > 0) break;
    }
    if (page.faults.length === 0) {
      await page.finish(async () => {
        await nextTask();
        await endOfTask();
        page.look('at the end');
      });
      showsWhoIsOpen(page);
    }
  } catch (thrown) {
    page.faults.push(`the story could not be played: ${String(thrown)}`);
  } finally {
    page.remove();
    await endOfTask();
    if (page.faults.length === 0) page.look('after all');
  }
  const fault = faultIn();
  if (fault !== undefined) throw new Error(`${fault}\n${page.log.join('\n')}`);
}

/** The page is not blank for ever: without this, a kit that shows nothing would pass. */
function showsWhoIsOpen(page: RacePage): void {
  for (const window of page.windows) {
    const provider = page.pins.has(window) ? undefined : page.boundTo(window);
    if (
      window.localName !== 'probe-window' ||
      page.isShared(window) ||
      provider?.element.session?.state !== 'open' ||
      !provider.current
    )
      continue;
    if (!window.shadowRoot?.textContent?.includes(provider.current.marker))
      page.faults.push(`at the end: ${window.localName} does not show ${provider.current.marker}, who is open.`);
  }
}

/** A story in which somebody else's data was seen. */
export interface Found {
  readonly said: string;
  readonly seed: number;
  readonly path: string;
}

/** Plays that many random stories. Gives the shortest one in which somebody else's data was seen. */
export async function race(
  options: {numRuns: number; seed?: number; path?: string; endOnFailure?: boolean},
  {more = {}, tally = new Tally()}: {more?: typeof weights; tally?: Tally} = {},
): Promise<Found | undefined> {
  const {failed, seed, counterexamplePath, errorInstance} = await fc.check(
    fc.asyncProperty(storyOf(more), (story) => play(story, tally)),
    options,
  );
  const path = counterexamplePath ?? '';
  return failed
    ? {seed, path, said: `seed ${seed}, path ${path}: ${String((errorInstance as Error | null)?.message)}`}
    : undefined;
}
