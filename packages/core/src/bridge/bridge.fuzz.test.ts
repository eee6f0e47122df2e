// Pages of one user under any interleaving: nobody's data under another's name, and in the end all show the same person.
import {expect} from '@open-wc/testing';
import fc from 'fast-check';
import {BridgedPage, handleOf, TestLine} from '../../../../tests/browser/fixtures/bridged-pages.js';
import {composedText} from '../../../../tests/browser/fixtures/probe-window.js';
import {nextTask, settled} from '../../../../tests/browser/fixtures/scripted-backend.js';
import {personOf, tracesIn} from '../../../../tests/browser/race/people.js';
import '../define.js';
import type {Bridge} from './bridge.js';

before(() => import('../provider-late.js'));

const happenings = [
  'open',
  'open',
  'clear',
  'deliver',
  'deliver',
  'deliver',
  'lose',
  'repeat',
  'replay',
  'forge',
  'object',
  'stay',
  'slow',
  'letOpen',
  'follow',
  'lead',
  'remove',
  'join',
] as const;
const story = fc.array(
  fc.record({
    what: fc.constantFrom(...happenings),
    who: fc.nat(2),
    which: fc.nat(30),
    pause: fc.constantFrom(0, 0, 1, 3),
  }),
  {minLength: 5, maxLength: 60},
);

/** The end of this task: all microtasks, no timer and no frame. */
async function endOfTask(): Promise<void> {
  for (let turn = 0; turn < 120; turn++) await null;
}

/** A page shows whoever its own provider has open, or nobody. */
function look(pages: readonly BridgedPage[]): void {
  for (const page of pages) {
    const shown = new Set(tracesIn(composedText(page.provider)).map(({marker}) => marker));
    shown.delete(page.marker ?? '');
    expect([...shown], 'somebody else is shown').to.deep.equal([]);
  }
}

const forged = (which: number): unknown => ({
  bridge: 1,
  from: 'a-hub-that-lies',
  kind: (['open', 'close', 'status', 'hello', 'survey', 'survey-answer', 'survey-over'] as const)[which % 7],
  version: which,
  by: 'a-hub-that-lies',
  id: which % 3 === 0 ? 'p-a-handle-of-nobody' : handleOf(which % 6),
  status: 'kept',
  follows: true,
  surveyed: true,
  question: 'a-question-of-nobody',
  to: 'person',
  answer: 'stay',
});

async function play(events: readonly {what: string; who: number; which: number; pause: number}[]): Promise<void> {
  const stage = document.createElement('div');
  document.body.append(stage);
  const line = new TestLine();
  const hosts = {stay: false};
  const joined = () =>
    new BridgedPage(stage, line, {
      follow: () => true,
      survey: () => (hosts.stay ? {stay: 'Nej'} : Promise.resolve('agree')),
    });
  const pages = [joined(), joined()];
  const things: Record<string, (page: BridgedPage, which: number) => void> = {
    open: (page, which) => void page.open(which % 6),
    clear: (page) => void page.provider.clearSubject(),
    deliver: (_page, which) => line.deliver(which),
    lose: (_page, which) => line.lose(which),
    repeat: (_page, which) => line.repeat(which),
    replay: (_page, which) => line.said.length > 0 && line.forge(line.said[which % line.said.length]),
    forge: (_page, which) => line.forge(forged(which)),
    object: (page) => (page.objects = !page.objects),
    stay: () => (hosts.stay = !hosts.stay),
    slow: (page) => (page.backend.slow = true),
    letOpen: (page) => page.backend.letOpen(),
    follow: (page) => page.bridge.follow(),
    lead: (page) => page.bridge.lead(),
    remove: (page) => pages.length > 2 && page.provider.remove(),
    join: () => pages.length < 3 && pages.push(joined()),
  };
  try {
    for (const {what, who, which, pause} of events) {
      things[what]?.(pages[who % pages.length]!, which);
      await endOfTask();
      look(pages);
      for (let task = 0; task < pause; task++) await nextTask();
      if (pause > 0) look(pages);
    }
    hosts.stay = false;
    await agree(pages, line);
  } finally {
    for (const {bridge} of pages) bridge.close();
    stage.remove();
  }
}

/** Nobody objects, nothing is lost any more: one more change, and all of them show it. */
async function agree(pages: readonly BridgedPage[], line: TestLine): Promise<void> {
  const there = pages.filter(({provider}) => provider.isConnected);
  const calm = async () => {
    for (let round = 0; round < 12; round++) {
      for (const {backend} of pages) backend.letOpen();
      await settled();
      line.deliverAll();
      await endOfTask();
      look(pages);
    }
  };
  for (const page of pages) {
    page.objects = false;
    page.backend.slow = false;
  }
  await calm();
  // One whose every answer was lost takes its own change for the later one, once.
  for (const index of [6, 7]) {
    // Others are asked over the line; one whose last word overtook its bye is waited for as long as one that is not there.
    const switched = there[0]?.open(index);
    await calm();
    await switched;
    await calm();
  }
  const {marker} = personOf(7);
  for (const page of there) expect(composedText(page.provider)).to.include(marker);
  const states = there.map(({bridge}): Bridge['own'] => bridge.own);
  expect(states).to.deep.equal(states.map(() => 'in-step'));
}

describe('bridged pages', () => {
  it('show nobody else’s data, and come together, whatever happens in whatever order', async function () {
    this.timeout(120_000);
    const {failed, seed, counterexamplePath, counterexample, errorInstance} = await fc.check(
      fc.asyncProperty(story, play),
      {
        numRuns: 150,
      },
    );
    const said = `seed ${seed}, path ${counterexamplePath}, ${JSON.stringify(counterexample)}: ${String((errorInstance as Error | null)?.message)}`;
    expect(failed && said).to.equal(false);
  });
});
