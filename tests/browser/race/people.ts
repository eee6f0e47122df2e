/** A synthetic person (day + 60). Every text about them holds their marker, so that one look tells whose it is. */
export interface Person {
  readonly number: string;
  readonly masked: string;
  readonly marker: string;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** Person `index`; no two of the first 16,000 share a birth date or a marker. */
export function personOf(index: number): Person {
  const date = `${two(61 + (index % 28))}${two(1 + (Math.floor(index / 28) % 12))}${two(50 + (Math.floor(index / 336) % 50))}`;
  return {
    number: `${date}-0001`,
    masked: `${date}-••••`,
    marker: `Zq${index.toString(36).padStart(3, '0')}qZ`,
  };
}

/** What of whom a text shows: markers, and the read that brought them where the text says so. */
export interface Trace {
  readonly marker: string;
  /** Backend, read, source and resource of a record. */
  readonly origin: {backend: number; read: number; source: string; resource: string} | undefined;
}

/** Every marker in a text. */
export function tracesIn(text: string): Trace[] {
  return [...text.matchAll(/(Zq[0-9a-z]{3}qZ)(?:x(\d+)x(\d+)x([a-z])x(\w+)x)?/g)].map(
    ([, marker = '', backend, read, source, resource]) => ({
      marker,
      origin:
        backend && read && source && resource
          ? {backend: Number(backend), read: Number(read), source, resource}
          : undefined,
    }),
  );
}

/** Every masked or plain number in a text, as a birth date. */
export const birthDatesIn = (text: string): string[] =>
  [...text.matchAll(/(?<!\d)([6-8]\d{5})-[\d•]/g)].map(([, date = '']) => date);

/** What every text of a record says. */
export const textOf = ({marker}: Person, backend: number, read: number, source: string, resource: string): string =>
  `${marker}x${backend}x${read}x${source}x${resource}x`;

const at = (minute: number): string => `2026-11-20T09:${two(minute % 60)}:00Z`;

/** A record of a resource in which every text is `text`. */
export function recordOf(resource: string, text: string, {masked}: Person, source: string, id: number): object {
  const ref = {source, id: `${text}${id}`};
  const staff = {name: text, unit: text};
  const kle = {number: '27.36.04', title: text};
  switch (resource) {
    case 'person':
      return {
        ref,
        name: text,
        masked,
        status: {kind: 'active', native: text},
        birthDate: '1984-12-04',
        address: {lines: [text, text], municipality: text},
        citizenship: text,
        spouse: {relation: 'spouse', name: text, masked},
        children: [{relation: 'child', name: text, masked, subject: {type: 'ref', value: text}}],
        protections: [{kind: 'name-address'}],
      };
    case 'cases':
      return {
        ref,
        title: text,
        number: text,
        status: {phase: id % 3 === 2 ? 'closed' : 'informed', native: text},
        kle,
        responsible: staff,
        openedAt: at(id),
        changedAt: at(id),
        sensitivity: 'sensitive',
      };
    case 'journal':
      return {
        ref,
        case: {ref, title: text},
        occurredAt: at(id),
        recordedAt: at(id),
        author: staff,
        heading: text,
        body: text,
        kle,
        addenda: [{at: at(id), author: staff, body: text}],
      };
    case 'events':
      return {
        ref,
        type: text,
        title: text,
        text,
        occurredAt: at(id),
        receivedAt: at(id),
        about: {kind: text, ref: {source, id: text}, title: text, case: {ref, title: text}},
        delivery: {channel: text, state: 'failed', native: text, error: {code: text, text}},
      };
    default:
      return {window: 'journal', savedAt: at(id), version: id, content: {heading: text, body: text}};
  }
}
