// What it costs to ask before a switch, when nobody objects: from the call until the person before is gone.
import {openContender} from '../browser.mjs';
import {twoPeople} from '../korsbaek-streams.mjs';
import {figure} from '../report.mjs';

const contents = {
  // 20 windows without a draft.
  kit: {windowsOfEach: 5, silent: 10, looking: 0},
  'kit, 10 listeners look first': {windowsOfEach: 5, silent: 10, looking: 10},
  // The same switch with nobody to ask and nothing to blank.
  limit: {windowsOfEach: 0, silent: 0, looking: 0},
};

export async function survey({browser, url, repetitions, warmUps}) {
  const people = await twoPeople();
  const contenders = [];
  for (const name of Object.keys(contents)) {
    const contender = await openContender(browser, url, 'survey-kit');
    await contender.call('prepare', people, contents[name]);
    contenders.push({...contender, name});
  }
  const samples = Object.fromEntries(contenders.map(({name}) => [name, []]));
  for (let run = -warmUps; run < repetitions; run++)
    for (const {number} of people)
      for (const contender of contenders) {
        await contender.sweep();
        const passed = await contender.call('switchTo', number);
        if (run >= 0) samples[contender.name].push(passed);
      }
  for (const contender of contenders) await contender.close();
  // The limit is about as long as the browser's clock can tell: no quantity to divide by.
  return [
    figure({
      benchmark: 'survey, 20 windows, nobody objects',
      what: 'call to commit',
      unit: 'ms',
      samples,
      asked: '≤ 16.7 (a frame)',
      comparable: false,
    }),
  ];
}
