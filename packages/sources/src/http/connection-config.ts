/** The parts of a configuration that say where a source is reached and how it knows us. */
import * as z from 'zod/mini';
import {secretSchema} from '../secret.js';
import {isLoopbackHost} from './loopback-host.js';

export const text = () => z.string().check(z.minLength(1), z.maxLength(2_000));
export const openValue = () => z.union([text(), secretSchema], 'expected a text, or {"env": "NAME"}.');

/** https anywhere, http on this machine only. */
export const address = () =>
  z.string().check((payload) => {
    const url = URL.canParse(payload.value) ? new URL(payload.value) : undefined;
    const message =
      url === undefined || !/^https?:$/.test(url.protocol)
        ? 'expected an address that begins with https://'
        : url.protocol === 'http:' && !isLoopbackHost(url.hostname)
          ? 'expected https://; http is for this machine only.'
          : url.username !== '' || url.password !== ''
            ? 'an address must not hold a password; use "auth".'
            : url.search !== '' || url.hash !== ''
              ? 'expected an address without "?" and "#".'
              : undefined;
    if (message !== undefined) payload.issues.push({code: 'custom', message, input: payload.value, continue: true});
  });

/** Headers that are ours, or would change what the request is. */
const ownHeaders =
  /^(?:authorization|host|connection|content-.*|transfer-encoding|accept-encoding|expect|upgrade|te)$/i;
export const headerName = () =>
  z.string().check(
    z.regex(/^[A-Za-z0-9-]{1,100}$/, 'expected the name of a header.'),
    z.refine((name) => !ownHeaders.test(name), 'this header is not for the configuration; see "auth".'),
  );

/** How a source is shown who asks, in the headers of HTTP. */
export const httpAuthSchemas = [
  z.strictObject({kind: z.literal('none')}),
  z.strictObject({kind: z.literal('bearer'), token: secretSchema}),
  z.strictObject({kind: z.literal('basic'), user: openValue(), password: secretSchema}),
  z.strictObject({kind: z.literal('api-key'), header: headerName(), value: secretSchema}),
  z.strictObject({
    kind: z.literal('oauth2'),
    tokenUrl: address(),
    clientId: openValue(),
    clientSecret: secretSchema,
    scope: z.optional(text()),
    /** Where the client's id and secret stand. */
    clientAuth: z.optional(z.enum(['body', 'basic'])),
    /** More form fields of the token request; `grant_type` is `client_credentials` unless it stands here. */
    parameters: z.optional(z.record(z.string(), openValue())),
  }),
] as const;

export const authSchema = z.discriminatedUnion(
  'kind',
  httpAuthSchemas,
  'expected "kind": none, bearer, basic, api-key or oauth2.',
);
/** See {@link authSchema}. */
export type AuthConfig = z.infer<typeof authSchema>;

export const wholeNumber = (least: number, most: number) => z.int().check(z.gte(least), z.lte(most));
