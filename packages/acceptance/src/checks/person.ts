import {personResource} from '@bsp/contract';
import {type Check, expect, expectSame, NotApplicable, requireCapability} from '../check.js';
import {newKey} from '../client.js';
import {allReads, readWhole} from '../reading.js';

/** The right person, always. */
export const personChecks: readonly Check[] = [
  {
    id: 'person.is-who-was-asked-for',
    says: 'The resource "person" is about the person of the context',
    async run(context) {
      requireCapability(context, 'read:person');
      const {client, people} = context;
      let seen = 0;
      for (const number of [people.first, people.second]) {
        const {contextId} = await client.openPerson(number);
        const {frames} = await readWhole(client, contextId, [{resource: 'person'}]);
        for (const item of frames.flatMap(({items}) => items)) {
          const person = personResource.parse(item);
          if (!person) continue;
          seen++;
          // A number may have been replaced by another.
          const dates = [person.masked, ...(person.previousNumbers ?? [])].map((masked) => masked.slice(0, 6));
          expect(dates.includes(number.slice(0, 6)), 'A record of "person" is about somebody else than the context.');
        }
      }
      if (seen === 0) throw new NotApplicable('No source knows either of the two test persons.');
    },
  },
  {
    id: 'person.never-mixed',
    says: "Reads of two persons at the same time stay apart: no record is in both persons' answers",
    async run(context) {
      const {client, people} = context;
      const reads = allReads(context).filter(({resource}) => resource !== 'drafts' && resource !== 'targets');
      const contexts = await Promise.all(
        [people.first, people.second].map(async (number) => (await client.openPerson(number)).contextId),
      );
      const rounds = Array.from({length: 5}, () => contexts).flat();
      const answers = await Promise.all(
        rounds.map(async (contextId) => {
          const {frames} = await readWhole(client, contextId, reads);
          const refs = frames.flatMap(({items, source, resource}) =>
            items.flatMap((item) =>
              'ref' in (item as object)
                ? [[JSON.stringify((item as {ref: unknown}).ref), `${source.id}/${resource}`] as const]
                : [],
            ),
          );
          return {contextId, refs};
        }),
      );
      const [firsts, seconds] = contexts.map(
        (id) => new Map(answers.flatMap(({contextId, refs}) => (contextId === id ? refs : []))),
      );
      expect(firsts && seconds, 'Two contexts.');
      if (firsts.size + seconds.size === 0) throw new NotApplicable('No source gave a record of either test person.');
      const both = [...firsts].filter(([ref]) => seconds.has(ref)).map(([, where]) => where);
      expect(
        both.length === 0,
        `${both.length} records stand in both persons' answers: of ${[...new Set(both)].join(', ')}. A reference names one ` +
          'record of its source, not one of its person; and the two test persons must have no record in common.',
      );
    },
  },
  {
    id: 'person.reveal',
    says: "Revealing shows the number of the context's person, and a record of somebody else can not be revealed",
    async run(context) {
      requireCapability(context, 'act:reveal');
      requireCapability(context, 'read:person');
      const {client, people} = context;
      const [mine, theirs] = await Promise.all(
        [people.first, people.second].map(async (number) => {
          const {contextId} = await client.openPerson(number);
          const {frames} = await readWhole(client, contextId, [{resource: 'person'}]);
          const [item] = frames.flatMap(({items}) => items);
          return {contextId, person: personResource.parse(item)};
        }),
      );
      if (!mine?.person || !theirs?.person) throw new NotApplicable('Not both test persons are known to a source.');
      const reveal = (ref: object) => ({type: 'reveal', key: newKey(), payload: {ref, field: 'cpr'}});
      const {status, json} = await client.act(mine.contextId, reveal(mine.person.ref));
      expectSame(status, 200, 'reveal');
      const value = (json as {result?: {value?: string}}).result?.value ?? '';
      expect(value.replace('-', '') === people.first, 'What is revealed is not the number of the person.');
      const foreign = await client.act(mine.contextId, reveal(theirs.person.ref));
      expect(!foreign.text.replaceAll('-', '').includes(people.second), "Another person's number was revealed.");
      // A number that is shown for it would be taken for that of the record.
      expect(foreign.status >= 400, "A record of another person was answered with this person's number.");
    },
  },
];
