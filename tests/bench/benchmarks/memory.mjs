// What the embedded default takes of memory: at the start, and after it has worked.
import {start, withConfig} from '../processes.mjs';
import {figure} from '../report.mjs';

/** Messages of which each becomes a row, in rounds: the last ones show whether it grows. */
export function memory({quick}) {
  const sources = [{id: 'post', connector: 'beskedfordeler'}];
  return withConfig({storage: {directory: 'data'}, sources}, async (file) => {
    const server = await start('embedded-gateway', file);
    const sender = await start('message-sender');
    const samples = {};
    const take = async (what) => {
      samples[what] = [(await server.ask({})).rss / 1e6];
    };
    try {
      await take('memory at the start');
      const count = quick ? 200 : 2_000;
      for (const round of [1, 2, 3]) {
        await sender.ask({origin: server.origin, connections: 20, count});
        await take(`memory after ${count * round} messages`);
      }
    } finally {
      await sender.stop();
      await server.stop();
    }
    return Object.entries(samples).map(([what, kit]) =>
      figure({benchmark: 'embedded database', what, unit: 'MB', samples: {kit}, comparable: false}),
    );
  });
}
