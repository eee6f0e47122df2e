// Many live streams on one process of the gateway, while messages come in, each of which few of them are to hear of.
import {availableParallelism} from 'node:os';
import {onPostgres, start, withConfig} from '../processes.mjs';
import {figure} from '../report.mjs';

/** 10,000 streams and 1,000 messages a second; `--quick` a tenth of both, which says that it runs, not how fast. */
export const liveStreams = ({quick}) =>
  onPostgres(async (url) => {
    const [streams, perSecond, warmUp, seconds] = quick ? [1_000, 100, 2, 3] : [10_000, 1_000, 10, 10];
    const sources = [{id: 'post', connector: 'beskedfordeler'}];
    const contextRate = {perMinute: 60_000, burst: 60_000};
    return withConfig({storage: {url}, contextRate, limits: {lateMs: 60_000}, sources}, async (file) => {
      const server = await start('gateway', file);
      const watchers = await start('live-watchers');
      try {
        const idle = await server.ask({});
        const {delays, expected, took} = await watchers.ask({
          origin: server.origin,
          streams,
          perSecond,
          warmUp,
          seconds,
        });
        const {rss, cpu} = await server.ask({});
        const sorted = delays.toSorted((one, other) => one - other);
        const part = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
        const benchmark = `${streams} streams, ${perSecond} messages/s, ${availableParallelism()} processors`;
        const line = (what, unit, value, asked) =>
          figure({benchmark, what, unit, samples: {kit: [value]}, comparable: false, ...(asked ? {asked} : {})});
        return [
          line('message due to notice at the client, median', 'ms', part(0.5)),
          line('message due to notice at the client, 99 of 100', 'ms', part(0.99), '≤ 100 ms'),
          line('notices that did not come', 'number', expected - delays.length, '0'),
          line('messages taken', '1/s', (perSecond * seconds) / took),
          line('processor time of the gateway, of the whole', 's', (cpu.user + cpu.system) / 1e6),
          line('memory of the gateway', 'MB', rss / 1e6),
          line('memory before the streams', 'MB', idle.rss / 1e6),
        ];
      } finally {
        await watchers.stop();
        await server.stop();
      }
    });
  });
