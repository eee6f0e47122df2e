import assert from 'node:assert/strict';
import {existsSync, mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, it} from 'node:test';
import {makesItsKey, readKey, readTenantKey, secretsOf} from './secrets.js';

const secrets = secretsOf(Buffer.alloc(32, 3));
const bound = ['event', 'korsbaek', 'ky', '1'];

describe('what is sealed', () => {
  it('is opened with what it is bound to, with no nonce twice', () => {
    const sealed = Array.from({length: 1_000}, (_, index) => secrets.seal(bound, `note ${index} æøå`));
    assert.equal(
      new Set(sealed.map((one) => one.slice(0, 16))).size,
      sealed.length,
      'the first 12 bytes are the nonce',
    );
    for (const [index, one] of sealed.entries()) assert.equal(secrets.open(bound, one), `note ${index} æøå`);
  });

  it('is not opened elsewhere, changed, cut, or with another key', () => {
    const sealed = secrets.seal(bound, 'a note');
    const bytes = Buffer.from(sealed, 'base64url');
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at]! ^= 1;
      assert.throws(() => secrets.open(bound, changed.toString('base64url')), `byte ${at}`);
    }
    for (const length of [0, 11, 27, bytes.length - 1])
      assert.throws(() => secrets.open(bound, bytes.subarray(0, length).toString('base64url')), `${length} bytes`);
    assert.throws(() => secrets.open([...bound, ''], sealed));
    assert.throws(() => secrets.derived('another').open(bound, sealed));
  });
});

describe('the key', () => {
  it('is made for a database that is not there yet, and for no other', (test) => {
    const directory = mkdtempSync(join(tmpdir(), 'bsp-key-'));
    test.after(() => rmSync(directory, {recursive: true}));
    const storage = {kind: 'folder', directory} as const;
    assert(makesItsKey(storage));
    const made = readKey(storage);
    assert(!makesItsKey(storage));
    assert.deepEqual(readKey(storage), made);
    rmSync(join(directory, 'key'));
    mkdirSync(join(directory, 'database'));
    assert(!makesItsKey(storage));
    assert.throws(() => readKey(storage), /\/key: missing, beside a database: put back the key/);
    assert(!existsSync(join(directory, 'key')));
  });

  it('says which file it can not be read from', () => {
    const storage = {kind: 'postgres', url: '', schema: '', migrate: 'start', keyFile: tmpdir()} as const;
    assert.throws(() => readKey(storage), /storage\.keyFile: \S+ can't be read \(EISDIR\)/);
    assert.throws(() => readTenantKey('/no/such'), /a tenant's keyFile: there is no \/no\/such/);
  });
});
