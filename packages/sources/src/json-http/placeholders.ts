/** Templates of addresses and bodies: `{name}` stands for a value. */

/** A value that a placeholder stands for. */
export type Value = string | number;
/** Values by the name of their placeholder. */
export type Values = Readonly<Record<string, Value | undefined>>;

/** A value cannot stand where the template wants it. Says which, never its content. */
export class PlaceholderFault extends Error {
  constructor(name: string, reason: string) {
    super(`{${name}} ${reason}`);
    this.name = 'PlaceholderFault';
  }
}

const placeholder = /\{([A-Za-z][A-Za-z0-9]*)\}/g;
const whole = /^\{([A-Za-z][A-Za-z0-9]*)\}$/;
const longestValue = 2_000;

/** The names of all placeholders in an address or a body. */
export function placeholderNames(template: unknown): string[] {
  if (typeof template === 'string') return [...template.matchAll(placeholder)].map(([, name]) => name!);
  if (typeof template !== 'object' || template === null) return [];
  return Object.values(template).flatMap(placeholderNames);
}

const given = (values: Values, name: string): Value | undefined =>
  Object.hasOwn(values, name) ? values[name] : undefined;

function needed(values: Values, name: string): Value {
  const value = given(values, name);
  if (value === undefined || value === '') throw new PlaceholderFault(name, 'has no value');
  if (String(value).length > longestValue) throw new PlaceholderFault(name, 'is too long');
  return value;
}

const inPath = (segment: string, values: Values): string => {
  const filled = segment.replace(placeholder, (_, name: string) => encodeURIComponent(needed(values, name)));
  // A value must not climb out of the path that the configuration gave.
  if (filled === '.' || filled === '..')
    throw new PlaceholderFault(whole.exec(segment)?.[1] ?? 'path', 'is not a name');
  return filled;
};

const inQuery = (pair: string, values: Values): string[] => {
  const [key = '', ...rest] = pair.split('=');
  const value = rest.join('=');
  const [, only] = whole.exec(value) ?? [];
  if (only !== undefined && given(values, only) === undefined) return [];
  const filled = value.replace(placeholder, (_, name: string) => encodeURIComponent(needed(values, name)));
  return [rest.length === 0 ? key : `${key}=${filled}`];
};

/**
 * The address that a template stands for. A query parameter that is nothing but a placeholder without a value is left
 * out. A template that is nothing but a placeholder is an address that the source gave.
 *
 * @throws PlaceholderFault where a value is missing or cannot stand in an address.
 */
export function filledAddress(template: string, values: Values, base: URL): URL {
  const [, link] = whole.exec(template) ?? [];
  if (link !== undefined) return linkedAddress(String(needed(values, link)), base, link);
  const [path = '', query] = template.split(/\?(.*)/s);
  const segments = path.replace(/^\/+/, '').split('/');
  const url = new URL(`./${segments.map((segment) => inPath(segment, values)).join('/')}`, base);
  if (query !== undefined)
    url.search = query
      .split('&')
      .flatMap((pair) => inQuery(pair, values))
      .join('&');
  return url;
}

/**
 * An address that the source gave, relative to the base or absolute.
 *
 * @throws PlaceholderFault where it leads to another origin: credentials and numbers go to the configured one only.
 */
export function linkedAddress(link: string, base: URL, name: string): URL {
  if (!URL.canParse(link, base.href)) throw new PlaceholderFault(name, 'is not an address');
  const url = new URL(link, base);
  if (url.origin !== base.origin || url.username !== '' || url.password !== '')
    throw new PlaceholderFault(name, 'leads to another origin');
  url.hash = '';
  return url;
}

/** A body with its placeholders filled in: one that stands alone keeps its type, and is left out where it has no value. */
export function filledBody(template: unknown, values: Values): unknown {
  if (typeof template === 'string') {
    const [, only] = whole.exec(template) ?? [];
    if (only !== undefined) return given(values, only);
    return template.replace(placeholder, (_, name: string) => String(needed(values, name)));
  }
  if (Array.isArray(template))
    return template.map((entry) => filledBody(entry, values)).filter((entry) => entry !== undefined);
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(
    Object.entries(template)
      .map(([key, entry]) => [key, filledBody(entry, values)] as const)
      .filter(([, entry]) => entry !== undefined),
  );
}
