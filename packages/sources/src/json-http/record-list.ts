import {aboutSomebodyElse, badAnswer} from '../http/answer-problems.js';
import {Turns} from '../turns.js';
import type {EachConfig, RecordsConfig} from './config.js';
import {isExact} from './exact-number.js';
import {type Bindings, compileExpression, type Expression} from './expression.js';
import {type Paging, type Position, pagingOf} from './paging.js';
import {filledAddress, filledBody, linkedAddress, placeholderNames, type Value, type Values} from './placeholders.js';
import type {SourceClient, SourceRequest, SubjectQuestion} from './source-client.js';
import {subjectSaid} from './subject-number.js';

/** The parts of a request that the configuration gives. */
export interface RequestTemplate {
  readonly get?: string | undefined;
  readonly post?: string | undefined;
  readonly body?: unknown;
}

/** A request of the configuration with its values filled in. */
export function requestOf({get, post, body}: RequestTemplate, values: Values, base: URL): SourceRequest {
  return {
    url: filledAddress(get ?? post ?? '', values, base),
    post: post !== undefined,
    ...(body === undefined ? {} : {body: filledBody(body, values)}),
  };
}

/** The names of all values that a request uses. */
export const namesIn = (request: RequestTemplate): string[] => [
  ...placeholderNames(request.get ?? request.post),
  ...placeholderNames(request.body),
];

/** Values by expressions, each of which must find one. */
export class NamedValues {
  readonly names: readonly string[];
  private readonly expressions: readonly (readonly [string, Expression])[];

  constructor(values: Readonly<Record<string, string>>, place: string) {
    this.names = Object.keys(values);
    this.expressions = Object.entries(values).map(([name, text]) => [
      name,
      compileExpression(text, `${place}.${name}`),
    ]);
  }

  async of(input: unknown): Promise<Values> {
    const values: Record<string, Value> = {};
    for (const [name, expression] of this.expressions) {
      const value = await expression.evaluate(input, {answer: input});
      if (!isExact(value) && (typeof value !== 'string' || value === ''))
        throw badAnswer('The source did not give what the next request needs', expression.place);
      values[name] = value;
    }
    return values;
  }
}

/** How it is known whose an entry is. */
type About =
  | {readonly by: 'number' | 'id'; readonly expression: Expression}
  /** It was asked for by an id from an answer that is known to be about the subject. */
  | {readonly by: 'requested-id'};

const aboutOf = (about: RecordsConfig['about'], place: string): About => {
  if (about === undefined || about === 'requested-id') return {by: 'requested-id'};
  return 'number' in about
    ? {by: 'number', expression: compileExpression(about.number, `${place}.about.number`)}
    : {by: 'id', expression: compileExpression(about.id, `${place}.about.id`)};
};

/** A page of entries that are known to be about the subject. */
export interface EntryPage {
  readonly answer: unknown;
  readonly entries: readonly unknown[];
  /** Entries that do not say whose they are. */
  readonly nobodys: number;
  /** Where the reader can go on, where this page is the last that is read now. */
  readonly rest?: Position;
}

/** The entries that an expression finds in an answer. A list that is missing is no empty list. */
export async function entriesIn(json: unknown, items: Expression): Promise<readonly unknown[]> {
  // HTTP 204
  if (json === undefined) return [];
  const found = await items.evaluate(json, {answer: json});
  if (Array.isArray(found)) return found as unknown[];
  if (typeof found === 'object' && found !== null) return [found];
  throw badAnswer('The answer of the source holds no list', items.place);
}

/**
 * An entry is one object. In a list within a list one path may find its number with one person and its title with
 * another.
 */
export const isObject = (entry: unknown): entry is object =>
  typeof entry === 'object' && entry !== null && !Array.isArray(entry);

/** A source's own id as an answer writes it, or undefined where it is none. */
const idOf = (said: unknown): string | undefined =>
  typeof said === 'string' || isExact(said) ? String(said) : undefined;

const onlyObjects = (all: readonly unknown[]): {entries: readonly unknown[]; nobodys: number} => {
  const entries = all.filter(isObject);
  return {entries, nobodys: all.length - entries.length};
};

/** A list that the source is asked for. */
export class RecordList {
  readonly template: RequestTemplate;
  readonly about: About;
  private readonly items: Expression;
  private readonly paging: Paging;

  constructor(config: RecordsConfig | EachConfig, place: string) {
    this.template = config;
    this.items = compileExpression(config.items ?? '$', `${place}.items`, {on: 'answer'});
    this.about = aboutOf(config.about, place);
    this.paging = pagingOf(config.paging, place);
  }

  /** Reads pages until there are no more, or as many as the configuration allows. */
  async *pages(
    client: SourceClient,
    base: URL,
    question: SubjectQuestion,
    values: Values,
    from: Position = this.paging.start,
  ): AsyncGenerator<EntryPage> {
    let position: Position | undefined = from;
    for (let count = 1; position !== undefined; count++) {
      const answer = await client.ask(this.request(position, values, base), question);
      if (!answer.found) throw badAnswer('The source answered HTTP 404 to the question for a list');
      const all = await this.entriesOf(answer.json);
      const next: Position | undefined = await this.paging.next(position, answer, all.length);
      const last = count >= this.paging.maxPages;
      yield {
        answer: answer.json,
        ...(await this.checked(all, answer.json, question, values)),
        ...(last && next ? {rest: next} : {}),
      };
      position = last ? undefined : next;
    }
  }

  /** The entries in an answer. */
  entriesOf(json: unknown): Promise<readonly unknown[]> {
    return entriesIn(json, this.items);
  }

  private request(position: Position, values: Values, base: URL): SourceRequest {
    const all = {...values, ...this.paging.values(position)};
    const request = requestOf(this.template, all, base);
    return position.link === undefined ? request : {...request, url: linkedAddress(position.link, base, 'link')};
  }

  private async checked(
    all: readonly unknown[],
    answer: unknown,
    {subject, signal}: SubjectQuestion,
    values: Values,
  ): Promise<{entries: readonly unknown[]; nobodys: number}> {
    if (this.about.by === 'requested-id') return onlyObjects(all);
    const {by, expression} = this.about;
    const turns = new Turns(signal);
    const bindings: Bindings = {answer};
    const entries: unknown[] = [];
    for (const entry of all) {
      await turns.offer();
      const said = isObject(entry) ? await expression.evaluate(entry, bindings) : undefined;
      const whose = by === 'number' ? subjectSaid(subject.type, said)?.value : idOf(said);
      if (whose === undefined) continue;
      if (whose !== (by === 'number' ? subject.value : String(values.id))) throw aboutSomebodyElse();
      entries.push(entry);
    }
    return {entries, nobodys: all.length - entries.length};
  }
}
