import {Readable} from 'node:stream';

/** Most characters that are put together before they go out. */
const most = 64 * 1_024;

/**
 * Takes a message that is to go out; gives a promise to wait for where whoever reads is behind.
 *
 * @throws Error - when nobody reads any more.
 */
export type Send<Message> = (message: Message) => Promise<void> | undefined;

/**
 * Messages as lines of JSON. Those of one turn go out together, since each write costs a system call: what is there when
 * the turn ends waits no longer.
 *
 * @param sendAll - sends them, and is done when all are sent.
 * @param broken - is told of what the messages end with when they break off; what came before goes out first.
 */
export function ndjsonOf<Message>(
  sendAll: (send: Send<Message>) => Promise<void>,
  broken: (thrown: unknown) => void,
): Readable {
  let text = '';
  let soon: NodeJS.Immediate | undefined;
  let isGone = false;
  let isBehind = false;
  let waiting: {readonly promise: Promise<void>; readonly resolve: () => void} | undefined;

  const caughtUp = () => {
    waiting?.resolve();
    waiting = undefined;
  };

  const out = new Readable({
    read() {
      isBehind = false;
      caughtUp();
    },
    destroy(error, done) {
      isGone = true;
      clearImmediate(soon);
      caughtUp();
      done(error);
    },
  });

  const flush = () => {
    clearImmediate(soon);
    soon = undefined;
    if (text === '' || isGone) return;
    const whole = text;
    text = '';
    isBehind = !out.push(whole);
  };

  const turnOf = () => {
    let resolve: () => void = () => {};
    const promise = new Promise<void>((done) => {
      resolve = done;
    });
    return {promise, resolve};
  };

  const send: Send<Message> = (message) => {
    if (isGone) throw new Error('Nobody reads any more.');
    text += `${JSON.stringify(message)}\n`;
    if (text.length >= most) flush();
    else soon ??= setImmediate(flush);
    if (!isBehind) return undefined;
    waiting ??= turnOf();
    return waiting.promise;
  };

  sendAll(send).then(
    () => {
      flush();
      if (!isGone) out.push(null);
    },
    (thrown: unknown) => {
      if (isGone) return;
      broken(thrown);
      flush();
      // A stream that is destroyed drops what it holds.
      setImmediate(() => out.destroy(thrown as Error));
    },
  );
  return out;
}
