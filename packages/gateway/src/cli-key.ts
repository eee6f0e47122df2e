import {readFileSync} from 'node:fs';
import {parseArgs} from 'node:util';
import {type CliStreams, CommandError, configOf, logTo, UsageError, write} from './cli-streams.js';
import {accountable, textOf, type Values} from './cli-values.js';
import {type GatewayConfig, tenantsOf} from './config.js';
import type {Log} from './log.js';
import {logAdministration} from './lookup-log-retention.js';
import {storageOf} from './rooms.js';
import {openStorage, type Storage} from './storage/database.js';
import {keyBytes, readKey, readTenantKey} from './storage/secrets.js';
import {addKey, dropOtherKeys, installation, openingKeys} from './storage/wrapped-keys.js';

const common = {config: {type: 'string'}, tenant: {type: 'string'}} as const;
const accounted = {...common, by: {type: 'string'}, reason: {type: 'string'}} as const;
const options = {
  list: common,
  add: {...accounted, 'new-key-file': {type: 'string'}},
  'drop-others': accounted,
} as const;

/** What a subcommand works with. */
interface Work {
  readonly values: Values;
  readonly streams: CliStreams;
  readonly database: Storage['database'];
  readonly owner: string;
  /** The key that the configuration names. */
  readonly key: Uint8Array;
  /** Writes into the lookup logs of all whose data it opens who does this, and why. */
  readonly account: (what: string, by: {readonly by: string; readonly reason: string}) => Promise<void>;
}

/** `bsp-gateway key …`: which keys open the database. */
export async function runKey([name, ...argv]: readonly string[], streams: CliStreams): Promise<number> {
  if (name === undefined || !Object.hasOwn(options, name))
    throw new UsageError(`Name what to do with the keys: ${Object.keys(options).join(', ')}.`);
  const subcommand = name as keyof typeof options;
  const values = parseArgs({args: [...argv], options: options[subcommand]}).values as Values;
  const config = configOf(textOf(values, 'config'), streams.env);
  if (config.storage.kind === 'memory') throw new CommandError('The storage is in memory: no key opens it.');
  const {owner, file} = ownerIn(config, textOf(values, 'tenant'));
  const log = logTo(streams.err);
  const shared = await openStorage(config.storage, log);
  try {
    const key = file === undefined ? readKey(config.storage) : readTenantKey(file);
    const account: Work['account'] = (what, by) => accountIn(config, owner, shared, {what, ...by}, log);
    return await subcommands[subcommand]({values, streams, database: shared.database, owner, key, account});
  } finally {
    await shared.close();
  }
}

/** Whose key is meant, and the file that it has of its own. */
function ownerIn(config: GatewayConfig, tenant: string | undefined): {owner: string; file?: string} {
  if (tenant === undefined) return {owner: installation};
  const file = config.tenants?.find(({tenant: {id}}) => id === tenant)?.tenantKeyFile;
  if (file === undefined)
    throw new CommandError(
      'No tenant of this name has a "keyFile" of its own; without --tenant it is the installation’s.',
    );
  return {owner: tenant, file};
}

/** The installation's key opens the data of every tenant that has none of its own. */
async function accountIn(
  config: GatewayConfig,
  owner: string,
  shared: Storage,
  entry: {what: string; by: string; reason: string},
  log: Log,
): Promise<void> {
  for (const its of tenantsOf(config)) {
    if ((its.tenantKeyFile === undefined ? installation : its.tenant.id) !== owner) continue;
    const storage = await storageOf(its, shared, config.tenants !== undefined);
    await logAdministration(storage, its.tenant.id, entry, log);
  }
}

const subcommands: Readonly<Record<keyof typeof options, (work: Work) => Promise<number>>> = {
  async list({streams, database, owner, key}) {
    for (const {id, since, isThis} of await openingKeys(database, owner, key))
      await write(streams.out, `${id}  since ${since.toISOString()}${isThis ? '  the one in use' : ''}\n`);
    return 0;
  },

  async add({values, streams, database, owner, key, account}) {
    const by = accountable(values, 'A key is added');
    const file = textOf(values, 'new-key-file');
    if (file === undefined) throw new UsageError('Name the new key: --new-key-file FILE, 32 bytes in base64.');
    const added = keyBytes(readFileSync(file, 'utf8'), file);
    await account('add a key', by);
    const id = await addKey(database, owner, {key, added});
    await write(streams.out, `${id} opens the database, too.\n`);
    return 0;
  },

  async 'drop-others'({values, streams, database, owner, key, account}) {
    const by = accountable(values, 'Keys are dropped');
    await account('drop all keys but the one in use', by);
    const dropped = await dropOtherKeys(database, owner, key);
    await write(streams.out, dropped.length === 0 ? 'There was no other.\n' : `Dropped ${dropped.join(', ')}.\n`);
    return 0;
  },
};
