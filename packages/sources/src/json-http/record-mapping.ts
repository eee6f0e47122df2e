import {casePhases, personStatuses, sensitivities} from '@bsp/contract';
import type {MappedResource, RecordsConfig} from './config.js';
import type {Bindings, Expression} from './expression.js';
import {compileField, day, flag, kle, lines, moment, name, text, unreadable} from './field-readers.js';

interface Field {
  readonly read: (value: unknown) => unknown;
  readonly required?: true;
  /** Where the value stands in the record, if not where its name says. */
  readonly at?: string;
}

/** The keys of `map` and what becomes of them. */
const fieldsOf: Readonly<Record<MappedResource, Readonly<Record<string, Field>>>> = {
  cases: {
    id: {read: name, required: true, at: 'ref.id'},
    title: {read: text, required: true},
    number: {read: name},
    status: {read: name, required: true, at: 'status.native'},
    'kle.number': {read: kle},
    'kle.title': {read: name},
    'responsible.name': {read: name},
    'responsible.unit': {read: name},
    openedAt: {read: moment},
    changedAt: {read: moment, required: true},
    closedAt: {read: moment},
    sensitivity: {read: name},
  },
  journal: {
    id: {read: name, required: true, at: 'ref.id'},
    'case.id': {read: name, at: 'case.ref.id'},
    'case.title': {read: name},
    occurredAt: {read: moment, required: true},
    recordedAt: {read: moment, required: true},
    'author.name': {read: name, required: true},
    'author.unit': {read: name},
    heading: {read: text, required: true},
    body: {read: text, required: true},
    'kle.number': {read: kle},
    'kle.title': {read: name},
  },
  events: {
    id: {read: name, required: true, at: 'ref.id'},
    type: {read: name, required: true},
    title: {read: text, required: true},
    text: {read: name},
    occurredAt: {read: moment, required: true},
    receivedAt: {read: moment, required: true},
    'about.kind': {read: name},
    'about.id': {read: name, at: 'about.ref.id'},
    'about.title': {read: name},
  },
  person: {
    id: {read: name, required: true, at: 'ref.id'},
    name: {read: name, required: true},
    status: {read: name, required: true, at: 'status.native'},
    birthDate: {read: day},
    sex: {read: name},
    'address.lines': {read: lines},
    'address.municipality': {read: name},
    'address.since': {read: day},
    'address.protected': {read: flag},
    citizenship: {read: name},
  },
};

/** Parts that say nothing without one of their values. */
const neededIn: Readonly<Record<string, readonly string[]>> = {
  kle: ['number'],
  responsible: ['name'],
  case: ['ref'],
  about: ['kind', 'ref'],
};

type Part = Record<string, unknown>;
type Words = Readonly<Record<string, string>>;

function place(record: Part, path: readonly string[], value: unknown): void {
  let part = record;
  for (const step of path.slice(0, -1)) {
    part[step] ??= {};
    part = part[step] as Part;
  }
  part[path.at(-1)!] = value;
}

const partOf = (record: Part, key: string): Part | undefined => record[key] as Part | undefined;

/** A record made of an entry of the answer. */
export interface Mapped {
  readonly record: Readonly<Record<string, unknown>>;
  /** How many of its words no table knows. */
  readonly unknownWords: number;
}

/** Turns entries of an answer into records of the contract. */
export class RecordMapping {
  /** The names of bindings that it uses. */
  readonly uses: ReadonlySet<string>;
  private readonly resource: MappedResource;
  private readonly fields: readonly (Field & {readonly path: readonly string[]; readonly value: Expression})[];
  private readonly words: Readonly<Record<string, Words | undefined>>;

  constructor(resource: MappedResource, {map, words}: RecordsConfig) {
    this.resource = resource;
    this.words = words ?? {};
    this.fields = Object.entries(map as Readonly<Record<string, string | undefined>>).flatMap(([key, expression]) => {
      const field = fieldsOf[resource][key];
      if (expression === undefined || !field) return [];
      const value = compileField(expression, `records.${resource}.map.${key}`);
      return [{...field, path: (field.at ?? key).split('.'), value}];
    });
    this.uses = new Set(this.fields.flatMap(({value}) => [...value.uses]));
  }

  /**
   * The record, or undefined where the entry lacks something or holds what cannot be read.
   *
   * @throws ExpressionFault where an expression does not fit the entry.
   */
  async of(entry: unknown, bindings: Bindings): Promise<Mapped | undefined> {
    const record: Part = {};
    for (const {path, read, required, value} of this.fields) {
      const found = value.evaluate(entry, bindings);
      const readValue = read(found instanceof Promise ? await found : found);
      if (readValue === unreadable || (required && readValue === undefined)) return undefined;
      if (readValue !== undefined) place(record, path, readValue);
    }
    for (const [key, needed] of Object.entries(neededIn)) {
      const part = partOf(record, key);
      if (part && needed.some((one) => part[one] === undefined)) delete record[key];
    }
    for (const holder of [record, partOf(record, 'case'), partOf(record, 'about')]) {
      const ref = holder && partOf(holder, 'ref');
      // The gateway fills in the source.
      if (ref) ref.source = '';
    }
    return {record, unknownWords: this.translate(record)};
  }

  /** Puts our words beside the source's own. */
  private translate(record: Part): number {
    let unknown = 0;
    const ours = (key: string, native: unknown, known: readonly string[]): string | undefined => {
      const word = String(native);
      const table = this.words[key];
      const found = table && Object.hasOwn(table, word) ? table[word] : known.includes(word) ? word : undefined;
      if (found === undefined) unknown++;
      return found;
    };
    const status = partOf(record, 'status');
    if (this.resource === 'cases') {
      const phase = ours('status', status?.native, casePhases);
      if (status && phase !== undefined) status.phase = phase;
      const {sensitivity} = record;
      record.sensitivity =
        (sensitivity === undefined ? undefined : ours('sensitivity', sensitivity, sensitivities)) ?? 'unknown';
    } else if (this.resource === 'person') {
      if (status) status.kind = ours('status', status.native, personStatuses) ?? 'inactive';
      const sex = record.sex === undefined ? undefined : ours('sex', record.sex, ['female', 'male']);
      if (sex === undefined) delete record.sex;
      else record.sex = sex;
      const address = partOf(record, 'address');
      // A protected address is shown on request only, and this connector takes none. The municipality is part of it.
      if (address && (address.lines ?? address.municipality) !== undefined && address.protected !== false) {
        delete address.lines;
        delete address.municipality;
        address.protected = true;
      }
    } else if (this.resource === 'events' && this.words.type) {
      record.type = ours('type', record.type, []) ?? record.type;
    }
    return unknown;
  }
}
