// Processes of their own for what is measured and for what loads it, and servers that they need.
import {fork} from 'node:child_process';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {tsImport} from 'tsx/esm/api';
import {findService} from '../../scripts/services.mjs';
import {startFlags} from '../../scripts/start-flags.mjs';

/** As `Containerfile` starts it; with the embedded database as `npm start` does. */
const flags = {gateway: ['--max-semi-space-size=64'], 'embedded-gateway': startFlags};

/** Starts one of `processes/` and waits for what it has to say first. */
export async function start(name, ...args) {
  const child = fork(fileURLToPath(new URL(`./processes/${name}.mjs`, import.meta.url)), args, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [...(flags[name] ?? []), ...(process.env.BSP_BENCH_PROFILE === name ? ['--cpu-prof'] : [])],
  });
  const ended = new Promise((_, reject) => {
    child.once('exit', (code) => reject(new Error(`The process ${name} ended with ${code}.`)));
  });
  ended.catch(() => {});
  const said = () => Promise.race([new Promise((resolve) => child.once('message', resolve)), ended]);
  return {
    ...(await said()),
    ask(question) {
      const answer = said();
      child.send(question);
      return answer;
    },
    async stop() {
      if (child.connected) child.disconnect();
      await ended.catch(() => {});
    },
  };
}

/** Gives the file of a gateway's configuration, in a folder of its own, and drops both after. */
export async function withConfig(config, use) {
  const folder = await mkdtemp(join(tmpdir(), 'bsp-bench-gateway-'));
  const file = join(folder, 'gateway.json');
  process.env.BSP_KEY ??= Buffer.alloc(32, 7).toString('base64');
  try {
    await writeFile(file, JSON.stringify({logLevel: 'error', ...config}));
    return await use(file);
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}

/**
 * Gives a PostgreSQL of its own that writes to the disk before it says so, and ends it after; without one on this machine it
 * says that, and gives no figures.
 */
export function onPostgres(use) {
  return onServers(['postgres'], ([postgres]) => use(postgres));
}

/** The same for several servers, by their names in `scripts/services.mjs`. */
export async function onServers(names, use) {
  const missing = names.filter((name) => !findService(name));
  if (missing.length > 0) {
    console.error(`  skipped: no ${missing.join(' and no ')} on this machine`);
    return [];
  }
  const {postgresServer, rabbitServer} = await tsImport('../services/servers.ts', import.meta.url);
  const starts = {postgres: () => postgresServer({durable: true}), rabbitmq: rabbitServer};
  const servers = await Promise.all(names.map((name) => starts[name]()));
  try {
    return await use(servers.map(({url}) => url));
  } finally {
    await Promise.all(servers.map((server) => server.remove()));
  }
}
