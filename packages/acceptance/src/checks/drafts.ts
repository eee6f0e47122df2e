import {type Draft, draftsResource} from '@bsp/contract';
import type {Answer, BackendClient} from '../client.js';
import {readAllOf} from '../reading.js';

/** Saves a draft, or drops it: `content` null. The key becomes its version. */
export const saveDraft = (client: BackendClient, contextId: string, key: string, payload: object): Promise<Answer> =>
  client.act(contextId, {type: 'draft.save', key, payload});

/** The drafts of a window that wait with the person of a context. */
export const draftsOf = async (client: BackendClient, contextId: string, window: string): Promise<Draft[]> =>
  (await readAllOf(client, contextId, 'drafts'))
    .flatMap((item) => draftsResource.parse(item) ?? [])
    .filter((draft) => draft.window === window);
