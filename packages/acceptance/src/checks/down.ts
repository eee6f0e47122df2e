import {foundSchema} from '@bsp/contract';
import {type Check, expect, NotApplicable} from '../check.js';
import {numbersOf} from '../people.js';
import {allReads, readWhole} from '../reading.js';
import {search} from './search.js';

/** That a source did not answer is never that it has nothing. */
export const downChecks: readonly Check[] = [
  {
    id: 'down.is-no-emptiness',
    says: 'A source that is down says so, of everything that it is asked for, and never that there is nothing',
    async run(context) {
      const {client, people, down} = context;
      if (down.length === 0)
        throw new NotApplicable(
          'Take a source down, and name it: --down ID. What it then says can not be seen otherwise.',
        );
      const answered = new Set<string>();
      for (const number of numbersOf(people)) {
        const {contextId} = await client.openPerson(number);
        const {frames} = await readWhole(client, contextId, allReads(context));
        for (const {resource, source, status} of frames.filter(({source: {id}}) => down.includes(id))) {
          answered.add(source.id);
          expect(
            ['timeout', 'unavailable', 'invalid'].includes(status),
            `${source.id}/${resource} is down, and says ${status}: expected timeout or unavailable.`,
          );
        }
      }
      const silent = down.filter((id) => !answered.has(id));
      expect(silent.length === 0, `No frame is of a source with this id: ${silent.join(', ')}.`);
      if (!context.capabilities.has('act:search')) return;
      const found = foundSchema.safeParse((await search(context, people.first)).result).data;
      for (const {id, status} of found?.sources ?? [])
        expect(status !== 'ok' || !down.includes(id), `${id} is down, and a search says that it answered.`);
    },
  },
];
