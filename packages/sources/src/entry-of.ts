/** What a table has for a word of a source: never what every object has, such as `constructor`. */
export const entryOf = <T>(table: Readonly<Record<string, T>>, word: string | undefined): T | undefined =>
  word !== undefined && Object.hasOwn(table, word) ? table[word] : undefined;
