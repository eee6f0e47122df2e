import {type Found, foundSchema, maskCpr} from '@bsp/contract';
import {type Check, type CheckContext, expect, expectSame, NotApplicable, requireCapability} from '../check.js';
import {expectJson, placesOf} from '../client.js';

/** What a search finds, in a context of the user's own. @throws Unmet */
async function found({client}: CheckContext, query: string): Promise<Found> {
  const {contextId} = await client.open({type: 'user'});
  const {status, headers, json} = await client.act(contextId, {
    type: 'search',
    key: crypto.randomUUID(),
    payload: {query},
  });
  expectSame(status, 200, "search for a number, in a context of the user's own");
  expectJson(headers, 'search');
  const {success, data, error} = foundSchema.safeParse((json as {result?: unknown} | undefined)?.result);
  expect(success, `search gives no Found: ${success ? '' : placesOf(error, '/result')}.`);
  return data;
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
      for (const number of Object.values(people) as string[]) {
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
