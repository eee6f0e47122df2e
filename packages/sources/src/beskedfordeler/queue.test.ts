import assert from 'node:assert/strict';
import {once} from 'node:events';
import {type AddressInfo, createServer, type Socket} from 'node:net';
import {describe, it} from 'node:test';
import {queueOf} from './queue.js';

/** A method of AMQP 0-9-1 by its class and its number there. */
type Method = `${number}.${number}`;

const number = (value: number, bytes: number): Buffer => {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntBE(value, 0, bytes);
  return buffer;
};
const short = (text: string): Buffer => Buffer.concat([number(text.length, 1), Buffer.from(text)]);
const long = (text: string): Buffer => Buffer.concat([number(text.length, 4), Buffer.from(text)]);

const frame = (type: number, channel: number, payload: Uint8Array): Buffer =>
  Buffer.concat([number(type, 1), number(channel, 2), number(payload.length, 4), payload, number(0xce, 1)]);

const methodFrame = (channel: number, method: Method, ...fields: readonly Uint8Array[]): Buffer =>
  frame(1, channel, Buffer.concat([...method.split('.').map((part) => number(Number(part), 2)), ...fields]));

/** The frames of a message that is handed to a consumer. */
const deliveryOf = (channel: number, body: Buffer): Buffer =>
  Buffer.concat([
    methodFrame(channel, deliver, short('tag'), Buffer.alloc(7), number(1, 1), number(0, 1), short(''), short('')),
    frame(
      2,
      channel,
      Buffer.concat([number(60, 2), number(0, 2), Buffer.alloc(4), number(body.length, 4), number(0, 2)]),
    ),
    frame(3, channel, body),
  ]);

const [start, startOk, tune, open, openOk, close, closeOk] = [
  '10.10',
  '10.11',
  '10.30',
  '10.40',
  '10.41',
  '10.50',
  '10.51',
] as const;
const [openChannel, openChannelOk, closeChannel, closeChannelOk] = ['20.10', '20.11', '20.40', '20.41'] as const;
const [qos, qosOk, consume, consumeOk, cancel, cancelOk] = [
  '60.10',
  '60.11',
  '60.20',
  '60.21',
  '60.30',
  '60.31',
] as const;

const [deliver, acknowledge] = ['60.60', '60.80'] as const;

const answers: Readonly<Partial<Record<Method, (channel: number) => Buffer>>> = {
  [startOk]: () => methodFrame(0, tune, number(100, 2), number(131_072, 4), number(0, 2)),
  [open]: () => methodFrame(0, openOk, short('')),
  [openChannel]: (channel) => methodFrame(channel, openChannelOk, long('')),
  [qos]: (channel) => methodFrame(channel, qosOk),
  [consume]: (channel) => methodFrame(channel, consumeOk, short('tag')),
  [cancel]: (channel) => methodFrame(channel, cancelOk, short('tag')),
  [closeChannel]: (channel) => methodFrame(channel, closeChannelOk),
  [close]: () => methodFrame(0, closeOk),
};

/** A broker without messages. `told` hears each method of a client, and says true where it has seen to it. */
async function brokerWith(told: (method: Method, socket: Socket, channel: number) => boolean) {
  const server = createServer((socket) => {
    let unread = Buffer.alloc(0);
    let greeted = false;
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      unread = Buffer.concat([unread, data]);
      if (!greeted && unread.length >= 8) {
        greeted = true;
        unread = unread.subarray(8);
        socket.write(methodFrame(0, start, number(9, 2), number(0, 4), long('PLAIN'), long('en_US')));
      }
      while (greeted && unread.length >= 7 && unread.length >= 8 + unread.readUInt32BE(3)) {
        const size = unread.readUInt32BE(3);
        const [type, channel] = [unread.readUInt8(0), unread.readUInt16BE(1)];
        const method: Method = `${unread.readUInt16BE(7)}.${unread.readUInt16BE(9)}`;
        unread = unread.subarray(8 + size);
        if (type !== 1 || told(method, socket, channel)) continue;
        const answer = answers[method]?.(channel);
        if (answer) socket.write(answer);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {url: `amqp://u:p@127.0.0.1:${(server.address() as AddressInfo).port}`, server};
}

describe('a queue of messages', () => {
  it('sets a message aside whose reading fails in a way that nobody thought of, and is not held up by it', async () => {
    const stopping = new AbortController();
    const body = Buffer.from('<en-besked/>');
    let acknowledged = false;
    const {url, server} = await brokerWith((method, socket, channel) => {
      if (method === consume) socket.write(Buffer.concat([answers[consume]!(channel), deliveryOf(channel, body)]));
      if (method === acknowledge) {
        acknowledged = true;
        stopping.abort();
      }
      return method === consume;
    });
    const warned: string[] = [];
    const log = {info() {}, warn: (text: string) => void warned.push(text)};
    const environment = {sourceId: 'bf', sourceName: 'BF', configDirectory: '/', log};
    const read = () => {
      throw new TypeError('of 641284-0001');
    };
    const queue = await queueOf({url, queue: 'dueslag'}, read, environment);
    const aside: {body: string; reason: string}[] = [];
    const giveUp = setTimeout(() => stopping.abort(), 10_000);
    await queue.pickUp({
      keep: () => Promise.resolve('kept'),
      setAside: ({body: content, reason}) => {
        aside.push({body: Buffer.from(content).toString(), reason});
        return Promise.resolve();
      },
      signal: stopping.signal,
    });
    clearTimeout(giveUp);
    server.close();
    assert.deepEqual(aside, [{body: '<en-besked/>', reason: 'could not be read: TypeError'}]);
    assert.equal(acknowledged, true);
    assert.deepEqual(warned, []);
  });

  for (const [what, breaking] of [
    ['the channel', closeChannel],
    ['the connection', close],
  ] as const)
    it(`is fetched from again where the broker goes away while ${what} is being closed`, async () => {
      let consumed = 0;
      let again: () => void = () => undefined;
      const consumedAgain = new Promise<void>((resolve) => {
        again = resolve;
      });
      const {url, server} = await brokerWith((method, socket, channel) => {
        if (method === breaking && consumed === 1) socket.destroy();
        else if (method === consume && ++consumed === 1) {
          socket.write(answers[consume]!(channel));
          // The queue is gone: the client gives up its connection.
          socket.write(methodFrame(channel, cancel, short('tag'), number(1, 1)));
          return true;
        } else if (method === consume) again();
        return method === breaking && consumed === 1;
      });
      const stopping = new AbortController();
      const quiet = {info() {}, warn() {}};
      const environment = {sourceId: 'bf', sourceName: 'BF', configDirectory: '/', log: quiet};
      const queue = await queueOf({url, queue: 'dueslag'}, () => [], environment);
      const fetching = queue.pickUp({
        keep: () => Promise.resolve('kept'),
        setAside: () => Promise.resolve(),
        signal: stopping.signal,
      });
      await consumedAgain;
      stopping.abort();
      await fetching;
      server.close();
      assert.equal(consumed, 2);
    });
});
