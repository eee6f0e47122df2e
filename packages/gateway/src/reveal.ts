import {ProblemError, problemOf, type Reveal, type Revealed, type Subject} from '@bsp/contract';
import type {ConnectorRevealed} from '@bsp/sources';
import type {ActionRequest} from './actions.js';
import type {Aliases} from './aliases.js';
import {type FanOut, lacksPurpose, purposeNeeded} from './fan-out.js';
import {errorDetails, type Log} from './log.js';
import type {LookupLog} from './lookup-log.js';
import type {Source} from './sources.js';
import {type Secrets, subjectIndex} from './storage/secrets.js';
import {untilAborted} from './until-aborted.js';

/** Shows what a record leaves out. A lookup each time, and its result is never kept. */
export interface Revealing {
  /**
   * The number of the context's person, or of the person that a handle means (`ref.id` is the handle); or the lines of a
   * protected address.
   */
  reveal(request: ActionRequest, payload: unknown): Promise<Revealed>;
}

/** Makes the room that reveals. */
export function revealingOf(parts: {
  sources: readonly Source[];
  aliases: Aliases;
  fanOut: FanOut;
  lookupLog: LookupLog;
  secrets: Secrets;
  log: Log;
}): Revealing {
  const {sources, aliases, fanOut, lookupLog, secrets, log} = parts;
  return {
    async reveal({identity, context, from, signal}, payload) {
      const {ref, field} = payload as Reveal;
      const handled = field === 'cpr' ? await aliases.subjectOf(identity, ref.id) : undefined;
      if (!identity.access.reads('person'))
        throw new ProblemError(problemOf('forbidden', 'Your office does not read this.'));
      const subject: Subject = handled ?? context.subject;
      // Of a person who is meant by a handle too: the source stands in the log, and has purposes.
      const source = sources.find(({id, resources}) => id === ref.source && resources.has('person'));
      if (!source) throw foreign();
      if (!handled) {
        const wanted = {resource: 'person', source: ref.source, ids: [ref.id]};
        // Only a definite no refuses: the number is this person's whether or not the source answers just now.
        if ((await fanOut.holds(identity, context, wanted, signal)) === 'no') throw foreign();
      }
      if (lacksPurpose(source, context)) throw new ProblemError(purposeNeeded());
      if (field === 'address' && !source.reveal) throw notThere();
      if (field === 'cpr' && subject.type !== 'cpr') throw notThere();
      const lookup = await lookupLog.open(
        identity,
        {...context, subject, subjectIndex: subjectIndex(secrets, context.tenant, context.userId, subject)},
        {what: 'reveal', field, resources: {person: [ref.source]}, from},
      );
      const told = (status: string, count: number) =>
        lookup.close(
          [{resource: 'person', source: ref.source, status, count, invalid: 0, kle: [], sensitivities: []}],
          true,
        );
      if (field === 'cpr') {
        const value = (subject as {value: string}).value;
        await told('ok', 1);
        return {value: `${value.slice(0, 6)}-${value.slice(6)}`};
      }
      let revealed: ConnectorRevealed;
      try {
        const soon = AbortSignal.any([signal, AbortSignal.timeout(source.deadlineMs)]);
        const id = await aliases.sourceId(context.tenant, ref);
        revealed = await untilAborted(source.reveal!(subject, {source: ref.source, id}, field, soon), soon);
      } catch (thrown) {
        await told('unavailable', 0);
        log.warn({source: ref.source, ...errorDetails(thrown)}, 'a source could not reveal');
        throw new ProblemError(problemOf('unavailable', 'The source does not answer.', {retryAfter: 5}));
      }
      await told('ok', 1);
      const {value, lines} = revealed;
      return {...(value === undefined ? {} : {value}), ...(lines === undefined ? {} : {lines: [...lines]})};
    },
  };
}

const foreign = () =>
  new ProblemError(problemOf('foreign-item', 'The record is not one of this person.', {pointer: '/payload/ref'}));

const notThere = () =>
  new ProblemError(problemOf('not-applicable', 'There is nothing to reveal.', {pointer: '/payload/field'}));
