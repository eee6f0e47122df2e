/** What is wrong with a SOAP service's answer, as windows are told it. Nothing of the answer but codes is repeated. */
import {problemOf} from '@bsp/contract';
import {SourceProblem} from '../connector.js';
import {badAnswer, fault} from '../http/answer-problems.js';
import type {XmlFault} from '../xml.js';
import type {SoapFault} from './envelope.js';

/** A code as it may be told: short, and not a number of a person. */
export const tellableCode = (text: string | undefined): string | undefined =>
  text !== undefined && /^[\w.-]{1,60}$/.test(text) && !/\d{6}-?\d{4}/.test(text) ? text : undefined;

/** What services call it that the asker may not. */
const refusals = /^(?:AccessDenied|Unauthori[sz]ed|Forbidden)$/i;

/** The token or the signature, and not the question: WS-Security 1.1.1, section 12. */
const tokenRefusals =
  /^(?:FailedAuthentication|FailedCheck|InvalidSecurity|InvalidSecurityToken|SecurityTokenUnavailable|MessageExpired)$/i;

/** Who is asked refuses what shows who asks; with another token it may not. */
export class TokenRefused extends SourceProblem {
  constructor(title: string, more = {}) {
    super('forbidden', problemOf('forbidden', title, more));
  }
}

/** Whether a code says that we are refused. */
export const isRefusal = (code: string): boolean => refusals.test(code) || tokenRefusals.test(code);

/** What a fault means. `Client` and `Sender`: what we sent; everything else: the service cannot just now. */
export function ofFault({code}: SoapFault): SourceProblem {
  const told = tellableCode(code);
  const more = told === undefined ? {} : {detail: told};
  if (tokenRefusals.test(code)) return new TokenRefused('The source refuses us', more);
  if (refusals.test(code)) return fault('forbidden', 'forbidden', 'The source refuses us', more);
  if (/^(?:Client|Sender|VersionMismatch|MustUnderstand|DataEncodingUnknown)\b/.test(code))
    return fault('invalid', 'protocol', 'The source answered with a fault', more);
  return fault('unavailable', 'unavailable', 'The source answered with a fault', more);
}

const words: Readonly<Record<XmlFault['reason'], string>> = {
  'too-large': 'The source answered with more at a time than is taken in',
  'too-deep': 'The source answered with XML that is nested too deeply',
  'too-many-elements': 'The source answered with too many elements at a time',
  doctype: 'The source answered with XML that has a document type, which is not read',
  encoding: 'The source answered in another encoding than UTF-8',
  truncated: 'The answer of the source ends in the middle',
  malformed: 'The source answered with something else than XML',
};

/** What a document that is refused means. */
export const ofXml = (refused: XmlFault): SourceProblem =>
  badAnswer(words[refused.reason], `line ${refused.line}, column ${refused.column}`);
