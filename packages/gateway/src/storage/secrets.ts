import {createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, randomFillSync} from 'node:crypto';
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import type {Subject} from '@bsp/contract';
import type {StorageConfig} from '../config.js';
import {ConfigError} from '../config-error.js';

/**
 * What the gateway keeps about a person is encrypted (AES-256-GCM) and found by a keyed index (HMAC-SHA-256): a dump of
 * the database alone names nobody.
 */
export interface Secrets {
  /** Encrypts a text; `bound` must be the same when it is opened, so that a value can't be moved to another row. */
  seal(bound: readonly string[], text: string): string;
  /** Decrypts what {@link Secrets.seal} made. Throws when it was changed, moved or made with another key. */
  open(bound: readonly string[], sealed: string): string;
  /** A stable keyed fingerprint of 128 bits, 22 characters. */
  fingerprint(use: string, parts: readonly string[]): string;
  /** A keyed SHA-256 for the log chain, 43 characters. */
  chainHash(text: string): string;
  /** Secrets of a key of their own, which is derived from this one. */
  derived(name: string): Secrets;
}

const cipher = 'aes-256-gcm';
const nonceBytes = 12;

/** Nonces that have not been used: the system is asked for many at a time, since asking costs more than encrypting does. */
const nonces = Buffer.alloc(nonceBytes * 256);
let nextNonce = nonces.length;

/** A random nonce, given once. */
function freshNonce(): Uint8Array {
  if (nextNonce === nonces.length) {
    randomFillSync(nonces);
    nextNonce = 0;
  }
  nextNonce += nonceBytes;
  return nonces.subarray(nextNonce - nonceBytes, nextNonce);
}

/** Makes {@link Secrets} from a key of 32 bytes. */
export function secretsOf(key: Uint8Array): Secrets {
  const derive = (use: string) => Buffer.from(hkdfSync('sha256', key, '', `bsp ${use}`, 32));
  const sealKey = derive('seal');
  const fingerprintKey = derive('fingerprint');
  const chainKey = derive('log chain');
  const boundBytes = (bound: readonly string[]) => Buffer.from(JSON.stringify(bound));
  return {
    seal(bound, text) {
      const nonce = freshNonce();
      const work = createCipheriv(cipher, sealKey, nonce).setAAD(boundBytes(bound));
      return Buffer.concat([nonce, work.update(text, 'utf8'), work.final(), work.getAuthTag()]).toString('base64url');
    },
    open(bound, sealed) {
      const bytes = Buffer.from(sealed, 'base64url');
      if (bytes.length < nonceBytes + 16) throw new Error('Not a sealed value.');
      const work = createDecipheriv(cipher, sealKey, bytes.subarray(0, nonceBytes)).setAAD(boundBytes(bound));
      work.setAuthTag(bytes.subarray(-16));
      return Buffer.concat([work.update(bytes.subarray(nonceBytes, -16)), work.final()]).toString('utf8');
    },
    fingerprint: (use, parts) =>
      createHmac('sha256', fingerprintKey)
        .update(JSON.stringify([use, ...parts]))
        .digest()
        .subarray(0, 16)
        .toString('base64url'),
    chainHash: (text) => createHmac('sha256', chainKey).update(text).digest('base64url'),
    derived: (name) => secretsOf(derive(`key of ${name}`)),
  };
}

/** The keyed index of a subject within its tenant. A user's own lists have an index of their own. */
export const subjectIndex = (secrets: Secrets, tenant: string, user: string, subject: Subject): string =>
  secrets.fingerprint(
    'subject',
    'value' in subject ? [tenant, subject.type, subject.value] : [tenant, subject.type, user],
  );

/** The configured key: from the environment, from the named file, or from `key` beside the embedded database. */
export function readKey(storage: StorageConfig): Uint8Array {
  if (storage.key !== undefined) return keyBytes(storage.key, 'BSP_KEY');
  if (storage.kind === 'memory') return randomBytes(32);
  if (storage.keyFile !== undefined) return keyInFile(storage.keyFile, 'storage.keyFile');
  if (storage.kind === 'postgres') throw new ConfigError('The key', [{path: 'storage.keyFile', message: 'missing.'}]);
  const file = ownKeyFile(storage);
  if (existsSync(file)) return keyInFile(file, file);
  if (!isNew(storage))
    throw new ConfigError('The key', [
      {path: file, message: 'missing, beside a database: put back the key with which that was made, or name it.'},
    ]);
  mkdirSync(dirname(file), {recursive: true});
  const made = randomBytes(32);
  writeFileSync(file, `${made.toString('base64')}\n`, {mode: 0o600, flag: 'wx'});
  return made;
}

/** The file of the key that the embedded database makes for itself. */
const ownKeyFile = ({directory}: {readonly directory: string}): string => join(directory, 'key');

/** Whether a folder has neither a key nor a database yet. */
const isNew = (folder: {readonly directory: string}): boolean =>
  !existsSync(ownKeyFile(folder)) && !existsSync(join(folder.directory, 'database'));

/** Whether there is no key yet, and the next start will make one. */
export const makesItsKey = (storage: StorageConfig): boolean =>
  storage.key === undefined &&
  (storage.kind === 'memory' || (storage.kind === 'folder' && storage.keyFile === undefined && isNew(storage)));

/** The key that a tenant has in a file of its own. */
export const readTenantKey = (file: string): Uint8Array => keyInFile(file, "a tenant's keyFile");

function keyInFile(file: string, path: string): Uint8Array {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (thrown) {
    const {code} = thrown as NodeJS.ErrnoException;
    const message =
      code === 'ENOENT'
        ? `there is no ${file}. Make one with "openssl rand -base64 32 > ${file}", and keep a copy: without it, what is stored can't be read.`
        : `${file} can't be read (${code}).`;
    throw new ConfigError('The key', [{path, message}]);
  }
  return keyBytes(text, file);
}

/** The secrets of a tenant that has no key of its own: who has them can read nothing of another tenant's. */
export const derivedSecrets = (shared: Secrets, tenant: string): Secrets => shared.derived(`tenant ${tenant}`);

/** The key that a text holds in base64; `origin` is told where it holds none. */
export function keyBytes(text: string, origin: string): Uint8Array {
  const bytes = Buffer.from(text.trim(), 'base64');
  if (bytes.length !== 32)
    throw new ConfigError('The key', [
      {path: origin, message: 'expected 32 bytes in base64, e.g. from "openssl rand -base64 32".'},
    ]);
  return bytes;
}
