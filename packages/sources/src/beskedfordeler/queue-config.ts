import * as z from 'zod/mini';
import {isLoopbackHost} from '../http/loopback-host.js';
import {secretSchema} from '../secret.js';
import {tlsSchema} from '../tls.js';

/** What is wrong with the address of a queue; undefined for one that can be used. */
export function queueAddressFault(address: string): string | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^amqps?:$/.test(url.protocol)) return 'expected an address that begins with amqps://';
  if (url.protocol === 'amqp:' && !isLoopbackHost(url.hostname))
    return 'expected amqps://; amqp:// is for this machine only';
  if (url.pathname.length > 1 || url.search !== '' || url.hash !== '')
    return 'expected nothing after host and port; the virtual host is "vhost"';
  return undefined;
}

const address = z.string().check((payload) => {
  const fault = queueAddressFault(payload.value);
  // The value is not told: it may hold a password.
  if (fault !== undefined) payload.issues.push({code: 'custom', message: `${fault}.`, input: '', continue: true});
});

const text = () => z.string().check(z.minLength(1), z.maxLength(2_000));

/** Where messages are fetched: Beskedfordeler's "Afhent" (SF1461, AMQP 0-9-1 over TLS). */
export const queueSchema = z.strictObject({
  /** Host and port, with user and password where the login is plain; or the name of a variable that holds it. */
  url: z.union([address, secretSchema], 'expected an address that begins with amqps://, or {"env": "NAME"}.'),
  /** Default `BF`. */
  vhost: z.optional(text()),
  /** The id of the municipality's "dueslag". */
  queue: text(),
  /** How many messages are in hand at a time; default 100. Those that come together are committed together. */
  prefetch: z.optional(z.int().check(z.gte(1), z.lte(1_000))),
  /** `external`: by the client certificate, and `tokenFile` where there is one. Default `plain`. */
  login: z.optional(z.enum(['plain', 'external'])),
  /** Holds the security token that KOMBIT's broker wants with `external`; read anew for every connection. */
  tokenFile: z.optional(text()),
  tls: z.optional(tlsSchema),
});
/** See {@link queueSchema}. */
export type QueueConfig = z.infer<typeof queueSchema>;
