import {
  maskCpr,
  normalizedSubject,
  type OpenedContext,
  ProblemError,
  problemOf,
  type ShownSubject,
  type Subject,
} from '@bsp/contract';
import {momentOfInstant} from './calendar.js';
import type {Municipality} from './municipality.js';
import {hash32} from './random.js';

/** A context that the Backend has opened. */
export interface OpenContext {
  readonly opened: OpenedContext;
  /** Ten digits; undefined for the user's own lists. */
  readonly cpr: string | undefined;
  /** Index in the municipality; undefined for a number that nobody has. */
  readonly index: number | undefined;
  closed: boolean;
}

const eightHoursMs = 8 * 36e5;

/** The person of a subject. @throws ProblemError when the subject is none that Korsbæk can open. */
export function personOf(town: Municipality, subject: Subject): Pick<OpenContext, 'cpr' | 'index'> {
  const normalized = normalizedSubject(subject);
  const invalid = (): ProblemError =>
    new ProblemError(problemOf('invalid-subject', 'Not a valid subject', {pointer: '/subject/value'}));
  if (!normalized.ok) throw invalid();
  const {value} = normalized;
  if (value.type === 'user') return {cpr: undefined, index: undefined};
  if (value.type === 'cpr') return {cpr: value.value, index: town.indexOf(value.value)};
  if (value.type === 'ref') {
    const index = town.indexOfHandle(value.value);
    if (index === undefined) throw invalid();
    return {cpr: town.inhabitant(index).cpr, index};
  }
  throw new ProblemError(problemOf('not-applicable', 'Korsbæk knows persons only'));
}

/** The contexts of one Backend. */
export class Contexts {
  readonly #town: Municipality;
  readonly #contexts = new Map<string, OpenContext>();

  constructor(town: Municipality) {
    this.#town = town;
  }

  open(subject: Subject, now: number, cursor: string): OpenContext {
    const person = personOf(this.#town, subject);
    const number = this.#contexts.size + 1;
    const shown: ShownSubject =
      person.cpr === undefined
        ? {type: subject.type}
        : {
            type: subject.type,
            masked: maskCpr(person.cpr),
            ...(person.index === undefined ? {} : {label: this.#town.inhabitant(person.index).name}),
          };
    const context: OpenContext = {
      opened: {
        contextId: `ctx-${hash32(`${this.#town.seed}/context/${number}`).toString(36)}-${number}`,
        subject: shown,
        openedAt: momentOfInstant(now),
        expiresAt: momentOfInstant(now + eightHoursMs),
        ...(person.index === undefined ? {} : {handle: this.#town.handleOf(person.index)}),
        cursor,
      },
      ...person,
      closed: false,
    };
    this.#contexts.set(context.opened.contextId, context);
    return context;
  }

  close(contextId: string): void {
    const context = this.#contexts.get(contextId);
    if (context) context.closed = true;
  }

  /** @throws ProblemError 409 `context-closed` when it is not open (any more) */
  get(contextId: string): OpenContext {
    const context = this.#contexts.get(contextId);
    if (!context || context.closed) {
      throw new ProblemError(problemOf('context-closed', 'The context is not open'));
    }
    return context;
  }

  /** Whom a context is or was about. */
  cprOf(contextId: string): string | undefined {
    return this.#contexts.get(contextId)?.cpr;
  }

  /** Open contexts about a person. */
  about(cpr: string): OpenContext[] {
    return [...this.#contexts.values()].filter((context) => !context.closed && context.cpr === cpr);
  }

  isOpen(contextId: string): boolean {
    return this.#contexts.get(contextId)?.closed === false;
  }
}
