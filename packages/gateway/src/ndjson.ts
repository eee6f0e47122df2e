import type {Writable} from 'node:stream';

/** Most characters that are put together before they go out. */
const most = 64 * 1_024;

/**
 * Takes a message that is to go out; gives a promise to wait for where whoever reads is behind.
 *
 * @throws Error - when nobody reads any more.
 */
export type Send<Message> = (message: Message) => Promise<void> | undefined;

/**
 * Sends messages as lines of JSON. Those of one turn go out together, since each write costs a system call: what is there
 * when the turn ends waits no longer. The last ones go out with the end. Resolves when nothing more is sent.
 *
 * @param sendAll - sends them, and is done when all are sent.
 * @param broken - is told of what the messages end with when they break off; what came before goes out first, and no end.
 */
export async function sendLines<Message>(
  out: Writable,
  sendAll: (send: Send<Message>) => Promise<void>,
  broken: (thrown: unknown) => void,
): Promise<void> {
  let text = '';
  let soon: NodeJS.Immediate | undefined;
  let turn: Promise<void> | undefined;
  /** As the last write said. What took it all, as a test's response does, never says that it has caught up. */
  let isFull = false;

  const taken = (): string => {
    clearImmediate(soon);
    soon = undefined;
    const whole = text;
    text = '';
    return whole;
  };
  const flush = () => {
    const whole = taken();
    if (whole !== '' && !out.destroyed) isFull = !out.write(whole);
  };

  /** When the reader has caught up, or is gone. */
  const caughtUp = () =>
    new Promise<void>((resolve) => {
      const go = () => {
        out.off('drain', go).off('close', go);
        turn = undefined;
        resolve();
      };
      out.on('drain', go).on('close', go);
    });

  const send: Send<Message> = (message) => {
    if (out.destroyed) throw new Error('Nobody reads any more.');
    text += `${JSON.stringify(message)}\n`;
    if (text.length >= most) flush();
    else soon ??= setImmediate(flush);
    if (!isFull || !out.writableNeedDrain) return undefined;
    turn ??= caughtUp();
    return turn;
  };

  try {
    await sendAll(send);
    out.end(taken());
  } catch (thrown) {
    if (out.destroyed) return;
    broken(thrown);
    flush();
    // A stream that is destroyed drops what it holds.
    setImmediate(() => out.destroy());
  }
}
