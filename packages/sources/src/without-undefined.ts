/** The record without the keys that have no value: contract records leave out what is not known. */
export const withoutUndefined = <T extends object>(record: T): {[K in keyof T]: Exclude<T[K], undefined>} =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
