import type {Connected} from './connectors.js';
import {errorDetails, type Log} from './log.js';
import type {Rooms} from './rooms.js';
import {abortableSleep} from './until-aborted.js';

/** The sources that fetch messages by themselves. */
export interface PickUps {
  start(): void;
  /** Resolves when all have ended, which they do when the gateway closes. */
  ended(): Promise<void>;
}

/** Connectors bridge breaks by themselves: this is for their faults. */
const pauseMs = 1_000;

/** Runs the pick-ups of all sources of all tenants. One that gives up is a fault of its connector: told, and run again. */
export function pickUpsOf(all: readonly Rooms[], closing: AbortSignal, log: Log): PickUps {
  const running: Promise<void>[] = [];

  async function run({config, events, setAside}: Rooms, {config: {id: source}, connector}: Connected): Promise<void> {
    const tenant = config.tenant.id;
    while (!closing.aborted) {
      try {
        await connector.pickUp?.({
          keep: async (event) => {
            const outcome = await events.keep(tenant, source, event);
            log.info({source, outcome}, 'a message was fetched');
            return outcome;
          },
          async setAside(message) {
            await setAside.keep(tenant, source, message);
            log.warn({source, reason: message.reason}, 'a message was set aside: see "bsp-gateway events set-aside"');
          },
          signal: closing,
        });
      } catch (thrown) {
        log.error({source, ...errorDetails(thrown)}, 'fetching messages broke off');
      }
      await abortableSleep(pauseMs, closing);
    }
  }

  return {
    start() {
      for (const rooms of all)
        for (const connected of rooms.connected)
          if (typeof connected.connector.pickUp === 'function') running.push(run(rooms, connected));
    },
    async ended() {
      await Promise.all(running);
    },
  };
}
