import type {Language} from './formats.js';

/** A typed table of UI texts: strings, or functions that make one. */
export type StringTable = Readonly<Record<string, string | ((...values: never[]) => string)>>;

/** The same keys and parameters in another language. */
export type Translated<T extends StringTable> = {
  readonly [K in keyof T]: T[K] extends (...values: infer A) => string ? (...values: A) => string : string;
};

/** A window's texts: Danish is the source of truth and always there, English is loaded when asked for. */
export interface StringSource<T extends StringTable> {
  /** Window name, the key for overrides. */
  readonly name: string;
  readonly da: T;
  readonly en: () => Promise<Translated<T>>;
}

/** Loaded tables of a source by language. */
const loaded = new WeakMap<object, Translated<StringTable>>();
/** Who waits for a source's table: each once, however often a render asks. */
const waiting = new WeakMap<object, Set<() => void>>();

/**
 * The texts of a source in a language, with the host's overrides on top. While English loads, Danish is returned and
 * `whenLoaded` is called once it is there; give the same function each time.
 */
export function stringsOf<T extends StringTable>(
  source: StringSource<T>,
  language: Language,
  overrides: Readonly<Record<string, unknown>> | undefined,
  whenLoaded: () => void,
): Translated<T> {
  let table = source.da as unknown as Translated<T>;
  if (language === 'en') {
    const english = loaded.get(source) as Translated<T> | undefined;
    const others = waiting.get(source);
    if (english) table = english;
    else if (others) others.add(whenLoaded);
    else {
      const asking = new Set([whenLoaded]);
      waiting.set(source, asking);
      source.en().then(
        (strings) => {
          loaded.set(source, withKeys(strings, source.da));
          waiting.delete(source);
          for (const tell of asking) tell();
        },
        // The chunk could not be had: Danish stands, until somebody asks again.
        () => waiting.delete(source),
      );
    }
  }
  return overrides ? withOverrides(table, overrides) : table;
}

/** The bundles leave out the keys of English texts: they are the Danish ones', in the same order. */
const withKeys = <T extends StringTable>(strings: Translated<T>, danish: T): Translated<T> =>
  Array.isArray(strings)
    ? (Object.fromEntries(Object.keys(danish).map((key, place) => [key, strings[place]])) as Translated<T>)
    : strings;

/** A host's bad override (unknown key, text for a function, a function that fails) is left out; the kit's text stands. */
function withOverrides<T extends object>(table: T, overrides: Readonly<Record<string, unknown>>): T {
  const merged = {...table} as Record<string, unknown>;
  for (const [key, value] of Object.entries(overrides)) {
    const own = Object.hasOwn(merged, key) ? merged[key] : undefined;
    if (typeof own === 'string' && typeof value === 'string') merged[key] = value;
    if (isMaker(own) && (typeof value === 'string' || isMaker(value)))
      merged[key] = (...values: unknown[]) => {
        try {
          const text = isMaker(value) ? value(...values) : value;
          if (typeof text === 'string') return text;
        } catch {
          // The kit's own text is better than none.
        }
        return own(...values);
      };
  }
  return merged as T;
}

const isMaker = (value: unknown): value is (...values: unknown[]) => unknown => typeof value === 'function';
