import {documentsResource, type ProblemCode, type RecordRef} from '@bsp/contract';
import {type Check, type CheckContext, expect, NotApplicable, requireCapability} from '../check.js';
import {contentPath} from '../client.js';
import {readAllOf} from '../reading.js';
import {expectProblem} from './problems.js';

const documentsOf = async ({client}: CheckContext, contextId: string): Promise<RecordRef[]> =>
  (await readAllOf(client, contextId, 'documents')).flatMap((item) => documentsResource.parse(item)?.ref ?? []);

/** Documents: bytes that somebody else has made. */
export const documentChecks: readonly Check[] = [
  {
    id: 'documents.downloads',
    says: 'A document comes as a download, and never as a page of the backend',
    async run(context) {
      requireCapability(context, 'read:documents');
      const {contextId} = await context.client.openPerson(context.people.first);
      for (const ref of (await documentsOf(context, contextId)).slice(0, 5)) {
        const {status, headers} = await context.client.ask(contentPath(contextId, ref));
        if (status !== 200) continue;
        const disposition = headers.get('content-disposition') ?? 'none';
        expect(
          /^attachment\b/i.test(disposition),
          `GET /contexts/…/content/… has Content-Disposition: ${disposition.split(';')[0]}; expected attachment.`,
        );
        return;
      }
      throw new NotApplicable('No document of the first test person can be fetched.');
    },
  },
  {
    id: 'documents.are-the-persons',
    says: "Another person's document is not given, whatever its reference",
    async run(context) {
      requireCapability(context, 'read:documents');
      const {client, people} = context;
      const other = await client.openPerson(people.second);
      const theirs = (await documentsOf(context, other.contextId)).slice(0, 5);
      if (theirs.length === 0) throw new NotApplicable('The second test person has no document.');
      const {contextId} = await client.openPerson(people.first);
      const codes: readonly ProblemCode[] = ['foreign-item', 'not-found', 'not-applicable', 'forbidden'];
      for (const ref of theirs)
        expectProblem(await client.ask(contentPath(contextId, ref)), "Another person's document", ...codes);
    },
  },
];
