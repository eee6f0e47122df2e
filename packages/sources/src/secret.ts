import * as z from 'zod/mini';

/** A value that stands in the environment, not in the configuration file. */
export const secretSchema = z.strictObject({
  env: z.string().check(z.regex(/^[A-Za-z_]\w*$/, 'expected the name of an environment variable.')),
});
/** See {@link secretSchema}. */
export type Secret = z.infer<typeof secretSchema>;

/** Where secrets come from. */
export type SecretEnvironment = Readonly<Record<string, string | undefined>>;

/** @throws Error that names the variable, where it is not set. */
export function secretOf(value: string | Secret, place: string, env: SecretEnvironment): string {
  if (typeof value === 'string') return value;
  const secret = env[value.env];
  if (secret === undefined || secret === '')
    throw new Error(`"${place}" wants the environment variable ${value.env}, which is not set.`);
  return secret;
}
