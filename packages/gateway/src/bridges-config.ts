import * as z from 'zod/mini';

const eventName = () =>
  z
    .string()
    .check(
      z.regex(
        /^([A-Z][A-Za-z]{1,60}-(open|close)|[a-z][\w]*(\.\w+)+)$/,
        'expected e.g. "Patient-open" or "org.example.thing".',
      ),
    );

/** Which bridges between a user's pages and programs there are: none, unless they are named. */
export const bridgesSchema = z.strictObject({
  tabs: z.optional(z.literal(true)),
  fhircast: z.optional(
    z.strictObject({
      events: z.optional(z.array(eventName()).check(z.maxLength(50))),
      url: z.optional(
        z.string().check(z.regex(/^https?:\/\/[^/?#]+$/, 'expected an origin, e.g. "https://bsp.example.dk".')),
      ),
    }),
  ),
});

/** The hub between programs. */
export interface FhircastConfig {
  /** Events that it carries besides its own. */
  readonly events: readonly string[];
  /** Where programs reach this gateway, if not where the request came. */
  readonly url: string | undefined;
}

/** See {@link bridgesSchema}. */
export interface BridgesConfig {
  readonly tabs: boolean;
  readonly fhircast: FhircastConfig | undefined;
}

/** Fills in the defaults. */
export const bridgesConfigOf = (given: z.infer<typeof bridgesSchema> | undefined): BridgesConfig => ({
  tabs: given?.tabs ?? false,
  fhircast: given?.fhircast && {events: given.fhircast.events ?? [], url: given.fhircast.url},
});
