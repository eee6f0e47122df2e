import {setTimeout as sleep} from 'node:timers/promises';
import type {NatsConnection} from '@nats-io/transport-node';
import type {NatsConfig} from '../config.js';
import {errorDetails, type Log} from '../log.js';
import {untilAborted} from '../until-aborted.js';

const connectMs = 5_000;
/** How long what was told may take to be sent when the process ends: a server that hangs must not be waited for. */
const drainMs = 2_000;

/** Carries wakes between processes over NATS, where they are too many for LISTEN and NOTIFY. */
export interface NatsWakes {
  /** Wakes the other processes; at most once, so each looks by itself now and then too. */
  tell(tenant: string): void;
  close(): Promise<void>;
}

/**
 * Connects in the background: the gateway serves without NATS, and hears of others a little later. NATS may lose a wake, and
 * so may a process that ends between its commit and its wake: so each looks by itself too.
 *
 * @param heard - a tenant that was told of; undefined when anything may have been missed.
 */
export async function natsWakes(
  {url: address, lookSeconds}: NatsConfig,
  subject: string,
  heard: (tenant: string | undefined) => void,
  log: Log,
): Promise<NatsWakes> {
  // Whoever has no NATS need not load its client.
  const {connect} = await import('@nats-io/transport-node');
  const url = new URL(address);
  const [user, pass] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
  const closing = new AbortController();
  let connection: NatsConnection | undefined;

  async function listen(nats: NatsConnection): Promise<void> {
    nats.subscribe(subject, {
      // With an error there is no message.
      callback: (error, message) => {
        if (!error) heard(message.string());
      },
    });
    for await (const status of nats.status())
      if (status.type === 'disconnect') log.warn('the line for wakes between processes broke; connecting again');
      else if (status.type === 'reconnect') heard(undefined);
      else if (status.type === 'error')
        log.error(errorDetails(status.error), 'NATS refuses this process: it hears of others a little later');
  }

  async function stayConnected(): Promise<void> {
    while (!closing.signal.aborted) {
      try {
        connection = await connect({
          servers: `${url.protocol}//${url.host}`,
          name: 'bsp-gateway',
          timeout: connectMs,
          maxReconnectAttempts: -1,
          reconnectTimeWait: 1_000,
          noEcho: true,
          ...(pass ? {user, pass} : user ? {token: user} : {}),
        });
        if (closing.signal.aborted) return await connection.close();
        heard(undefined);
        await listen(connection);
      } catch (thrown) {
        log.warn(errorDetails(thrown), 'NATS can not be reached; trying again');
      }
      await sleep(1_000, undefined, {signal: closing.signal}).catch(() => undefined);
    }
  }

  const staying = stayConnected();
  const look = setInterval(() => heard(undefined), lookSeconds * 1_000).unref();
  return {
    tell(tenant) {
      heard(tenant);
      if (connection && !connection.isClosed()) connection.publish(subject, tenant);
    },
    async close() {
      clearInterval(look);
      closing.abort();
      if (connection) {
        // What was told is sent first.
        await untilAborted(connection.drain(), AbortSignal.timeout(drainMs)).catch(() => undefined);
        await connection.close();
      }
      await staying;
    },
  };
}
