import type {IncomingHttpHeaders} from 'node:http';
import {ProblemError, problemOf} from '@bsp/contract';
import type {AuthConfig} from './auth-config.js';
import {TokenRefused} from './verifier.js';

/** The header that a request with a cookie must have, and what it says. A page of another origin can't send it unasked. */
export const proofHeader = {name: 'x-requested-with', value: 'bsp'} as const;

const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** The request as far as its token goes. */
export interface TokenRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
}

/**
 * The token of a request: `Authorization: Bearer` (RFC 6750), or the configured cookie. A browser sends a cookie of itself,
 * whoever made the page; so a request that comes with one must prove that it comes from our pages.
 *
 * @throws TokenRefused - there is none.
 * @throws ProblemError `forbidden` - a cookie without its proofs.
 */
export function tokenOf({cookie, origins}: AuthConfig, {method, headers}: TokenRequest): string {
  const {authorization} = headers;
  if (authorization !== undefined) {
    const bearer = /^Bearer +([\w.~+/-]+=*)$/i.exec(authorization);
    if (!bearer) throw new TokenRefused('The Authorization header holds no bearer token.');
    return bearer[1]!;
  }
  const token = cookie === undefined ? undefined : cookieNamed(cookie, headers.cookie);
  if (token === undefined) throw new TokenRefused('A token is needed.', false);
  if (headers[proofHeader.name] !== proofHeader.value)
    throw new ProblemError(
      problemOf('forbidden', `With a cookie a request needs the header ${proofHeader.name}: ${proofHeader.value}.`),
    );
  if (!isOurs(method, headers, origins))
    throw new ProblemError(problemOf('forbidden', 'The request comes from another origin.'));
  return token;
}

/** Whether a request comes from a page of this address, or of an origin that is on the list. */
function isOurs(method: string, headers: IncomingHttpHeaders, origins: readonly string[]): boolean {
  const {origin, host} = headers;
  if (origin !== undefined) {
    if (origins.includes(origin)) return true;
    return host !== undefined && URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
  }
  const site = headers['sec-fetch-site'];
  return site === undefined ? safeMethods.has(method) : site === 'same-origin';
}

function cookieNamed(name: string, header: string | undefined): string | undefined {
  for (const part of header?.split(';') ?? []) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim() || undefined;
  }
  return undefined;
}
