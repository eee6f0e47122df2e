// A gateway as an orchestrator ends it: SIGTERM to a process of its own.
import assert from 'node:assert/strict';
import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {request} from 'node:http';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, it} from 'node:test';
import {setTimeout as sleep} from 'node:timers/promises';
import {anna, Client, onEachStorage, postgresStorage, type TestStorage} from '../harness.test.js';

/** Answers when there is a file called `released`, whatever its signal says. */
const connector = `import {existsSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
export default {
  configSchema: {safeParse: (data) => ({success: true, data})},
  create: async ({}, {configDirectory}) => ({
    resources: ['cases'],
    async *read({subject}) {
      while (!existsSync(configDirectory + '/released')) await sleep(20);
      yield {about: subject, items: []};
    },
  }),
};`;

onEachStorage('SIGTERM', (storageFor) => {
  const children: ChildProcess[] = [];
  let tidy: (() => Promise<void>) | undefined;
  const folder = mkdtempSync(join(tmpdir(), 'bsp-shutdown-'));
  writeFileSync(join(folder, 'connector.mjs'), connector);
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await tidy?.();
    rmSync(join(folder, 'released'), {force: true});
  });

  /** Two replicas, or, of the embedded database, one. */
  async function replica(storage: TestStorage, operations: object) {
    const config = join(folder, 'gateway.json');
    const sources = [{id: 'kmd', connector: './connector.mjs', deadlineMs: 60_000}];
    writeFileSync(config, JSON.stringify({sources, storage: storage.storage, operations, logLevel: 'silent'}));
    const command = ['--conditions=source', '--import', 'tsx', join(import.meta.dirname, '../bin.ts'), 'start'];
    const env = {...process.env, ...storage.env, BSP_CONFIG: config, PORT: '0'};
    const child = spawn(process.execPath, command, {env, stdio: ['ignore', 'ignore', 'pipe']});
    children.push(child);
    const exited = once(child, 'exit') as Promise<[number | null, string | null]>;
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += String(chunk);
    });
    while (!/answers at \S+\n/.test(said)) {
      assert.equal(child.exitCode, null, said);
      await sleep(20);
    }
    const address = /answers at (\S+)\n/.exec(said)![1]!;
    return {child, exited, address, client: new Client(`${address}/bsp/v1`)};
  }

  /** An action of which half has been sent; `finish` sends the rest and gives the status. */
  async function halfAnAction(address: string, contextId: string) {
    const body = Buffer.from(
      JSON.stringify({type: 'note.create', key: 'half-sent', payload: {heading: 'H', body: 'B'}}),
    );
    const sending = request(`${address}/bsp/v1/contexts/${contextId}/actions`, {
      method: 'POST',
      headers: {'content-type': 'application/json', 'content-length': body.length},
    });
    const answered = once(sending, 'response') as Promise<[{statusCode: number; resume(): void}]>;
    answered.catch(() => undefined);
    sending.write(body.subarray(0, 20));
    await sleep(100);
    return async () => {
      sending.end(body.subarray(20));
      const [response] = await answered;
      response.resume();
      return response.statusCode;
    };
  }

  // The embedded database has no second process.
  if (storageFor === postgresStorage)
    it('ends nothing halfway, and sends live streams to another replica', {timeout: 120_000}, async () => {
      const storage = storageFor();
      tidy = storage.tidy;
      const operations = {drainSeconds: 2, closeSeconds: 60};
      const leaving = await replica(storage, operations);
      const staying = await replica(storage, operations);
      const {contextId, cursor} = await leaving.client.open(anna);
      const read = leaving.client.stream(contextId, [{resource: 'cases'}]);
      assert.equal((await read.next()).value?.kind, 'plan');
      const live = await leaving.client.request(`/live?context=${contextId}`);
      const liveText = live.text();
      const finish = await halfAnAction(leaving.address, contextId);

      leaving.child.kill('SIGTERM');
      const readiness = async () => (await fetch(`${leaving.address}/readyz`)).status;
      while ((await readiness()) === 200) await sleep(20);
      assert.equal(await readiness(), 503);
      // It still serves: the balancer has not heard yet.
      assert.equal((await leaving.client.request('/me')).status, 200);

      const last = await liveText;
      assert.match(last, /\n: this process ends\nretry: \d+\n\n$/);
      assert.equal(leaving.child.exitCode, null);
      const resumed = await staying.client.live([contextId], cursor);

      assert.equal(await finish(), 200);
      const notice = await resumed.next();
      assert.deepEqual([notice.kind, 'resource' in notice && notice.resource], ['notice', 'journal']);
      resumed.close();

      writeFileSync(join(folder, 'released'), '');
      const kinds: string[] = [];
      for await (const {kind} of read) kinds.push(kind);
      assert.deepEqual(kinds, ['frame', 'end']);
      assert.deepEqual(await leaving.exited, [0, null]);
      const notes = await staying.client.items<{body: string}>(contextId, 'journal');
      assert.deepEqual(
        notes.map(({body}) => body),
        ['B'],
      );
    });

  it('waits no longer than it may', {timeout: 120_000}, async () => {
    const storage = storageFor();
    tidy = storage.tidy;
    const {client, child, exited} = await replica(storage, {closeSeconds: 1});
    const {contextId} = await client.open(anna);
    const read = client.stream(contextId, [{resource: 'cases'}]);
    assert.equal((await read.next()).value?.kind, 'plan');
    const kinds: string[] = [];
    const broken = (async () => {
      for await (const {kind} of read) kinds.push(kind);
    })();
    child.kill('SIGTERM');
    await assert.rejects(broken);
    assert(!kinds.includes('end'));
    assert.deepEqual(await exited, [0, null]);
  });
});
