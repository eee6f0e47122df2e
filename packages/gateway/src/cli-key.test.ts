import assert from 'node:assert/strict';
import {randomBytes} from 'node:crypto';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, afterEach, describe, it} from 'node:test';
import {cli} from './cli-harness.test.js';
import {loadConfig} from './config.js';
import {
  anna,
  answering,
  caseOf,
  onEachStorage,
  type Started,
  scripted,
  start,
  type TestStorage,
} from './harness.test.js';
import {quiet} from './quiet-log.test.js';
import {openStorage, type Storage} from './storage/database.js';
import {addKey, dropOtherKeys, installation, openDataKey, openingKeys} from './storage/wrapped-keys.js';

const folder = mkdtempSync(join(tmpdir(), 'bsp-keys-'));
after(() => rmSync(folder, {recursive: true, force: true}));

const fresh = () => join(folder, randomBytes(4).toString('hex'));
const newKey = () => randomBytes(32);
const fileOf = (key: Uint8Array): string => {
  const file = fresh();
  writeFileSync(file, `${Buffer.from(key).toString('base64')}\n`);
  return file;
};
const accounted = ['--by', 'Drift', '--reason', 'Nøglen skal skiftes'];

onEachStorage('the keys of a database', (storageFor) => {
  const running: Started[] = [];
  let test: TestStorage | undefined;
  afterEach(async () => {
    for (const one of running.splice(0)) await one.stop();
    await test?.tidy();
    test = undefined;
  });
  /** The database outlives its gateway: embedded it lies in a folder. */
  const place = (): object => {
    test = storageFor();
    return 'url' in test.storage ? test.storage : {directory: fresh()};
  };
  const configWith = (storage: object, keyFile: string, more: object = {}): string => {
    const file = `${fresh()}.json`;
    writeFileSync(file, JSON.stringify({sources: [], logLevel: 'silent', storage: {...storage, keyFile}, ...more}));
    return file;
  };
  const gatewayWith = async (storage: object, keyFile: string): Promise<Started> => {
    const sources = [scripted('kmd', answering('cases', [caseOf('1')]))];
    const on = {storage: {...storage, keyFile}, env: {}, tidy: () => Promise.resolve()};
    const one = await start(sources, {storage: on});
    running.push(one);
    return one;
  };
  const stopAll = async () => {
    for (const one of running.splice(0)) await one.stop();
  };
  const opened = (storage: object, key: Uint8Array): Promise<Storage> => {
    const config = loadConfig({sources: [], storage: {...storage, keyFile: fileOf(key)}}, {env: {}});
    return openStorage(config.storage, quiet);
  };

  it('are changed while everything stays as it was, and the old one opens nothing any more', async () => {
    const storage = place();
    const [first, second] = [fileOf(newKey()), fileOf(newKey())];
    const before = await gatewayWith(storage, first);
    const {contextId, handle} = await before.client.open(anna);
    const kept = await before.client.act(contextId, 'note.create', {heading: 'Opringning', body: 'Hun ringede.'});
    assert.equal(kept.status, 200);
    await before.client.frames(contextId, 'cases');
    await stopAll();

    const only = await cli(['key', 'list', '--config', configWith(storage, first)]);
    assert.match(only.out, /^[\w-]{22} {2}since \S+ {2}the one in use\n$/);
    const add = ['key', 'add', '--config', configWith(storage, first), '--new-key-file', second];
    const unaccounted = await cli(add);
    assert.equal(unaccounted.code, 2);
    assert.match(unaccounted.err, /only with --by WHO and --reason WHY/);
    const added = await cli([...add, ...accounted]);
    assert.equal(added.code, 0, added.err);
    assert.match(added.out, /^[\w-]{22} opens the database, too\.\n$/);
    // Added once more it is still one.
    assert.equal((await cli([...add, ...accounted])).out, added.out);
    const both = await cli(['key', 'list', '--config', configWith(storage, second)]);
    assert.match(both.out, /^[\w-]{22} {2}since \S+\n[\w-]{22} {2}since \S+ {2}the one in use\n$/);

    // Replicas are restarted one after the other: some with the old one, some with the new.
    for (const file of [first, second]) {
      const {client} = await gatewayWith(storage, file);
      const again = await client.open(anna);
      assert.equal(again.handle, handle);
      const notes = await client.items(again.contextId, 'journal');
      assert.deepEqual(
        notes.map(({body}) => body),
        ['Hun ringede.'],
      );
      await stopAll();
    }

    const drop = await cli(['key', 'drop-others', '--config', configWith(storage, second), ...accounted]);
    assert.equal(drop.code, 0, drop.err);
    assert.equal(drop.out, `Dropped ${only.out.slice(0, 22)}.\n`);
    const refused = await cli(['start', '--port', '0', '--config', configWith(storage, first)]);
    assert.equal(refused.code, 2);
    assert.match(
      refused.err,
      /The key can't be used:\n {2}BSP_KEY or storage\.keyFile: the key [\w-]{22} opens nothing/,
    );
    assert(refused.err.includes(`${added.out.slice(0, 22)} would.`));
    const verified = await cli(['log', 'verify', '--config', configWith(storage, second)]);
    assert.equal(verified.code, 0, verified.out);
    const {client} = await gatewayWith(storage, second);
    const last = await client.open(anna);
    assert.equal(last.handle, handle);
    assert.equal((await client.items(last.contextId, 'journal')).length, 1);
  });

  it('open only what is not written with one of them from before', async () => {
    const storage = place();
    const key = newKey();
    const one = await opened(storage, key);
    const {database} = one;
    const dataKey = await openDataKey(database, installation, key);
    assert.notDeepEqual(Buffer.from(dataKey), Buffer.from(key));
    // A tenant that is new gets one of its own; what was written before there were such keys was written with the configured.
    const [theirs, old] = [newKey(), newKey()];
    await database
      .insertInto('lookup_watch')
      .values({tenant: 'old', kind: 'x', fingerprint: 'x', user_fingerprint: ''})
      .execute();
    assert.notDeepEqual(Buffer.from(await openDataKey(database, 'new', theirs)), theirs);
    assert.deepEqual(Buffer.from(await openDataKey(database, 'old', old)), old);
    await assert.rejects(
      openDataKey(database, 'new', old),
      /keyFile: the key [\w-]{22} opens nothing of the tenant "new"/,
    );
    // What is moved to another owner opens nothing there.
    await database.updateTable('wrapped_key').set({owner: 'moved'}).where('owner', '=', 'new').execute();
    await assert.rejects(openDataKey(database, 'moved', theirs), /opens nothing of the tenant "moved"/);
    await one.close();
  });

  it('are made once by processes that start at the same time', async () => {
    const one = await opened(place(), newKey());
    const key = newKey();
    const made = await Promise.all(Array.from({length: 5}, () => openDataKey(one.database, 'new', key)));
    assert.equal(new Set(made.map((dataKey) => Buffer.from(dataKey).toString('hex'))).size, 1);
    await one.close();
  });

  it('are never all dropped, also by two who drop each other’s', async () => {
    const one = await opened(place(), newKey());
    const {database} = one;
    const [first, second] = [newKey(), newKey()];
    await openDataKey(database, 'owner', first);
    await addKey(database, 'owner', {key: first, added: second});
    const outcomes = await Promise.allSettled([first, second].map((key) => dropOtherKeys(database, 'owner', key)));
    assert.deepEqual(outcomes.map(({status}) => status).sort(), ['fulfilled', 'rejected']);
    const left = outcomes[0]!.status === 'fulfilled' ? first : second;
    assert.deepEqual(
      (await openingKeys(database, 'owner', left)).map(({isThis}) => isThis),
      [true],
    );
    await one.close();
  });

  it('of a tenant are changed by themselves, and told of in its own log', async () => {
    const storage = place();
    const [shared, first, second] = [fileOf(newKey()), fileOf(newKey()), fileOf(newKey())];
    const auth = {issuer: 'https://i.example', audience: 'bsp', claims: {tenant: 'tid'}};
    const tenantsWith = (keyFile: string) => ({
      sources: undefined,
      auth,
      tenants: [
        {id: 'a', name: 'A', claim: 'a', cvr: '11111111', sources: []},
        {id: 'b', name: 'B', claim: 'b', cvr: '22222222', sources: [], keyFile},
      ],
    });
    const [before, afterwards] = [first, second].map((file) => configWith(storage, shared, tenantsWith(file)));
    const of = ['--tenant', 'b', '--config'];
    assert.equal((await cli(['key', 'add', ...of, before!, '--new-key-file', second, ...accounted])).code, 0);
    assert.equal((await cli(['key', 'drop-others', ...of, afterwards!, ...accounted])).code, 0);
    const verified = await cli(['log', 'verify', ...of, afterwards!]);
    assert.equal(verified.code, 0, verified.out);
    assert.match(verified.out, /^2 rows in 1 chains/m);
    const gone = await cli(['log', 'verify', ...of, before!]);
    assert.equal(gone.code, 2);
    assert.match(gone.err, /opens nothing of the tenant "b"/);
    for (const tenant of ['a', 'nobody']) {
      const {code, err} = await cli(['key', 'list', '--tenant', tenant, '--config', before!]);
      assert.equal(code, 2);
      assert.match(err, /No tenant of this name has a "keyFile"/);
    }
  });
});

describe('the key commands', () => {
  it('say what is missing or can’t be read', async () => {
    const file = `${fresh()}.json`;
    writeFileSync(file, JSON.stringify({sources: [], storage: {directory: fresh()}}));
    assert.match((await cli(['key'])).err, /Name what to do with the keys: list, add, drop-others/);
    assert.match((await cli(['key', 'add', '--config', file, ...accounted])).err, /Name the new key/);
    const short = fileOf(randomBytes(16));
    const {code, err} = await cli(['key', 'add', '--config', file, '--new-key-file', short, ...accounted]);
    assert.equal(code, 2);
    assert.match(err, /expected 32 bytes in base64/);
    writeFileSync(file, JSON.stringify({sources: [], storage: {memory: true}}));
    assert.match((await cli(['key', 'list', '--config', file])).err, /in memory/);
  });
});
