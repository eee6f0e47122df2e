import {longestTimerMs} from './longest-timer.js';
import type {SurveyObjection, SurveyParticipant} from './session.js';

/** What a program said to the event `bsp-subject-survey`, or the promise of it. */
export interface ProgramAnswer {
  readonly answer: unknown;
  readonly program: string | undefined;
}

/** What a Session knows of a window that takes part. */
export interface Participation {
  /** Aborts when the window leaves. */
  readonly left: AbortController;
  /** See `Session.survey`. */
  readonly ending: (() => void) | undefined;
}

/** What came of a survey. */
export interface SurveyOutcome {
  /** Why the person stays; undefined when the switch may go on. */
  readonly objections?: readonly SurveyObjection[];
  /** Break the link of their windows: to be called in the task of the commit, before it. */
  readonly pins: readonly (() => void)[];
  /** Programs that did not answer in time; undefined for one that gave no name. */
  readonly cutOff: readonly (string | undefined)[];
}

const late = Symbol('late');

/**
 * Asks before a switch: first the programs, all at once, because they answer in a moment or are left behind; then the
 * windows, one question at a time, which wait for the user as long as it takes. The first objection ends it.
 *
 * @param refused - a listener has prevented the event: nobody is waited for.
 */
export async function survey({
  answers,
  participants,
  patienceMs,
  refused,
  signal,
}: {
  readonly answers: readonly ProgramAnswer[];
  readonly participants: ReadonlyMap<SurveyParticipant, Participation>;
  readonly patienceMs: number;
  readonly refused: boolean;
  readonly signal: AbortSignal;
}): Promise<SurveyOutcome> {
  const objections: SurveyObjection[] = [];
  const pins: (() => void)[] = [];
  const cutOff: (string | undefined)[] = [];
  const decided = new AbortController();
  const asked = answers.map(async ({answer, program}) => {
    const over = AbortSignal.any([signal, decided.signal]);
    const given = await answerWithin(Promise.resolve(answer), over, refused ? 0 : patienceMs);
    if (given === late) cutOff.push(program);
    else if (given !== 'agree' && given !== undefined) {
      objections.push({program, reason: reasonIn(given)});
      decided.abort();
    }
  });
  // A window is to be asked in this very task, if it can be: where the focus was goes with the veil.
  if (refused || asked.length > 0) await Promise.all(asked);
  if (refused && objections.length === 0) objections.push({});
  // Asked now, not before: a window may have come or gone meanwhile.
  for (const [participant, {left}] of objections.length > 0 || signal.aborted ? [] : [...participants]) {
    // A window that fails to ask, or goes away meanwhile, has no objection.
    const over = AbortSignal.any([signal, left.signal]);
    const given = await answerWithin((async () => (over.aborted ? 'agree' : participant(signal)))(), over);
    if (signal.aborted) break;
    const pin = (given as {pin?: unknown} | undefined)?.pin;
    if (typeof pin === 'function') pins.push(pin as () => void);
    else if (given !== 'agree') return {objections: [{reason: reasonIn(given)}], pins: [], cutOff: []};
  }
  return objections.length > 0 ? {objections, pins: [], cutOff: []} : {pins, cutOff};
}

/** An answer; `agree` where it fails or the question is over. */
function answerWithin(answer: Promise<unknown>, over: AbortSignal, patienceMs?: number): Promise<unknown> {
  return new Promise((resolve) => {
    // An engine that is told to wait for longer does not wait at all.
    if (patienceMs !== undefined) setTimeout(resolve, Math.min(patienceMs, longestTimerMs), late);
    const agree = (): void => resolve('agree');
    over.addEventListener('abort', agree);
    if (over.aborted) agree();
    answer.then(resolve, agree);
  });
}

const reasonIn = (answer: unknown): string | undefined => {
  const reason = (answer as {stay?: unknown} | undefined)?.stay;
  return typeof reason === 'string' && reason.trim() !== '' ? reason.trim() : undefined;
};
