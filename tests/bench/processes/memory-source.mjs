// A source within the gateway's process that has its answers ready: what is measured is the gateway alone. It says as its
// record's title at which moment it answered, where it is asked to (`timed`, milliseconds before it does).
import {setTimeout as wait} from 'node:timers/promises';
import korsbaek from '@bsp/korsbaek/connector';
import * as z from 'zod/mini';

const changedAt = '2026-11-02T09:15:00+01:00';
const times = (count, make) => Array.from({length: count}, (_, index) => make(index + 1));
const made = {
  documents: times(20, (index) => ({
    ref: {source: '', id: `d-${index}`},
    title: `Brev om ansøgning nr. ${index}`,
    number: `26-01${index}`,
    type: {kind: 'outgoing-letter', native: 'Udgående brev'},
    status: {state: 'final', native: 'Endelig'},
    cases: [{ref: {source: '', id: `c-${index % 5}`}, title: 'Merudgifter'}],
    kle: {number: '27.60.10'},
    responsible: {name: 'Lis Kjær', unit: 'Social og Handicap'},
    letterDate: '2026-10-30',
    changedAt,
    sensitivity: 'confidential',
  })),
  grants: times(4, (index) => ({
    ref: {source: '', id: `g-${index}`},
    status: {state: 'active', native: 'Aktiv'},
    from: '2026-01-01',
    benefits: [{id: '1', name: 'Kontanthjælp', kle: {number: '32.24.04'}, from: '2026-01-01'}],
    changedAt,
    sensitivity: 'ordinary',
  })),
  payments: times(12, (index) => ({
    ref: {source: '', id: `p-${index}`},
    paidAt: '2026-10-30',
    gross: '12550.00',
    net: '9420.50',
    native: 'Udbetalt',
    parts: [{title: 'Kontanthjælp'}],
    changedAt,
    sensitivity: 'ordinary',
  })),
};

const configSchema = z.object({
  system: z.string(),
  /** Of those that Korsbæk does not have. */
  also: z.optional(z.array(z.enum(['documents', 'grants', 'payments']))),
  timed: z.optional(z.number()),
});

export default {
  configSchema,
  async create({system, also = [], timed}, environment) {
    const town = await korsbaek.create({system}, environment);
    const answers = new Map();
    const answerOf = async (read) => {
      const pages = [];
      if (read.resource in made) return [{about: read.subject, items: made[read.resource]}];
      for await (const page of town.read(read)) pages.push(page);
      return pages;
    };
    return {
      resources: [...town.resources, ...also],
      async *read(read) {
        if (timed !== undefined) {
          await wait(timed);
          // One that hangs on no case: it is shown by what it is itself.
          const {cases: _, ...one} = made.documents[0];
          yield {about: read.subject, items: [{...one, title: String(process.hrtime.bigint())}]};
          return;
        }
        const key = `${read.resource} ${read.subject.value}`;
        let pages = answers.get(key);
        if (!pages) {
          pages = await answerOf(read);
          answers.set(key, pages);
        }
        yield* pages;
      },
    };
  },
};
