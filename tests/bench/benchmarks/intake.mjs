// Messages of Beskedfordeler: committed before they are answered or acknowledged, beside programs that only read them.
import {onPostgres, onServers, start, withConfig} from '../processes.mjs';
import {figure} from '../report.mjs';

/**
 * What each contender does of many messages, how many at a time.
 *
 * @param send - has a contender take so many messages; gives the seconds that it took.
 */
async function samplesOf(servers, {repetitions, warmUp, count, title}, send) {
  const samples = {};
  // Servers that have run for a while: their hot paths are compiled.
  for (const [name, server] of Object.entries(servers)) await send(name, server, warmUp);
  for (let run = 0; run < repetitions; run++)
    for (const [name, server] of Object.entries(servers)) {
      const before = (await server.ask({})).cpu;
      const seconds = await send(name, server, count);
      const after = (await server.ask({})).cpu;
      const take = (what, value) => {
        samples[`${what}, ${title}`] ??= {kit: [], limit: []};
        samples[`${what}, ${title}`][name].push(value);
      };
      take('messages a second', count / seconds);
      take('processor time of a message', (after.user + after.system - before.user - before.system) / 1_000 / count);
    }
  return samples;
}

/** The configuration of a gateway that takes messages. */
const takingMessages = (storage, source = {}) => ({
  storage,
  sources: [{id: 'post', connector: 'beskedfordeler', ...source}],
});

const figuresOf = (samples) =>
  Object.entries(samples).map(([what, values]) =>
    figure({
      benchmark: 'intake, Beskedfordeler',
      what,
      unit: what.startsWith('messages') ? '1/s' : 'ms',
      samples: values,
      ...(what.startsWith('messages') ? {atLeast: 0.6} : {}),
    }),
  );

const pushed = ({repetitions, quick}) =>
  onPostgres((url) =>
    withConfig(takingMessages({url}), async (file) => {
      const servers = {kit: await start('gateway', file), limit: await start('parse-server')};
      const sender = await start('message-sender');
      const samples = {};
      try {
        for (const connections of [1, 50]) {
          const amount = {
            warmUp: quick ? 10 * connections : 2_000,
            count: connections * (quick ? 20 : Math.max(60, 300 / connections)),
          };
          const title = `pushed, ${connections} at a time`;
          const send = async (_, {origin}, count) => (await sender.ask({origin, connections, count})).seconds;
          Object.assign(samples, await samplesOf(servers, {repetitions, ...amount, title}, send));
        }
      } finally {
        for (const one of [sender, ...Object.values(servers)]) await one.stop();
      }
      return figuresOf(samples);
    }),
  );

const fetched = ({repetitions, quick}) =>
  onServers(['postgres', 'rabbitmq'], async ([url, broker]) => {
    const sender = await start('queue-sender', broker);
    const figures = [];
    try {
      for (const prefetch of [20, 100]) {
        const queues = {kit: `kit-${prefetch}`, limit: `limit-${prefetch}`};
        const send = async (name, _, count) => (await sender.ask({queue: queues[name], count})).seconds;
        // The queues must be there.
        for (const name of Object.keys(queues)) await send(name, undefined, 0);
        const amqp = {url: broker, vhost: '/', queue: queues.kit, prefetch};
        const storage = {url, schema: `fetched_${prefetch}`};
        await withConfig(takingMessages(storage, {amqp}), async (file) => {
          const limit = await start('queue-reader', broker, queues.limit, String(prefetch));
          const servers = {kit: await start('gateway', file), limit};
          const amount = quick ? {warmUp: 200, count: 400} : {warmUp: 5_000, count: 5_000};
          try {
            const title = `fetched, ${prefetch} in hand`;
            figures.push(...figuresOf(await samplesOf(servers, {repetitions, ...amount, title}, send)));
          } finally {
            for (const one of Object.values(servers)) await one.stop();
          }
        });
      }
    } finally {
      await sender.stop();
    }
    return figures;
  });

export const intake = async (options) => [...(await pushed(options)), ...(await fetched(options))];
