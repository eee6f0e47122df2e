import type {Target} from '@bsp/contract';
import type {OwnStore} from './sources.js';
import type {TargetConfig} from './targets-config.js';

/** The resource `targets`: where users may go on to. It depends on the configuration only. */
export const targetsStore = (targets: readonly TargetConfig[], ownSourceId: string): OwnStore =>
  // eslint-disable-next-line @typescript-eslint/require-await -- asked as a source is
  async function* read({context}) {
    yield {
      about: context.subject,
      items: targets.map(
        ({id, name, for: about, sources}): Target => ({
          ref: {source: ownSourceId, id},
          name,
          for: about,
          ...(sources ? {sources: [...sources]} : {}),
        }),
      ),
    };
  };
