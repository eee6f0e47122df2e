// A switch of person with four windows: from the call until all four show the other person.
import {openContender} from '../browser.mjs';
import {twoPeople} from '../korsbaek-streams.mjs';
import {figure} from '../report.mjs';

export async function switchOfSubject({browser, url, repetitions, warmUps}) {
  const people = await twoPeople();
  const kit = await openContender(browser, url, 'switch-kit');
  const limit = await openContender(browser, url, 'switch-limit');
  await kit.call('prepare', people);
  // Twice: what a window loads late is there the second time.
  const shown = {};
  for (let turn = 0; turn < 2; turn++)
    for (const {number} of people) {
      await kit.call('switchTo', number);
      shown[number] = await kit.call('shown');
    }
  await limit.call('prepare', people, shown);
  const samples = {passed: {kit: [], limit: []}, worked: {kit: [], limit: []}};
  for (let run = -warmUps; run < repetitions; run++)
    for (const {number} of people)
      for (const [name, contender] of Object.entries({kit, limit})) {
        await contender.sweep();
        const {passed, worked} = await contender.timed('switchTo', number);
        if (run < 0) continue;
        samples.passed[name].push(passed);
        samples.worked[name].push(worked);
      }
  for (const contender of [kit, limit]) await contender.close();
  return [
    figure({benchmark: 'switch, 4 windows', what: 'switch', unit: 'ms', samples: samples.passed, atMost: 1.3}),
    figure({benchmark: 'switch, 4 windows', what: 'switch, main thread', unit: 'ms', samples: samples.worked}),
  ];
}
