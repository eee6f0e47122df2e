import {amountSchema, type Grant, type GrantState, parseKle} from '@bsp/contract';
import type {RecordAccess} from '../connector.js';
import {danishDay} from '../danish-time.js';
import {entryOf} from '../entry-of.js';
import {current} from '../oio/effect.js';
import {bi, gd, sd} from '../oio/namespaces.js';
import {type Period, periodIn} from '../oio/period.js';
import {latestRegistration, type Registration} from '../oio/registration.js';
import {authorityOfUrn, inRole, referenceOf, sensitivityOf} from '../oio/relations.js';
import {withoutUndefined} from '../without-undefined.js';
import {childOf, childrenOf, textIn, type XmlElement} from '../xml.js';
import {roles} from './roles.js';

/** A grant as a connector gives it. */
export type SourceGrant = Omit<Grant, 'status' | 'benefits'> & {
  status: {state?: GrantState; native?: string};
  benefits: object[];
  readonly access: RecordAccess;
};

/** What stands in the index about one grant. */
export interface IndexedGrant {
  readonly id: string | undefined;
  readonly parties: readonly XmlElement[];
  readonly deleted: boolean;
  /** By what access to it is decided, without what it hangs on. */
  readonly access: RecordAccess;
  /** The record, with the payments that hang on it; undefined where it lacks what every record has. */
  readonly record: (payments: readonly RecordAccess[]) => SourceGrant | undefined;
}

/** An amount as written; undefined where it is none. */
export const amountIn = (parent: XmlElement, namespace: string, name: string): string | undefined => {
  const written = textIn(parent, namespace, name);
  return amountSchema.safeParse(written).success ? written : undefined;
};

/** All of them; undefined where one cannot be read. */
export const all = <T>(items: readonly (T | undefined)[]): T[] | undefined => {
  const read = items.filter((item) => item !== undefined);
  return read.length === items.length ? read : undefined;
};

const timings: Readonly<Record<string, 'in-advance' | 'in-arrears'>> = {Forud: 'in-advance', Bagud: 'in-arrears'};

/** Undefined where its period cannot be read; likewise a benefit. */
function planOf(plan: XmlElement): object | undefined {
  const period = periodIn(plan, bi, 'EffektueringsplanStartdato', 'EffektueringsplanSlutdato');
  return (
    period &&
    withoutUndefined({
      ...period,
      amount: amountIn(plan, bi, 'Ydelsesbeloeb'),
      frequency: textIn(plan, bi, 'Beregningsfrekvens'),
      timing: entryOf(timings, textIn(plan, bi, 'ForudBagud')),
    })
  );
}

const classOf = (benefit: XmlElement): XmlElement | undefined =>
  childOf(childOf(benefit, bi, 'Ydelse'), bi, 'Klassifikation');

function benefitOf(benefit: XmlElement): object | undefined {
  const kind = classOf(benefit);
  const number = textIn(kind, bi, 'BrugervendtNoegle');
  const title = textIn(kind, bi, 'Klassetitel');
  const id = textIn(benefit, bi, 'Id');
  const period = periodIn(benefit, bi, 'BevilgetYdelseStartdato', 'BevilgetYdelseSlutdato');
  const plans = all(childrenOf(benefit, bi, 'OekonomiskEffektueringsplan').map(planOf));
  if (!period || !plans) return undefined;
  const repayable = textIn(benefit, bi, 'Tilbagebetalingspligtig');
  return withoutUndefined({
    id,
    name:
      textIn(benefit, bi, 'Navn') ??
      textIn(childOf(benefit, bi, 'Ydelse'), bi, 'Ydelsesnavn') ??
      title ??
      number ??
      id ??
      '',
    kle: number === undefined ? undefined : withoutUndefined({number, title}),
    ...period,
    reason: textIn(benefit, bi, 'Begrundelse'),
    repayable: repayable === undefined ? undefined : repayable === 'true' || repayable === '1',
    plans: plans.length > 0 ? plans : undefined,
  });
}

/** Today's of each benefit. */
function benefitsIn(attributes: XmlElement | undefined, now: number): XmlElement[] {
  const byId = new Map<string, XmlElement[]>();
  for (const [at, benefit] of (attributes ? childrenOf(attributes, bi, 'BevilgetYdelse') : []).entries()) {
    const id = textIn(benefit, bi, 'Id') ?? `\u0000${at}`;
    const same = byId.get(id);
    if (same) same.push(benefit);
    else byId.set(id, [benefit]);
  }
  return [...byId.values()].flatMap((same) => current(same, bi, now) ?? []);
}

const states: Readonly<Record<string, GrantState>> = {Aktiv: 'active', Inaktiv: 'inactive', Passiv: 'passive'};

/**
 * The schema has the words for a grant's state and no element for them: sources put them in a LokalUdvidelseListe of their own,
 * or leave it to the period.
 */
function stateOf({element, passive}: Registration, period: Period, today: string): SourceGrant['status'] {
  const extension = childOf(childOf(element, bi, 'TilstandListe'), gd, 'LokalUdvidelseListe');
  const within = (parent: XmlElement, depth: number): string | undefined => {
    const word = parent.text.trim();
    if (entryOf(states, word)) return word;
    if (depth === 0) return undefined;
    for (const child of parent.children) {
      const found = within(child, depth - 1);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const native = extension && within(extension, 3);
  if (native !== undefined) return withoutUndefined({state: entryOf(states, native), native});
  if (passive) return {state: 'passive'};
  const {from, to} = period;
  return {state: (from === undefined || from <= today) && (to === undefined || to >= today) ? 'active' : 'inactive'};
}

const nameOf = (actor: XmlElement | undefined): string | undefined =>
  textIn(actor, bi, 'FuldtNavn') ?? textIn(actor, bi, 'BrugervendtNoegle');

/** Reads a `BevillingFiltreretOejebliksbillede`. `caseSource`: the source that holds the cases. */
export function grantOf(element: XmlElement, now: number, caseSource: string | undefined): IndexedGrant {
  const id = textIn(childOf(element, bi, 'ObjektType'), sd, 'UUIDIdentifikator')?.toLowerCase();
  const registration = latestRegistration(childrenOf(element, bi, 'Registrering'));
  const attributes = childOf(registration?.element, bi, 'AttributListe');
  const relations = childOf(registration?.element, bi, 'RelationListe');
  const list = (name: string): XmlElement[] => (relations ? childrenOf(relations, bi, name) : []);
  const properties = attributes && current(childrenOf(attributes, bi, 'Egenskaber'), bi, now);
  const benefits = benefitsIn(attributes, now);
  const actors = list('Bevillingsaktoer');
  const owner = inRole(actors, roles.grantOwner, now);
  const responsible = inRole(actors, roles.grantResponsible, now);
  const sensitivity = sensitivityOf(textIn(properties, bi, 'Foelsomhed'));
  const access: RecordAccess = withoutUndefined({
    owner: authorityOfUrn(referenceOf(owner).urn) ?? authorityOfUrn(`urn:oio:cvr-nr:${textIn(owner, bi, 'CVR-nr')}`),
    unit: referenceOf(responsible).uuid,
    kle: benefits.flatMap((benefit) => {
      const parsed = parseKle(textIn(classOf(benefit), bi, 'BrugervendtNoegle') ?? '');
      return parsed.ok ? [parsed.value.subject] : [];
    }),
    sensitivity,
  });

  const record = (payments: readonly RecordAccess[]): SourceGrant | undefined => {
    if (id === undefined || !registration || registration.at === undefined || !properties) return undefined;
    const period = periodIn(properties, bi, 'Bevillingstartdato', 'Bevillingslutdato');
    const given = all(benefits.map(benefitOf));
    if (!period || !given) return undefined;
    const unit = nameOf(responsible);
    const itsCase = current(list('Bevillingssag'), gd, now);
    const caseId = referenceOf(itsCase).uuid;
    return withoutUndefined({
      ref: {source: '', id},
      number: textIn(properties, bi, 'BrugervendtNoegle'),
      status: stateOf(registration, period, danishDay(new Date(now))),
      ...period,
      reason: textIn(properties, bi, 'Begrundelse'),
      benefits: given,
      case:
        caseSource === undefined || caseId === undefined
          ? undefined
          : withoutUndefined({ref: {source: caseSource, id: caseId}, title: nameOf(itsCase)}),
      responsible: unit === undefined ? undefined : {name: unit},
      changedAt: registration.at,
      sensitivity,
      access: {...access, through: payments},
    });
  };
  return {id, parties: list('Bevillingspart'), deleted: registration?.deleted === true, access, record};
}
