import {type CliStreams, CommandError, configOf, logTo, UsageError} from './cli-streams.js';
import {accountable, textOf, type Values} from './cli-values.js';
import {type GatewayConfig, tenantsOf} from './config.js';
import {type Log, scrub} from './log.js';
import {logAdministration} from './lookup-log-retention.js';
import {storageOf} from './rooms.js';
import {openStorage, type Storage} from './storage/database.js';

/** What a command does for one tenant. */
export interface TenantWork {
  readonly values: Values;
  readonly streams: CliStreams;
  readonly config: GatewayConfig;
  /** With the tenant's own key. */
  readonly storage: Storage;
  readonly log: Log;
  readonly tenant: string;
  /** Writes into the lookup log who does this, and why: `--by` and `--reason` are needed for it. */
  readonly account: (what: string, details: object) => Promise<void>;
}

/** Runs a command on what is kept of the tenant that `--tenant` names, else of the only one that there is. */
export async function forTenant(
  values: Values,
  streams: CliStreams,
  work: (work: TenantWork) => Promise<number>,
): Promise<number> {
  const given = configOf(textOf(values, 'config'), streams.env);
  if (given.storage.kind === 'memory')
    throw new CommandError('The storage is in memory: there is nothing outside the running gateway.');
  const log = logTo(streams.err);
  const named = textOf(values, 'tenant');
  if (named === undefined && given.tenants)
    throw new UsageError(`Name the tenant: --tenant, one of ${given.tenants.map((one) => one.tenant.id).join(', ')}.`);
  const tenant = named ?? given.tenant.id;
  const config = tenantsOf(given).find((one) => one.tenant.id === tenant);
  if (!config) throw new CommandError(`The configuration has no tenant "${scrub(tenant)}".`);
  const shared = await openStorage(given.storage, log);
  try {
    const storage = await storageOf(config, shared, given.tenants !== undefined);
    const account: TenantWork['account'] = (what, details) =>
      logAdministration(storage, tenant, {what, ...accountable(values, 'That is done'), ...details}, log);
    return await work({values, streams, config, storage, log, tenant, account});
  } finally {
    await shared.close();
  }
}
