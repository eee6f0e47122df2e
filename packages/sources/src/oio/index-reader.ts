import {maxFrameItems, problemOf} from '@bsp/contract';
import * as z from 'zod/mini';
import {type ConnectorRead, type RecordAccess, type SourcePage, SourceProblem} from '../connector.js';
import {badAnswer} from '../http/answer-problems.js';
import {wholeNumber} from '../http/connection-config.js';
import type {QualifiedName, SoapClient} from '../soap/client.js';
import {childOf, childrenOf, textIn, type XmlElement} from '../xml.js';
import {requestHeader, sd} from './namespaces.js';
import type {Party} from './relations.js';
import {checkStandardRetur} from './standard-retur.js';

/** What was read of an element of an index. */
export interface IndexEntry {
  /** The record, where the element is one that was asked for and can be read. */
  readonly item?: {readonly access: RecordAccess};
  /** The element is one that was asked for, and cannot be read. */
  readonly invalid?: boolean;
  /** What it counts as for paging: an `Element` of the index's `Antal`. */
  readonly counts?: string;
}

/** One search in an index (SF1470, SF1491). */
export interface IndexSearch {
  readonly action: string;
  /** The request's body, from a result on. */
  body(first: number, most: number): string;
  readonly answer: QualifiedName;
  readonly records: readonly QualifiedName[];
  /** An `Element` of the index's `Antal` of which every record counts for paging. */
  readonly counted: string;
  /** @throws SourceProblem where the element is about somebody else. */
  take(element: XmlElement): IndexEntry;
}

/** Config of the searches in an index. */
export const indexLimitsShape = {
  /** Records that are asked for at a time; 500 unless told. */
  pageSize: z.optional(wholeNumber(1, 10_000)),
  /** Requests after which the reader has to ask for more; 10 unless told. */
  maxPages: z.optional(wholeNumber(1, 100)),
};

/** See {@link indexLimitsShape}. */
export interface IndexLimits {
  readonly pageSize?: number | undefined;
  readonly maxPages?: number | undefined;
}

/** An answer of an index may hold so many bytes, unless told otherwise. */
export const indexAnswerBytes = 200_000_000;

/** As soon as so many are there, they are given on. */
const batch = 200;

/** The header that the services of Støttesystemerne want. */
export const requestHeaderOf = (requestId: string): string =>
  `<RequestHeader xmlns="${requestHeader}"><TransactionUUID>${requestId}</TransactionUUID></RequestHeader>`;

function firstOf(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  const first = /^\d{1,9}$/.test(cursor) ? Number(cursor) : Number.NaN;
  if (!Number.isInteger(first))
    throw new SourceProblem('invalid', problemOf('invalid-request', 'The cursor is none of this source'));
  return first;
}

/** What an answer says of what it counts. */
interface Told {
  /** How many there are: of the page, or of all of them. */
  readonly total?: number;
  /** The most that the index gives at a time (`Paginering`), which may be fewer than were asked for. */
  readonly most?: number;
}

const wholeNumberIn = (element: XmlElement | undefined, namespace: string, name: string): number | undefined => {
  const number = Number(textIn(element, namespace, name) ?? Number.NaN);
  return Number.isInteger(number) && number >= 0 ? number : undefined;
};

function toldIn(answer: XmlElement, namespace: string): ReadonlyMap<string, Told> {
  const told = new Map<string, Told>();
  for (const one of childrenOf(answer, namespace, 'Antal')) {
    const counted = textIn(one, namespace, 'Element');
    if (counted === undefined) continue;
    const total = wholeNumberIn(one, namespace, 'Antal');
    const most = wholeNumberIn(childOf(one, namespace, 'Paginering'), sd, 'MaksimalAntalKvantitet');
    told.set(counted, {...(total === undefined ? {} : {total}), ...(most ? {most} : {})});
  }
  return told;
}

/** How far on the next page begins; undefined where there is none. Rather the same record twice than one left out. */
function stepOn(
  seen: ReadonlyMap<string, number>,
  told: ReadonlyMap<string, Told>,
  first: number,
  pageSize: number,
): number | undefined {
  let step: number | undefined;
  for (const [counted, count] of seen) {
    const {total, most = pageSize} = told.get(counted) ?? {};
    // Equal to the page's own count it says nothing of what comes after.
    const isAll = total !== undefined && total > count && total <= first + count;
    const isFull = count >= Math.min(pageSize, most);
    const isMore = (total !== undefined && total > first + count) || (isFull && !isAll);
    if (isMore) step = Math.min(step ?? count, count);
  }
  return step;
}

/** Asks for the pages of a search and gives records on while they come. Holds no more than some of them. */
export async function* searched(
  client: SoapClient,
  search: IndexSearch,
  {pageSize = 500, maxPages = 10}: IndexLimits,
  about: Party,
  {cursor, signal}: Pick<ConnectorRead, 'cursor' | 'signal'>,
): AsyncGenerator<SourcePage> {
  let first = firstOf(cursor);
  let items: object[] = [];
  let invalid = 0;
  let isBegun = false;
  const page = (next?: number): SourcePage => {
    const given = {
      about,
      items,
      ...(invalid > 0 ? {invalid} : {}),
      ...(next === undefined ? {} : {next: String(next)}),
    };
    [items, invalid, isBegun] = [[], 0, true];
    return given;
  };
  for (let asked = 1; ; asked++) {
    const seen = new Map<string, number>();
    const answers = client.ask(
      (requestId) => ({
        action: search.action,
        header: requestHeaderOf(requestId),
        body: search.body(first, pageSize),
        answer: search.answer,
        records: search.records,
        check: checkStandardRetur,
      }),
      signal,
    );
    let answer: XmlElement | undefined;
    let isAny = false;
    try {
      while (!answer) {
        const step = await answers.next();
        if (step.done) {
          answer = step.value;
          break;
        }
        isAny = true;
        for (const element of step.value) {
          const entry = search.take(element);
          if (entry.counts !== undefined) seen.set(entry.counts, (seen.get(entry.counts) ?? 0) + 1);
          if (entry.invalid) invalid++;
          if (entry.item) items.push(entry.item);
          if (items.length >= maxFrameItems) yield page();
        }
        if (items.length >= (isBegun ? batch : 1)) yield page();
      }
    } finally {
      // Whoever reads may stop in the middle, and a record may be somebody else's.
      if (!answer) await answers.return(undefined as never);
    }
    const told = toldIn(answer, search.answer.namespace);
    const lacksAll = first === 0 && !isAny && [...told.values()].some(({total = 0}) => total > 0);
    const lacksRest = !seen.has(search.counted) && (told.get(search.counted)?.total ?? 0) > first;
    if (lacksAll || lacksRest) throw badAnswer('The source says that there is more, and gives nothing');
    const on = stepOn(seen, told, first, pageSize);
    if (on === undefined) break;
    first += on;
    if (asked >= maxPages) {
      yield page(first);
      return;
    }
  }
  if (!isBegun || items.length > 0 || invalid > 0) yield page();
}

/** Guards what must be held until the end of an answer. */
export function holdNoMore(size: number, most: number): void {
  if (size > most) throw badAnswer('The source answered with more relations than are taken in');
}
