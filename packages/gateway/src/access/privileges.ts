import {childrenOf, readXml, type XmlElement} from '@bsp/sources/xml';
import {klePattern, type Level, levels, type Right} from './rights.js';

/** Both names under which the profile's namespace is found in the field. */
const listNamespaces: readonly string[] = [
  'http://digst.dk/oiosaml/basic_privilege_profile',
  'http://itst.dk/oiosaml/basic_privilege_profile',
];
const ownerScope = /^urn:dk:gov:saml:cvrNumberIdentifier:(\d{8})$/;

const constraint = (name: string) => `http://sts.kombit.dk/constraints/${name}/1`;
const constraintNames = {
  kle: constraint('KLE'),
  unit: constraint('orgenhed'),
  system: constraint('itsystem'),
  sensitivity: constraint('foelsomhed'),
} as const;

/** OIO's words for sensitivity, in the order of the levels. */
const sensitivityWords = [
  'IKKE_FORTROLIGE_DATA',
  'FORTROLIGE_PERSONOPLYSNINGER',
  'FOELSOMME_PERSONOPLYSNINGER',
  'VIP_SAGER',
] as const;

/** What a privilege list gives. */
export interface Privileges {
  readonly rights: readonly Right[];
  /** The owners whose glass may be broken. */
  readonly breakGlass: readonly string[];
}

/**
 * Reads a list of the OIOSAML Basic Privilege Profile 1.2: base64 of a `bpp:PrivilegeList`. Each group stands for itself: its
 * scope is the owner, its constraints are the bounds, and several values of a constraint are alternatives.
 *
 * What is not understood opens nothing: a group with another scope, a constraint that we do not know or can't read, or
 * without KLE or sensitivity. Role catalogues leave out a constraint whose value is empty, so its absence is no licence.
 *
 * @param ours - the privileges that mean us; a token names those of other systems, too.
 * @throws XmlFault | Error - what is not such a list at all; nothing of it is repeated.
 */
export function privilegesOf(
  encoded: string,
  ours: {readonly read: readonly string[]; readonly breakGlass: readonly string[]},
): Privileges {
  const text = encoded.replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) throw new Error('The privilege list is not base64.');
  const root = readXml(Buffer.from(text, 'base64'), {maxBytes: 200_000, maxDepth: 8, maxElements: 5_000});
  if (root.name !== 'PrivilegeList' || !listNamespaces.includes(root.namespace))
    throw new Error('What stands there is not a privilege list.');
  const groups = parts(root, 'PrivilegeGroup').map((group) => ({
    owner: ownerScope.exec(group.attributes.get('Scope') ?? '')?.[1],
    named: parts(group, 'Privilege').map(({text: name}) => name.trim()),
    constraints: parts(group, 'Constraint'),
  }));
  return {
    rights: groups.flatMap(({owner, named, constraints}) => {
      const isOurs = owner !== undefined && named.some((name) => ours.read.includes(name));
      const bounds = isOurs ? boundsOf(constraints) : undefined;
      return bounds ? [{owner: owner!, ...bounds}] : [];
    }),
    breakGlass: groups.flatMap(({owner, named, constraints}) => {
      const isOurs = owner !== undefined && named.some((name) => ours.breakGlass.includes(name));
      // A broken glass shows every subject: whoever was given less was not given that.
      return isOurs && constraints.length === 0 ? [owner] : [];
    }),
  };
}

/** Elements of the profile stand in no namespace, or in the list's. */
const parts = (parent: XmlElement, name: string): XmlElement[] =>
  ['', ...listNamespaces].flatMap((namespace) => childrenOf(parent, namespace, name));

function boundsOf(constraints: readonly XmlElement[]): Omit<Right, 'owner'> | undefined {
  const known: readonly string[] = Object.values(constraintNames);
  if (constraints.some(({attributes}) => !known.includes(attributes.get('Name') ?? ''))) return undefined;
  const values = (name: string): string[] | undefined => {
    const named = constraints.filter(({attributes}) => attributes.get('Name') === name);
    return named.length === 0
      ? undefined
      : named.flatMap(({text}) => text.split(',').map((value) => value.trim())).filter((value) => value !== '');
  };
  const kle = values(constraintNames.kle);
  const sensitivity = levelOf(values(constraintNames.sensitivity));
  if (!kle?.length || !kle.every((pattern) => klePattern.test(pattern)) || sensitivity === undefined) return undefined;
  const units = values(constraintNames.unit);
  const systems = values(constraintNames.system);
  return {kle, sensitivity, ...(units ? {units} : {}), ...(systems ? {systems} : {})};
}

/** Cumulative: the highest that is named. A word that we do not know spoils the constraint. */
function levelOf(words: readonly string[] | undefined): Level | undefined {
  const places = words?.map((word) => (sensitivityWords as readonly string[]).indexOf(word.toUpperCase())) ?? [];
  return places.includes(-1) ? undefined : levels[Math.max(-1, ...places)];
}
