/** How one value of a window's config is checked. */
export interface ConfigField<V> {
  /** What stands when the host gives nothing, or something unusable. */
  readonly fallback: V;
  /** What a usable value is, in English, for the host's developer. */
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
}

/** A window's config: one field per key. */
export type ConfigShape<C extends object> = {readonly [K in keyof C]: ConfigField<C[K]>};

/** A key of a config that could not be used. The value itself is never repeated. */
export interface ConfigFault {
  /** Empty when the config as a whole is no object. */
  readonly key: string;
  readonly expected: string;
}

/** Reads a config: what is usable stands, what is not falls back and is told. Never throws. */
export function readConfig<C extends object>(shape: ConfigShape<C>, raw: unknown): {config: C; faults: ConfigFault[]} {
  try {
    const config: Record<string, unknown> = {};
    const faults: ConfigFault[] = [];
    const fields = shape as Readonly<Record<string, ConfigField<unknown>>>;
    const usable = raw === undefined || raw === null || (typeof raw === 'object' && !Array.isArray(raw));
    if (!usable) faults.push({key: '', expected: 'an object (JSON as an attribute)'});
    const given: Record<string, unknown> = usable ? {...raw} : {};
    for (const [key, {fallback, expected, accepts}] of Object.entries(fields)) {
      const value = given[key];
      const stands = value !== undefined && accepts(value);
      if (value !== undefined && !stands) faults.push({key, expected});
      config[key] = stands ? value : fallback;
    }
    for (const key of Object.keys(given))
      if (!Object.hasOwn(fields, key))
        faults.push({key, expected: `one of the keys ${Object.keys(fields).join(', ')}`});
    return {config: config as C, faults};
  } catch {
    // An object of the host's that can't be looked into, such as a proxy, is none.
    return readConfig(shape, 0);
  }
}

/** One of some words. */
export const oneOf = <V extends string>(values: readonly V[], fallback: V): ConfigField<V> => ({
  fallback,
  expected: `one of ${values.join(', ')}`,
  accepts: (value) => values.includes(value as V),
});

/** Some of some words, each once, in the order in which they are to stand. */
export const someOf = <V extends string>(values: readonly V[], fallback: readonly V[]): ConfigField<readonly V[]> => ({
  fallback,
  expected: `a list of ${values.join(', ')}`,
  accepts: (value) =>
    Array.isArray(value) &&
    value.length > 0 &&
    new Set(value).size === value.length &&
    value.every((entry) => values.includes(entry as V)),
});

/** A whole number between two. */
export const wholeNumber = (least: number, most: number, fallback: number): ConfigField<number> => ({
  fallback,
  expected: `a whole number from ${least} to ${most}`,
  accepts: (value) => Number.isInteger(value) && (value as number) >= least && (value as number) <= most,
});

/** Yes or no. */
export const flag = (fallback: boolean): ConfigField<boolean> => ({
  fallback,
  expected: 'true or false',
  accepts: (value) => typeof value === 'boolean',
});
