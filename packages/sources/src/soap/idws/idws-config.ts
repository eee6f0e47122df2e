import * as z from 'zod/mini';
import {address, text} from '../../http/connection-config.js';
import {secretSchema} from '../../secret.js';
import {tlsSchema} from '../../tls.js';
import {soapVersions} from '../envelope.js';

/** `auth` of a service that wants OIO IDWS; files are PEM, relative to the configuration file. */
export const idwsSchema = z.strictObject({
  kind: z.literal('idws'),
  sts: z.strictObject({
    /** Where the token service takes WS-Trust 1.3. */
    url: address(),
    /** With what it signs. */
    certFile: text(),
    /** What its tokens must say that it is. */
    entityId: z.optional(text()),
    /** Default 1.2. */
    soap: z.optional(z.enum(soapVersions, 'expected "1.1" or "1.2".')),
    tls: z.optional(tlsSchema),
  }),
  /** The entity id of the service: for what the token is. */
  appliesTo: text(),
  /** CVR number of the municipality for which is asked. */
  municipality: z.optional(z.string().check(z.regex(/^\d{8}$/, 'expected a CVR number of eight digits.'))),
  /** The certificate of this system, and its key. */
  certFile: text(),
  keyFile: text(),
  passphrase: z.optional(secretSchema),
  /** With what the service signs its answers; without it they are not looked at for a signature. */
  answersSignedBy: z.optional(text()),
  /** Whether messages say that they are of Liberty Basic SOAP Binding. Default: those in SOAP 1.1 do. */
  libertyFramework: z.optional(z.boolean()),
});
/** See {@link idwsSchema}. */
export type IdwsConfig = z.infer<typeof idwsSchema>;
