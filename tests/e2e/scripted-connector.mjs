// A source system that does what a test's config tells it: waits, fails, answers about somebody else, sends odd records.
import {existsSync} from 'node:fs';
import {setTimeout as wait} from 'node:timers/promises';
import {SourceProblem} from '@bsp/sources';
import * as z from 'zod/mini';

const record = z.record(z.string(), z.unknown());

/** Config: what it holds by resource, and what goes wrong with it. */
const configSchema = z.strictObject({
  holds: z.record(z.string(), z.array(record)),
  /** Answers once this file exists. */
  once: z.optional(z.string()),
  /** Fails while this file is not there. */
  failsUntil: z.optional(z.string()),
  /** Whom it says that its answer is about; default: whom it was asked about. */
  about: z.optional(z.string()),
});

const appears = async (file, signal) => {
  while (!existsSync(file)) await wait(20, undefined, {signal});
};

export default {
  configSchema,
  async create({holds, once, failsUntil, about}) {
    return {
      resources: Object.keys(holds),
      async *read({subject, resource, signal}) {
        if (once) await appears(once, signal);
        if (failsUntil && !existsSync(failsUntil))
          throw new SourceProblem('unavailable', {
            type: 'urn:bsp:problem:unavailable',
            title: 'Down.',
            status: 503,
            code: 'unavailable',
          });
        yield {about: about ? {type: 'cpr', value: about} : subject, items: holds[resource]};
      },
    };
  },
};
