import * as z from 'zod/mini';

/** A moment: RFC 3339 with offset, e.g. `2026-11-20T09:42:00+01:00`. */
export const momentSchema = z.iso.datetime({offset: true});
/** A calendar day: `2026-11-20`. */
export const daySchema = z.iso.date();

/** A reference to a record: the source that holds it, and its opaque id there. */
export const recordRefSchema = z.object({source: z.string(), id: z.string()});
/** See {@link recordRefSchema}. */
export type RecordRef = z.infer<typeof recordRefSchema>;

/** One string per reference, for maps and keys. */
export const refKey = (ref: RecordRef): string => `${ref.source}\u0000${ref.id}`;

/** A member of staff as a source names them. */
export const staffSchema = z.object({name: z.string(), unit: z.optional(z.string())});
/** See {@link staffSchema}. */
export type Staff = z.infer<typeof staffSchema>;

/** KLE classification; `number` is `NN.NN.NN` with an optional facet. */
export const kleSchema = z.object({number: z.string(), title: z.optional(z.string())});

/** Another record by its reference, with the title that it is known by. */
export const titledRefSchema = z.object({ref: recordRefSchema, title: z.optional(z.string())});
/** See {@link titledRefSchema}. */
export type TitledRef = z.infer<typeof titledRefSchema>;

/**
 * What a window may ask for: a name, and how one item of it is read.
 *
 * Items are read one by one, so that one unreadable record never takes the others with it.
 */
export interface Resource<T> {
  readonly name: string;
  /** The record, or undefined when the item is unreadable. */
  readonly parse: (item: unknown) => T | undefined;
  /** By which it is read, where it was made from one. */
  readonly schema?: z.ZodMiniType<T>;
}

/** Makes a {@link Resource} from a schema. */
export const resourceOf = <T>(name: string, schema: z.ZodMiniType<T>): Resource<T> => ({
  name,
  parse: (item) => {
    const result = schema.safeParse(item);
    return result.success ? result.data : undefined;
  },
  schema,
});
