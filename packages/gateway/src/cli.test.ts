import assert from 'node:assert/strict';
import {type ChildProcess, spawn} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import {once} from 'node:events';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {type AddressInfo, createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, describe, it} from 'node:test';
import {cli} from './cli-harness.test.js';
import {anna, Client, key, numbers, onEachStorage} from './harness.test.js';

const folder = mkdtempSync(join(tmpdir(), 'bsp-cli-'));
after(() => rmSync(folder, {recursive: true, force: true}));

const file = (content: unknown): string => {
  const path = join(folder, `${randomBytes(4).toString('hex')}.json`);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};

writeFileSync(
  join(folder, 'connector.mjs'),
  `export default {
    configSchema: {safeParse: (data) => ({success: true, data})},
    create: async () => ({resources: ['cases'], async *read({subject}) { yield {about: subject, items: []}; }}),
  };`,
);

/** `bsp-gateway start` as a process of its own. */
const processOf = (config: string, env: Record<string, string>) =>
  spawn(
    process.execPath,
    [
      '--conditions=source',
      '--import',
      'tsx',
      join(import.meta.dirname, 'bin.ts'),
      'start',
      '--config',
      config,
      '--port',
      '0',
    ],
    {env: {...process.env, ...env}, stdio: ['ignore', 'ignore', 'pipe']},
  );

/** Starts it; gives it and its API. */
async function startProcess(config: string, env: Record<string, string>): Promise<{child: ChildProcess; api: string}> {
  const child = processOf(config, env);
  let told = '';
  for await (const chunk of child.stderr!) {
    told += String(chunk);
    const [, address] = /answers at (\S+)\n/.exec(told) ?? [];
    if (address !== undefined) return {child, api: `${address}/bsp/v1`};
  }
  throw new Error(`The process ended: ${told}`);
}

async function stop(child: ChildProcess): Promise<number | null> {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const [code] = (await ended) as [number | null];
  return code;
}

const readSome = async (client: Client, count: number) => {
  const {contextId} = await client.open(anna, {purpose: 'sag', reason: 'fordi'});
  await Promise.all(Array.from({length: count}, () => client.frames(contextId, 'cases')));
};

describe('the command line', () => {
  it('says how it is used, and what of it is unknown', async () => {
    for (const args of [['help'], ['-h'], ['start', '--help'], ['log', 'retention', '-h']]) {
      const {code, out, err} = await cli(args);
      assert.match(out, /^Usage: bsp-gateway/);
      assert.deepEqual([code, err], [0, ''], args.join(' '));
    }
    assert.match((await cli(['--version'])).out, /^\d+\.\d+\.\d+\n$/);
    for (const args of [
      [],
      ['nothing'],
      ['log'],
      ['log', 'nothing'],
      ['log', 'verify'],
      ['start', '--colour', 'red'],
    ]) {
      const {code, out, err} = await cli(args);
      assert.equal(code, 2, args.join(' '));
      assert.equal(out, '');
      assert.notEqual(err, '');
    }
    const {err} = await cli([anna.value]);
    assert(!err.includes(anna.value));
    const memory = file({sources: [], storage: {memory: true}});
    assert.match((await cli(['log', 'verify', '--config', memory])).err, /in memory/);
  });

  it('takes no tenant for another: of several, one must be named', async () => {
    const tenants = ['korsbaek', 'olsbaek'].map((id, index) => ({id, name: id, cvr: `1111111${index}`, sources: []}));
    const auth = {issuer: 'https://i.example', audience: 'bsp', claims: {tenant: 'tid'}};
    const several = file({tenants, auth, storage: {directory: join(folder, 'never')}});
    for (const args of [
      ['subject', 'export', '--cpr-file', '-', '--by', 'dpo', '--reason', 'indsigt'],
      ['events', 'set-aside'],
      ['log', 'export'],
    ]) {
      const {code, out, err} = await cli([...args, '--config', several], {input: anna.value});
      assert.deepEqual([code, out], [2, ''], args.join(' '));
      assert.match(err, /^Name the tenant: --tenant, one of korsbaek, olsbaek\.\n/);
    }
  });

  it('takes no tenant that is not there for one of whom nothing is kept', async () => {
    const sources: object[] = [];
    const tenant = {id: 'korsbaek', name: 'Korsbæk'};
    const one = file({sources, tenant, storage: {directory: join(folder, 'never')}});
    for (const args of [['verify'], ['heads'], ['export'], ['alarms'], ['citizen', '--cpr-file', '-']]) {
      const command = ['log', ...args, '--tenant', 'korsbek', '--config', one];
      const {code, out, err} = await cli(command, {input: anna.value});
      assert.deepEqual([code, out], [2, ''], args.join(' '));
      assert.match(err, /^There is no such tenant in the configuration; there are korsbaek\.\n/);
    }
  });

  it('ends when it is told to while it starts', async () => {
    // A database that takes the connection, and never says a word.
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const {port} = silent.address() as AddressInfo;
    const storage = {url: `postgres://bsp@127.0.0.1:${port}/bsp`};
    const child = processOf(file({sources: [], storage, logLevel: 'silent'}), {BSP_KEY: key});
    await once(silent, 'connection');
    assert.equal(await stop(child), 0);
    silent.close();
  });

  it('says what is wrong with the database, and where, without its password', async () => {
    const config = file({sources: [], logLevel: 'silent'});
    // What it answers to whoever asks for TLS.
    const plain = createServer((socket) => socket.on('error', () => {}).once('data', () => socket.write('N')));
    await once(plain.listen(0, '127.0.0.1'), 'listening');
    const {port} = plain.address() as AddressInfo;
    for (const [url, told] of [
      ['postgres://u:hemme#lig@host/bsp', / \(environment\) BSP_DATABASE_URL: expected an address .*%23/],
      ['mysql://u:hemmelig@host/bsp', / \(environment\) BSP_DATABASE_URL: expected an address/],
      [
        `postgres://u:hemmelig@127.0.0.1:${port}/x?sslmode=verify-full`,
        /The database \(storage\.url\): .* not support SSL/,
      ],
    ] as const)
      for (const command of ['start', 'migrate', 'check']) {
        const {code, out, err} = await cli([command, '--config', config], {env: {BSP_KEY: key, BSP_DATABASE_URL: url}});
        assert.equal(code, command === 'check' ? 1 : 2);
        assert.match(command === 'check' ? out : err, told);
        assert(!(out + err).includes('hemme'), out + err);
      }
    plain.close();
  });

  it('says plainly that there was no room to make the embedded database', async (test) => {
    const {execPath} = process;
    test.after(() => {
      process.execPath = execPath;
    });
    process.execPath = '/bin/false';
    const directory = join(folder, 'no-room');
    const {code, err} = await cli(['start', '--config', file({sources: [], storage: {directory}, logLevel: 'silent'})]);
    assert.equal(code, 2);
    assert.match(err, /^Making the embedded database in \S+no-room ended with 1\. It takes .*\n$/);
  });

  it('refuses a start that is not loopback', async () => {
    const config = file({sources: [], storage: {memory: true}, logLevel: 'silent'});
    const {code, err} = await cli(['start', '--config', config, '--host', '192.0.2.1', '--port', '0']);
    assert.equal(code, 2);
    assert.match(err, /loopback/);
  });
});

describe('check', () => {
  it('tells what is well, and changes nothing', async () => {
    const directory = join(folder, 'never-made');
    const config = file({
      sources: [{id: 'a', connector: './connector.mjs'}],
      storage: {directory},
    });
    const {code, out} = await cli(['check', '--config', config]);
    assert.equal(code, 0, out);
    assert.match(out, /ok {5}key: made at the first start\nok {5}storage: embedded/);
    assert.match(out, /ok {5}connectors: a \(\.\/connector\.mjs\)/);
    assert.throws(() => readFileSync(join(directory, 'key')));
  });

  it('tells every thing that is wrong, and where', async () => {
    const typo = await cli(['check', '--config', file({sources: [], portt: 1})]);
    assert.equal(typo.code, 1);
    assert.match(typo.out, /WRONG {2}configuration: .*\n {2}portt: unknown key; did you mean "port"/);
    const gone = await cli(['check', '--config', join(folder, 'gone.json')]);
    assert.equal(gone.code, 1);
    assert.match(gone.out, /no such file/);
    const config = file({
      sources: [{id: 'a', connector: 'cpr-direct'}],
      storage: {url: 'postgres://nobody@127.0.0.1:1/none', keyFile: 'no-such-key'},
    });
    const {code, out} = await cli(['check', '--config', config]);
    assert.equal(code, 1);
    assert.match(out, /^ok {5}configuration/);
    assert.match(out, /WRONG {2}key: .*\n {2}storage.keyFile: there is no .*no-such-key/);
    assert.match(out, /WRONG {2}storage: ECONNREFUSED/);
    assert.match(out, /WRONG {2}connectors: .*\n {2}sources\[0\]\.connector: .*did you mean "cpr-direkte"/);
  });

  it('tells what a start would refuse: a receiver, a folder, an address, two tenants at one path', async () => {
    const checked = async (config: object, env: Record<string, string> = {}) => {
      const {code, out} = await cli(['check', '--config', file(config)], {env});
      assert.equal(code, 1, out);
      return out;
    };
    const sources = [{id: 'a', connector: './connector.mjs'}];
    const storage = {memory: true};
    assert.match(
      await checked({sources, storage, journal: {deliverTo: 'b'}}),
      / {2}journal\.deliverTo: "b" is not a source that takes notes/,
    );
    for (const directory of ['connector.mjs', 'connector.mjs/below'])
      assert.match(
        await checked({sources, storage: {directory}}),
        /WRONG {2}storage: .*connector\.mjs is not a directory; "storage\.directory" wants one/,
      );
    assert.match(
      await checked({sources, storage}, {BSP_HOST: '0.0.0.0'}),
      /WRONG {2}connectors: Without authentication/,
    );
    const post = [{id: 'post', connector: 'beskedfordeler'}];
    const tenants = ['a', 'b'].map((id, at) => ({id, name: id, cvr: `1111111${at}`, sources: post}));
    const auth = {issuer: 'https://i.example', audience: 'bsp', claims: {tenant: 'tid'}};
    assert.match(
      await checked({tenants, auth, storage}),
      / {2}tenants\[1\]\.sources\[0\]: another tenant takes messages at/,
    );
  });

  it('tells of a purpose that is withheld from citizens, and is none', async () => {
    const purposes = [{id: 'kontrol', label: 'Kontrol'}];
    const lookupLog = {citizen: {withheldPurposes: ['kontrol', 'kontrl']}};
    const config = file({sources: [], storage: {memory: true}, purposes, lookupLog});
    const {code, out} = await cli(['check', '--config', config]);
    assert.equal(code, 0);
    assert.match(
      out,
      /^ok {5}configuration: .*\n {2}lookupLog\.citizen\.withheldPurposes: "kontrl" is none of the "purposes"/,
    );
    assert(!out.includes('"kontrol" is none'));
  });

  it('tells of a certificate that is missing, of a source whose messages are signed', async () => {
    const url = 'https://127.0.0.1:1/';
    const files = {certFile: 'gone.pem', keyFile: 'gone.key'};
    const auth = {kind: 'idws', sts: {url, certFile: 'sts.pem'}, appliesTo: 'urn:x', ...files};
    const sources = [{id: 'sdi', connector: 'sf1470', endpoint: url, auth}];
    const {code, out} = await cli(['check', '--config', file({sources})]);
    assert.equal(code, 1);
    assert.match(out, /\n {2}sources\[0\]: "auth\.certFile" is "gone\.pem", which cannot be read \(ENOENT\)\./);
  });
});

onEachStorage('log commands', (storageFor) => {
  it('work on what processes have written at the same time', async () => {
    const test = storageFor();
    // The embedded database is one process's; PostgreSQL is shared by two.
    const onPostgres = 'url' in test.storage;
    const directory = join(folder, randomBytes(4).toString('hex'));
    const config = file({
      sources: [{id: 'kmd', connector: './connector.mjs'}],
      storage: onPostgres ? test.storage : {directory},
      purposes: [{id: 'sag', label: 'Behandling af sag'}],
      demoUser: {id: 'karla', name: 'Karla', unit: 'Jobcenter'},
      logLevel: 'silent',
    });
    const env = {BSP_KEY: key};
    const command = (args: readonly string[], input?: string) =>
      cli(['log', ...args, '--config', config], {env, ...(input === undefined ? {} : {input})});
    const processes = [];
    try {
      for (let index = 0; index < (onPostgres ? 2 : 1); index++) processes.push(await startProcess(config, env));
      await Promise.all(processes.map(({api}) => readSome(new Client(api), 40)));
      if (!onPostgres) assert.match((await command(['verify'])).err, /is in use by process/);
    } finally {
      for (const {child} of processes) assert.equal(await stop(child), 0);
    }
    const rows = 80 * processes.length;
    const verified = await command(['verify']);
    assert.equal(verified.code, 0, verified.out + verified.err);
    assert.match(verified.out, new RegExp(`^${rows} rows in \\d chains, 0 of them dropped: all as it was written\n$`));
    const before = await command(['verify', '--month', '2020-01']);
    assert.equal(before.code, 0);
    assert.match(before.out, /^0 rows in 0 chains, 0 of them dropped: nothing was written yet, or/);

    const heads = file((await command(['heads'])).out);
    assert.match((await command(['verify', '--heads', heads])).out, /[1-9]\d* exported heads: all as/);
    const forged = file(readFileSync(heads, 'utf8').replace(/"sequence":\d+/, '"sequence":999'));
    const against = await command(['verify', '--heads', forged]);
    assert.equal(against.code, 1);
    assert.match(against.out, /^rolled-back: demo \d{4}-\d\d row 999: /);

    const masked = await command(['export']);
    assert.equal(masked.code, 0);
    assert.equal(masked.out.split('\r\n').length, rows / 2 + 2);
    assert.match((await command(['export', '--with-numbers'])).err, /only with --by WHO and --reason WHY/);
    const open = await command(['export', '--with-numbers', '--by', 'dpo', '--reason', 'tilsyn']);
    assert(open.out.includes('700690-0126'));
    assert.match((await command(['watch', '--file', '-'], `Cpr\n${anna.value}`)).out, /Watched: 1 persons/);
    assert.match((await command(['watch', '--file', '-'], `Cpr\nx`)).err, /2\. Nothing was changed/);
    const alarms = await command(['alarms']);
    assert.equal(alarms.out.match(/SENSITIV CPR/g)?.length, rows / 2);
    const sample = await command(['sample', '--seed', 's', '--size', '3', '--alarms', '2']);
    assert.equal(sample.code, 0, sample.err);
    assert.equal((await command(['sample'])).code, 2);
    const citizen = await command(['citizen', '--cpr-file', '-'], '700690-0126\n');
    assert.match(citizen.out, /Opslag om;700690-••••\r\n/);
    assert.equal(citizen.out.match(/Jobcenter;Behandling af sag/g)?.length, rows / 2);
    assert.match((await command(['citizen', '--cpr-file', '-'], 'nothing')).err, /not a CPR number/);
    const by = ['--by', 'dpo', '--reason', 'indsigt'];
    assert.match(
      (await command(['citizen', '--cpr-file', '-', '--with-numbers', ...by], anna.value)).out,
      /700690-0126/,
    );
    assert.match((await command(['retention', ...by])).out, /nothing is old enough/);
    const running = new Date().toISOString().slice(0, 7);
    const refused = await command(['retention', '--month', running, ...by]);
    assert.equal(refused.code, 1);
    assert.match(refused.out, /refused/);
    const day = await command(['export', '--from', '2026-02-30']);
    assert.match(day.err, /--from must be a day/);
    const never = await command(
      ['citizen', '--cpr-file', '-', '--from', '2026-11-02', '--to', '2026-11-01'],
      anna.value,
    );
    assert.deepEqual([never.code, never.out], [2, '']);
    assert.match(never.err, /--from must not be after --to/);
    for (const {out, err} of [verified, against, masked, alarms, sample, citizen, refused])
      assert.deepEqual(
        numbers.filter((number) => (out + err).includes(number)),
        [],
      );
    // What was taken out with numbers is in the log, and the log is whole.
    assert.match((await command(['verify'])).out, new RegExp(`^${rows + 2} rows`));
    if (onPostgres) {
      const look = await cli(['check', '--config', config], {env});
      assert.equal(look.code, 0, look.out);
      assert.match(look.out, /ok {5}storage: PostgreSQL .*; up to date/);
      const other = await cli(['check', '--config', config], {env: {BSP_KEY: randomBytes(32).toString('base64')}});
      assert.equal(other.code, 1);
      assert.match(other.out, /the key is not one that opens/);
      await test.tidy();
    }
  });
});
