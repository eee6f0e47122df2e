/** Virkning: from when until when something holds. From is inclusive, until is exclusive (Vejledning til anvisninger, section 11). */
import {rfc3339} from '../danish-time.js';
import {childOf, textIn, type XmlElement} from '../xml.js';
import {sd} from './namespaces.js';

/** A moment that is not known to have passed: nothing, or `GraenseIndikator`. */
function momentIn(effect: XmlElement | undefined, name: 'FraTidspunkt' | 'TilTidspunkt'): string | undefined {
  const written = textIn(childOf(effect, sd, name), sd, 'TidsstempelDatoTid');
  return written === undefined ? undefined : rfc3339(written);
}

/** When something began to hold, RFC 3339. `namespace` is that of its Virkning. */
export const beginning = (element: XmlElement, namespace: string): string | undefined =>
  momentIn(childOf(element, namespace, 'Virkning'), 'FraTidspunkt');

/** Whether something has ceased to hold. `namespace` is that of its Virkning. */
export function hasEnded(element: XmlElement, namespace: string, now: number): boolean {
  const until = momentIn(childOf(element, namespace, 'Virkning'), 'TilTidspunkt');
  return until !== undefined && Date.parse(until) <= now;
}

/**
 * What holds now of what holds one after the other; where nothing does, what held last.
 *
 * @param namespace - of their Virkning.
 */
export function current(elements: readonly XmlElement[], namespace: string, now: number): XmlElement | undefined {
  if (elements.length === 1) return elements[0];
  let best: XmlElement | undefined;
  let bestHolds = false;
  let bestFrom = Number.NEGATIVE_INFINITY;
  for (const element of elements) {
    const effect = childOf(element, namespace, 'Virkning');
    const from = Date.parse(momentIn(effect, 'FraTidspunkt') ?? '') || Number.NEGATIVE_INFINITY;
    const until = Date.parse(momentIn(effect, 'TilTidspunkt') ?? '') || Number.POSITIVE_INFINITY;
    const holds = from <= now && now < until;
    if (best && (bestHolds !== holds ? bestHolds : from < bestFrom)) continue;
    [best, bestHolds, bestFrom] = [element, holds, from];
  }
  return best;
}
