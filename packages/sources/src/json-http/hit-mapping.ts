import {type HitKind, normalizedSubject, type SearchTerm} from '@bsp/contract';
import type {SourceHit} from '../connector.js';
import type {HitConfig} from './config.js';
import {type Bindings, compileExpression, type Expression} from './expression.js';
import {compileField, flag, name, text, unreadable} from './field-readers.js';
import {numberOf} from './record-list.js';
import type {RecordMapping} from './record-mapping.js';

/** Whom or what a hit may be about. */
type HitSubject = Extract<SearchTerm, {subject: unknown}>['subject'];

/** The key of what a kind of hit is about; a case is found by its person. */
export const typeOfKind = {
  person: 'cpr',
  company: 'cvr',
  property: 'bfe',
  employee: 'employee',
  case: 'cpr',
} as const satisfies Readonly<Record<HitKind, HitSubject['type']>>;

/** The longest value that a subject may have. */
const longestNumber = 200;

/** A hit made of an entry of the answer. */
export interface MappedHit {
  readonly hit: SourceHit;
  /** How many words of its case no table knows. */
  readonly unknownWords: number;
}

/** Turns entries of an answer into hits of one kind. */
export class HitMapping {
  private readonly kind: HitKind;
  private readonly number: Expression;
  private readonly name: Expression;
  private readonly detail: Expression | undefined;
  private readonly guarded: Expression | undefined;
  private readonly cases: RecordMapping | undefined;

  /** @param cases - makes the record of a hit of kind `case`. */
  constructor(kind: HitKind, config: HitConfig, cases?: RecordMapping) {
    const place = `search.${kind}`;
    const optional = (key: 'detail' | 'protected'): Expression | undefined => {
      const expression = config[key];
      return expression === undefined ? undefined : compileField(expression, `${place}.${key}`);
    };
    this.kind = kind;
    this.number = compileExpression(config.number, `${place}.number`);
    this.name = compileField(config.name, `${place}.name`);
    this.detail = optional('detail');
    this.guarded = optional('protected');
    this.cases = cases;
  }

  /**
   * Whom or what an entry is about, or undefined where it does not say.
   *
   * @throws ExpressionFault where an expression does not fit the entry.
   */
  async subjectOf(entry: object, bindings: Bindings): Promise<HitSubject | undefined> {
    const said = await this.number.evaluate(entry, bindings);
    const type = typeOfKind[this.kind];
    const value = type === 'cpr' ? numberOf(said) : text(said);
    if (typeof value !== 'string' || value.length > longestNumber) return undefined;
    const parsed = normalizedSubject({type, value});
    return parsed.ok && 'value' in parsed.value ? parsed.value : undefined;
  }

  /**
   * The hit, or undefined where the entry lacks something or holds what cannot be read.
   *
   * @throws ExpressionFault where an expression does not fit the entry.
   */
  async of(entry: object, subject: HitSubject, bindings: Bindings): Promise<MappedHit | undefined> {
    const called = name(await this.name.evaluate(entry, bindings));
    const detail = name(await this.detail?.evaluate(entry, bindings));
    const said = flag(await this.guarded?.evaluate(entry, bindings));
    if (typeof called !== 'string' || detail === unreadable || said === unreadable) return undefined;
    const record = await this.cases?.of(entry, bindings);
    if (this.cases && !record) return undefined;
    // Where it should be said and is not, it may be so.
    const isProtected = this.guarded !== undefined && said !== false;
    return {
      hit: {
        kind: this.kind,
        subject,
        name: called,
        ...(isProtected ? {protected: true} : detail === undefined ? {} : {detail}),
        ...(record ? {case: record.record} : {}),
      },
      unknownWords: record?.unknownWords ?? 0,
    };
  }
}
