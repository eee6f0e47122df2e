import {createPrivateKey, type KeyObject, X509Certificate} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import {resolve} from 'node:path';
import {type SecretEnvironment, secretOf} from '../../secret.js';
import type {IdwsConfig} from './idws-config.js';

/** Where files are, what time it is, and who is told. */
export interface CertificateReading {
  readonly directory: string;
  readonly env: SecretEnvironment;
  readonly now: number;
  readonly warn: (message: string) => void;
}

/** With what this system signs. */
export interface SigningIdentity {
  readonly certificate: X509Certificate;
  readonly key: KeyObject;
}

const day = 86_400_000;
/** A new certificate takes its time. */
const warnDays = 30;
const fewestBits = 2_048;

const dayOf = (moment: number): string => new Date(moment).toISOString().slice(0, 10);

const fileAt = (place: string, path: string, {directory}: CertificateReading): Promise<Buffer> =>
  readFile(resolve(directory, path)).catch((thrown: NodeJS.ErrnoException) => {
    throw new Error(`"${place}" is "${path}", which cannot be read (${thrown.code ?? 'unknown'}).`);
  });

function certificatesIn(place: string, path: string, pem: Buffer): X509Certificate[] {
  const found = pem.toString('latin1').match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    if (found.length > 0) return found.map((one) => new X509Certificate(one));
  } catch {
    // Said below.
  }
  throw new Error(`"${place}" is "${path}", which holds no certificate in PEM.`);
}

const strongEnough = (key: KeyObject): boolean =>
  key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= fewestBits;

/** @throws Error where the certificate cannot be used now; warns where it soon cannot. */
function usable(certificate: X509Certificate, place: string, path: string, {now, warn}: CertificateReading): void {
  const [from, to] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)];
  if (!(now <= to)) throw new Error(`"${place}" is "${path}", a certificate that ended on ${dayOf(to)}.`);
  if (!(now >= from)) throw new Error(`"${place}" is "${path}", a certificate that begins on ${dayOf(from)}.`);
  if (!strongEnough(certificate.publicKey))
    throw new Error(`"${place}" is "${path}", which has no RSA key of ${fewestBits} bits or more.`);
  if (to - now < warnDays * day) warn(`"${place}" is "${path}", a certificate that ends on ${dayOf(to)}.`);
}

/** @throws Error that names the key of the configuration and says what is wrong with its file. */
export async function signingIdentityOf(config: IdwsConfig, reading: CertificateReading): Promise<SigningIdentity> {
  const {certFile, keyFile, passphrase} = config;
  const pem = await fileAt('auth.certFile', certFile, reading);
  // The first one is ours; those of its issuers may stand after it.
  const certificate = certificatesIn('auth.certFile', certFile, pem)[0]!;
  usable(certificate, 'auth.certFile', certFile, reading);
  const keyPem = await fileAt('auth.keyFile', keyFile, reading);
  const secret = passphrase && secretOf(passphrase, 'auth.passphrase', reading.env);
  const key = keyIn(keyPem, secret);
  if (!key)
    throw new Error(
      `"auth.keyFile" is "${keyFile}", which holds no private key in PEM${secret === undefined ? '' : ' that "auth.passphrase" opens'}.`,
    );
  if (!certificate.checkPrivateKey(key))
    throw new Error(`"auth.keyFile" is "${keyFile}", which is not the key of the certificate in "auth.certFile".`);
  return {certificate, key};
}

const keyIn = (pem: Buffer, passphrase: string | undefined): KeyObject | undefined => {
  try {
    return createPrivateKey({key: pem, ...(passphrase === undefined ? {} : {passphrase})});
  } catch {
    return undefined;
  }
};

const lastOf = (certificates: readonly X509Certificate[]): X509Certificate =>
  certificates.reduce((one, other) => (Date.parse(other.validTo) > Date.parse(one.validTo) ? other : one));

/**
 * The keys of somebody else's certificates. A file may hold several, for the time when they change: one of them must be valid, and
 * those that have ended are left out. One that is still to begin counts: it may do so while this process runs.
 *
 * @throws Error that names the key of the configuration, where none can be used.
 */
export async function keysOf(place: string, path: string, reading: CertificateReading): Promise<readonly KeyObject[]> {
  const found = certificatesIn(place, path, await fileAt(place, path, reading));
  const {now} = reading;
  const begun = found.filter(({validFrom}) => Date.parse(validFrom) <= now);
  const current = lastOf(begun.length > 0 ? begun : found);
  // Where the next one is there already, nobody need be told that this one ends.
  const isFollowed = lastOf(found) !== current;
  usable(current, place, path, isFollowed ? {...reading, warn: () => undefined} : reading);
  return found
    .filter(({validTo, publicKey}) => now <= Date.parse(validTo) && strongEnough(publicKey))
    .map(({publicKey}) => publicKey);
}
