import {type Person, type ProblemCode, type Reveal, revealedSchema} from '@bsp/contract';
import {problemFrom, type Session, type StringSource, type StringTable, type Translated} from '@bsp/core';
import {type RevealTexts, revealStrings} from './person-reveal.strings.js';

/** What can be uncovered. */
export type RevealField = Reveal['field'];

/** The window as its reveal sees it. */
export interface RevealHost {
  readonly window: HTMLElement;
  /** The Session that the uncovered belongs to: it goes when that one ends. */
  readonly session: Session;
  readonly seconds: () => number;
  readonly render: () => void;
  readonly announce: (text: string) => void;
  readonly textsOf: <T extends StringTable>(source: StringSource<T>) => Translated<T>;
}

interface Uncovered {
  /** The very record that it belongs to: what is read again is covered again. */
  readonly of: Person;
  readonly lines: readonly string[];
  readonly timer: ReturnType<typeof setTimeout>;
}

type Fault = Exclude<keyof RevealTexts, `${string}-${RevealField}` | 'copy'>;

/** What each problem is in plain words. What is missing here is a fault at the receiver. */
const faults: Partial<Record<ProblemCode, Fault>> = {
  forbidden: 'forbidden',
  'needs-purpose': 'purpose',
  unauthorized: 'loggedOut',
  'context-closed': 'closed',
  'foreign-item': 'closed',
  'not-found': 'nothing',
  'not-applicable': 'nothing',
  timeout: 'slow',
  unavailable: 'slow',
  'rate-limited': 'often',
  'wrong-subject': 'unusable',
  protocol: 'unusable',
};

/** The answer as lines to show; undefined when it is none, or about another number than the masked one. */
function linesOf(field: RevealField, result: unknown, {masked}: Person): readonly string[] | undefined {
  const {success, data} = revealedSchema.safeParse(result);
  if (!success) return undefined;
  if (field === 'address') return data.lines?.some((line) => line.trim()) ? data.lines : undefined;
  const number = /^(\d{6})-?([\dA-Z]{4})$/i.exec(data.value?.trim() ?? '');
  return number && masked.startsWith(`${number[1]}`) ? [`${number[1]}-${number[2]}`] : undefined;
}

/**
 * What a caseworker has uncovered of one person: a number, a protected address. It covers itself after a while, when the
 * page is left or printed, and when the Session ends; a protected address is copied only after a question. Loaded when
 * first asked for.
 */
export class PersonReveal {
  readonly #host: RevealHost;
  readonly #uncovered = new Map<RevealField, Uncovered>();
  readonly #waiting = new Set<RevealField>();
  #fault: {readonly field: RevealField; readonly kind: Fault} | undefined;
  #listening: AbortController | undefined;
  #asking = false;

  constructor(host: RevealHost) {
    this.#host = host;
  }

  /** Lines that are uncovered of this record; empty when the record has its own. */
  lines(field: RevealField, person: Person): readonly string[] | undefined {
    const uncovered = this.#uncovered.get(field);
    return uncovered?.of === person ? uncovered.lines : undefined;
  }

  waitsFor(field: RevealField): boolean {
    return this.#waiting.has(field);
  }

  /** Why the last attempt gave nothing. */
  get fault(): string | undefined {
    if (!this.#fault) return undefined;
    const texts = this.#texts;
    return texts[this.#fault.kind](texts[`field-${this.#fault.field}`]);
  }

  /** Uncovers. `ask`: the record does not hold it, so the backend is asked, which logs it. */
  async uncover(field: RevealField, person: Person, ask: boolean): Promise<void> {
    const {session, render} = this.#host;
    if (this.#waiting.has(field)) return;
    this.#fault = undefined;
    if (!ask) return this.#show(field, person, []);
    this.#waiting.add(field);
    render();
    try {
      const {result} = await session.act('reveal', {ref: person.ref, field} satisfies Reveal);
      const lines = linesOf(field, result, person);
      if (lines) this.#show(field, person, lines);
      else this.#fault = {field, kind: 'unusable'};
    } catch (thrown) {
      this.#fault = {field, kind: faults[problemFrom(thrown).code] ?? 'failed'};
    }
    this.#waiting.delete(field);
    render();
  }

  /** Covers again. */
  cover(field: RevealField): void {
    const uncovered = this.#uncovered.get(field);
    if (!uncovered) return;
    clearTimeout(uncovered.timer);
    this.#uncovered.delete(field);
    if (this.#uncovered.size === 0) this.#listening?.abort();
    this.#host.announce(this.#texts[`covered-${field}`]);
    this.#host.render();
  }

  get #texts(): Translated<RevealTexts> {
    return this.#host.textsOf(revealStrings);
  }

  #show(field: RevealField, of: Person, lines: readonly string[]): void {
    const {session, announce, render, seconds} = this.#host;
    // The answer came after the caseworker had left.
    if (session.signal.aborted || document.hidden) return;
    clearTimeout(this.#uncovered.get(field)?.timer);
    if (this.#uncovered.size === 0) this.#listen();
    this.#uncovered.set(field, {of, lines, timer: setTimeout(() => this.cover(field), seconds() * 1000)});
    announce(this.#texts[`shown-${field}`](seconds()));
    render();
  }

  /** For what may hold a protected address. A page that may not ask copies nothing. */
  #askToCopy(event: Event): void {
    const {window, textsOf} = this.#host;
    const holds = event.composedPath().includes(window) || getSelection()?.containsNode(window, true);
    if (!this.#uncovered.has('address') || !holds) return;
    // The question takes the focus from the page, which would cover the address before it is copied.
    this.#asking = true;
    if (!confirm(textsOf(revealStrings).copy)) event.preventDefault();
    this.#asking = false;
  }

  #listen(): void {
    this.#listening = new AbortController();
    const {signal} = this.#listening;
    const coverAll = (): void => {
      if (this.#asking) return;
      for (const field of [...this.#uncovered.keys()]) this.cover(field);
    };
    addEventListener('blur', coverAll, {signal});
    addEventListener('beforeprint', coverAll, {signal});
    document.addEventListener('copy', (event) => this.#askToCopy(event), {signal, capture: true});
    addEventListener('pagehide', coverAll, {signal});
    document.addEventListener('visibilitychange', () => document.hidden && coverAll(), {signal});
    this.#host.session.signal.addEventListener('abort', coverAll, {signal});
  }
}
