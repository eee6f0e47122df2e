/**
 * Persons from CPR through Serviceplatformen (SF1520, PersonBaseDataExtended 4).
 *
 * @packageDocumentation
 */
import {parseCpr, personResource, problemOf} from '@bsp/contract';
import * as z from 'zod/mini';
import {askedSubject, numberedAs} from '../asked-subject.js';
import {type Connector, type ConnectorModule, type SourcePage, SourceProblem} from '../connector.js';
import {danishDay} from '../danish-time.js';
import {aboutSomebodyElse, badAnswer} from '../http/answer-problems.js';
import {soapClientOf, soapConnectionShape} from '../soap/connection.js';
import {lookupOf, UnknownNumber} from './lookup.js';
import {numberOfAnswer, personOf, revealedLines} from './person-of-lookup.js';

/** Config of a source with `"connector": "sf1520"`. */
export const sf1520ConfigSchema = z.strictObject({
  ...soapConnectionShape,
  /** CVR number of the municipality on whose behalf is asked, where the token does not say. */
  municipality: z.optional(z.string().check(z.regex(/^\d{8}$/, 'expected a CVR number of eight digits.'))),
});
/** See {@link sf1520ConfigSchema}. */
export type Sf1520Config = z.infer<typeof sf1520ConfigSchema>;

const defaultBytes = 2_000_000;

const sf1520: ConnectorModule<Sf1520Config> = {
  configSchema: sf1520ConfigSchema,

  /** @throws Error that names the environment variable that is not set, or the file that cannot be read. */
  async create(config, environment): Promise<Connector> {
    const {client, close} = await soapClientOf(config, {version: '1.1', maxBytes: defaultBytes}, environment);
    const today = (): string => danishDay(environment.now?.() ?? new Date());

    /** The answer about a person, who is looked at first; undefined where the register does not know the number. */
    async function lookedUp(number: string, user: string | undefined, signal: AbortSignal) {
      const answer = await client
        .answer((requestId) => lookupOf(number, {requestId, user, municipality: config.municipality}), signal)
        .catch((thrown: unknown) => {
          if (thrown instanceof UnknownNumber) return undefined;
          throw thrown;
        });
      if (!answer) return undefined;
      const about = numberOfAnswer(answer);
      if (about === undefined) throw badAnswer('The source does not say whom it answers about');
      if (about !== number) throw aboutSomebodyElse();
      return answer;
    }

    const serves = {resources: [personResource.name], subjects: ['cpr']} as const;
    return {
      ...serves,

      async *read(read): AsyncGenerator<SourcePage> {
        read.signal.throwIfAborted();
        const about = askedSubject(read, serves);
        const number = about.value;
        const answer = await lookedUp(number, read.user.id, read.signal);
        yield {about, items: answer ? [personOf(answer, number, today())] : []};
      },

      async reveal(subject, ref, field, signal) {
        signal.throwIfAborted();
        const number = numberedAs(subject, serves.subjects).value;
        const foreign = parseCpr(ref.id);
        if (foreign.ok && foreign.value.value !== number)
          throw new SourceProblem('invalid', problemOf('foreign-item', 'The record is not about this person'));
        if (field === 'cpr') return {value: `${number.slice(0, 6)}-${number.slice(6)}`};
        const answer = await lookedUp(number, undefined, signal);
        if (!answer)
          throw new SourceProblem('invalid', problemOf('not-found', 'The register does not know this person'));
        return {lines: revealedLines(answer, today())};
      },

      close,
    };
  },
};

export default sf1520;
