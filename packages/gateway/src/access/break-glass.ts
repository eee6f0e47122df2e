import {ProblemError, problemOf} from '@bsp/contract';
import type {BreakGlassConfig, GatewayConfig} from '../config.js';
import type {Context} from '../contexts.js';
import type {Identity} from '../identity.js';
import {errorDetails, type Log} from '../log.js';
import type {LookupLog} from '../lookup-log.js';
import type {Storage, Tx} from '../storage/database.js';

/** Opens what is closed, for a while, for a reason, and not unnoticed. */
export interface BreakGlass {
  /**
   * Whether this user may, here and for this reason.
   * @throws ProblemError
   */
  check(identity: Identity, reason: string | undefined): BreakGlassConfig;
  /** Writes it into the lookup log, with the reason. No log, no access. */
  log(identity: Identity, context: Context, from: string): Promise<void>;
  /** Keeps the notice, in the transaction that opens the context. */
  keepNotice(tx: Tx, identity: Identity, context: Context): Promise<void>;
  /** Sends what has not been told yet; what fails is tried again. */
  tell(): Promise<void>;
}

const shortestReason = 10;
const patienceMs = 10_000;
const batch = 50;

/** Makes the room that breaks the glass. */
export function breakGlassOf(config: GatewayConfig, storage: Storage, lookupLog: LookupLog, log: Log): BreakGlass {
  const {database, secrets} = storage;
  const tenant = config.tenant.id;
  const bound = (contextId: string) => ['glass notice', tenant, contextId];

  return {
    check({access}, reason) {
      if (!config.breakGlass || !access.mayBreakGlass)
        throw new ProblemError(problemOf('forbidden', 'You may not break the glass here.', {pointer: '/breakGlass'}));
      if ((reason?.trim().length ?? 0) < shortestReason)
        throw new ProblemError(
          problemOf('invalid-request', `Say why the glass is broken, in ${shortestReason} characters at least.`, {
            pointer: '/reason',
          }),
        );
      return config.breakGlass;
    },

    async log(identity, context, from) {
      const resources = {'*': ['*']};
      const lookup = await lookupLog.open(identity, context, {what: 'break-glass', resources, from});
      await lookup.close([], true);
      log.warn({tenant}, 'somebody broke the glass');
    },

    async keepNotice(tx, {user, system}, {id: contextId, openedAt, expiresAt}) {
      // Neither the person nor the reason: they stand in the lookup log, for whoever may read that.
      const notice = {tenant, contextId, user, system, openedAt, expiresAt};
      await tx
        .insertInto('glass_notice')
        .values({
          tenant,
          context_id: contextId,
          at: new Date(),
          sealed: secrets.seal(bound(contextId), JSON.stringify(notice)),
          told_at: null,
        })
        .execute();
    },

    async tell() {
      const {breakGlass} = config;
      if (!breakGlass) return;
      const due = await database
        .selectFrom('glass_notice')
        .select(['context_id', 'sealed'])
        .where('tenant', '=', tenant)
        .where('told_at', 'is', null)
        .orderBy('at')
        .limit(batch)
        .execute();
      for (const {context_id, sealed} of due)
        try {
          const response = await fetch(breakGlass.notify, {
            method: 'POST',
            headers: {'content-type': 'application/json'},
            body: secrets.open(bound(context_id), sealed),
            redirect: 'error',
            signal: AbortSignal.timeout(patienceMs),
          });
          if (!response.ok) throw new Error(`The receiver answered ${response.status}.`);
          await database
            .updateTable('glass_notice')
            .set({told_at: new Date()})
            .where('tenant', '=', tenant)
            .where('context_id', '=', context_id)
            .execute();
        } catch (thrown) {
          log.error(errorDetails(thrown), 'nobody could be told that the glass was broken; it is tried again');
          return;
        }
    },
  };
}
