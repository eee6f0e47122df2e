/** A JSON value with the keys of every object in order, so that two spellings of it are one text. */
export const withSortedKeys = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(withSortedKeys)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .sort(([left], [right]) => (left < right ? -1 : 1))
            .map(([key, part]) => [key, withSortedKeys(part)]),
        )
      : value;
