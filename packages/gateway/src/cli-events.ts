import {parseArgs} from 'node:util';
import {type CliStreams, CommandError, configOf, logTo, UsageError, write} from './cli-streams.js';
import {accountable, textOf, type Values} from './cli-values.js';
import {tenantsOf} from './config.js';
import {scrub} from './log.js';
import {logAdministration} from './lookup-log-retention.js';
import {storageOf} from './rooms.js';
import {type SetAside, setAsideOf} from './set-aside.js';
import {openStorage} from './storage/database.js';

const common = {config: {type: 'string'}, tenant: {type: 'string'}} as const;
const one = {...common, id: {type: 'string'}, by: {type: 'string'}, reason: {type: 'string'}} as const;
const options = {'set-aside': common, show: one, drop: one} as const;

/** What a subcommand works with. */
interface Work {
  readonly values: Values;
  readonly streams: CliStreams;
  readonly setAside: SetAside;
  readonly tenant: string;
  /** Writes into the lookup log who does this, and why. */
  readonly account: (what: string, id: string) => Promise<void>;
}

/** `bsp-gateway events …`: messages that were fetched and could not be taken. */
export async function runEvents([name, ...argv]: readonly string[], streams: CliStreams): Promise<number> {
  if (name === undefined || !Object.hasOwn(options, name))
    throw new UsageError(`Name what to do with the events: ${Object.keys(options).join(', ')}.`);
  const subcommand = name as keyof typeof options;
  const values = parseArgs({args: [...argv], options: options[subcommand]}).values as Values;
  const config = configOf(textOf(values, 'config'), streams.env);
  if (config.storage.kind === 'memory')
    throw new CommandError('The storage is in memory: there are no events outside the running gateway.');
  const log = logTo(streams.err);
  const tenant = textOf(values, 'tenant') ?? config.tenant.id;
  const its = tenantsOf(config).find((one) => one.tenant.id === tenant);
  if (!its) throw new CommandError(`The configuration has no tenant "${scrub(tenant)}".`);
  const shared = await openStorage(config.storage, log);
  try {
    const storage = await storageOf(its, shared, config.tenants !== undefined);
    const account = async (what: string, id: string) => {
      const by = accountable(values, 'That is done');
      await logAdministration(storage, tenant, {what, ...by, message: id}, log);
    };
    return await subcommands[subcommand]({values, streams, setAside: setAsideOf(storage), tenant, account});
  } finally {
    await shared.close();
  }
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
    await account('show a message that was set aside', id);
    await write(streams.out, body);
    return 0;
  },

  async drop({values, streams, setAside, tenant, account}) {
    const id = idIn(values);
    if (!(await setAside.body(tenant, id))) throw new CommandError(noSuch(id));
    await account('drop a message that was set aside', id);
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
