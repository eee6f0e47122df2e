import * as z from 'zod/mini';
import {rightSchema} from '../access/rights.js';

const text = (longest = 500) => z.string().check(z.minLength(1), z.maxLength(longest));

/** Keys and documents of an issuer come over TLS; on this machine, e.g. beside a proxy, they need not. */
export const safeUrl = () =>
  z
    .string()
    .check(
      z.refine(
        (value) =>
          /^https:\/\/[^/]/.test(value) || /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(\/|$)/.test(value),
        'expected an address that begins with https:// (http:// on this machine only).',
      ),
    );

/** Signatures by a key that only the issuer has. A shared secret (HS…) would let whoever verifies sign, too. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const;

const claimsShape = {
  tenant: z.optional(text()),
  user: z.optional(text()),
  name: z.optional(text()),
  unit: z.optional(text()),
  office: z.optional(text()),
  system: z.optional(text()),
  rights: z.optional(text()),
  breakGlass: z.optional(text()),
  privileges: z.optional(text()),
};

/** What `auth` of a configuration holds. */
export const authSchema = z.strictObject({
  issuer: safeUrl(),
  audience: z.union([text(), z.array(text()).check(z.minLength(1))], 'expected a text, or a list of texts.'),
  jwksUri: z.optional(safeUrl()),
  algorithms: z.optional(z.array(z.enum(algorithms)).check(z.minLength(1))),
  clockToleranceSeconds: z.optional(z.int().check(z.gte(0), z.lte(300))),
  claims: z.optional(z.strictObject(claimsShape)),
  privileges: z.optional(
    z.strictObject({read: z.array(text()).check(z.minLength(1)), breakGlass: z.optional(z.array(text()))}),
  ),
  systems: z.optional(
    z.array(z.strictObject({id: text(200), name: z.optional(text(200)), rights: z.array(rightSchema)})),
  ),
  defaultOffice: z.optional(z.enum(['front', 'back', 'support'])),
  origins: z.optional(
    z.array(
      z
        .string()
        .check(
          z.refine(
            (value) => URL.canParse(value) && new URL(value).origin === value,
            'expected an origin such as "https://jobcenter.example", without a path.',
          ),
        ),
    ),
  ),
  cookie: z.optional(
    z.strictObject({name: z.string().check(z.regex(/^[\w!#$%&'*+.^`|~-]{1,100}$/, 'expected the name of a cookie.'))}),
  ),
});

/** Who issues the tokens, and what is read from them. */
export interface AuthConfig {
  readonly issuer: string;
  readonly audience: readonly string[];
  /** Where its keys are; without it, where `<issuer>/.well-known/openid-configuration` says. */
  readonly jwksUri: string | undefined;
  readonly algorithms: readonly string[];
  readonly clockToleranceSeconds: number;
  /** Names of the claims. Without `tenant` there is one tenant. */
  readonly claims: {readonly tenant: string | undefined} & Readonly<
    Record<Exclude<keyof typeof claimsShape, 'tenant'>, string>
  >;
  /** Which privileges of a Basic Privilege Profile are ours. */
  readonly privileges: {readonly read: readonly string[]; readonly breakGlass: readonly string[]} | undefined;
  /** The systems that may call, and what each may see whoever uses it. */
  readonly systems: NonNullable<z.infer<typeof authSchema>['systems']>;
  /** Of users whose token names no office. */
  readonly defaultOffice: 'front' | 'back' | 'support' | undefined;
  /** Origins whose pages may ask from the browser. */
  readonly origins: readonly string[];
  /** The cookie that may hold the token instead of the header. */
  readonly cookie: string | undefined;
}

/** Attribute of OIOSAML 3 for the Basic Privilege Profile; identity providers pass it on as a claim. */
const privilegesClaim = 'https://data.gov.dk/model/core/eid/privilegesIntermediate';

/** Fills in the defaults. */
export function authConfigOf(given: z.infer<typeof authSchema>): AuthConfig {
  const {claims = {}} = given;
  return {
    issuer: given.issuer,
    audience: [given.audience].flat(),
    jwksUri: given.jwksUri,
    algorithms: given.algorithms ?? ['RS256', 'PS256', 'ES256', 'EdDSA'],
    clockToleranceSeconds: given.clockToleranceSeconds ?? 30,
    claims: {
      tenant: claims.tenant,
      user: claims.user ?? 'sub',
      name: claims.name ?? 'name',
      unit: claims.unit ?? 'unit',
      office: claims.office ?? 'office',
      system: claims.system ?? 'azp',
      rights: claims.rights ?? 'bsp_rights',
      breakGlass: claims.breakGlass ?? 'bsp_break_glass',
      privileges: claims.privileges ?? privilegesClaim,
    },
    privileges: given.privileges && {read: given.privileges.read, breakGlass: given.privileges.breakGlass ?? []},
    systems: given.systems ?? [],
    defaultOffice: given.defaultOffice,
    origins: given.origins ?? [],
    cookie: given.cookie?.name,
  };
}
