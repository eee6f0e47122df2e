/** What is wrong with a source's answer, as windows are told it. */
import {type Problem, problemOf} from '@bsp/contract';
import {SourceProblem} from '../connector.js';
import type {AnswerHead, ConnectionFault} from './http-exchange.js';

/** A problem of a source. Nothing of its answer may be in it. */
export const fault = (
  status: SourceProblem['status'],
  code: Problem['code'],
  title: string,
  more = {},
): SourceProblem => new SourceProblem(status, problemOf(code, title, more));

/** What is wrong with a source's answer as such. Nothing of the answer is in it. */
export const badAnswer = (title: string, detail?: string): SourceProblem =>
  fault('invalid', 'protocol', title, detail === undefined ? {} : {detail});

/** The answer holds a record of somebody else. */
export const aboutSomebodyElse = (): SourceProblem =>
  fault('invalid', 'wrong-subject', 'The source answered about somebody else');

/** Whether a number stands in an address, however it is written there. */
export function holdsNumber(address: string, number: string): boolean {
  let plain = address;
  // Twice, because an address within an address is encoded twice.
  for (let round = 0; round < 2; round++)
    plain = plain.replace(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return plain
    .replace(/[-\s+]/g, '')
    .toUpperCase()
    .includes(number);
}

/** Why there was no answer. */
export const ofConnection = ({code}: ConnectionFault): SourceProblem => {
  if (code === 'ETIMEDOUT' || code === 'ESOCKETTIMEDOUT')
    return fault('timeout', 'timeout', 'The source did not answer in time');
  if (code.startsWith('HPE_')) return badAnswer('The source does not answer in HTTP', code);
  return fault('unavailable', 'unavailable', 'The source cannot be reached', {detail: code});
};

/** Seconds that the source asks to wait. */
export const retryAfter = ({headers}: AnswerHead): number | undefined => {
  const seconds = Number(headers['retry-after'] ?? Number.NaN);
  return Number.isInteger(seconds) && seconds >= 0 && seconds <= 86_400 ? seconds : undefined;
};

/** What an HTTP status that is no success means. */
export const ofStatus = (exchange: AnswerHead): SourceProblem => {
  const {status} = exchange;
  const title = `The source answered HTTP ${status}`;
  if (status === 401 || status === 403) return fault('forbidden', 'forbidden', title);
  if (status === 408 || status === 504) return fault('timeout', 'timeout', title);
  if (status === 429 || status >= 500) {
    const seconds = retryAfter(exchange);
    return fault('unavailable', 'unavailable', title, seconds === undefined ? {} : {retryAfter: seconds});
  }
  return badAnswer(title);
};
