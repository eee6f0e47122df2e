import {badAnswer} from '../http/answer-problems.js';
import {ExpressionFault} from './expression.js';
import {PlaceholderFault} from './placeholders.js';

/** What was thrown over an answer: a fault that an expression or a placeholder found is a problem of the source. */
export function asProblem(thrown: unknown): unknown {
  if (thrown instanceof ExpressionFault)
    return badAnswer('The answer of the source is not as configured', thrown.message);
  if (thrown instanceof PlaceholderFault) return badAnswer('The answer of the source leads nowhere', thrown.message);
  return thrown;
}
