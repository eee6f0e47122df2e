import {problemOf} from '@bsp/contract';
import {SourceProblem} from '../connector.js';
import {aboutSomebodyElse, badAnswer} from '../http/answer-problems.js';
import type {JsonHttpConfig} from './config.js';
import {compileExpression, type Expression} from './expression.js';
import type {Values} from './placeholders.js';
import {entriesIn, isObject, NamedValues, requestOf} from './record-list.js';
import type {SourceClient, SubjectQuestion} from './source-client.js';
import {numberValues, subjectSaid} from './subject-number.js';

/** Whom or what the source knows: the number stood in its answer. */
export interface KnownSubject {
  readonly values: Values;
  /** Where the answer tells of it. */
  readonly entry: unknown;
}

/** Finds the source's own id of a person, a company, a property or an employee. */
export class SubjectLookup {
  readonly names: readonly string[];
  private readonly config: NonNullable<JsonHttpConfig['person']>;
  private readonly items: Expression;
  private readonly number: Expression;
  private readonly nobody: Expression | undefined;
  private readonly forbidden: Expression | undefined;
  private readonly values: NamedValues;

  constructor(config: NonNullable<JsonHttpConfig['person']>) {
    this.config = config;
    this.number = compileExpression(config.number, 'person.number');
    const whole = (key: 'nobody' | 'forbidden'): Expression | undefined => {
      const text = config[key];
      return text === undefined ? undefined : compileExpression(text, `person.${key}`, {on: 'answer'});
    };
    this.items = compileExpression(config.items ?? '$', 'person.items', {on: 'answer'});
    this.nobody = whole('nobody');
    this.forbidden = whole('forbidden');
    this.values = new NamedValues(config.values ?? {}, 'person.values');
    this.names = this.values.names;
  }

  /** Undefined where the source knows nobody and nothing with this number. */
  async of(client: SourceClient, base: URL, question: SubjectQuestion): Promise<KnownSubject | undefined> {
    const {subject} = question;
    const answer = await client.ask(requestOf(this.config, numberValues(subject), base), question);
    if (!answer.found) return undefined;
    const {json} = answer;
    if (json !== undefined && (await says(this.forbidden, json)))
      throw new SourceProblem('forbidden', problemOf('forbidden', 'The source does not show this subject'));
    if (json !== undefined && (await says(this.nobody, json))) return undefined;
    const [entry, ...others] = await entriesIn(json, this.items);
    if (others.length > 0) throw badAnswer('The source found more than one subject', this.items.place);
    if (entry === undefined) return undefined;
    if (!isObject(entry)) throw badAnswer('The answer of the source holds no subject', this.items.place);
    const said = subjectSaid(subject.type, await this.number.evaluate(entry, {answer: json}));
    if (!said) throw badAnswer('The answer of the source does not say whom it is about', this.number.place);
    if (said.value !== subject.value) throw aboutSomebodyElse();
    return {entry, values: await this.values.of(entry)};
  }
}

/** What a condition says of an answer; without one, no. */
async function says(condition: Expression | undefined, json: unknown): Promise<boolean> {
  if (!condition) return false;
  const said = await condition.evaluate(json, {answer: json});
  if (typeof said !== 'boolean') throw badAnswer('A condition is neither true nor false', condition.place);
  return said;
}
