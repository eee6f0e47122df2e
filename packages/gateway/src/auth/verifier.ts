import {ProblemError, problemOf} from '@bsp/contract';
import {createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify} from 'jose';
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
   * @throws ProblemError `unavailable` when the issuer's keys can't be had: then nobody gets in.
   */
  verify(token: string): Promise<JWTPayload>;
}

const patienceMs = 5_000;
/** How long the issuer is not asked again after it failed. */
const restMs = 5_000;
const longestLifeSeconds = 86_400;

/**
 * Makes the verifier. Keys are fetched when first needed and kept for ten minutes; a key that is not known makes it look
 * again, once in thirty seconds at most. So a new key is known at once, and one that was withdrawn no later than that.
 */
export function tokenVerifierOf(config: AuthConfig, log: Log, cooldownMs = 30_000): TokenVerifier {
  let keys: Promise<JWTVerifyGetKey> | undefined;
  let failedAt = Number.NEGATIVE_INFINITY;

  const found = async (): Promise<JWTVerifyGetKey> =>
    createRemoteJWKSet(new URL(config.jwksUri ?? (await discovered(config))), {
      timeoutDuration: patienceMs,
      cooldownDuration: cooldownMs,
    });

  const away = (thrown: unknown): ProblemError => {
    if (performance.now() - failedAt > restMs) {
      failedAt = performance.now();
      log.error(errorDetails(thrown), 'the keys of the issuer can not be had: nobody gets in');
    }
    return new ProblemError(
      problemOf('unavailable', 'The keys that tokens are verified with can not be had.', {retryAfter: 5}),
    );
  };

  return {
    async verify(token) {
      if (performance.now() - failedAt <= restMs) throw away(undefined);
      try {
        keys ??= found();
        const {payload} = await jwtVerify(token, await keys, {
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
        keys = undefined;
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
