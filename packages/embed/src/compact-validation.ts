/**
 * What the contract's schemas use of `zod/mini`, in a tenth of its size: the bundles put this in its place
 * (rollup.config.mjs). It accepts, refuses and returns the same for all JSON, and reports no reasons, which no window
 * looks at. A test compares the two on every schema of the contract.
 *
 * @packageDocumentation
 */

/** Returned by a reader for what it does not accept: no JSON value equals it. */
const refused = Symbol();

type Reader = (value: unknown) => unknown;

class Schema {
  readonly read: Reader;
  /** The values that a literal or an enum accepts: how a discriminated union chooses. */
  readonly values: readonly unknown[] | undefined;
  readonly shape: Readonly<Record<string, Schema>> | undefined;
  /** An absent key stays absent. */
  readonly optional: boolean;
  /** An absent key is read like any value: a `catch` gives one. */
  readonly catches: boolean;

  constructor(read: Reader, more: Partial<Pick<Schema, 'values' | 'shape' | 'optional' | 'catches'>> = {}) {
    this.read = read;
    this.values = more.values;
    this.shape = more.shape;
    this.optional = more.optional ?? false;
    this.catches = more.catches ?? false;
  }

  /** The same schema, with conditions on what it read. */
  check(...conditions: readonly ((value: never) => boolean)[]): Schema {
    return new Schema((value) => {
      const read = this.read(value);
      return read !== refused && conditions.every((condition) => condition(read as never)) ? read : refused;
    });
  }

  safeParse(value: unknown): {success: true; data: unknown} | {success: false} {
    const data = this.read(value);
    return data === refused ? {success: false} : {success: true, data};
  }

  parse(value: unknown): unknown {
    const data = this.read(value);
    if (data === refused) throw new TypeError('Not of the expected shape.');
    return data;
  }
}

const accepting = (accepts: (value: unknown) => boolean): Schema =>
  new Schema((value) => (accepts(value) ? value : refused));

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const string = (): Schema => accepting((value) => typeof value === 'string');
export const number = (): Schema => accepting(Number.isFinite);
export const boolean = (): Schema => accepting((value) => typeof value === 'boolean');
export const unknown = (): Schema => accepting(() => true);

const oneOf = (values: readonly unknown[]): Schema =>
  new Schema((value) => (values.includes(value) ? value : refused), {values});
export const literal = (value: unknown): Schema => oneOf([value]);
export {oneOf as enum};

export const optional = ({read, values}: Schema): Schema =>
  new Schema((value) => (value === undefined ? value : read(value)), {optional: true, ...(values ? {values} : {})});

export const nullable = ({read}: Schema): Schema => new Schema((value) => (value === null ? value : read(value)));

const catching = ({read, optional: isOptional}: Schema, instead: unknown): Schema =>
  new Schema(
    (value) => {
      const result = read(value);
      return result === refused ? instead : result;
    },
    {optional: isOptional, catches: true},
  );

export {catching as catch};

export const array = ({read}: Schema): Schema =>
  new Schema((value) => {
    if (!Array.isArray(value)) return refused;
    const items = value.map(read);
    return items.includes(refused) ? refused : items;
  });

export const object = (shape: Readonly<Record<string, Schema>>): Schema => {
  const keys = Object.entries(shape);
  return new Schema(
    (value) => {
      if (!isObject(value)) return refused;
      const result: Record<string, unknown> = {};
      for (const [key, schema] of keys) {
        const present = key in value;
        if (!present && schema.optional) continue;
        const read = present || schema.catches ? schema.read(value[key]) : refused;
        if (read === refused) return refused;
        result[key] = read;
      }
      return result;
    },
    {shape},
  );
};

export const record = (_key: Schema, {read}: Schema): Schema =>
  new Schema((value) => {
    if (!isObject(value)) return refused;
    // A key of this name would become the result's prototype.
    const entries = Object.entries(value).flatMap(([key, one]) =>
      key === '__proto__' ? [] : [[key, read(one)] as const],
    );
    return entries.some(([, one]) => one === refused) ? refused : Object.fromEntries(entries);
  });

export const union = (options: readonly Schema[]): Schema =>
  new Schema((value) => {
    for (const {read} of options) {
      const result = read(value);
      if (result !== refused) return result;
    }
    return refused;
  });

export const discriminatedUnion = (key: string, options: readonly Schema[]): Schema =>
  new Schema((value) =>
    isObject(value)
      ? (options.find(({shape}) => shape?.[key]?.values?.includes(value[key]))?.read(value) ?? refused)
      : refused,
  );

/** Text is measured in code points, as zod does. */
const length = (value: string | readonly unknown[]): number =>
  typeof value === 'string' ? [...value].length : value.length;
export const minLength =
  (least: number) =>
  (value: string | readonly unknown[]): boolean =>
    length(value) >= least;
export const maxLength =
  (most: number) =>
  (value: string | readonly unknown[]): boolean =>
    length(value) <= most;

export const regex =
  (pattern: RegExp) =>
  (value: string): boolean =>
    pattern.test(value);

/** A day of the calendar: `Date` would move 30 February into March. */
const isDay = (text: string): boolean => {
  const time = Date.parse(`${text}T00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
};
const clock = '(?:[01]\\d|2[0-3]):[0-5]\\d';
const day = /^\d{4}-\d\d-\d\d$/;
const moment = new RegExp(`^(\\d{4}-\\d\\d-\\d\\d)T${clock}:[0-5]\\d(?:\\.\\d+)?(?:Z|[+-]${clock})$`);
/** `datetime` always takes an offset: the contract's moments have one. */
export const iso = {
  date: (): Schema => accepting((value) => typeof value === 'string' && day.test(value) && isDay(value)),
  datetime: (): Schema =>
    accepting((value) => {
      const date = typeof value === 'string' && moment.exec(value)?.[1];
      return !!date && isDay(date);
    }),
};
