import {type Found, foundSchema, maskCpr} from '@bsp/contract';
import {type Check, type CheckContext, expectSame, NotApplicable, requireCapability} from '../check.js';
import {type Answer, expectJson, newKey, parsedBy} from '../client.js';
import {numbersOf} from '../people.js';

/** Searches in a context of the user's own. Gives the answer, and what should be what was found. */
export async function search({client}: CheckContext, query: string): Promise<Answer & {result: unknown}> {
  const {contextId} = await client.open({type: 'user'});
  const answer = await client.act(contextId, {type: 'search', key: newKey(), payload: {query}});
  return {...answer, result: (answer.json as {result?: unknown} | undefined)?.result};
}

/** What a search finds. @throws Unmet */
async function found(context: CheckContext, query: string): Promise<Found> {
  const {status, headers, result} = await search(context, query);
  expectSame(status, 200, "search for a number, in a context of the user's own");
  expectJson(headers, 'search');
  return parsedBy(foundSchema, result, 'search gives no Found', '/result');
}

/** Searching. */
export const searchChecks: readonly Check[] = [
  {
    id: 'search.by-number',
    says: 'A number that is searched for finds its person and nobody else, and the hit opens that person',
    async run(context) {
      requireCapability(context, 'act:search');
      const {client, people} = context;
      let seen = 0;
      for (const number of numbersOf(people)) {
        const {hits} = await found(context, `${number.slice(0, 6)}-${number.slice(6)}`);
        for (const {kind, masked, subject} of hits) {
          if (kind !== 'person') continue;
          seen++;
          expectSame(masked, maskCpr(number), 'Masked number of who was found by number');
          const {subject: opened} = await client.open(subject);
          expectSame(opened.masked, masked, 'Masked number of whom the hit opens');
        }
      }
      if (seen === 0) throw new NotApplicable('None of the test persons is found by number.');
    },
  },
];
