// An issuer on this machine: signs tokens, publishes its keys, and changes them.
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {after} from 'node:test';
import {exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT} from 'jose';

/** An issuer with one signing key at a time. */
export interface Issuer {
  readonly url: string;
  /** How often its keys were fetched. */
  fetches(): number;
  /** How often it was asked while it was down. */
  refusals(): number;
  /** How it answers from now on. */
  answer: 'keys' | 'down' | 'nonsense';
  /** Signs with a new key; the old one is withdrawn where `keep` does not say otherwise. */
  rotate(options?: {keep?: boolean}): Promise<void>;
  /** A token that holds for `auth` of {@link authFor}, but for what is given. */
  token(claims?: Record<string, unknown>, times?: {iat?: number; nbf?: number; exp?: number}): Promise<string>;
  /** Signs as somebody else: with a key that is not published. */
  forged(claims?: Record<string, unknown>): Promise<string>;
}

export const now = (): number => Math.floor(Date.now() / 1_000);

/** Claims of a user of Korsbæk who may see everything there. */
export const everything = {
  sub: 'karla',
  name: 'Karla Kirk',
  unit: 'Jobcenter',
  office: 'back',
  azp: 'jobcenter',
  bsp_rights: [{kle: ['*'], sensitivity: 'vip'}],
};

/** The configuration of an issuer's tokens. */
export const authFor = (issuer: Issuer, more: object = {}) => ({
  issuer: issuer.url,
  audience: 'bsp',
  systems: [{id: 'jobcenter', name: 'Jobcentersystemet', rights: [{kle: ['*'], sensitivity: 'vip'}]}],
  ...more,
});

export const korsbaek = {id: 'korsbaek', name: 'Korsbæk', cvr: '11111111'};

export async function startIssuer(): Promise<Issuer> {
  let published: JWK[] = [];
  let signing: {key: CryptoKey; kid: string};
  let number = 0;
  let fetched = 0;
  let refused = 0;
  const newKey = async () => {
    const pair = await generateKeyPair('ES256', {extractable: true});
    const kid = `key-${++number}`;
    return {key: pair.privateKey, kid, jwk: {...(await exportJWK(pair.publicKey)), kid, alg: 'ES256', use: 'sig'}};
  };
  const server = createServer((request, response) => {
    if (issuer.answer === 'down') {
      refused++;
      response.writeHead(503).end();
    } else if (issuer.answer === 'nonsense')
      response.writeHead(200, {'content-type': 'application/json'}).end('{"keys": 3}');
    else if (request.url === '/.well-known/openid-configuration')
      response.end(JSON.stringify({issuer: issuer.url, jwks_uri: `${issuer.url}/keys`}));
    else {
      fetched++;
      response.end(JSON.stringify({keys: published}));
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  const signed = ({key, kid}: typeof signing, claims: JWTPayload) =>
    new SignJWT(claims).setProtectedHeader({alg: 'ES256', kid, typ: 'at+jwt'}).sign(key);
  const issuer: Issuer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fetches: () => fetched,
    refusals: () => refused,
    answer: 'keys',
    async rotate({keep = false} = {}) {
      const next = await newKey();
      published = [next.jwk, ...(keep ? published : [])];
      signing = next;
    },
    token: (claims = {}, times = {}) =>
      signed(signing, {
        iss: issuer.url,
        aud: 'bsp',
        iat: now(),
        exp: now() + 300,
        ...everything,
        ...times,
        ...claims,
      }),
    forged: async (claims = {}) =>
      signed(
        {...(await newKey()), kid: signing.kid},
        {
          iss: issuer.url,
          aud: 'bsp',
          iat: now(),
          exp: now() + 300,
          ...everything,
          ...claims,
        },
      ),
  };
  await issuer.rotate();
  return issuer;
}
