/** What host and guest say before and beside the bridge. Of another version, or another shape, is not read. */
export const protocol = 'bsp-iframe@1';

/** How the host looks: the guest does likewise. */
export interface Look {
  readonly lang: string;
  /** The value of CSS `color-scheme`. */
  readonly colorScheme: string;
  /** Design tokens by name, e.g. `--bsp-accent`. */
  readonly tokens: Readonly<Record<string, string>>;
}

/** An origin as a browser says it, e.g. `https://care.example.dk`: no star, no path. @throws TypeError */
export function exactOrigin(given: string): string {
  const origin = URL.canParse(given) ? new URL(given).origin : 'null';
  if (origin === 'null' || origin !== given || given.includes('*'))
    throw new TypeError(`"${given}" is no origin. Give one as https://host or https://host:port, without a path.`);
  return origin;
}

/** Says whether a message of a window is of this kind. */
export const isKind = (data: unknown, kind: 'hello' | 'ready' | 'connect'): boolean =>
  typeof data === 'object' &&
  data !== null &&
  'bsp' in data &&
  data.bsp === protocol &&
  'kind' in data &&
  data.kind === kind;

const tokenName = /^--bsp-[a-z0-9-]{1,60}$/;
/** A colour, a length, a family of fonts: nothing that loads anything or ends the declaration. */
const tokenValue = /^[\w\s#%.,()'"/+*-]{0,200}$/;

/** A look as it may be applied; what does not fit is left out. */
export function lookOf(data: unknown): Look | undefined {
  const {kind, lang, colorScheme, tokens} = (data ?? {}) as Record<string, unknown>;
  if (kind !== 'look') return undefined;
  const given = typeof tokens === 'object' && tokens !== null ? Object.entries(tokens) : [];
  const fitting = given.filter(
    (entry): entry is [string, string] =>
      tokenName.test(entry[0]) &&
      typeof entry[1] === 'string' &&
      tokenValue.test(entry[1]) &&
      !/url|image|src/i.test(entry[1]),
  );
  return {
    lang: typeof lang === 'string' && /^[A-Za-z]{2,3}(-[\w-]{1,20})?$/.test(lang) ? lang : '',
    colorScheme:
      typeof colorScheme === 'string' && /^(normal|light|dark|light dark|dark light)$/.test(colorScheme)
        ? colorScheme
        : '',
    tokens: Object.fromEntries(fitting.slice(0, 100)),
  };
}

/** The height that a guest asks for; undefined for all else. */
export function heightIn(data: unknown): number | undefined {
  const {kind, height} = (data ?? {}) as Record<string, unknown>;
  return kind === 'size' && typeof height === 'number' && Number.isFinite(height) && height >= 0 ? height : undefined;
}
