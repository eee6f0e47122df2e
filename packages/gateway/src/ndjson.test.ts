import assert from 'node:assert/strict';
import {once} from 'node:events';
import {PassThrough} from 'node:stream';
import {describe, it} from 'node:test';
import {setImmediate as nextTurn, setTimeout as wait} from 'node:timers/promises';
import {type Send, sendLines} from './ndjson.js';

const unbroken = (thrown: unknown) => assert.fail(thrown as Error);

/** Sends lines into a stream, and gives it. */
const linesOf = <Message>(
  sendAll: (send: Send<Message>) => Promise<void>,
  broken: (thrown: unknown) => void = unbroken,
): PassThrough => {
  const out = new PassThrough();
  void sendLines(out, sendAll, broken);
  return out;
};

describe('lines', () => {
  it('sends what is there in one turn together, and what comes later later', async () => {
    let later: () => void = () => {};
    const paused = new Promise<void>((resolve) => {
      later = resolve;
    });
    async function messages(send: Send<object>) {
      await send({place: 1});
      await send({place: 2});
      await paused;
      await send({place: 3});
    }
    const parts: string[] = [];
    const out = linesOf(messages).on('data', (part: Buffer) => parts.push(part.toString()));
    await nextTurn();
    await nextTurn();
    assert.deepEqual(parts, ['{"place":1}\n{"place":2}\n']);
    later();
    await once(out, 'end');
    assert.deepEqual(parts, ['{"place":1}\n{"place":2}\n', '{"place":3}\n']);
  });

  it('takes no more while its reader is behind, and all of it once it reads', async () => {
    let taken = 0;
    async function messages(send: Send<string>) {
      for (; taken < 50; taken++) await send('x'.repeat(100_000));
    }
    const out = linesOf(messages);
    await wait(20);
    assert.ok(taken < 3, `${taken} were taken`);
    let length = 0;
    for await (const part of out) length += (part as Buffer).length;
    assert.equal(length, 50 * 100_003);
  });

  it('lets all who send wait while its reader is behind, and go on together', async () => {
    let sent = 0;
    async function messages(send: Send<string>) {
      const sender = async () => {
        for (let time = 0; time < 5; time++, sent++) await send('x'.repeat(100_000));
      };
      await Promise.all([sender(), sender(), sender()]);
    }
    const out = linesOf(messages);
    await wait(20);
    assert.equal(sent, 0);
    let length = 0;
    for await (const part of out) length += (part as Buffer).length;
    assert.equal(length, 15 * 100_003);
  });

  it('waits only for what said that it has enough: others never say that they have caught up', async () => {
    class Greedy extends PassThrough {
      override write(text: string): true {
        super.write(text);
        return true;
      }
    }
    let sent = 0;
    await sendLines<string>(
      new Greedy(),
      async (send) => {
        for (; sent < 5; sent++) await send('x'.repeat(100_000));
      },
      unbroken,
    );
    assert.equal(sent, 5);
  });

  it('ends what it reads from when its reader goes away', async () => {
    let isOver = false;
    async function messages(send: Send<string>) {
      try {
        for (;;) await send('x'.repeat(100_000));
      } finally {
        isOver = true;
      }
    }
    const out = linesOf(messages);
    await wait(5);
    out.destroy();
    await wait(5);
    assert.ok(isOver);
  });

  it('sends what came before it broke off, and no end', async () => {
    const wrong = new Error('broken');
    async function messages(send: Send<object>) {
      await send({place: 1});
      throw wrong;
    }
    const told: unknown[] = [];
    let text = '';
    const out = linesOf(messages, (thrown) => told.push(thrown));
    out.on('data', (part: Buffer) => {
      text += part.toString();
    });
    out.on('end', () => assert.fail('an end was told'));
    await once(out, 'close');
    assert.deepEqual(told, [wrong]);
    assert.equal(text, '{"place":1}\n');
  });
});
