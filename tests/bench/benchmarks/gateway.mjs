// The gateway: reads a second and time to the first frame, beside a bare server that sends the same bytes.
import {fork} from 'node:child_process';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {figure} from '../report.mjs';

const processFile = (name) => fileURLToPath(new URL(`../processes/${name}.mjs`, import.meta.url));

/** Starts a process and waits for what it has to say first. */
async function start(name, ...args) {
  const child = fork(processFile(name), args, {stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: []});
  const said = await new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`The process ${name} ended with ${code} before it was ready.`)));
  });
  return {
    ...said,
    ask: (question) =>
      new Promise((resolve) => {
        child.once('message', resolve);
        child.send(question);
      }),
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', resolve);
        child.kill();
      }),
  };
}

const systems = ['cpr', 'ky', 'kmd-aktiv', 'nexus', 'momentum', 'sbsys'];

/** Sources that answer at once, an embedded database of its own, and no limit to how often one may look. */
const configOf = (directory) => ({
  tenant: {id: 'korsbaek', name: 'Korsbæk Kommune'},
  demoUser: {id: 'karla', name: 'Karla Bruun', unit: 'Jobcenter Korsbæk', office: 'front'},
  storage: {directory},
  logLevel: 'error',
  sources: systems.map((system) => ({id: system, name: system, connector: '@bsp/korsbaek/connector', system})),
});

/** Reads of a person's four windows, some at a time, by a client in a process of its own. */
export async function gateway({repetitions, quick}) {
  const folder = await mkdtemp(join(tmpdir(), 'bsp-bench-gateway-'));
  const configFile = join(folder, 'gateway.json');
  await writeFile(configFile, JSON.stringify(configOf(join(folder, 'data'))));
  const real = await start('gateway', configFile);
  const client = await start('client');
  const recorded = await client.ask({record: real.url});
  const bare = await start('bare-server');
  await bare.ask({body: recorded.body});
  const reads = quick ? 20 : 200;
  const samples = {};
  try {
    for (const connections of [1, 10])
      for (let run = -1; run < repetitions; run++)
        for (const [name, server] of Object.entries({kit: real, limit: bare})) {
          const {seconds, firstFrames} = await client.ask({
            url: server.url,
            context: name === 'kit' ? recorded.contextId : 'recorded',
            connections,
            reads,
          });
          // The first run warms up.
          if (run < 0) continue;
          const take = (what, value) => {
            samples[what] ??= {kit: [], limit: []};
            samples[what][name].push(value);
          };
          take(`time of a read, ${connections} at a time`, (seconds * 1000) / reads);
          take(`time to first frame, ${connections} at a time`, middleOf(firstFrames));
          take(`reads a second, ${connections} at a time`, reads / seconds);
        }
  } finally {
    for (const one of [client, bare, real]) await one.stop();
    await rm(folder, {recursive: true, force: true});
  }
  return Object.entries(samples).map(([what, values]) =>
    figure({
      benchmark: `gateway, ${(recorded.body.length / 1000).toFixed(0)} kB a read`,
      what,
      unit: what.startsWith('reads') ? '1/s' : 'ms',
      samples: values,
    }),
  );
}

const middleOf = (values) => values.toSorted((one, other) => one - other)[values.length >> 1];
