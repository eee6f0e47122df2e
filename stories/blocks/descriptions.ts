import manifest from '../../custom-elements.json' with {type: 'json'};

/** Something that a host can use, as the manifest describes it. */
export interface Described {
  readonly name: string;
  readonly description?: string;
  readonly type?: {readonly text: string};
  readonly default?: string;
  readonly inheritedFrom?: {readonly name: string};
  /** The property of an attribute. */
  readonly fieldName?: string;
}

/** What the manifest says of one element. */
export interface ElementDescription {
  readonly tagName: string;
  readonly summary?: string;
  readonly description?: string;
  readonly attributes?: readonly Described[];
  readonly events?: readonly Described[];
  readonly slots?: readonly Described[];
  readonly cssParts?: readonly Described[];
  readonly cssProperties?: readonly Described[];
  readonly cssStates?: readonly Described[];
  readonly keyboard?: readonly Described[];
  readonly config?: {readonly name: string; readonly fields: readonly Described[]};
}

const elements = new Map(
  manifest.modules
    .flatMap(({declarations}) => declarations as unknown as ElementDescription[])
    .map((one) => [one.tagName, one]),
);

/** The tags of all windows. */
export const windowTags: readonly string[] = [...elements.values()]
  .filter(({config}) => config)
  .map((one) => one.tagName);

/** The manifest's own words: what stands in backticks, and links, as `code`; everything else as text. */
export const wordsOf = <T>(text = '', code: (text: string) => T): (T | string)[] =>
  text
    .replace(/\{@link (\w+)\}/g, '`$1`')
    .split('`')
    .map((part, index) => (index % 2 ? code(part) : part));

/** What the manifest says of an element. */
export function descriptionOf(tag: string): ElementDescription {
  const found = elements.get(tag);
  if (!found) throw new Error(`The manifest describes no ${tag}.`);
  return found;
}
