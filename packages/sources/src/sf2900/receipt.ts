import {maskCprInText} from '@bsp/contract';
import type {NoteReceipt} from '../connector.js';
import {entryOf} from '../entry-of.js';
import {childOf, childrenOf, textIn, type XmlElement} from '../xml.js';
import {service3, types2} from './names.js';

const states: Readonly<Record<string, NoteReceipt['state']>> = {
  MODTAGET: 'received',
  AFLEVERET: 'delivered',
  ACCEPTERET: 'accepted',
  AFVIST: 'rejected',
  FEJLET: 'failed',
};

const longestReason = 1_000;

/** What a receipt says in its own words: the reason, then the errors. */
export function reasonIn(receipt: XmlElement, namespace: string): string | undefined {
  const list = childOf(receipt, namespace, 'FejlListe');
  const errors = (list ? childrenOf(list, namespace, 'Fejl') : []).map((error) =>
    [textIn(error, namespace, 'FejlKode'), textIn(error, namespace, 'FejlTekst')]
      .filter((part) => part !== undefined)
      .join(': '),
  );
  const said = [textIn(receipt, namespace, 'Begrundelse'), ...errors].filter(
    (part) => part !== undefined && part !== '',
  );
  if (said.length === 0) return undefined;
  return maskCprInText(said.join(' · ')).slice(0, longestReason);
}

/** Reads a `Forretningskvittering`; undefined where its code is none. */
export function receiptOf(receipt: XmlElement | undefined): NoteReceipt | undefined {
  const said = entryOf(states, textIn(receipt, types2, 'ForretningsValideringsKode'));
  if (!receipt || said === undefined) return undefined;
  // Only the receiver's business ends the way well: after a technical receipt it may still reject the note.
  const isTechnical = textIn(receipt, types2, 'Kvitteringstype') === 'Teknisk';
  const state = said === 'accepted' && isTechnical ? 'delivered' : said;
  const reason = reasonIn(receipt, types2);
  return {state, ...(reason === undefined ? {} : {reason})};
}

/** The id of the delivery that a `DistributionContext` names. */
export const transactionIn = (context: XmlElement | undefined): string | undefined =>
  textIn(context, types2, 'AnvenderTransaktionsID')?.toLowerCase();

/** Why the platform refuses a message, where a fault says so: `TransportKvittering` with `FEJL`. */
export function refusalIn(detail: XmlElement | undefined): {readonly reason?: string} | undefined {
  for (const namespace of [service3, types2]) {
    const receipt = childOf(detail, namespace, 'TransportKvittering');
    if (!receipt || textIn(receipt, namespace, 'TransportValideringsKode') !== 'FEJL') continue;
    const reason = reasonIn(receipt, namespace);
    return reason === undefined ? {} : {reason};
  }
  return undefined;
}
