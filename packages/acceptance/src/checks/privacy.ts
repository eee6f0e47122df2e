import {type Check, type CheckContext, expect} from '../check.js';
import type {Exchange} from '../client.js';

/** The test persons' numbers, with and without hyphen. */
const numbersOf = ({people: {first, second, unknown}}: CheckContext): string[] =>
  [first, second, unknown]
    .filter((one) => one !== undefined)
    .flatMap((number) => [number, `${number.slice(0, 6)}-${number.slice(6)}`]);

const headerText = ({headers}: Exchange): string => [...headers].map((pair) => pair.join(': ')).join('\n');
/** A number that was asked to be revealed, or that a target redeemed. */
const isMeantToBeThere = ({request, json}: Exchange): boolean =>
  (request === 'POST /contexts/…/actions' && (json as {type?: unknown} | undefined)?.type === 'reveal') ||
  request === 'POST /launches/redeem';
/** An answer without a body tells of nobody. */
const tellsOfPersons = ({request, status}: Exchange): boolean =>
  status < 400 && status !== 204 && request.includes('/contexts');

/** Looks at all that went over the line in the checks before. */
export const privacyChecks: readonly Check[] = [
  {
    id: 'privacy.no-number',
    says: 'No CPR number of a test person came back, but where it was revealed',
    run(context) {
      const numbers = numbersOf(context);
      for (const exchange of context.client.exchanges) {
        if (isMeantToBeThere(exchange)) continue;
        const found = numbers.some((number) => exchange.text.includes(number));
        expect(!found, `The answer of ${exchange.request} (${exchange.status}) holds a CPR number of a test person.`);
      }
    },
  },
  {
    id: 'privacy.no-number-in-headers',
    says: 'No CPR number stands in a header, an address or a cookie',
    run(context) {
      const numbers = numbersOf(context);
      for (const exchange of context.client.exchanges) {
        const found = numbers.some((number) => headerText(exchange).includes(number));
        expect(!found, `A header of ${exchange.request} (${exchange.status}) holds a CPR number of a test person.`);
      }
    },
  },
  {
    id: 'privacy.nothing-is-kept-on-the-way',
    says: 'What tells of a person is kept by no cache (Cache-Control: no-store)',
    run({client}) {
      for (const exchange of client.exchanges.filter(tellsOfPersons)) {
        const control = exchange.headers.get('cache-control') ?? 'none';
        expect(/\bno-store\b/.test(control), `${exchange.request} (${exchange.status}) has Cache-Control: ${control}.`);
      }
    },
  },
  {
    id: 'privacy.nothing-is-guessed',
    says: 'Browsers guess no types (X-Content-Type-Options: nosniff)',
    run({client}) {
      for (const exchange of client.exchanges.filter(tellsOfPersons)) {
        const value = exchange.headers.get('x-content-type-options') ?? 'none';
        expect(value === 'nosniff', `${exchange.request} (${exchange.status}) has X-Content-Type-Options: ${value}.`);
      }
    },
  },
];
