import {badAnswer, fault} from '../http/answer-problems.js';
import {childOf, textIn, type XmlElement} from '../xml.js';
import {sd} from './namespaces.js';

const ok = '20';
/** A search that found nothing; most services say 20 with an empty list. */
const nothingFound = '44';

/**
 * Looks at what an answer says of itself (OIO StandardRetur). Its text is not repeated: it may hold what was searched for.
 *
 * @throws SourceProblem where the answer is none.
 */
export function checkStandardRetur(answer: XmlElement): void {
  const code = textIn(childOf(answer, sd, 'StandardRetur'), sd, 'StatusKode');
  if (code === ok || code === nothingFound) return;
  if (code === undefined || !/^\d{1,3}$/.test(code)) throw badAnswer('The source does not say how it went');
  // 5x: the service; 4x and others: what we asked.
  if (code.startsWith('5')) throw fault('unavailable', 'unavailable', `The source answered StatusKode ${code}`);
  throw badAnswer(`The source answered StatusKode ${code}`);
}
