import {maxFrameItems, problemOf} from '@bsp/contract';
import {askedSubject, type NumberedSubject, type SubjectKey} from '../asked-subject.js';
import {type ConnectorEnvironment, type ConnectorRead, type SourcePage, SourceProblem} from '../connector.js';
import {badAnswer, holdsNumber} from '../http/answer-problems.js';
import {Turns} from '../turns.js';
import {asProblem} from './answer-fault.js';
import type {JsonHttpConfig, MappedResource, RecordsConfig} from './config.js';
import {type Bindings, unlessExhausted} from './expression.js';
import {type Position, positionOf} from './paging.js';
import type {Values} from './placeholders.js';
import {type EntryPage, NamedValues, namesIn, RecordList} from './record-list.js';
import {RecordMapping} from './record-mapping.js';
import {baseOf, budgetOf, type SourceClient, type SubjectQuestion} from './source-client.js';
import {SubjectLookup} from './subject-lookup.js';
import {keyOf, numberValues, secretIn} from './subject-number.js';
import {UnknownWords} from './unknown-words.js';

/** For how many entries of a list more is asked, unless the configuration says otherwise. */
const defaultEach = 50;
/** How many of them at a time. */
const together = 4;

/** The records of one resource. */
class ResourceReader {
  private readonly resource: MappedResource;
  private readonly config: RecordsConfig;
  private readonly list: RecordList;
  private readonly each: {readonly list: RecordList; readonly values: NamedValues; readonly max: number} | undefined;
  private readonly mapping: RecordMapping;
  private readonly unknownWords: UnknownWords;
  private readonly client: SourceClient;
  private readonly base: URL;
  private readonly lookup: SubjectLookup | undefined;

  constructor(
    resource: MappedResource,
    config: RecordsConfig,
    parts: {client: SourceClient; base: URL; lookup: SubjectLookup | undefined; environment: ConnectorEnvironment},
  ) {
    const place = `records.${resource}`;
    this.resource = resource;
    this.config = config;
    this.client = parts.client;
    this.base = parts.base;
    this.list = new RecordList(config, place);
    this.each = config.each && {
      list: new RecordList(config.each, `${place}.each`),
      values: new NamedValues(config.each.values, `${place}.each.values`),
      max: config.each.max ?? defaultEach,
    };
    this.mapping = new RecordMapping(resource, config);
    this.unknownWords = new UnknownWords(resource, parts.environment);
    this.lookup = this.needsLookup(parts.lookup) ? parts.lookup : undefined;
  }

  private needsLookup(lookup: SubjectLookup | undefined): boolean {
    const lists = this.each ? [this.each.list, this.list] : [this.list];
    return (
      this.isOfLookup ||
      this.mapping.uses.has('person') ||
      lists.some(
        ({about, template}) => about.by === 'id' || namesIn(template).some((name) => lookup?.names.includes(name)),
      )
    );
  }

  /** Whether the records stand in the answer of the lookup itself. */
  private get isOfLookup(): boolean {
    return this.config.get === undefined && this.config.post === undefined;
  }

  async *pages(question: SubjectQuestion, from: Position | undefined): AsyncGenerator<SourcePage> {
    const {subject} = question;
    const known = await this.lookup?.of(this.client, this.base, question);
    if (this.lookup && !known) {
      yield {about: subject, items: []};
      return;
    }
    const values = {...numberValues(subject), ...known?.values};
    const bindings: Bindings = known ? {person: known.entry} : {};
    if (known && this.isOfLookup) {
      const entries = await this.list.entriesOf(known.entry);
      yield* this.mapped({answer: known.entry, entries, nobodys: 0}, bindings, question);
    } else if (this.each) yield* this.eachPages(question, values, bindings);
    else
      for await (const page of this.list.pages(this.client, this.base, question, values, from))
        yield* this.mapped(page, bindings, question);
  }

  /** Asks for the records of each entry of another list, a few at a time. */
  private async *eachPages(question: SubjectQuestion, values: Values, bindings: Bindings): AsyncGenerator<SourcePage> {
    const {list, values: named, max} = this.each!;
    let asked = 0;
    let any = false;
    for await (const {entries, nobodys, rest} of list.pages(this.client, this.base, question, values)) {
      asked += entries.length;
      // Part of the records would look like all of them.
      if (asked > max || rest) throw badAnswer(`There is more than "records.${this.resource}.each" allows`);
      if (nobodys > 0) throw badAnswer('An entry does not say whom it is about', `records.${this.resource}.each.about`);
      for (let first = 0; first < entries.length; first += together) {
        const some = entries.slice(first, first + together);
        for (const pages of await Promise.all(some.map((parent) => this.childPages(parent, named, values, question))))
          for (const {parent, page} of pages) {
            any = true;
            yield* this.mapped(page, {...bindings, parent}, question);
          }
      }
    }
    if (!any) yield {about: question.subject, items: []};
  }

  private async childPages(
    parent: unknown,
    named: NamedValues,
    values: Values,
    question: SubjectQuestion,
  ): Promise<{parent: unknown; page: EntryPage}[]> {
    const pages: {parent: unknown; page: EntryPage}[] = [];
    const own = {...values, ...(await named.of(parent))};
    for await (const page of this.list.pages(this.client, this.base, question, own)) {
      if (page.rest) throw badAnswer(`There is more than "records.${this.resource}.paging.maxPages" allows`);
      pages.push({parent, page});
    }
    return pages;
  }

  private async *mapped(page: EntryPage, more: Bindings, question: SubjectQuestion): AsyncGenerator<SourcePage> {
    const bindings = {...more, answer: page.answer};
    const turns = new Turns(question.signal);
    const items: unknown[] = [];
    let invalid = page.nobodys;
    let unknown = 0;
    for (const entry of page.entries) {
      await turns.offer();
      const mapped = await this.mapping.of(entry, bindings).catch(unlessExhausted);
      if (!mapped) {
        invalid++;
        continue;
      }
      unknown += mapped.unknownWords;
      items.push(this.resource === 'person' ? {...mapped.record, subject: question.subject} : mapped.record);
    }
    this.unknownWords.add(unknown);
    yield* framed(items, invalid, this.restOf(page, question), question.subject);
  }

  private restOf({rest}: EntryPage, {number}: SubjectQuestion): string | undefined {
    if (!rest) return undefined;
    const next = JSON.stringify(rest);
    if (number !== undefined && holdsNumber(next, number))
      throw badAnswer('The source puts what may be a CPR number into the address of its next page');
    return next;
  }
}

/** Pages that are no longer than a frame may be. */
function* framed(
  items: readonly unknown[],
  invalid: number,
  next: string | undefined,
  about: NumberedSubject,
): Generator<SourcePage> {
  for (let first = 0; first === 0 || first < items.length; first += maxFrameItems) {
    const isLast = first + maxFrameItems >= items.length;
    yield {
      about,
      items: items.slice(first, first + maxFrameItems),
      ...(first === 0 && invalid > 0 ? {invalid} : {}),
      ...(isLast && next !== undefined ? {next} : {}),
    };
  }
}

/** Reads what the configuration describes. */
export class SourceReader {
  readonly resources: readonly string[];
  /** The key for which it reads. */
  readonly key: SubjectKey;
  private readonly readers: ReadonlyMap<string, ResourceReader>;
  private readonly config: JsonHttpConfig;

  constructor(config: JsonHttpConfig, client: SourceClient, environment: ConnectorEnvironment) {
    this.config = config;
    this.key = keyOf(config);
    const base = baseOf(config);
    const lookup = config.person && new SubjectLookup(config.person);
    this.readers = new Map(
      (Object.entries(config.records) as [MappedResource, RecordsConfig | undefined][]).flatMap(
        ([resource, records]) =>
          records ? [[resource, new ResourceReader(resource, records, {client, base, lookup, environment})]] : [],
      ),
    );
    this.resources = [...this.readers.keys()];
  }

  /** @throws SourceProblem for what the source answered badly. */
  async *read(read: ConnectorRead): AsyncGenerator<SourcePage> {
    const {resource, cursor, signal} = read;
    signal.throwIfAborted();
    const subject = askedSubject(read, {resources: this.resources, subjects: [this.key]});
    const reader = this.readers.get(resource)!;
    const from = cursor === undefined ? undefined : positionOf(cursor);
    if (cursor !== undefined && !from)
      throw new SourceProblem('invalid', problemOf('invalid-request', 'The cursor is none of this source'));
    try {
      yield* reader.pages({subject, number: secretIn(subject), budget: budgetOf(this.config), signal}, from);
    } catch (thrown) {
      throw asProblem(thrown);
    }
  }
}
