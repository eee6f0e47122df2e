import {createHash} from 'node:crypto';
import {cprValue} from '@bsp/contract';
import {type Check, type CheckContext, expect} from '../check.js';
import {type Exchange, jsonOf} from '../client.js';
import {numbersOf} from '../people.js';

/** The test persons' numbers, with and without hyphen, and what anybody can turn back into them. */
const tracesOf = ({people}: CheckContext): string[] =>
  numbersOf(people)
    .flatMap((number) => [number, `${number.slice(0, 6)}-${number.slice(6)}`])
    .flatMap((text) => [text, ...inBase64(text), Buffer.from(text).toString('hex'), ...hashesOf(text)]);

/** What of a text's base64 is the same whatever stands around it, at each of the three places where it may begin. */
const inBase64 = (text: string): string[] =>
  [0, 1, 2].map((before) => {
    const encoded = Buffer.from('x'.repeat(before) + text).toString('base64');
    return encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + text.length) * 8) / 6));
  });

/** There are so few numbers that a hash without a key is one. */
const hashesOf = (text: string): string[] =>
  ['md5', 'sha1', 'sha256'].flatMap((name) => {
    const hash = createHash(name).update(text);
    return [hash.copy().digest('hex'), hash.digest('base64url')];
  });

const holdsAnyOf = (text: string, numbers: readonly string[]): boolean =>
  numbers.some((number) => text.includes(number));

const headerText = ({headers}: Exchange): string => [...headers].map((pair) => pair.join(': ')).join('\n');
/** A number that was asked to be revealed, or that a target redeemed. */
const isMeantToBeThere = ({request, json}: Exchange): boolean =>
  (request === 'POST /contexts/…/actions' && (json as {type?: unknown} | undefined)?.type === 'reveal') ||
  request === 'POST /launches/redeem';
/** An answer without a body tells of nobody. */
const tellsOfPersons = ({request, status}: Exchange): boolean =>
  status < 400 && status !== 204 && request.includes('/contexts');

/** Texts that are said to be masked numbers, of anybody. A case is found under its own number. */
function maskedIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(maskedIn);
  if (typeof value !== 'object' || value === null) return [];
  const {masked, previousNumbers, kind} = value as Readonly<Record<string, unknown>>;
  const said = [kind === 'case' ? undefined : masked, previousNumbers].flat();
  return [...said.filter((one): one is string => typeof one === 'string'), ...Object.values(value).flatMap(maskedIn)];
}

/** Looks at all that went over the line in the checks before. */
export const privacyChecks: readonly Check[] = [
  {
    id: 'privacy.no-number',
    says: 'No CPR number of a test person came back, encoded or hashed neither, but where it was revealed',
    run(context) {
      const numbers = tracesOf(context);
      for (const exchange of context.client.exchanges) {
        if (isMeantToBeThere(exchange)) continue;
        const found = holdsAnyOf(exchange.text, numbers);
        expect(
          !found,
          `The answer of ${exchange.request} (${exchange.status}) holds a CPR number of a test person, as it is, encoded or hashed.`,
        );
      }
    },
  },
  {
    id: 'privacy.masked',
    says: 'What is said to be masked is, also of relatives and former numbers',
    run({client}) {
      for (const {request, text, json} of client.exchanges) {
        const whole = maskedIn(json ?? text.split('\n').map(jsonOf)).filter((one) => cprValue(one).ok);
        expect(
          whole.length === 0,
          `The answer of ${request} has a whole number where a masked one (DDMMYY-••••) stands.`,
        );
      }
    },
  },
  {
    id: 'privacy.nobody-elses-pages',
    says: "A page of another origin reads nothing with the user's cookies (CORS)",
    async run({client}) {
      for (const origin of ['https://stranger.example', 'null'])
        for (const [path, method] of [
          ['/me', 'GET'],
          ['/contexts', 'OPTIONS'],
        ] as const) {
          const asking = method === 'OPTIONS' ? {'access-control-request-method': 'POST'} : {};
          const {headers} = await client.ask(path, {method, headers: {origin, ...asking}});
          const allowed = headers.get('access-control-allow-origin');
          const credentials = headers.get('access-control-allow-credentials');
          expect(
            credentials !== 'true' || (allowed !== origin && allowed !== '*'),
            `${method} ${path} lets any page ask as the user: Access-Control-Allow-Credentials for an origin that nobody named.`,
          );
        }
    },
  },
  {
    id: 'privacy.no-number-in-headers',
    says: 'No CPR number stands in a header, an address or a cookie',
    run(context) {
      const numbers = tracesOf(context);
      for (const exchange of context.client.exchanges) {
        const found = holdsAnyOf(headerText(exchange), numbers);
        expect(
          !found,
          `A header of ${exchange.request} (${exchange.status}) holds a CPR number of a test person, as it is, encoded or hashed.`,
        );
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
