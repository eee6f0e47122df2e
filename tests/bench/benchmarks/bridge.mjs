// Two pages of a user in two tabs: how long after a change in one the other shows the same person.
import {openContender} from '../browser.mjs';
import {twoPeople} from '../korsbaek-streams.mjs';
import {figure} from '../report.mjs';

export async function bridge({browser, url, repetitions, warmUps}) {
  const people = await twoPeople();
  const leader = await openContender(browser, url, 'bridged');
  const follower = await openContender(browser, url, 'bridged', leader.page.context());
  await leader.call('prepare', people, 'Jobcenteret');
  await follower.call('prepare', people, 'Omsorg');
  const gone = [];
  const shown = [];
  for (let run = -warmUps; run < repetitions; run++)
    for (const {number} of people) {
      await follower.call('expectChange');
      const started = await leader.call('lead', number);
      const followed = await follower.call('followed');
      await leader.call('followed');
      if (run < 0) continue;
      gone.push(followed.committed - started);
      shown.push(followed.shown - started);
    }
  await leader.close();
  const line = (what, samples, asked) =>
    figure({benchmark: 'bridge, two tabs', what, unit: 'ms', samples: {kit: samples}, ...(asked ? {asked} : {})});
  return [
    line('change to the person before being gone in the other tab', gone, '≤ 100 ms'),
    line('change to four windows in the other tab', shown),
  ];
}
