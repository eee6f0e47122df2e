import type {FullAttribute, FullElement} from './full-xml.js';
import {ds, saml, wsu, xenc} from './names.js';
import {SignatureFault} from './xml-signature.js';

const signatureNamespaces: ReadonlySet<string> = new Set([ds, xenc, saml]);

/** An id to which a signature may refer. What the content calls an id is not one. */
const isId = ({namespace: of}: FullElement, {local, namespace}: FullAttribute): boolean =>
  (local === 'Id' && namespace === wsu) ||
  (/^(?:Id|ID)$/.test(local) && namespace === '' && signatureNamespaces.has(of));

/** The id of an element. */
export const idIn = (element: FullElement): string | undefined =>
  element.all.find((attribute) => isId(element, attribute))?.value;

/**
 * The elements of a document by their ids.
 *
 * @throws SignatureFault where one is there twice: it would be nobody's.
 */
export function elementsById(root: FullElement): ReadonlyMap<string, FullElement> {
  const found = new Map<string, FullElement>();
  const look = (element: FullElement): void => {
    for (const attribute of element.all) {
      if (!isId(element, attribute)) continue;
      if (found.has(attribute.value)) throw new SignatureFault('an id is there twice');
      found.set(attribute.value, element);
    }
    element.children.forEach(look);
  };
  look(root);
  return found;
}
