import {parseArgs} from 'node:util';
import type {Subject} from '@bsp/contract';
import {type CliStreams, UsageError, write} from './cli-streams.js';
import {forTenant} from './cli-tenant.js';
import {citizenIn, type Values} from './cli-values.js';
import {subjectIndex} from './storage/secrets.js';
import {keptOf} from './subject-export.js';

const text = {type: 'string'} as const;
const options = {config: text, tenant: text, 'cpr-file': text, by: text, reason: text} as const;

/** `bsp-gateway subject export`: what is kept of a citizen, for whoever answers a request for access (GDPR, article 15). */
export async function runSubject([name, ...argv]: readonly string[], streams: CliStreams): Promise<number> {
  if (name !== 'export') throw new UsageError('Name what to do with what is kept of a subject: export.');
  const values = parseArgs({args: [...argv], options}).values as Values;
  return forTenant(values, streams, async ({config, storage, log, tenant, account}) => {
    const {value} = await citizenIn(values, streams);
    const subject: Subject = {type: 'cpr', value};
    await account('export all that is kept of a citizen', {
      subject: subjectIndex(storage.secrets, tenant, '', subject),
    });
    const kept = await keptOf(storage, config, subject, log);
    await write(streams.out, `${JSON.stringify(kept, null, 2)}\n`);
    const {notes, events, drafts} = kept;
    const counts = `${notes.length} notes, ${events.length} events, ${drafts.length} drafts.`;
    await write(streams.err, `${counts} Who looked at the citizen: "log citizen".\n`);
    return 0;
  });
}
