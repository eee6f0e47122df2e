import type {GatewayConfig} from './config.js';
import {csvLine} from './csv.js';
import {lookupsOf, maybeSeen} from './lookup-log-reader.js';
import {kindName, resourceName, unitOf, userNameOf} from './lookup-log-words.js';
import type {Storage} from './storage/database.js';
import {subjectIndex} from './storage/secrets.js';

/** Whose log, and when. */
export interface CitizenRequest {
  readonly tenant: string;
  /** Ten characters without a separator. */
  readonly cpr: string;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** A citizen's view of the log. */
export interface CitizenView {
  readonly lines: readonly string[];
  /** How many lookups are left out. For whoever answers the citizen, not for the citizen. */
  readonly withheld: number;
}

/**
 * What a citizen may see of the log about them: when, which unit (the name of the employee only where the configuration says
 * so), for which purpose, and what was or may have been shown. Not the user's own words, not addresses, ids or alarms; and
 * nothing of lookups whose purpose or unit the configuration withholds. Lines of others do not exist here.
 */
export async function citizenView(
  storage: Storage,
  config: Pick<GatewayConfig, 'lookupLog' | 'purposes'>,
  {tenant, cpr, from, to}: CitizenRequest,
): Promise<CitizenView> {
  const {staff, withheldPurposes, withheldUnits} = config.lookupLog.citizen;
  const lines = [csvLine(['Tidspunkt', staff === 'name' ? 'Medarbejder' : 'Enhed', 'Formål', 'Opslag', 'Vist'])];
  let withheld = 0;
  const index = subjectIndex(storage.secrets, tenant, '', {type: 'cpr', value: cpr});
  for await (const lookup of lookupsOf(storage, {tenant, from, to, subjectIndex: index})) {
    const {entry, seen, hasOutcome} = lookup;
    const unit = unitOf(lookup);
    if ((entry.purpose !== undefined && withheldPurposes.includes(entry.purpose)) || withheldUnits.includes(unit)) {
      withheld++;
      continue;
    }
    const shown = [...new Set(seen.filter(maybeSeen).map(({resource}) => resourceName(resource)))];
    lines.push(
      csvLine([
        lookup.at,
        staff === 'name' ? [userNameOf(lookup), unit].filter(Boolean).join(', ') : unit || 'Kommunen',
        config.purposes.find(({id}) => id === entry.purpose)?.label ?? entry.purpose ?? 'Ikke oplyst',
        kindName(entry.what),
        !hasOutcome
          ? `Udfaldet er ikke registreret. Det regnes som vist: ${shown.join(', ')}`
          : shown.join(', ') || 'Intet',
      ]),
    );
  }
  return {lines, withheld};
}

/**
 * What to tell whoever runs the gateway of purposes that are withheld and are none of those that there are: a mistyped one withholds
 * nothing. It is no fault, since one that is no longer offered still stands in the log.
 */
export const unknownWithheld = ({lookupLog, purposes}: Pick<GatewayConfig, 'lookupLog' | 'purposes'>): string[] =>
  lookupLog.citizen.withheldPurposes
    .filter((withheld) => !purposes.some(({id}) => id === withheld))
    .map(
      (id) =>
        `lookupLog.citizen.withheldPurposes: "${id}" is none of the "purposes", and withholds only what was looked up with it.`,
    );
