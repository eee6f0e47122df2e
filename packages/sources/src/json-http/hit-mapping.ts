import type {HitKind} from '@bsp/contract';
import type {NumberedSubject, SubjectKey} from '../asked-subject.js';
import type {SourceHit} from '../connector.js';
import type {HitConfig} from './config.js';
import {type Bindings, compileExpression, type Expression} from './expression.js';
import {compileField, flag, name, unreadable} from './field-readers.js';
import type {RecordMapping} from './record-mapping.js';
import {subjectSaid} from './subject-number.js';

const keyOfKind = {
  person: 'cpr',
  company: 'cvr',
  property: 'bfe',
  employee: 'employee',
} as const satisfies Readonly<Record<Exclude<HitKind, 'case'>, SubjectKey>>;

/** The key of what a kind of hit is about; of a case that for which the source reads cases. */
export const typeOfKind = (kind: HitKind, key: SubjectKey): SubjectKey => (kind === 'case' ? key : keyOfKind[kind]);

/** A hit made of an entry of the answer. */
export interface MappedHit {
  readonly hit: SourceHit;
  /** How many words of its case no table knows. */
  readonly unknownWords: number;
}

/** Turns entries of an answer into hits of one kind. */
export class HitMapping {
  /** The key of whom or what its hits are about. */
  readonly type: SubjectKey;
  private readonly kind: HitKind;
  private readonly number: Expression;
  private readonly name: Expression;
  private readonly detail: Expression | undefined;
  private readonly guarded: Expression | undefined;
  private readonly cases: RecordMapping | undefined;

  /**
   * @param key - for which the source reads.
   * @param cases - makes the record of a hit of kind `case`.
   */
  constructor(kind: HitKind, config: HitConfig, key: SubjectKey, cases?: RecordMapping) {
    const place = `search.${kind}`;
    const optional = (key: 'detail' | 'protected'): Expression | undefined => {
      const expression = config[key];
      return expression === undefined ? undefined : compileField(expression, `${place}.${key}`);
    };
    this.kind = kind;
    this.type = typeOfKind(kind, key);
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
  async subjectOf(entry: object, bindings: Bindings): Promise<NumberedSubject | undefined> {
    return subjectSaid(this.type, await this.number.evaluate(entry, bindings));
  }

  /**
   * The hit, or undefined where the entry lacks something or holds what cannot be read.
   *
   * @throws ExpressionFault where an expression does not fit the entry.
   */
  async of(entry: object, subject: NumberedSubject, bindings: Bindings): Promise<MappedHit | undefined> {
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
