import {readFile} from 'node:fs/promises';
import {resolve} from 'node:path';
import {createSecureContext} from 'node:tls';
import * as z from 'zod/mini';
import {type SecretEnvironment, secretOf, secretSchema} from './secret.js';

const path = () => z.string().check(z.minLength(1), z.maxLength(2_000));

/** A client's certificate, and whom it trusts; PEM files, relative to the configuration file. */
export const tlsSchema = z.strictObject({
  certFile: z.optional(path()),
  keyFile: z.optional(path()),
  caFile: z.optional(path()),
  passphrase: z.optional(secretSchema),
});
/** See {@link tlsSchema}. */
export type TlsConfig = z.infer<typeof tlsSchema>;

/** Reads the files and makes sure that they can be used. */
export async function tlsOptions(tls: TlsConfig, env: SecretEnvironment, directory: string) {
  const file = async (key: 'certFile' | 'keyFile' | 'caFile'): Promise<Buffer | undefined> => {
    const path = tls[key];
    if (path === undefined) return undefined;
    return readFile(resolve(directory, path)).catch((thrown: NodeJS.ErrnoException) => {
      throw new Error(`"tls.${key}" is "${path}", which cannot be read (${thrown.code ?? 'unknown'}).`);
    });
  };
  const [cert, key, ca] = await Promise.all([file('certFile'), file('keyFile'), file('caFile')]);
  const options = {
    ...(cert && {cert}),
    ...(key && {key}),
    ...(ca && {ca}),
    ...(tls.passphrase && {passphrase: secretOf(tls.passphrase, 'tls.passphrase', env)}),
  };
  try {
    createSecureContext(options);
  } catch (thrown) {
    throw new Error(`"tls" cannot be used: ${(thrown as Error).message}.`);
  }
  return options;
}
