// Fifty windows on one page: until all of them stand, and what they hold.
import {openContender} from '../browser.mjs';
import {figure} from '../report.mjs';

const count = 50;

/** Cases in each window. */
export const casesEach = 20;

export async function manyWindows({browser, url, repetitions, warmUps}) {
  const contenders = [];
  for (const name of ['kit', 'limit'])
    contenders.push({...(await openContender(browser, url, `many-windows-${name}`)), name});
  for (const contender of contenders) await contender.call('prepare', {count: casesEach});
  const samples = {};
  const take = (what, name, value) => {
    samples[what] ??= {};
    samples[what][name] ??= [];
    samples[what][name].push(value);
  };
  for (let run = -warmUps; run < repetitions; run++)
    for (const contender of contenders) {
      const before = await contender.memory();
      const {passed, worked} = await contender.timed('create', count);
      const after = await contender.memory();
      await contender.call('destroy');
      if (run < 0) continue;
      take('create', contender.name, passed);
      take('create, main thread', contender.name, worked);
      take('memory', contender.name, (after - before) / 1e6);
    }
  for (const contender of contenders) await contender.close();
  return Object.entries(samples).map(([what, values]) =>
    figure({
      benchmark: `${count} windows of ${casesEach} rows`,
      what,
      unit: what === 'memory' ? 'MB' : 'ms',
      samples: values,
    }),
  );
}
