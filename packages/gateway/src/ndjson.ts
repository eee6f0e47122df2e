import {Readable} from 'node:stream';

/** Most characters that are put together before they go out. */
const most = 64 * 1_024;

/**
 * Messages as lines of JSON. Those of one turn go out together, since each write costs a system call: what is there when
 * the turn ends waits no longer. Nothing more is taken while the reader is behind.
 *
 * @param broken - is told of what the messages end with when they break off; what came before goes out first.
 */
export function ndjsonOf(messages: AsyncIterable<unknown>, broken: (thrown: unknown) => void): Readable {
  let text = '';
  let soon: NodeJS.Immediate | undefined;
  let isGone = false;
  let isBehind = false;
  let caughtUp: () => void = () => {};

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

  void (async () => {
    try {
      for await (const message of messages) {
        text += `${JSON.stringify(message)}\n`;
        if (text.length >= most) flush();
        else soon ??= setImmediate(flush);
        while (isBehind && !isGone)
          await new Promise<void>((resolve) => {
            caughtUp = resolve;
          });
        if (isGone) return;
      }
      flush();
      if (!isGone) out.push(null);
    } catch (thrown) {
      broken(thrown);
      flush();
      // A stream that is destroyed drops what it holds.
      setImmediate(() => out.destroy(thrown as Error));
    }
  })();
  return out;
}
