// From a live notice to the changed row: the notice comes, its source is read again, the document changes.
import {openContender} from '../browser.mjs';
import {figure} from '../report.mjs';

export async function live({browser, url, repetitions, warmUps}) {
  const contenders = [];
  for (const name of ['kit', 'limit']) contenders.push({...(await openContender(browser, url, `live-${name}`)), name});
  for (const contender of contenders) await contender.call('prepare', {count: 200});
  const samples = {passed: {kit: [], limit: []}, worked: {kit: [], limit: []}};
  for (let run = -warmUps; run < repetitions; run++)
    for (const contender of contenders) {
      await contender.sweep();
      const {passed, worked} = await contender.timed('change');
      if (run < 0) continue;
      samples.passed[contender.name].push(passed);
      samples.worked[contender.name].push(worked);
    }
  for (const contender of contenders) await contender.close();
  const shared = {benchmark: 'live, one of 200 rows', unit: 'ms'};
  return [
    figure({...shared, what: 'notice to row', samples: samples.passed}),
    figure({...shared, what: 'notice to row, main thread', samples: samples.worked}),
  ];
}
