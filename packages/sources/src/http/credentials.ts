import {problemOf} from '@bsp/contract';
import * as z from 'zod/mini';
import {SourceProblem} from '../connector.js';
import {type Secret, type SecretEnvironment, secretOf} from '../secret.js';
import type {AuthConfig} from './connection-config.js';
import type {Exchange, HttpRequest} from './http-exchange.js';
import {type FetchedToken, KeptToken, renewalOf} from './kept-token.js';

/** What a source wants to see before it answers. */
export interface Credentials {
  headers(signal: AbortSignal): Promise<Readonly<Record<string, string>>>;
  /** Whether it is worth asking once more after a 401, with new headers. */
  renewed(refused: Readonly<Record<string, string>>): boolean;
}

/** @throws Error where a value cannot stand in a header: it is never told, because it may be a secret. */
export function usableHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  for (const [name, value] of Object.entries(headers))
    if (!/^[\x20-\x7e]+$/.test(value))
      throw new Error(
        `The value for the header "${name}" holds something that a header cannot: a new line, or a letter like æ.`,
      );
  return headers;
}

const fixed = (headers: Readonly<Record<string, string>>): Credentials => {
  usableHeaders(headers);
  return {headers: () => Promise.resolve(headers), renewed: () => false};
};

const base64 = (value: string): string => Buffer.from(value, 'utf8').toString('base64');

/** Sends the token request. */
export type TokenExchange = (request: HttpRequest, signal: AbortSignal) => Promise<Exchange>;

const tokenSchema = z.object({
  access_token: z.string().check(z.regex(/^[\x21-\x7e]{1,16000}$/)),
  expires_in: z.optional(z.union([z.number(), z.string()])),
});

const tokenTimeoutMs = 10_000;
const defaultSeconds = 300;

const noToken = (title: string): SourceProblem => new SourceProblem('unavailable', problemOf('unavailable', title));

/** Access tokens of an OAuth 2 client. */
class AccessTokens implements Credentials {
  private readonly tokens: KeptToken<string>;

  constructor(request: HttpRequest, exchange: TokenExchange, now: () => number) {
    this.tokens = new KeptToken(() => accessToken(request, exchange, now), now);
  }

  async headers(signal: AbortSignal): Promise<Readonly<Record<string, string>>> {
    return {authorization: `Bearer ${await this.tokens.value(signal)}`};
  }

  renewed(refused: Readonly<Record<string, string>>): boolean {
    this.tokens.forget((token) => refused.authorization === `Bearer ${token}`);
    return true;
  }
}

async function accessToken(
  request: HttpRequest,
  exchange: TokenExchange,
  now: () => number,
): Promise<FetchedToken<string>> {
  const asked = now();
  const {status, body} = await exchange(request, AbortSignal.timeout(tokenTimeoutMs)).catch(() => {
    throw noToken('The service that gives out access tokens did not answer');
  });
  if (status !== 200) throw noToken(`The service that gives out access tokens answered HTTP ${status}`);
  const parsed = tokenSchema.safeParse(parsedJson(body));
  if (!parsed.success) throw noToken('The service that gives out access tokens gave none');
  const {access_token: value, expires_in: given} = parsed.data;
  const seconds = Number.isFinite(Number(given ?? Number.NaN)) ? Number(given) : defaultSeconds;
  return {value, until: renewalOf(asked, asked + seconds * 1_000)};
}

const parsedJson = (body: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder('utf-8', {fatal: true}).decode(body));
  } catch {
    return undefined;
  }
};

/** Encodes as in a form: RFC 6749, appendix B. */
const formValue = (value: string): string => new URLSearchParams([['', value]]).toString().slice(1);

/**
 * Makes the credentials of a source.
 *
 * @throws Error that names the environment variable which is not set.
 */
export function credentialsOf(
  auth: AuthConfig,
  env: SecretEnvironment,
  exchange: TokenExchange,
  now: () => number,
): Credentials {
  const of = (value: string | Secret, key: string): string => secretOf(value, `auth.${key}`, env);
  switch (auth.kind) {
    case 'none':
      return fixed({});
    case 'bearer':
      return fixed({authorization: `Bearer ${of(auth.token, 'token')}`});
    case 'basic':
      return fixed({authorization: `Basic ${base64(`${of(auth.user, 'user')}:${of(auth.password, 'password')}`)}`});
    case 'api-key':
      return fixed({[auth.header.toLowerCase()]: of(auth.value, 'value')});
    case 'oauth2': {
      const id = of(auth.clientId, 'clientId');
      const secret = of(auth.clientSecret, 'clientSecret');
      const inHeader = auth.clientAuth === 'basic';
      const form = new URLSearchParams({
        grant_type: 'client_credentials',
        ...(auth.scope === undefined ? {} : {scope: auth.scope}),
        ...(inHeader ? {} : {client_id: id, client_secret: secret}),
        ...Object.fromEntries(
          Object.entries(auth.parameters ?? {}).map(([name, value]) => [name, of(value, `parameters.${name}`)]),
        ),
      });
      return new AccessTokens(
        {
          method: 'POST',
          url: new URL(auth.tokenUrl),
          headers: {
            accept: 'application/json',
            'content-type': 'application/x-www-form-urlencoded',
            ...(inHeader ? {authorization: `Basic ${base64(`${formValue(id)}:${formValue(secret)}`)}`} : {}),
          },
          body: form.toString(),
        },
        exchange,
        now,
      );
    }
  }
}
