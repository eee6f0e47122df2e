import * as z from 'zod/mini';
import {daySchema, recordRefSchema, resourceOf} from './records.js';

/** Our word for a CPR status (1,3,5,7 active; 20,30,50,60,70,80,90 not). */
export const personStatuses = [
  'active',
  'inactive',
  'annulled',
  'changed-number',
  'missing',
  'emigrated',
  'dead',
] as const;

/** CPR protections 1–4: name and address, directory, marketing, research. */
export const protectionKinds = ['name-address', 'directory', 'marketing', 'research'] as const;

/** Civil status as CPR knows it. */
export const civilStatuses = [
  'unmarried',
  'married',
  'divorced',
  'widowed',
  'registered-partnership',
  'dissolved-partnership',
  'surviving-partner',
  'separated',
  'deceased',
  'unknown',
] as const;

/** An opaque handle to a person, to be handed to `provider.setSubject`. */
const personHandleSchema = z.object({type: z.literal('ref'), value: z.string()});

/** A person named in another person's data. */
export const relativeSchema = z.object({
  relation: z.enum(['child', 'mother', 'father', 'spouse', 'parent', 'other']),
  /** Absent where the source holds only a number. */
  name: z.optional(z.string()),
  masked: z.optional(z.string()),
  birthDate: z.optional(daySchema),
  /** Where the backend lets the user go to that person. */
  subject: z.optional(personHandleSchema),
  protected: z.optional(z.boolean()),
});
/** See {@link relativeSchema}. */
export type Relative = z.infer<typeof relativeSchema>;

/** An address as lines to show. `protected`: lines may be absent until revealed (`reveal` with field `address`). */
export const addressSchema = z.object({
  lines: z.optional(z.array(z.string())),
  municipality: z.optional(z.string()),
  since: z.optional(daySchema),
  protected: z.optional(z.boolean()),
});
/** See {@link addressSchema}. */
export type Address = z.infer<typeof addressSchema>;

/** A person: base data as the CPR knows them. */
export const personSchema = z.object({
  ref: recordRefSchema,
  name: z.string(),
  /** Masked CPR number, `DDMMYY-••••`. */
  masked: z.string(),
  status: z.object({
    kind: z.catch(z.enum(personStatuses), 'inactive'),
    /** The source's own code or word. */
    native: z.optional(z.string()),
    since: z.optional(daySchema),
  }),
  birthDate: z.optional(daySchema),
  sex: z.optional(z.enum(['female', 'male'])),
  address: z.optional(addressSchema),
  contactAddress: z.optional(addressSchema),
  protections: z.optional(
    z.array(z.object({kind: z.enum(protectionKinds), from: z.optional(daySchema), to: z.optional(daySchema)})),
  ),
  civilStatus: z.optional(
    z.object({
      kind: z.catch(z.enum(civilStatuses), 'unknown'),
      since: z.optional(daySchema),
      native: z.optional(z.string()),
    }),
  ),
  /** Country or citizenship in the source's words. */
  citizenship: z.optional(z.string()),
  spouse: z.optional(relativeSchema),
  children: z.optional(z.array(relativeSchema)),
  parents: z.optional(z.array(relativeSchema)),
  /** Who has custody of this person (a child). */
  custody: z.optional(
    z.array(z.object({holder: relativeSchema, since: z.optional(daySchema), until: z.optional(daySchema)})),
  ),
  /** The person is under guardianship (værgemål). */
  guardianship: z.optional(
    z.object({since: z.optional(daySchema), until: z.optional(daySchema), guardian: z.optional(relativeSchema)}),
  ),
  /** Earlier numbers, masked. */
  previousNumbers: z.optional(z.array(z.string())),
  /** The number that replaced this one (status `changed-number`), as a handle. */
  replacedBy: z.optional(relativeSchema),
});
/** See {@link personSchema}. */
export type Person = z.infer<typeof personSchema>;

/** The resource `person`: at most one per source. */
export const personResource = resourceOf<Person>('person', personSchema);
