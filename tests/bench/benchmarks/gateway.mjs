// The gateway on PostgreSQL: reads a second, beside a bare server that sends the same bytes and writes the same rows of the
// log; and how soon what a source answers is out.
import {generateKeyPairSync, sign} from 'node:crypto';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {createServer} from 'node:http';
import {tmpdir} from 'node:os';
import {join, relative} from 'node:path';
import {fileURLToPath} from 'node:url';
import {onPostgres, start} from '../processes.mjs';
import {figure} from '../report.mjs';

const resources = ['person', 'cases', 'journal', 'events', 'documents', 'grants', 'payments', 'drafts'];
const reads = resources.map((resource) => ({resource}));
const tenant = {id: 'korsbaek', name: 'Korsbæk Kommune', cvr: '11111111'};

/** Writes a gateway's configuration: the sources are within its process, and nothing limits how often one may look. */
async function configured(folder, name, {sources, ...config}) {
  const file = join(folder, `${name}.json`);
  const connector = relative(folder, fileURLToPath(new URL('../processes/memory-source.mjs', import.meta.url)));
  const contextRate = {perMinute: 60_000, burst: 60_000};
  const unhindered = {deadlineMs: 60_000, concurrency: 64};
  await writeFile(
    file,
    JSON.stringify({
      tenant,
      contextRate,
      // A slow machine is to be measured, not to be refused.
      limits: {lateMs: 60_000},
      logLevel: 'error',
      ...config,
      sources: sources.map((source) => ({name: source.id, connector, system: source.id, ...unhindered, ...source})),
    }),
  );
  return file;
}

const middleOf = (values, part = 0.5) =>
  values.toSorted((one, other) => one - other)[Math.min(values.length - 1, Math.floor(values.length * part))];

/** Six sources, and the gateway's own, which has drafts and notes. */
const six = [
  {id: 'cpr'},
  {id: 'ky', also: ['grants', 'payments']},
  {id: 'kmd-aktiv'},
  {id: 'nexus'},
  {id: 'momentum'},
  {id: 'sbsys', also: ['documents']},
];

async function readsPerSecond(folder, database, {repetitions, quick}) {
  const storage = {url: database};
  const real = await start('gateway', await configured(folder, 'reads', {storage, sources: six}));
  const client = await start('client');
  const bare = await start('bare-server');
  const samples = {};
  try {
    const {contextId, body} = await client.ask({what: 'record', url: real.url, reads});
    await bare.ask({record: {body, database}});
    const length = Buffer.byteLength(body);
    const servers = Object.entries({kit: real, limit: bare});
    const load = ({url}, connections, count) =>
      client.ask({what: 'load', url, context: contextId, connections, count, reads, length});
    // Servers that have run for a while: their hot paths are compiled.
    for (const [, server] of servers) await load(server, 50, quick ? 200 : 3_000);
    for (const connections of [1, 10, 50])
      for (let run = 0; run < repetitions; run++)
        for (const [name, server] of servers) {
          const count = connections * (quick ? Math.max(4, 20 / connections) : Math.max(20, 200 / connections));
          const before = (await server.ask({})).cpu;
          const {seconds, firstFrames} = await load(server, connections, count);
          const after = (await server.ask({})).cpu;
          const take = (what, value) => {
            const title = `${what}, ${connections} at a time`;
            samples[title] ??= {kit: [], limit: []};
            samples[title][name].push(value);
          };
          take('reads a second', count / seconds);
          take('time to first frame', middleOf(firstFrames));
          take('processor time of a read', (after.user + after.system - before.user - before.system) / 1_000 / count);
        }
    return Object.entries(samples).map(([what, values]) =>
      figure({
        benchmark: `gateway, ${(length / 1000).toFixed(0)} kB a read`,
        what,
        unit: what.startsWith('reads') ? '1/s' : 'ms',
        samples: values,
        ...(what.startsWith('reads') ? {atLeast: 0.5} : {}),
      }),
    );
  } finally {
    for (const one of [client, bare, real]) await one.stop();
  }
}

/** Tokens of a user who may not see everything: whose answers wait for the end of a step, so that none tells what is hidden. */
async function issuerOf() {
  const {publicKey, privateKey} = generateKeyPairSync('ec', {namedCurve: 'P-256'});
  const key = {...publicKey.export({format: 'jwk'}), kid: 'bench', alg: 'ES256', use: 'sig'};
  const server = createServer((_, response) => response.end(JSON.stringify({keys: [key]})));
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const rights = [{kle: ['*'], sensitivity: 'confidential'}];
  return {
    auth: {issuer, audience: 'bsp', jwksUri: `${issuer}/keys`, systems: [{id: 'bench', rights}]},
    token() {
      const now = Math.floor(Date.now() / 1_000);
      const claims = {iss: issuer, aud: 'bsp', iat: now, exp: now + 3_600, azp: 'bench', sub: 'karla', office: 'back'};
      const parts = [
        {alg: 'ES256', kid: 'bench'},
        {...claims, bsp_rights: rights},
      ];
      const text = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
      const signature = sign('sha256', Buffer.from(text), {key: privateKey, dsaEncoding: 'ieee-p1363'});
      return `${text}.${signature.toString('base64url')}`;
    },
    close: () => server.close(),
  };
}

async function firstFrames(folder, database, {quick}) {
  const issuer = await issuerOf();
  const client = await start('client');
  const samples = {};
  const sources = [{id: 'sbsys', also: ['documents'], timed: 20}];
  try {
    const asked = {
      'who may see everything': [{schema: 'all'}, {}, {}],
      'with rights': [{schema: 'rights'}, {auth: issuer.auth}, {authorization: `Bearer ${issuer.token()}`}],
    };
    for (const [who, [{schema}, config, headers]] of Object.entries(asked)) {
      const storage = {url: database, schema};
      const real = await start('gateway', await configured(folder, schema, {storage, sources, ...config}));
      try {
        for (const connections of [1, 10]) {
          const question = {what: 'delays', url: real.url, headers, connections};
          await client.ask({...question, count: 5 * connections});
          const {delays} = await client.ask({...question, count: (quick ? 20 : 100) * connections});
          const take = (part, value) => {
            samples[`from answer to client, ${who}, ${connections} at a time, ${part}`] = {kit: [value]};
          };
          take('median', middleOf(delays));
          take('99 of 100', middleOf(delays, 0.99));
        }
      } finally {
        await real.stop();
      }
    }
    return Object.entries(samples).map(([what, values]) =>
      figure({benchmark: 'gateway, first frame', what, unit: 'ms', samples: values, asked: '≤ 5 ms'}),
    );
  } finally {
    await client.stop();
    issuer.close();
  }
}

/** Everything of the gateway's reads. */
export const gateway = (options) =>
  onPostgres(async (database) => {
    const folder = await mkdtemp(join(tmpdir(), 'bsp-bench-gateway-'));
    process.env.BSP_KEY ??= Buffer.alloc(32, 7).toString('base64');
    try {
      return [...(await readsPerSecond(folder, database, options)), ...(await firstFrames(folder, database, options))];
    } finally {
      await rm(folder, {recursive: true, force: true});
    }
  });
