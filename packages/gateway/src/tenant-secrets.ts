import type {GatewayConfig} from './config.js';
import {ConfigError} from './config-error.js';
import {isSealedBy} from './lookup-log-chain.js';
import type {Storage} from './storage/database.js';
import {derivedSecrets, readTenantKey, type Secrets, secretsOf} from './storage/secrets.js';
import {openDataKey} from './storage/wrapped-keys.js';

/**
 * The secrets with which a tenant's data are written: of several tenants each has a key of its own.
 *
 * @throws ConfigError - when the key in its file is not one that opens what is in the database, and when that was written with
 * another key than the configuration gives the tenant now. Found by another key, nobody would have any notes.
 */
export async function tenantSecrets(config: GatewayConfig, shared: Storage, several: boolean): Promise<Secrets> {
  const {tenant, tenantKeyFile: file} = config;
  const key = file === undefined ? undefined : readTenantKey(file);
  const alone = shared.secrets;
  const derived = derivedSecrets(alone, tenant.id);
  const meant = key ? secretsOf(key) : several ? derived : alone;
  const refuse = (when: string): never => {
    const message = `what is kept of the tenant "${tenant.id}" was written with another key, when it ${when}; configure it as it was.`;
    throw new ConfigError(config.origin, [{path: several ? 'keyFile' : 'tenant', message}]);
  };
  if (await hasKeyOfItsOwn(shared, tenant.id)) {
    if (!key) return refuse('had a "keyFile" of its own');
  } else {
    const fits = await fittingTo(shared, tenant.id);
    // A head that fits none was tampered with: verifying the log tells.
    if (!fits(meant) && fits(alone)) refuse('was the only tenant ("tenant", not "tenants")');
    if (!fits(meant) && fits(derived)) refuse('was one of several "tenants", without a "keyFile"');
  }
  return key ? secretsOf(await openDataKey(shared.database, tenant.id, key)) : meant;
}

async function hasKeyOfItsOwn({database}: Storage, tenant: string): Promise<boolean> {
  const row = await database
    .selectFrom('wrapped_key')
    .select('owner')
    .where('owner', '=', tenant)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Whether secrets are those by which the tenant's log was last written. */
async function fittingTo({database}: Storage, tenant: string): Promise<(secrets: Secrets) => boolean> {
  const row = await database.selectFrom('lookup_head').selectAll().where('tenant', '=', tenant).executeTakeFirst();
  return (secrets) => row !== undefined && isSealedBy(secrets, row);
}
