import {rfc3339} from '../danish-time.js';
import {textIn, type XmlElement} from '../xml.js';
import {gd, sd} from './namespaces.js';

/** The newest state of an object that an index gives. */
export interface Registration {
  readonly element: XmlElement;
  /** When it was registered in the source system; else in the index. RFC 3339. */
  readonly at: string | undefined;
  /** LivscyklusKode `Slettet`. */
  readonly deleted: boolean;
  /** LivscyklusKode `Passiveret`: no longer kept up to date. */
  readonly passive: boolean;
}

/** The newest of an object's registrations. */
export function latestRegistration(registrations: readonly XmlElement[]): Registration | undefined {
  let latest: Registration | undefined;
  for (const element of registrations) {
    const written = textIn(element, sd, 'Tidspunkt') ?? textIn(element, gd, 'StsTidspunkt');
    const at = written === undefined ? undefined : rfc3339(written);
    if (latest && (Date.parse(latest.at ?? '') || 0) > (Date.parse(at ?? '') || 0)) continue;
    const stage = textIn(element, sd, 'LivscyklusKode');
    latest = {element, at, deleted: stage === 'Slettet', passive: stage === 'Passiveret'};
  }
  return latest;
}
