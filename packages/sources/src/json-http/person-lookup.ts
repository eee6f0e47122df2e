import {problemOf} from '@bsp/contract';
import {SourceProblem} from '../connector.js';
import {badAnswer} from '../http/answer-problems.js';
import type {JsonHttpConfig} from './config.js';
import {compileExpression, type Expression} from './expression.js';
import type {Values} from './placeholders.js';
import {entriesIn, isObject, NamedValues, numberOf, numberValues, requestOf, somebodyElse} from './record-list.js';
import type {PersonQuestion, SourceClient} from './source-client.js';

/** A person whom the source knows: the number stood in its answer. */
export interface KnownPerson {
  readonly values: Values;
  /** The person in the answer. */
  readonly entry: unknown;
}

/** Finds the source's own id of a person. */
export class PersonLookup {
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

  /** Undefined where the source knows nobody with this number. */
  async of(client: SourceClient, base: URL, question: PersonQuestion): Promise<KnownPerson | undefined> {
    const answer = await client.ask(requestOf(this.config, numberValues(question.number), base), question);
    if (!answer.found) return undefined;
    const {json} = answer;
    if (json !== undefined && (await says(this.forbidden, json)))
      throw new SourceProblem('forbidden', problemOf('forbidden', 'The source does not show this person'));
    if (json !== undefined && (await says(this.nobody, json))) return undefined;
    const [entry, ...others] = await entriesIn(json, this.items);
    if (others.length > 0) throw badAnswer('The source found more than one person', this.items.place);
    if (entry === undefined) return undefined;
    if (!isObject(entry)) throw badAnswer('The answer of the source holds no person', this.items.place);
    const number = numberOf(await this.number.evaluate(entry, {answer: json}));
    if (number === undefined)
      throw badAnswer('The answer of the source does not say whom it is about', this.number.place);
    if (number !== question.number) throw somebodyElse();
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
