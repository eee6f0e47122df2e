import assert from 'node:assert/strict';
import {randomBytes} from 'node:crypto';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, describe, it} from 'node:test';
import pg from 'pg';
import {cli} from './cli-harness.test.js';
import {
  anna,
  answering,
  caseOf,
  memoryStorage,
  postgresAway,
  postgresStorage,
  type Started,
  scripted,
  start,
  type TestStorage,
} from './harness.test.js';

const folder = mkdtempSync(join(tmpdir(), 'bsp-migrate-'));
after(() => rmSync(folder, {recursive: true, force: true}));

/** Runs a command on a storage. */
async function commandOn(command: readonly string[], {env}: TestStorage, storage: object) {
  const file = join(folder, `${randomBytes(4).toString('hex')}.json`);
  writeFileSync(file, JSON.stringify({sources: [], storage}));
  const {code, out, err} = await cli(command, {env: {...env, BSP_CONFIG: file}});
  return {code, text: out + err};
}

describe('migrations by a command', () => {
  it('are not for the embedded database', async () => {
    const its = memoryStorage();
    const {code, text} = await commandOn(['migrate'], its, its.storage);
    assert.equal(code, 2);
    assert.match(text, /Only PostgreSQL is migrated by a command/);
  });

  it('come before the processes, which then only use the tables', {skip: postgresAway}, async () => {
    const its = postgresStorage();
    const {url, schema} = its.storage as {url: string; schema: string};
    const storage = {...its.storage, migrate: 'command'};
    const role = `bsp_app_${randomBytes(4).toString('hex')}`;
    const admin = new pg.Client({connectionString: url});
    await admin.connect();
    const running: Started[] = [];
    try {
      const run = async (more: object = {}) => {
        const kmd = scripted('kmd', answering('cases', [caseOf('1')]));
        const one = await start([kmd], {storage: {...its, storage: {...storage, ...more}}});
        running.push(one);
        return one;
      };
      await assert.rejects(run(), /The database lacks 0001-foundation.*run "bsp-gateway migrate" first/);
      assert.match((await commandOn(['check'], its, storage)).text, /to be made by "bsp-gateway migrate"/);

      // Two at the same time, as a careless pipeline does it.
      const both = await Promise.all([commandOn(['migrate'], its, storage), commandOn(['migrate'], its, storage)]);
      assert.deepEqual(
        both.map(({code}) => code),
        [0, 0],
        both.map(({text}) => text).join(),
      );
      assert.match(both.map(({text}) => text).join(), /Applied 0001-foundation, /);
      assert.deepEqual(await commandOn(['migrate'], its, storage), {code: 0, text: 'Nothing was due.\n'});

      // The grants of docs/operations.md: no tables made or changed, and of the lookup log no row changed or dropped.
      await admin.query(`create role ${role} login;
        grant usage on schema ${schema} to ${role};
        grant select, insert, update, delete on all tables in schema ${schema} to ${role};
        revoke update, delete on ${schema}.lookup_log, ${schema}.kysely_migration from ${role}`);
      const address = new URL(url);
      address.username = role;
      // A table that came with a later version, and that nobody granted.
      await admin.query(`revoke all on ${schema}.launch, ${schema}.draft from ${role}`);
      const lacking = new RegExp(`This role may not use ${schema}\\.draft, ${schema}\\.launch: grant select`);
      await assert.rejects(run({url: address.href}), lacking);
      const looked = await commandOn(['check'], its, {...storage, url: address.href});
      assert.deepEqual([looked.code, lacking.test(looked.text)], [1, true], looked.text);
      await admin.query(`grant select, insert, update, delete on ${schema}.launch, ${schema}.draft to ${role}`);
      const one = await run({url: address.href});
      const {contextId} = await one.client.open(anna);
      assert.equal((await one.client.items(contextId, 'cases')).length, 1);
      assert.equal((await one.client.act(contextId, 'note.create', {heading: 'H', body: 'B'})).status, 200);
      assert.equal((await commandOn(['log', 'verify'], its, {...storage, url: address.href})).code, 0);

      await admin.query(`insert into ${schema}.kysely_migration (name, timestamp) values ('9999-newer', '')`);
      const ready = async ({client}: Started) =>
        (await client.request(client.base.replace('/bsp/v1', '/readyz'))).json() as Promise<object>;
      const old = await run();
      const told = {ready: true, gateway: 'serving', database: 'answers', migrations: 'newer'};
      assert.deepEqual(await ready(old), told);
      await assert.rejects(run({migrate: 'start'}), /A newer version changed the database \(9999-newer\)/);
      const again = await commandOn(['migrate'], its, storage);
      assert.equal(again.code, 2);
      assert.match(again.text, /A newer version changed the database/);
    } finally {
      for (const one of running) await one.stop();
      await its.tidy();
      await admin.query(`drop role if exists ${role}`);
      await admin.end();
    }
  });
});
