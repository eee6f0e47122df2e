import type {HitKind, SearchTerm} from '@bsp/contract';
import {numberInForm, type SubjectKey} from '../asked-subject.js';
import type {Connector, ConnectorEnvironment, ConnectorSearch, SourceHit, SourceHits} from '../connector.js';
import {aboutSomebodyElse, badAnswer, fault} from '../http/answer-problems.js';
import {Turns} from '../turns.js';
import {asProblem} from './answer-fault.js';
import type {HitConfig, JsonHttpConfig} from './config.js';
import {compileExpression, type Expression, unlessExhausted} from './expression.js';
import {HitMapping, type MappedHit} from './hit-mapping.js';
import {placeholderNames, type Values} from './placeholders.js';
import {entriesIn, isObject, type RequestTemplate, requestOf} from './record-list.js';
import {RecordMapping} from './record-mapping.js';
import {baseOf, budgetOf, type Question, type SourceClient} from './source-client.js';
import {keyOf, numberValues, secretIn} from './subject-number.js';
import {numberIn} from './typed-number.js';
import {UnknownWords} from './unknown-words.js';

/** What is asked of one kind of hit. */
interface Asked {
  readonly term: SearchTerm;
  readonly limit: number;
  readonly question: Question;
}

/** The hits of one kind. */
class KindSearch {
  readonly byWords: RequestTemplate | undefined;
  readonly byNumber: RequestTemplate | undefined;
  private readonly place: string;
  private readonly items: Expression;
  private readonly more: Expression | undefined;
  private readonly mapping: HitMapping;
  private readonly unknownWords: UnknownWords;
  private readonly client: SourceClient;
  private readonly base: URL;

  constructor(
    kind: HitKind,
    config: HitConfig,
    parts: {
      client: SourceClient;
      base: URL;
      key: SubjectKey;
      cases: RecordMapping | undefined;
      unknownWords: UnknownWords;
    },
  ) {
    this.place = `search.${kind}`;
    this.byWords = config.byWords;
    this.byNumber = config.byNumber;
    this.items = compileExpression(config.items ?? '$', `${this.place}.items`, {on: 'answer'});
    this.more =
      config.more === undefined ? undefined : compileExpression(config.more, `${this.place}.more`, {on: 'answer'});
    this.mapping = new HitMapping(kind, config, parts.key, kind === 'case' ? parts.cases : undefined);
    this.unknownWords = parts.unknownWords;
    this.client = parts.client;
    this.base = parts.base;
  }

  /** The key of whom or what it finds. */
  get type(): SubjectKey {
    return this.mapping.type;
  }

  /** The request with which is asked; undefined where it is not asked by this. */
  templateFor(term: SearchTerm): RequestTemplate | undefined {
    if ('words' in term) return this.byWords;
    return term.subject.type === this.type ? this.byNumber : undefined;
  }

  async hits(template: RequestTemplate, asked: Asked): Promise<SourceHits> {
    const {term, limit, question} = asked;
    const answer = await this.client.ask(requestOf(template, valuesOf(term, limit), this.base), question);
    if (!answer.found) {
      if ('words' in term) throw badAnswer('The source answered HTTP 404 to a search by words', this.place);
      return {hits: []};
    }
    const {json} = answer;
    const entries = await entriesIn(json, this.items);
    const isMore = 'words' in term && json !== undefined && (await this.saysMore(json, entries.length, limit));
    return this.found(entries, json, isMore, asked);
  }

  /** Without an expression: as many as were wanted may not be all. */
  private async saysMore(json: unknown, entries: number, limit: number): Promise<boolean> {
    if (!this.more) return entries >= limit;
    const said = await this.more.evaluate(json, {answer: json, seen: entries, size: limit});
    if (typeof said !== 'boolean') throw badAnswer('The source does not say whether there is more', this.more.place);
    return said;
  }

  private async found(
    entries: readonly unknown[],
    answer: unknown,
    isMore: boolean,
    {term, limit, question}: Asked,
  ): Promise<SourceHits> {
    const turns = new Turns(question.signal);
    const hits: SourceHit[] = [];
    let [more, invalid, unknown] = [isMore, 0, 0];
    for (const entry of entries) {
      if (hits.length === limit) {
        more = true;
        break;
      }
      await turns.offer();
      const mapped = await this.mapped(entry, answer, term);
      if (mapped) {
        hits.push(mapped.hit);
        unknown += mapped.unknownWords;
      } else invalid++;
    }
    this.unknownWords.add(unknown);
    return {hits, ...(more ? {more} : {}), ...(invalid > 0 ? {invalid} : {})};
  }

  private async mapped(entry: unknown, answer: unknown, term: SearchTerm): Promise<MappedHit | undefined> {
    if (!isObject(entry)) return undefined;
    const subject = await this.mapping.subjectOf(entry, {answer}).catch(unlessExhausted);
    if (!subject) return undefined;
    if ('subject' in term && subject.value !== term.subject.value) throw aboutSomebodyElse();
    return this.mapping.of(entry, subject, {answer}).catch(unlessExhausted);
  }
}

const valuesOf = (term: SearchTerm, size: number): Values => {
  if ('words' in term) return {words: term.words, size};
  return {...numberValues(term.subject), size};
};

/** The term with its number as ten or eight characters. */
function normalized(term: SearchTerm): SearchTerm {
  if ('words' in term) return term;
  const {type} = term.subject;
  const value = numberInForm(type, term.subject.value);
  if (value === undefined) throw fault('invalid', 'invalid-subject', 'Not a whole number');
  return {subject: {type, value}};
}

/** The number that no address may hold. */
const secretOf = (term: SearchTerm): string | undefined =>
  'words' in term ? numberIn(term.words) : secretIn(term.subject);

/** What several kinds found, no more than are of use. */
function together(answers: readonly SourceHits[], limit: number): SourceHits {
  const hits = answers.flatMap((answer) => answer.hits);
  const invalid = answers.reduce((sum, answer) => sum + (answer.invalid ?? 0), 0);
  const more = hits.length > limit || answers.some((answer) => answer.more);
  return {hits: hits.slice(0, limit), ...(more ? {more} : {}), ...(invalid > 0 ? {invalid} : {})};
}

/** Searches as the configuration describes. */
export class SourceSearch {
  /** What it is asked by. */
  readonly searches: NonNullable<Connector['searches']>;
  private readonly kinds: readonly KindSearch[];
  private readonly config: JsonHttpConfig;

  constructor(config: JsonHttpConfig, client: SourceClient, environment: ConnectorEnvironment) {
    const {cases} = config.records;
    const parts = {
      client,
      base: baseOf(config),
      key: keyOf(config),
      cases: cases && new RecordMapping('cases', cases),
      unknownWords: new UnknownWords('cases', environment),
    };
    this.config = config;
    this.kinds = (Object.entries(config.search ?? {}) as [HitKind, HitConfig | undefined][]).flatMap(([kind, one]) =>
      one ? [new KindSearch(kind, one, parts)] : [],
    );
    this.searches = [
      ...(this.kinds.some(({byWords}) => byWords) ? (['words'] as const) : []),
      ...this.kinds.flatMap(({type, byNumber}) => (byNumber ? [type] : [])),
    ];
  }

  /** @throws SourceProblem for what the source answered badly. */
  async search({term: given, limit, signal}: ConnectorSearch): Promise<SourceHits> {
    signal.throwIfAborted();
    const term = normalized(given);
    const asked = this.kinds.flatMap((kind) => {
      const template = kind.templateFor(term);
      return template ? [{kind, template}] : [];
    });
    // To find nothing would be a claim.
    if (asked.length === 0) throw fault('invalid', 'not-applicable', 'The source does not search by this');
    const number = secretOf(term);
    if ('words' in term && number !== undefined) this.keepFromUrl(asked.map(({template}) => template));
    const question = {number, budget: budgetOf(this.config), signal};
    try {
      return together(
        await Promise.all(asked.map(({kind, template}) => kind.hits(template, {term, limit, question}))),
        limit,
      );
    } catch (thrown) {
      throw asProblem(thrown);
    }
  }

  /** Words that hold a person's number are as the number is. */
  private keepFromUrl(templates: readonly RequestTemplate[]): void {
    if (this.config.numberInUrl) return;
    if (templates.some(({get, post}) => placeholderNames(get ?? post).includes('words')))
      throw fault('invalid', 'invalid-request', 'The source would be asked by a URL that may hold a CPR number');
  }
}
