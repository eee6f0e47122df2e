import {parseArgs} from 'node:util';
import {type CliStreams, CommandError, UsageError, write} from './cli-streams.js';
import {forTenant, type TenantWork} from './cli-tenant.js';
import {textOf, type Values} from './cli-values.js';
import {type SetAside, setAsideOf} from './set-aside.js';

const common = {config: {type: 'string'}, tenant: {type: 'string'}} as const;
const one = {...common, id: {type: 'string'}, by: {type: 'string'}, reason: {type: 'string'}} as const;
const options = {'set-aside': common, show: one, drop: one} as const;

/** What a subcommand works with. */
interface Work extends TenantWork {
  readonly setAside: SetAside;
}

/** `bsp-gateway events …`: messages that were fetched and could not be taken. */
export async function runEvents([name, ...argv]: readonly string[], streams: CliStreams): Promise<number> {
  if (name === undefined || !Object.hasOwn(options, name))
    throw new UsageError(`Name what to do with the events: ${Object.keys(options).join(', ')}.`);
  const subcommand = name as keyof typeof options;
  const values = parseArgs({args: [...argv], options: options[subcommand]}).values as Values;
  return forTenant(values, streams, (work) => subcommands[subcommand]({...work, setAside: setAsideOf(work.storage)}));
}

const subcommands: Readonly<Record<keyof typeof options, (work: Work) => Promise<number>>> = {
  async 'set-aside'({streams, setAside, tenant}) {
    const messages = await setAside.list(tenant);
    for (const {source, id, receivedAt, reason} of messages)
      await write(streams.out, `${receivedAt.toISOString()}  ${source}  ${id}  ${reason}\n`);
    await write(streams.err, `${messages.length} messages are set aside.\n`);
    return 0;
  },

  async show({values, streams, setAside, tenant, account}) {
    const id = idIn(values);
    const body = await setAside.body(tenant, id);
    if (!body) throw new CommandError(noSuch(id));
    await account('show a message that was set aside', {message: id});
    await write(streams.out, body);
    return 0;
  },

  async drop({values, streams, setAside, tenant, account}) {
    const id = idIn(values);
    if (!(await setAside.body(tenant, id))) throw new CommandError(noSuch(id));
    await account('drop a message that was set aside', {message: id});
    await setAside.drop(tenant, id);
    await write(streams.out, `${id} is dropped.\n`);
    return 0;
  },
};

function idIn(values: Values): string {
  const id = textOf(values, 'id');
  if (id === undefined || !/^[\w-]{22}$/.test(id))
    throw new UsageError('Name the message: --id ID, as "events set-aside" tells it.');
  return id;
}

const noSuch = (id: string): string => `No message ${id} is set aside.`;
