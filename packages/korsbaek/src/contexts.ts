import {
  normalizedSubject,
  type OpenedContext,
  ProblemError,
  problemOf,
  type ShownSubject,
  type Subject,
  shownNumber,
} from '@bsp/contract';
import {momentOfInstant} from './calendar.js';
import type {Municipality} from './municipality.js';
import {type Organization, organizationBy} from './organizations.js';
import {hash32} from './random.js';
import {organizationHandle} from './search.js';

/** A context that the Backend has opened. */
export interface OpenContext {
  readonly opened: OpenedContext;
  /** By its real number. */
  readonly subject: Subject;
  /** Ten digits; undefined where it is not about a person. */
  readonly cpr: string | undefined;
  /** Index in the municipality; undefined for a number that nobody has. */
  readonly index: number | undefined;
  /** The company or property. */
  readonly organization: Organization | undefined;
  closed: boolean;
}

const eightHoursMs = 8 * 36e5;

/** Whom a subject means. @throws ProblemError when it is none that Korsbæk can open. */
export function holderOf(
  town: Municipality,
  given: Subject,
): Pick<OpenContext, 'subject' | 'cpr' | 'index' | 'organization'> {
  const normalized = normalizedSubject(given);
  const invalid = (): ProblemError =>
    new ProblemError(problemOf('invalid-subject', 'Not a valid subject', {pointer: '/subject/value'}));
  if (!normalized.ok) throw invalid();
  const subject = normalized.value;
  const nobody = {subject, cpr: undefined, index: undefined, organization: undefined};
  switch (subject.type) {
    case 'cpr':
      return {...nobody, cpr: subject.value, index: town.indexOf(subject.value)};
    case 'cvr':
    case 'bfe':
      return {...nobody, organization: organizationBy(town.organizations, subject)};
    case 'user':
    case 'employee':
      return nobody;
    case 'ref': {
      const index = town.indexOfHandle(subject.value);
      if (index !== undefined) {
        const {cpr} = town.inhabitant(index);
        return {...nobody, subject: {type: 'cpr', value: cpr}, cpr, index};
      }
      const organization = town.organizations.find((one) => organizationHandle(one.index) === subject.value);
      if (!organization) throw invalid();
      return {...nobody, subject: organization.subject, organization};
    }
    case 'self':
      throw new ProblemError(problemOf('not-applicable', 'Korsbæk has no citizen login'));
  }
}

/** The contexts of one Backend. */
export class Contexts {
  readonly #town: Municipality;
  readonly #now: () => number;
  readonly #contexts = new Map<string, OpenContext>();

  constructor(town: Municipality, now: () => number) {
    this.#town = town;
    this.#now = now;
  }

  open(subject: Subject, cursor: string): OpenContext {
    const now = this.#now();
    const holder = holderOf(this.#town, subject);
    const number = this.#contexts.size + 1;
    const masked = shownNumber(holder.subject);
    const label = holder.index === undefined ? holder.organization?.name : this.#town.inhabitant(holder.index).name;
    const handle =
      holder.index !== undefined
        ? this.#town.handleOf(holder.index)
        : holder.organization && organizationHandle(holder.organization.index);
    const shown: ShownSubject = {
      type: holder.cpr === undefined ? holder.subject.type : subject.type,
      ...(masked === undefined ? {} : {masked}),
      ...(label === undefined ? {} : {label}),
    };
    const context: OpenContext = {
      opened: {
        contextId: `ctx-${hash32(`${this.#town.seed}/context/${number}`).toString(36)}-${number}`,
        subject: shown,
        openedAt: momentOfInstant(now),
        expiresAt: momentOfInstant(now + eightHoursMs),
        ...(handle === undefined ? {} : {handle}),
        cursor,
      },
      ...holder,
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
    if (!context || !this.#stands(context)) {
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
    return [...this.#contexts.values()].filter((context) => this.#stands(context) && context.cpr === cpr);
  }

  isOpen(contextId: string): boolean {
    const context = this.#contexts.get(contextId);
    return context !== undefined && this.#stands(context);
  }

  #stands({closed, opened}: OpenContext): boolean {
    return !closed && this.#now() < Date.parse(opened.expiresAt);
  }
}
