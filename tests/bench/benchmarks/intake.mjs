// Messages of Beskedfordeler that are pushed: committed before they are answered, beside a server that only reads them.
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {onPostgres, start} from '../processes.mjs';
import {figure} from '../report.mjs';

export const intake = ({repetitions, quick}) =>
  onPostgres(async (url) => {
    const folder = await mkdtemp(join(tmpdir(), 'bsp-bench-intake-'));
    const file = join(folder, 'gateway.json');
    process.env.BSP_KEY ??= Buffer.alloc(32, 7).toString('base64');
    const sources = [{id: 'post', connector: 'beskedfordeler'}];
    await writeFile(file, JSON.stringify({storage: {url}, logLevel: 'error', sources}));
    const servers = {kit: await start('gateway', file), limit: await start('parse-server')};
    const sender = await start('message-sender');
    const samples = {};
    try {
      for (const connections of [1, 50])
        for (let run = -1; run < repetitions; run++)
          for (const [name, server] of Object.entries(servers)) {
            const count = connections * (quick ? 20 : 100);
            const before = (await server.ask({})).cpu;
            const {seconds} = await sender.ask({origin: server.origin, connections, count});
            const after = (await server.ask({})).cpu;
            // The first run warms up.
            if (run < 0) continue;
            const take = (what, value) => {
              const title = `${what}, ${connections} at a time`;
              samples[title] ??= {kit: [], limit: []};
              samples[title][name].push(value);
            };
            take('messages a second', count / seconds);
            take(
              'processor time of a message',
              (after.user + after.system - before.user - before.system) / 1_000 / count,
            );
          }
    } finally {
      for (const one of [sender, ...Object.values(servers)]) await one.stop();
      await rm(folder, {recursive: true, force: true});
    }
    return Object.entries(samples).map(([what, values]) =>
      figure({
        benchmark: 'intake, Beskedfordeler',
        what,
        unit: what.startsWith('messages') ? '1/s' : 'ms',
        samples: values,
        ...(what.startsWith('messages') ? {atLeast: 0.6} : {}),
      }),
    );
  });
