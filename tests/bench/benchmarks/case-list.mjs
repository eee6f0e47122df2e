// The case list: create, sort, filter, scroll, memory; beside the limit and beside three grids.
import {openContender} from '../browser.mjs';
import {figure} from '../report.mjs';
import {casesOf} from '../streams.mjs';

const collator = new Intl.Collator('da', {numeric: true});
const contenderNames = ['kit', 'limit', 'ag-grid', 'tabulator', 'vaadin-grid'];
const searched = 'parkeringstilladelse';

/** Frames in which all rows are scrolled by. */
const scrollFrames = 100;

function take(samples, what, name, value) {
  samples[what] ??= {};
  samples[what][name] ??= [];
  samples[what][name].push(value);
}

/** What the contenders have to show for it to count. */
function expectationsOf(count) {
  const titles = casesOf(count).map(({title}) => title);
  const sorted = [...titles].sort(collator.compare);
  return {
    count,
    ascending: sorted[0],
    descending: sorted.at(-1),
    matching: titles.filter((title) => title.toLocaleLowerCase('da').includes(searched)).length,
  };
}

/** Creates, sorts twice, filters and unfilters once in each contender, one after the other. */
async function round(contenders, expected, samples) {
  for (const contender of contenders) {
    const timed = async (what, ...call) => {
      const {passed, worked} = await contender.timed(...call);
      take(samples.timed, what, contender.name, passed);
      take(samples.timed, `${what}, main thread`, contender.name, worked);
    };
    await contender.sweep();
    await timed('create', 'create', expected.rows);
    if (samples.scrolled) {
      const {longestFrame, longTasks} = await contender.call('scroll', scrollFrames);
      take(samples.scrolled, 'scroll: longest frame', contender.name, longestFrame);
      take(samples.scrolled, 'scroll: tasks over 50 ms', contender.name, longTasks.length);
    }
    await contender.sweep();
    await timed('sort up', 'sort', expected.ascending);
    await timed('sort down', 'sort', expected.descending);
    await contender.sweep();
    await timed('filter', 'filter', searched, expected.matching, Math.min(expected.matching, expected.rows));
    await timed('show all again', 'filter', '', expected.count, expected.rows);
    await contender.call('destroy');
  }
}

async function memoryOf(contenders, expected, repetitions, samples) {
  for (let run = 0; run < repetitions; run++)
    for (const contender of contenders) {
      const before = await contender.memory();
      await contender.call('create', expected.rows);
      take(samples.memory, 'memory', contender.name, ((await contender.memory()) - before) / 1e6);
      await contender.call('destroy');
    }
}

/** Both say the same in the same elements: else the limit would not be one. */
async function compareWithLimit(contenders, expected) {
  const [kit, limit] = ['kit', 'limit'].map((name) => contenders.find((contender) => contender.name === name));
  const shown = [];
  for (const contender of [kit, limit]) {
    await contender.call('create', expected.rows);
    // What the kit loads late, and rows that were measured, stand by then.
    await contender.page.waitForTimeout(500);
    shown.push(await contender.call('shown'));
    await contender.call('destroy');
  }
  for (const part of ['text', 'named', 'elements']) {
    const [ours, limits] = shown.map((one) => JSON.stringify(one[part]).split(/(?<=[ ,}])/));
    const at = ours.findIndex((word, place) => word !== limits[place]);
    if (at >= 0 || ours.length !== limits.length)
      throw new Error(
        `The limit does not show what the kit shows (${part}): “${ours.slice(at - 5, at + 10).join('')}” against “${limits.slice(at - 5, at + 10).join('')}”.`,
      );
  }
}

/** So many are all in the document, so that browser find and print reach them. Of more only those in sight are, in each. */
const mostInDocument = 200;

/** A window of this many rows, at least, is seen of what windows its rows. */
const seenRows = 8;

/** So many cases. */
export const caseList =
  (count) =>
  async ({browser, url, repetitions, warmUps}) => {
    const windowed = count > mostInDocument;
    const contenders = [];
    for (const name of contenderNames)
      contenders.push({...(await openContender(browser, url, `case-list-${name}`)), name});
    const rows = windowed ? seenRows : count;
    const expected = {...expectationsOf(count), rows};
    for (const contender of contenders) await contender.call('prepare', {count, windowed});
    await compareWithLimit(contenders, expected);
    const samples = {timed: {}, scrolled: {}, memory: {}};
    for (let run = 0; run < warmUps; run++) await round(contenders, expected, {timed: {}});
    for (let run = 0; run < repetitions; run++) {
      await round(contenders, expected, samples);
      contenders.push(contenders.shift());
    }
    await memoryOf(contenders, expected, Math.min(3, repetitions), samples);
    for (const contender of contenders) await contender.close();
    return Object.values(samples)
      .flatMap(Object.entries)
      .map(([what, values]) =>
        figure({
          benchmark: `case list, ${count} cases`,
          what,
          unit: what === 'memory' ? 'MB' : what.includes('tasks') ? 'number' : 'ms',
          samples: Object.fromEntries(contenderNames.map((name) => [name, values[name]])),
          comparable: !what.startsWith('scroll'),
          ...(/^(create|sort)/.test(what) ? {atMost: 1.3} : {}),
        }),
      );
  };
