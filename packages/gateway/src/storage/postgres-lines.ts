import {Socket} from 'node:net';
import pg from 'pg';
import type {Log} from '../log.js';
import {untilAborted} from '../until-aborted.js';

/**
 * A socket that breaks when nothing came or went for so long. The database ends a statement by itself, and so says something in time;
 * where it does not, because its machine is gone or the way to it, the system alone would go on waiting for a quarter of an hour.
 */
export const answeringSocket = (ms: number): Socket => {
  const socket = new Socket();
  return socket.setTimeout(ms, () => socket.destroy(Object.assign(new Error('no answer'), {code: 'ETIMEDOUT'})));
};

/** How often the line for wakes is asked whether it still holds, and how long it has to answer. */
const lineCheckMs = 30_000;

/**
 * A connection of its own that hears wakes; when it breaks it is made again, and everybody looks what was missed. A line on which
 * nothing is said for long may be dropped on its way without a word to either end, by a firewall for one: so it is asked.
 */
export async function listenLine(
  connection: pg.ClientConfig,
  channel: string,
  heard: (tenant: string | undefined) => void,
  log: Log,
  checkMs: number = lineCheckMs,
): Promise<{close(): Promise<void>}> {
  let closed = false;
  let client: pg.Client | undefined;
  let retry: NodeJS.Timeout | undefined;
  const connect = async () => {
    const next = new pg.Client({...connection, keepAlive: true});
    const lost = () => {
      if (client !== next || closed) return;
      client = undefined;
      log.warn('the line for wakes between processes broke; connecting again');
      again();
    };
    next.on('error', lost);
    next.on('end', lost);
    next.on('notification', (message) => heard(message.payload));
    try {
      await next.connect();
      await untilAborted(next.query(`listen "${channel}"`), AbortSignal.timeout(checkMs));
    } catch (thrown) {
      await next.end().catch(() => undefined);
      throw thrown;
    }
    if (closed) await next.end().catch(() => undefined);
    else client = next;
  };
  const again = () => {
    retry = setTimeout(() => {
      connect().then(
        () => closed || heard(undefined),
        () => closed || again(),
      );
    }, 1_000);
  };
  await connect();
  let asked: pg.Client | undefined;
  const check = setInterval(() => {
    if (!client || client === asked) return;
    const one = client;
    asked = one;
    untilAborted(one.query('select 1'), AbortSignal.timeout(checkMs))
      // With a query under way it is cut off.
      .catch(() => one.end().catch(() => undefined))
      .finally(() => {
        if (asked === one) asked = undefined;
      });
  }, checkMs).unref();
  return {
    async close() {
      closed = true;
      clearInterval(check);
      clearTimeout(retry);
      await client?.end().catch(() => undefined);
    },
  };
}
