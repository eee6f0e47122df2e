import type {Subject} from '@bsp/contract';
import type {MessageIds, SentDocument} from '@bsp/sources';
import {dayNumber, isoDay, momentOfInstant} from './calendar.js';
import {type Dossier, dossierOf, type Letter, type Today} from './dossier.js';
import {type Organization, organizationsOf} from './organizations.js';
import {type Inhabitant, type Population, populationOf} from './population.js';
import {chanceOf, hash32} from './random.js';
import type {SystemId} from './systems.js';

/** What to make. */
export interface MunicipalityOptions {
  /** Same seed, same municipality. Default `korsbaek`. */
  readonly seed?: string;
  /** Inhabitants, 1 … 665,280. Default 10,000. Costs nothing until somebody is asked for. */
  readonly size?: number;
  /**
   * The day that records are counted back from (`2026-11-20`), or a moment (RFC 3339), after which nothing has happened yet.
   * Default: now. People and record ids do not depend on it.
   */
  readonly today?: string;
}

/** A letter by Digital Post with the ids that a post status about it carries. */
export interface SentMessage extends SentDocument {
  readonly system: SystemId;
  readonly ids: Required<MessageIds>;
  readonly sentAt: string;
  readonly outcome: Letter['outcome'];
}

/** A synthetic municipality. Everything in it is a pure function of seed, size and today. */
export interface Municipality extends Population {
  readonly seed: string;
  /** ISO day. */
  readonly today: string;
  /** Companies and properties that there are cases of. */
  readonly organizations: readonly Organization[];
  /** What the systems hold on an inhabitant. */
  dossier(index: number): Dossier;
  /** The letters that were sent to an inhabitant: craft a post status message from one of them. */
  sentMessages(index: number): readonly SentMessage[];
  /** The letter that the ids belong to. Any one of them is enough. */
  findSentMessage(ids: MessageIds): SentMessage | undefined;
}

const keptDossiers = 50;

/**
 * Makes a municipality.
 * @throws RangeError for a size that is none
 */
export function municipality(options: MunicipalityOptions = {}): Municipality {
  const seed = options.seed ?? 'korsbaek';
  const population = populationOf(seed, options.size ?? 10_000);
  const today = todayOf(options.today ?? new Date().toISOString());
  const dossiers = new Map<number, Dossier>();
  const dossier = (index: number): Dossier => {
    let made = dossiers.get(index);
    if (!made) {
      made = dossierOf(seed, population.inhabitant(index), today);
      if (dossiers.size >= keptDossiers) dossiers.delete(dossiers.keys().next().value!);
      dossiers.set(index, made);
    }
    return made;
  };
  const sentMessages = (index: number): SentMessage[] => {
    const subject: Subject = {type: 'cpr', value: population.inhabitant(index).cpr};
    return dossier(index).letters.map((letter) => ({
      subject,
      ref: letter.ref,
      title: letter.title,
      case: letter.case,
      system: letter.system,
      ids: idsOf(seed, index, letter.number),
      sentAt: letter.sentAt,
      outcome: letter.outcome,
    }));
  };
  return {
    ...population,
    seed,
    today: isoDay(today.day),
    organizations: organizationsOf(seed, today),
    dossier,
    sentMessages,
    findSentMessage: (ids) => {
      for (const name of idNames) {
        const id = ids[name]?.toLowerCase();
        const place = id === undefined ? undefined : placeOf(seed, name, id);
        if (!place || place.index >= population.size) continue;
        const message = sentMessages(place.index)[place.number];
        if (message?.ids[name] === id) return message;
      }
      return undefined;
    },
  };
}

function todayOf(text: string): Today {
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return {day: dayNumber(text), untilSeconds: 86_400};
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new RangeError('today must be a day or a moment');
  const local = momentOfInstant(time);
  const [hours, minutes, seconds] = local.slice(11, 19).split(':').map(Number);
  return {day: dayNumber(local.slice(0, 10)), untilSeconds: hours! * 3600 + minutes! * 60 + seconds!};
}

const idNames = ['transmissionId', 'messageUuid', 'messageId'] as const;

const mask = (seed: string, name: string): number => hash32(`${seed}/message/${name}`);

/** Ids from which the letter can be found again without a table of all letters. */
function idsOf(seed: string, index: number, number: number): Required<MessageIds> {
  const [transmissionId, messageUuid, messageId] = idNames.map((name) => {
    const hidden = mask(seed, name);
    const rest = chanceOf(seed, name, index, number);
    const hex = (value: number, length: number): string => value.toString(16).padStart(length, '0');
    return [
      hex((index ^ hidden) >>> 0, 8),
      hex((number ^ hidden) & 0xffff, 4),
      `4${hex(rest.between(0, 0xfff), 3)}`,
      `a${hex(rest.between(0, 0xfff), 3)}`,
      hex(rest.between(0, 0xffffff), 6) + hex(rest.between(0, 0xffffff), 6),
    ].join('-');
  });
  return {transmissionId: transmissionId!, messageUuid: messageUuid!, messageId: messageId!};
}

function placeOf(seed: string, name: string, id: string): {index: number; number: number} | undefined {
  const match = /^([\da-f]{8})-([\da-f]{4})-4[\da-f]{3}-a[\da-f]{3}-[\da-f]{12}$/.exec(id);
  if (!match) return undefined;
  const hidden = mask(seed, name);
  return {
    index: (Number.parseInt(match[1]!, 16) ^ hidden) >>> 0,
    number: (Number.parseInt(match[2]!, 16) ^ hidden) & 0xffff,
  };
}

/** The full number as people write it. */
export const writtenCpr = (person: Inhabitant): string => `${person.cpr.slice(0, 6)}-${person.cpr.slice(6)}`;
