// Certificates for tests, made as they are needed: of any time, with keys of any size.
import {generateKeyPairSync, type KeyObject, sign, X509Certificate} from 'node:crypto';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after} from 'node:test';

/** A certificate with its key, and where they are. */
export interface TestIdentity {
  readonly certificate: X509Certificate;
  readonly key: KeyObject;
  readonly certFile: string;
  readonly keyFile: string;
}

/** DER (X.690): a tag, a length, and what it holds. */
function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const {length} = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts);
const oid = (...bytes: readonly number[]): Buffer => der(0x06, Buffer.from(bytes));
const time = (text: string): Buffer => der(0x18, Buffer.from(`${text.replaceAll('-', '')}000000Z`));
const sha256WithRsa = sequence(oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b), der(0x05));
/** Subject alternative name: 127.0.0.1. */
const onThisMachine = sequence(oid(0x55, 0x1d, 0x11), der(0x04, sequence(der(0x87, Buffer.from([127, 0, 0, 1])))));

const directory = mkdtempSync(join(tmpdir(), 'idws-'));
after(() => rmSync(directory, {recursive: true}));
let made = 0;

/** Writes a file that goes away with the tests. */
export function fileOf(content: string): string {
  const path = join(directory, `${++made}.pem`);
  writeFileSync(path, content);
  return path;
}

const pairOf = (bits: number) => generateKeyPairSync('rsa', {modulusLength: bits});

/** Makes a certificate that vouches for itself. */
export function identityOf(
  name: string,
  {
    from = '2020-01-01',
    to = '2120-01-01',
    bits = 2_048,
    passphrase,
  }: {from?: string; to?: string; bits?: number; passphrase?: string} = {},
): TestIdentity {
  const {privateKey: key, publicKey} = pairOf(bits);
  const subject = sequence(der(0x31, sequence(oid(0x55, 0x04, 0x03), der(0x0c, Buffer.from(name)))));
  const content = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([++made])),
    sha256WithRsa,
    subject,
    sequence(time(from), time(to)),
    subject,
    publicKey.export({format: 'der', type: 'spki'}),
    der(0xa3, sequence(onThisMachine)),
  );
  const signature = der(0x03, Buffer.from([0]), sign('sha256', content, key));
  const certificate = new X509Certificate(sequence(content, sha256WithRsa, signature));
  const pem = key.export({
    format: 'pem',
    type: 'pkcs8',
    ...(passphrase === undefined ? {} : {cipher: 'aes-256-cbc', passphrase}),
  });
  return {certificate, key, certFile: fileOf(certificate.toString()), keyFile: fileOf(String(pem))};
}
