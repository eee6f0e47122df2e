import {createHash} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import {resolve} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import type {ChannelModel, ConsumeMessage} from 'amqplib';
import type {ConnectorEnvironment, IncomingEvent, PickUpHands} from '../connector.js';
import {secretOf} from '../secret.js';
import {tlsOptions} from '../tls.js';
import {MessageFault} from './message.js';
import {type QueueConfig, queueAddressFault} from './queue-config.js';

/** A message that could not be committed so often is set aside, where that can be: then it is not the database. */
const patience = 5;
const longestPauseMs = 30_000;
const heartbeatSeconds = 30;
const connectMs = 15_000;

/** Fetches messages from a queue. */
export interface Queue {
  pickUp(hands: PickUpHands): Promise<void>;
}

/** The events of a message. @throws {@link MessageFault} */
export type MessageReader = (body: Uint8Array) => readonly IncomingEvent[];

type Connect = () => Promise<ChannelModel>;

/**
 * Makes a queue ready: what the configuration names must be there. The broker need not.
 *
 * @throws Error that names the variable or the file.
 */
export async function queueOf(
  config: QueueConfig,
  read: MessageReader,
  {configDirectory, log}: ConnectorEnvironment,
): Promise<Queue> {
  const connect = await connectorTo(config, configDirectory);
  return {
    async pickUp(hands) {
      const failures = new Map<string, number>();
      let pause = 0;
      while (!hands.signal.aborted) {
        try {
          await consume(config, connect, {
            hands,
            settle: (message) => settle(message, read, hands, failures),
            settled: () => {
              pause = 0;
            },
          });
        } catch (thrown) {
          pause = Math.min(longestPauseMs, pause === 0 ? 500 : pause * 2);
          const {what, ...details} = breakOf(thrown);
          log.warn(`no messages are fetched until it is tried again: ${what}`, {...details, pauseMs: pause});
        }
        // Not all replicas at the same time.
        await sleep(pause * (0.75 + Math.random() / 2), undefined, {signal: hands.signal}).catch(() => undefined);
      }
    },
  };
}

/** A message is not acknowledged, because what it says could not be committed. */
class NotKept extends Error {
  constructor(cause: unknown) {
    super('a message could not be kept', {cause});
    this.name = 'NotKept';
  }
}

const errorOf = (thrown: unknown): {error: string; code?: string} => {
  const {code} = (thrown ?? {}) as {code?: unknown};
  return {
    error: thrown instanceof Error ? thrown.name : typeof thrown,
    ...(typeof code === 'string' ? {code} : {}),
  };
};

/** What may be logged: the broker's words, but never the storage's, which may repeat what was to be kept. */
function breakOf(thrown: unknown): {what: string; error: string; code?: string} {
  if (thrown instanceof NotKept) return {what: thrown.message, ...errorOf(thrown.cause)};
  return {what: thrown instanceof Error ? thrown.message.slice(0, 200) : 'unknown', ...errorOf(thrown)};
}

async function connectorTo(config: QueueConfig, directory: string): Promise<Connect> {
  const {env} = process;
  const address = secretOf(config.url, 'amqp.url', env);
  const fault = queueAddressFault(address);
  if (fault !== undefined) throw new Error(`"amqp.url": ${fault}.`);
  const url = new URL(address);
  const tls = config.tls ? await tlsOptions(config.tls, env, directory) : {};
  const tokenFile = config.tokenFile === undefined ? undefined : resolve(directory, config.tokenFile);
  const token = async (): Promise<Buffer> => {
    if (tokenFile === undefined) return Buffer.alloc(0);
    return Buffer.from((await readFile(tokenFile, 'utf8')).trim());
  };
  await token().catch((thrown: NodeJS.ErrnoException) => {
    throw new Error(`"amqp.tokenFile" is "${config.tokenFile}", which cannot be read (${thrown.code ?? 'unknown'}).`);
  });
  // Whoever fetches no messages need not have the client of the broker.
  const amqp = await import('amqplib');
  return async () => {
    const response = await token();
    return amqp.connect(
      {
        protocol: url.protocol.slice(0, -1),
        hostname: url.hostname.replace(/^\[|\]$/g, ''),
        ...(url.port === '' ? {} : {port: Number(url.port)}),
        ...(url.username === '' ? {} : {username: decodeURIComponent(url.username)}),
        ...(url.password === '' ? {} : {password: decodeURIComponent(url.password)}),
        vhost: encodeURIComponent(config.vhost ?? 'BF'),
        heartbeat: heartbeatSeconds,
      },
      {
        ...tls,
        timeout: connectMs,
        noDelay: true,
        keepAlive: true,
        clientProperties: {connection_name: 'bsp-gateway'},
        ...(config.login === 'external' ? {credentials: {mechanism: 'EXTERNAL', response: () => response}} : {}),
      },
    );
  };
}

/** Consumes until the signal aborts or something breaks. What is in hand then is settled before the connection closes. */
async function consume(
  config: QueueConfig,
  connect: Connect,
  {
    hands,
    settle,
    settled,
  }: {hands: PickUpHands; settle: (message: ConsumeMessage) => Promise<void>; settled: () => void},
): Promise<void> {
  const connection = await connect();
  let stop: (reason?: Error) => void = () => {};
  const stopped = new Promise<void>((resolve, reject) => {
    stop = (reason) => (reason === undefined ? resolve() : reject(reason));
  });
  // It may break before anybody waits.
  stopped.catch(() => undefined);
  connection.on('error', (error) => stop(error));
  connection.on('close', () => stop(new Error('the connection was closed')));
  // The client's own promises never settle where the connection breaks before the broker has agreed to its end.
  const gone = new Promise<void>((resolve) => connection.once('close', () => resolve()));
  const onAbort = () => stop();
  hands.signal.addEventListener('abort', onAbort, {once: true});
  if (hands.signal.aborted) stop();
  const inHand = new Set<Promise<void>>();
  try {
    const channel = await connection.createChannel();
    channel.on('error', (error: Error) => stop(error));
    channel.on('close', () => stop(new Error('the channel was closed')));
    await channel.prefetch(config.prefetch ?? 100);
    const take = async (message: ConsumeMessage): Promise<void> => {
      try {
        await settle(message);
        channel.ack(message);
        settled();
      } catch (thrown) {
        // Not acknowledged: the broker delivers it again.
        stop(new NotKept(thrown));
      }
    };
    const {consumerTag} = await channel.consume(config.queue, (message) => {
      if (message === null) return stop(new Error('the queue is gone'));
      const taking = take(message).finally(() => inHand.delete(taking));
      inHand.add(taking);
    });
    try {
      await stopped;
    } finally {
      await channel.cancel(consumerTag).catch(() => undefined);
      await Promise.all(inHand);
      await Promise.race([channel.close().catch(() => undefined), gone]);
    }
  } finally {
    hands.signal.removeEventListener('abort', onAbort);
    await Promise.race([connection.close().catch(() => undefined), gone]);
  }
}

/** Resolves when everything that a message says is committed, or the message is set aside. */
async function settle(
  {content}: ConsumeMessage,
  read: MessageReader,
  hands: PickUpHands,
  failures: Map<string, number>,
): Promise<void> {
  let events: readonly IncomingEvent[];
  try {
    events = read(content);
  } catch (thrown) {
    // A fault of ours is kept for whoever mends it too: the same bytes would fail again, and hold up all that come after them.
    const reason = thrown instanceof MessageFault ? thrown.outcome : `could not be read: ${errorOf(thrown).error}`;
    return hands.setAside({body: content, reason});
  }
  const digest = createHash('sha256').update(content).digest('base64');
  try {
    for (const event of events) await hands.keep(event);
    failures.delete(digest);
  } catch (thrown) {
    const times = (failures.get(digest) ?? 0) + 1;
    failures.set(digest, times);
    if (times < patience) throw thrown;
    await hands.setAside({body: content, reason: `could not be kept: ${errorOf(thrown).error}`});
    failures.delete(digest);
  }
}
