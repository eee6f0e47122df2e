import {ProblemError, problemOf} from '@bsp/contract';
import {createRemoteJWKSet, customFetch, errors, type JWTPayload, jwtVerify} from 'jose';
import {errorDetails, type Log} from '../log.js';
import type {AuthConfig} from './auth-config.js';

/** A token that is not accepted. What is told of it is meant for the client's developer, and repeats nothing of the token. */
export class TokenRefused extends Error {
  /** Whether there was one. */
  readonly given: boolean;
  constructor(title: string, given = true) {
    super(title);
    this.given = given;
  }
}

/** Verifies access tokens of one issuer. */
export interface TokenVerifier {
  /**
   * The claims of a token that holds (RFC 9068, section 4): signed by a key of the issuer, for this audience, at this time.
   * @throws TokenRefused
   * @throws ProblemError `unavailable` when the issuer's keys can't be had: then nobody gets in whose key is not known.
   */
  verify(token: string): Promise<JWTPayload>;
}

type RemoteKeys = ReturnType<typeof createRemoteJWKSet>;

const patienceMs = 5_000;
/** How long the issuer is not asked again after it failed. */
const restMs = 5_000;
const longestLifeSeconds = 86_400;

/**
 * Makes the verifier. Keys are fetched when first needed and kept for ten minutes; a key that is not known makes it look
 * again, once in thirty seconds at most. So a new key is known at once, and one that was withdrawn no later than that. Where
 * that look fails, the known ones hold on for their ten minutes: it takes no log-in to name a key that nobody knows.
 */
export function tokenVerifierOf(config: AuthConfig, log: Log, cooldownMs = 30_000): TokenVerifier {
  let looking: Promise<RemoteKeys> | undefined;
  let keys: RemoteKeys | undefined;
  let failedAt = Number.NEGATIVE_INFINITY;
  const isResting = () => performance.now() - failedAt <= restMs;

  const found = async (): Promise<RemoteKeys> =>
    createRemoteJWKSet(new URL(config.jwksUri ?? (await discovered(config))), {
      timeoutDuration: patienceMs,
      cooldownDuration: cooldownMs,
      [customFetch]: (url, options) =>
        isResting() ? Promise.reject(new Error('The issuer is not asked again so soon.')) : fetch(url, options),
    });

  const away = (thrown: unknown): ProblemError => {
    if (!isResting()) {
      failedAt = performance.now();
      if (keys?.fresh) log.warn(errorDetails(thrown), 'a key that is not known could not be looked for');
      else log.error(errorDetails(thrown), 'the keys of the issuer can not be had: nobody gets in');
    }
    return new ProblemError(
      problemOf('unavailable', 'The keys that tokens are verified with can not be had.', {retryAfter: 5}),
    );
  };

  return {
    async verify(token) {
      if (isResting() && !keys?.fresh) throw away(undefined);
      try {
        looking ??= found();
        keys = await looking;
        const {payload} = await jwtVerify(token, keys, {
          issuer: config.issuer,
          audience: [...config.audience],
          algorithms: [...config.algorithms],
          clockTolerance: config.clockToleranceSeconds,
          maxTokenAge: longestLifeSeconds,
          requiredClaims: ['exp', 'iat'],
        });
        return payload;
      } catch (thrown) {
        if (thrown instanceof errors.JWTExpired) throw new TokenRefused('The token has expired.');
        if (isRefusal(thrown)) {
          log.info({reason: (thrown as errors.JOSEError).code}, 'a token was refused');
          throw new TokenRefused('The token is not accepted.');
        }
        if (!keys?.fresh) {
          looking = undefined;
          keys = undefined;
        }
        throw away(thrown);
      }
    },
  };
}

/** About the token, rather than about the issuer's answer. */
const isRefusal = (thrown: unknown): boolean =>
  thrown instanceof errors.JOSEError &&
  !(thrown instanceof errors.JWKSTimeout || thrown instanceof errors.JWKSInvalid) &&
  thrown.code !== errors.JOSEError.code;

/** Where the issuer says that its keys are (OpenID Connect Discovery 1.0, section 4). */
async function discovered({issuer}: AuthConfig): Promise<string> {
  const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
    signal: AbortSignal.timeout(patienceMs),
    redirect: 'error',
  });
  if (!response.ok) throw new Error(`The issuer's configuration answered ${response.status}.`);
  const {issuer: named, jwks_uri: uri} = (await response.json()) as {issuer?: unknown; jwks_uri?: unknown};
  if (named !== issuer) throw new Error("The issuer's configuration is another issuer's.");
  const secure = typeof uri === 'string' && (uri.startsWith('https://') || issuer.startsWith('http://'));
  if (!secure) throw new Error("The issuer's configuration names no keys.");
  return uri;
}
