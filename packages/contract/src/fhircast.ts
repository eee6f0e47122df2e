import * as z from 'zod/mini';

/** The events by which the kit's programs follow each other over a hub (HL7 FHIRcast 3.0.0): a person is open, or is no more. */
export const fhircastSubjectEvents = {open: 'dk.bsp.subject_open', close: 'dk.bsp.subject_close'} as const;

/** What a hub sends to a subscriber: an event, or what became of the subscription (FHIRcast 2.4 and 2.5). */
export const fhircastMessageSchema = z.union([
  z.object({
    timestamp: z.string(),
    id: z.string().check(z.minLength(1), z.maxLength(200)),
    event: z.object({
      'hub.topic': z.string(),
      'hub.event': z.string(),
      context: z.array(
        z.object({
          key: z.string(),
          reference: z.optional(z.object({identifier: z.object({value: z.string()})})),
          resource: z.optional(z.unknown()),
        }),
      ),
    }),
  }),
  z.object({'hub.mode': z.enum(['subscribe', 'denied']), 'hub.topic': z.string()}),
]);
/** See {@link fhircastMessageSchema}. */
export type FhircastMessage = z.infer<typeof fhircastMessageSchema>;

/** The context of one of {@link fhircastSubjectEvents}: the person by their handle, never by a number. */
export const fhircastSubject = (handle: string) => [
  {key: 'subject', reference: {identifier: {system: 'urn:bsp:handle', value: handle}}},
];

/** Which program is out of step with which event, as a `SyncError` says (FHIRcast 3.2.1). */
export const fhircastSyncErrorSchema = z.object({
  issue: z.array(
    z.object({
      details: z.object({coding: z.array(z.object({system: z.string(), code: z.optional(z.string())}))}),
    }),
  ),
});
