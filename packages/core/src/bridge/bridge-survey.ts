import {type BridgeMessage, longestBridgeReason, maskCprInText} from '@bsp/contract';
import type {SubjectSurveyAnswer, SubjectSurveyDetail} from '../bsp-provider.js';
import {longestTimerMs} from '../longest-timer.js';
import {randomKey} from '../subject-session.js';
import type {ProgramEnd} from './programs.js';

/** What an end says; who says it is added. */
export type Said = BridgeMessage extends infer M
  ? M extends BridgeMessage
    ? Omit<M, 'bridge' | 'from'>
    : never
  : never;

type MessageOf<Kind extends BridgeMessage['kind']> = Extract<BridgeMessage, {kind: Kind}>;

/** What a host is asked by `BridgeOptions.survey`. */
export interface BridgeQuestion {
  readonly to: 'person' | 'nobody';
  /** What the user knows the program by in which the change was made; empty where it has not said. */
  readonly program: string;
  /** Aborts when no answer is waited for any more: the change has come, or come to nothing. Close what asks the user. */
  readonly signal: AbortSignal;
}

type Ask = (question: BridgeQuestion) => SubjectSurveyAnswer | Promise<SubjectSurveyAnswer>;

interface Asking {
  readonly question: string;
  readonly answer: (answer: SubjectSurveyAnswer) => void;
  readonly isThere: () => void;
}

/** A program that is there says so in a moment: one whose page is frozen or gone holds nobody up for longer. */
const thereWithinMs = 1_000;

/** The question before a change, on both sides of it. */
export class BridgeSurvey {
  readonly #say: (said: Said) => void;
  readonly #ask: Ask | undefined;
  /** What this page has asked, by the program that has not answered. */
  readonly #asking = new Map<string, Asking>();
  /** What this page is asked, by the program that asks. */
  readonly #asked = new Map<string, {readonly question: string; readonly over: AbortController}>();

  constructor(say: (said: Said) => void, ask: Ask | undefined) {
    this.#say = say;
    this.#ask = ask;
  }

  /**
   * Has a switch of this page wait for these programs. One that does not answer in time is left behind without more: where it
   * stands with the change, the bridge tells.
   */
  ask(switching: SubjectSurveyDetail, programs: readonly ProgramEnd[], patienceMs: number): void {
    const {to, signal} = switching;
    if (programs.length === 0 || signal.aborted) return;
    const question = randomKey();
    for (const {from, name} of programs) {
      const answered = new Promise<SubjectSurveyAnswer>((answer) => {
        const silence = setTimeout(answer, Math.min(thereWithinMs, patienceMs), 'agree');
        setTimeout(answer, Math.min(patienceMs, longestTimerMs), 'agree');
        this.#asking.set(from, {question, answer, isThere: () => clearTimeout(silence)});
      });
      switching.waitUntil(answered, name);
    }
    signal.addEventListener('abort', () => {
      const unanswered = [...this.#asking.values()].some((asking) => asking.question === question);
      if (unanswered) this.#say({kind: 'survey-over', question});
    });
    this.#say({kind: 'survey', question, to: to ? 'person' : 'nobody'});
  }

  /** Answers another program. @param concerned - this page shows the person in question. */
  async answer(
    {from, question, to}: MessageOf<'survey'>,
    {concerned, program}: {concerned: boolean; program: string},
  ): Promise<void> {
    if (!this.#ask) return;
    this.#asked.get(from)?.over.abort();
    const over = new AbortController();
    this.#asked.set(from, {question, over});
    const say = (answer: MessageOf<'survey-answer'>['answer'], reason?: string): void => {
      if (!over.signal.aborted) this.#say({kind: 'survey-answer', question, answer, ...(reason ? {reason} : {})});
    };
    try {
      const given = concerned ? this.#ask({to, program, signal: over.signal}) : 'agree';
      if (given instanceof Promise) say('wait');
      const answer = await given;
      if (typeof answer === 'object') say('stay', maskCprInText(answer.stay).slice(0, longestBridgeReason));
      else say('agree');
    } catch (thrown) {
      // A host that fails to ask has no objection.
      reportError(thrown);
      say('agree');
    }
  }

  /** A program that was asked has answered. */
  answered({from, question, answer, reason}: MessageOf<'survey-answer'>): void {
    const asking = this.#asking.get(from);
    if (asking?.question !== question) return;
    if (answer === 'wait') {
      asking.isThere();
      return;
    }
    this.#asking.delete(from);
    asking.answer(answer === 'stay' ? {stay: reason ?? ''} : 'agree');
  }

  /** A program that asks waits for no answer any more. */
  over({from, question}: MessageOf<'survey-over'>): void {
    const asked = this.#asked.get(from);
    if (asked?.question === question) asked.over.abort();
  }

  /** A program has left. */
  drop(from: string): void {
    this.#asking.get(from)?.answer('agree');
    this.#asking.delete(from);
    this.#asked.get(from)?.over.abort();
    this.#asked.delete(from);
  }

  /** The change has come, whoever made it: what this page was asked about is over. */
  settle(): void {
    for (const {over} of this.#asked.values()) over.abort();
    this.#asked.clear();
  }

  /** Nobody can be heard any more. */
  end(): void {
    for (const from of [...this.#asking.keys()]) this.drop(from);
    this.settle();
  }
}
