import * as z from 'zod/mini';
import {badAnswer} from '../http/answer-problems.js';
import type {PagingConfig} from './config.js';
import {compileExpression, type Expression} from './expression.js';
import type {Values} from './placeholders.js';
import type {SourceAnswer} from './source-client.js';

const countSchema = z.int().check(z.gte(0), z.lte(Number.MAX_SAFE_INTEGER));

/** Where a list was left: what the request for the next page needs. */
const positionSchema = z.strictObject({
  page: z.optional(countSchema),
  offset: z.optional(countSchema),
  cursor: z.optional(z.string().check(z.maxLength(2_000))),
  link: z.optional(z.string().check(z.maxLength(2_000))),
  /** How many entries there were before. */
  seen: z.optional(countSchema),
});
/** See {@link positionSchema}. */
export type Position = z.infer<typeof positionSchema>;

/** A position as it was handed out, or undefined where the text is none of ours. */
export function positionOf(text: string): Position | undefined {
  try {
    const parsed = positionSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

const defaultPages = 20;

/** How a list goes on after a page. */
export interface Paging {
  readonly maxPages: number;
  readonly start: Position;
  /** What the placeholders of the request stand for. */
  values(position: Position): Values;
  /** Where the next page is; undefined after the last. */
  next(position: Position, answer: SourceAnswer & {found: true}, entries: number): Promise<Position | undefined>;
}

const stuck = (): Error => badAnswer('The pages of the source lead in a circle');

/** The address that a source gives of its next page; undefined where it gives none. */
function addressOf(link: unknown, {url}: SourceAnswer & {found: true}, place?: string): string | undefined {
  if (link === undefined || link === null || link === '') return undefined;
  if (typeof link !== 'string' || !URL.canParse(link, url.href))
    throw badAnswer('The source gives no address of its next page', place);
  return new URL(link, url.href).href;
}

/** One page. A source that says by the header `Link` that there is another has not given all of the list. */
const single: Paging = {
  maxPages: 1,
  start: {},
  values: () => ({}),
  next: (_, answer) => {
    const link = addressOf(answer.link, answer);
    return Promise.resolve(link === undefined || link === answer.url.href ? undefined : {link});
  },
};

/** Whether an answer says that there is more; without an expression, a page with entries may be followed by another. */
async function saysMore(more: Expression | undefined, json: unknown, entries: number, seen: number): Promise<boolean> {
  if (!more) return entries > 0;
  const said = await more.evaluate(json, {answer: json, seen});
  if (typeof said !== 'boolean') throw badAnswer('The source does not say whether there is more', more.place);
  return said;
}

/** @param place - where the list stands in the configuration. */
export function pagingOf(config: PagingConfig | undefined, place: string): Paging {
  if (!config) return single;
  const maxPages = config.maxPages ?? defaultPages;
  const {size} = config;
  const compiled = (text: string | undefined, key: string) =>
    text === undefined ? undefined : compileExpression(text, `${place}.paging.${key}`, {on: 'answer'});
  switch (config.by) {
    case 'page': {
      const more = compiled(config.more, 'more');
      return {
        maxPages,
        start: {page: config.first ?? 1},
        values: ({page}) => ({page, size}),
        next: async ({page = 0, seen: before = 0}, {json}, entries) => {
          const seen = before + entries;
          return (await saysMore(more, json, entries, seen)) ? {page: page + 1, seen} : undefined;
        },
      };
    }
    case 'offset': {
      const more = compiled(config.more, 'more');
      return {
        maxPages,
        start: {offset: 0},
        values: ({offset}) => ({offset, size}),
        next: async ({offset = 0}, {json}, entries) => {
          const seen = offset + entries;
          if (!(await saysMore(more, json, entries, seen))) return undefined;
          if (entries === 0) throw stuck();
          return {offset: seen};
        },
      };
    }
    case 'cursor': {
      const following = compiled(config.next, 'next')!;
      return {
        maxPages,
        start: {},
        values: ({cursor}) => ({cursor, size}),
        next: async (position, {json}) => {
          const cursor = await following.evaluate(json, {answer: json});
          if (cursor === undefined || cursor === null || cursor === '') return undefined;
          if (typeof cursor !== 'string' && typeof cursor !== 'number')
            throw badAnswer('The source gives no cursor', following.place);
          if (String(cursor) === position.cursor) throw stuck();
          return {cursor: String(cursor)};
        },
      };
    }
    case 'link': {
      const following = compiled(config.next, 'next');
      return {
        maxPages,
        start: {},
        values: () => ({size}),
        next: async (_, answer) => {
          const {json, link: header, url} = answer;
          const said = following ? await following.evaluate(json, {answer: json}) : header;
          const link = addressOf(said, answer, following?.place);
          if (link === url.href) throw stuck();
          return link === undefined ? undefined : {link};
        },
      };
    }
  }
}
