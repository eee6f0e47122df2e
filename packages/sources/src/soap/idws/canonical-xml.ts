/** Canonical XML 1.0 (W3C, 2001) and Exclusive XML Canonicalization 1.0 (W3C, 2002), without comments, of an element. */
import type {FullElement} from './full-xml.js';

/** The algorithms, by the names that signatures give them. */
export const exclusiveCanonicalization = 'http://www.w3.org/2001/10/xml-exc-c14n#';
/** See {@link exclusiveCanonicalization}. */
export const inclusiveCanonicalization = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';

/** How an element is written. */
export interface CanonicalForm {
  /**
   * Prefixes whose declarations are written wherever they are in scope, and not only where they are used: the
   * `InclusiveNamespaces` of the exclusive form (section 3), where the empty one stands for `#default`. `all`: the inclusive form.
   * `prefixes`: all but the default namespace, so that what only text uses (`xsi:type="xs:string"`) keeps its meaning.
   */
  readonly inclusive?: ReadonlySet<string> | 'all' | 'prefixes';
  /** An element within that is left out: `enveloped-signature`. */
  readonly omit?: FullElement;
  /** Writes `xmlns=""` on the outermost element where there is no default namespace (WS-Security 1.1, section 8.3). */
  readonly declaresDefault?: boolean;
}

const textEscapes: Readonly<Record<string, string>> = {'&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#xD;'};
const attributeEscapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
};
const escapedText = (text: string): string => text.replace(/[&<>\r]/g, (character) => textEscapes[character]!);
const escapedValue = (text: string): string =>
  text.replace(/[&<"\t\n\r]/g, (character) => attributeEscapes[character]!);

const compared = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** The prefixes whose declarations may have to be written here. */
function prefixesOf({prefix, all, scope}: FullElement, inclusive: CanonicalForm['inclusive']): ReadonlySet<string> {
  const used = new Set([prefix, ...all.flatMap((attribute) => (attribute.prefix === '' ? [] : [attribute.prefix]))]);
  if (inclusive === 'all') used.add('');
  if (inclusive === 'all' || inclusive === 'prefixes') {
    for (const known of scope.keys()) if (known !== '') used.add(known);
  } else for (const listed of inclusive ?? []) if (listed === '' || scope.has(listed)) used.add(listed);
  used.delete('xml');
  return used;
}

/** The element in its canonical form. */
export function canonicalXml(element: FullElement, form: CanonicalForm = {}): string {
  const parts: string[] = [];
  const write = (one: FullElement, outer: ReadonlyMap<string, string | undefined>): void => {
    if (one === form.omit) return;
    const written = new Map(outer);
    const name = one.prefix === '' ? one.name : `${one.prefix}:${one.name}`;
    parts.push('<', name);
    for (const prefix of [...prefixesOf(one, form.inclusive)].sort(compared)) {
      const namespace = one.scope.get(prefix) ?? '';
      if (written.get(prefix) === namespace) continue;
      written.set(prefix, namespace);
      parts.push(prefix === '' ? ' xmlns="' : ` xmlns:${prefix}="`, escapedValue(namespace), '"');
    }
    const attributes = [...one.all].sort((a, b) => compared(a.namespace, b.namespace) || compared(a.local, b.local));
    for (const {qualified, value} of attributes) parts.push(' ', qualified, '="', escapedValue(value), '"');
    parts.push('>');
    for (const part of one.content)
      if (typeof part === 'string') parts.push(escapedText(part));
      else write(part, written);
    parts.push('</', name, '>');
  };
  write(element, new Map([['', form.declaresDefault ? undefined : '']]));
  return parts.join('');
}
