import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {after, beforeEach, describe, it} from 'node:test';
import sf1470, {sf1470ConfigSchema} from '../../sf1470/index.js';
import {connectorWith, logged} from '../simulator.test.js';
import {fileOf, identityOf} from './certificates-for-tests.test.js';
import {clock, idwsAuth, resetClock, service, system, tls} from './simulators.test.js';

const made = (auth: object) =>
  connectorWith(sf1470, {endpoint: 'https://127.0.0.1:1/', tls, auth: idwsAuth('https://127.0.0.1:1/', auth)}, clock);
const sts = (certFile: string, more: object = {}): object => ({sts: {url: 'https://127.0.0.1:1/', certFile, ...more}});

describe('the configuration of OIO IDWS', () => {
  beforeEach(() => {
    resetClock();
    logged.length = 0;
  });
  process.env.IDWS_TEST_PASSPHRASE = 'hemmelig';
  after(() => delete process.env.IDWS_TEST_PASSPHRASE);
  const locked = identityOf('locked', {passphrase: 'hemmelig'});

  it('says nothing where everything can be used', async () => {
    await made({});
    await made({certFile: locked.certFile, keyFile: locked.keyFile, passphrase: {env: 'IDWS_TEST_PASSPHRASE'}});
    assert.deepEqual(logged, []);
  });

  const ended = identityOf('ended', {to: '2026-11-19'});
  const faults: Readonly<Record<string, [auth: object, message: RegExp]>> = {
    'a certificate that is not there': [
      {certFile: 'none.pem'},
      /^"auth\.certFile" is "none\.pem", which cannot be read \(ENOENT\)\.$/,
    ],
    'a key that is not there': [{keyFile: 'none.key'}, /^"auth\.keyFile" is "none\.key", which cannot be read/],
    'a file that is no certificate': [
      {certFile: system.keyFile},
      /^"auth\.certFile" .* holds no certificate in PEM\.$/,
    ],
    'a certificate that is broken': [
      {certFile: fileOf('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')},
      /^"auth\.certFile" .* holds no certificate in PEM\.$/,
    ],
    'a file that is no key': [{keyFile: system.certFile}, /^"auth\.keyFile" .* holds no private key in PEM\.$/],
    'a key of another certificate': [
      {keyFile: service.keyFile},
      /^"auth\.keyFile" .* is not the key of the certificate in "auth\.certFile"\.$/,
    ],
    'a key that is locked': [
      {certFile: locked.certFile, keyFile: locked.keyFile},
      /^"auth\.keyFile" .* holds no private key in PEM\.$/,
    ],
    'a passphrase that is not set': [
      {certFile: locked.certFile, keyFile: locked.keyFile, passphrase: {env: 'IDWS_TEST_UNSET'}},
      /^"auth\.passphrase" wants the environment variable IDWS_TEST_UNSET/,
    ],
    'a passphrase that opens nothing': [
      {
        certFile: locked.certFile,
        keyFile: identityOf('x', {passphrase: 'andet'}).keyFile,
        passphrase: {env: 'IDWS_TEST_PASSPHRASE'},
      },
      /^"auth\.keyFile" .* holds no private key in PEM that "auth\.passphrase" opens\.$/,
    ],
    'a certificate that has ended': [
      {certFile: ended.certFile, keyFile: ended.keyFile},
      /^"auth\.certFile" .* a certificate that ended on 2026-11-19\.$/,
    ],
    'a certificate of tomorrow': [
      {certFile: identityOf('tomorrow', {from: '2026-11-21'}).certFile},
      /^"auth\.certFile" .* a certificate that begins on 2026-11-21\.$/,
    ],
    'a key that is too short': [
      {certFile: identityOf('short', {bits: 1_024}).certFile},
      /^"auth\.certFile" .* has no RSA key of 2048 bits or more\.$/,
    ],
    'a token service’s certificate that is not there': [sts('none.pem'), /^"auth\.sts\.certFile" is "none\.pem"/],
    'a token service’s certificate that has ended': [sts(ended.certFile), /^"auth\.sts\.certFile" .* ended on/],
    'a token service’s authority that is not there': [
      sts(service.certFile, {tls: {caFile: 'none.pem'}}),
      /^"auth\.sts\.tls\.caFile" is "none\.pem"/,
    ],
    'a service’s certificate that has ended': [
      {answersSignedBy: ended.certFile},
      /^"auth\.answersSignedBy" .* ended on 2026-11-19\.$/,
    ],
  };
  for (const [what, [auth, message]] of Object.entries(faults))
    it(`names ${what}`, () => assert.rejects(made(auth), {message}));

  it('is warned of a certificate that ends soon', async () => {
    const soon = identityOf('soon', {to: '2026-12-10'});
    await made({certFile: soon.certFile, keyFile: soon.keyFile});
    assert.match(logged.join('\n'), /"auth\.certFile" is ".*", a certificate that ends on 2026-12-10\./);
  });

  describe('of others, where one takes the place of another,', () => {
    const together = (...all: readonly {readonly certFile: string}[]): string =>
      fileOf(all.map(({certFile}) => readFileSync(certFile, 'utf8')).join(''));
    const old = identityOf('old', {to: '2026-12-10'});
    const next = identityOf('next', {from: '2026-12-01', to: '2029-12-01'});

    it('serves before, while and after the next one begins', async () => {
      for (const file of [together(old, next), together(next, old), together(ended, old, next)]) {
        await made(sts(file));
        await made({answersSignedBy: file});
      }
      assert.deepEqual(logged, []);
    });

    it('is refused where none is valid today', async () => {
      await assert.rejects(made(sts(together(ended, next))), {
        message: /^"auth\.sts\.certFile" .* a certificate that ended on 2026-11-19\.$/,
      });
      await assert.rejects(made({answersSignedBy: next.certFile}), {
        message: /^"auth\.answersSignedBy" .* a certificate that begins on 2026-12-01\.$/,
      });
    });
  });

  it('names what is not in it by its place', () => {
    const auth = {kind: 'idws', sts: {url: 'http://sts.korsbaek.example/', certFile: 'a'}, municipality: '1'};
    const parsed = sf1470ConfigSchema.safeParse({endpoint: 'https://korsbaek.example/', auth});
    assert.deepEqual(parsed.error?.issues.map(({path}) => path.join('.')).sort(), [
      'auth.appliesTo',
      'auth.certFile',
      'auth.keyFile',
      'auth.municipality',
      'auth.sts.url',
    ]);
  });
});
