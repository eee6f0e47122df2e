import type {Parsed} from './identifiers.js';

/** A parsed KLE number: subject `NN.NN.NN` and, where given, action facet (`A P S Ø G K I` and two digits). */
export interface Kle {
  readonly subject: string;
  readonly mainGroup: string;
  readonly group: string;
  readonly facet?: string;
}

/** Parses a KLE number such as `32.24.04` or `32.24.04-G01`. */
export function parseKle(text: string): Parsed<Kle> {
  const match = /^(\d\d)\.(\d\d)\.(\d\d)(?:[-\s]?([APSØGKI]\d\d))?$/i.exec(text.trim());
  if (!match) return {ok: false, reason: 'format'};
  const [, main, group, subject, facet] = match;
  return {
    ok: true,
    value: {
      subject: `${main}.${group}.${subject}`,
      mainGroup: `${main}`,
      group: `${main}.${group}`,
      ...(facet ? {facet: facet.toUpperCase()} : {}),
    },
  };
}

/** Whether a KLE subject falls under a pattern as rights use them: `*`, `27.*`, `27.60.*` or a full number. */
export const kleMatches = (pattern: string, subject: string): boolean =>
  pattern === '*' || pattern === subject || (pattern.endsWith('.*') && subject.startsWith(pattern.slice(0, -1)));
