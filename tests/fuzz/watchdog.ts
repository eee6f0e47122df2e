// Ends a process that hangs or eats memory over one input, and says which input: a test that hangs can't say so itself.
import {Worker} from 'node:worker_threads';

const longestText = 32_000;

/** Runs in a thread of its own: sleeps until the next input begins, and reports one that has no end. */
const watch = `
  const {workerData: {shared, deadlineMs, mostBytes}} = require('node:worker_threads');
  const state = new Int32Array(shared, 0, 2);
  const text = new Uint8Array(shared, 8);
  const end = (what) => {
    const doing = Buffer.from(text.slice(0, Atomics.load(state, 1))).toString();
    require('node:fs').writeSync(2, '\\nFUZZ: ' + what + ':\\n' + doing + '\\n');
    process.kill(process.pid, 'SIGKILL');
  };
  for (let seen = -1, begun = Date.now(); ;) {
    Atomics.wait(state, 0, seen, Math.min(deadlineMs, 1000));
    const now = Atomics.load(state, 0);
    if (now !== seen) { seen = now; begun = Date.now(); }
    else if (Atomics.load(state, 1) > 0 && Date.now() - begun >= deadlineMs) end('an input never ends');
    if (process.memoryUsage.rss() > mostBytes) end('an input takes all memory');
    if (now !== seen) continue;
    Atomics.wait(state, 0, seen, 50);
  }
`;

/** Watches one input at a time. */
export class Watchdog {
  readonly #state: Int32Array;
  readonly #text: Uint8Array;

  /** @param deadlineMs - far beyond what any input takes on a busy machine. */
  constructor({deadlineMs = 30_000, mostBytes = 3_000_000_000} = {}) {
    const shared = new SharedArrayBuffer(8 + longestText);
    this.#state = new Int32Array(shared, 0, 2);
    this.#text = new Uint8Array(shared, 8);
    new Worker(watch, {eval: true, execArgv: [], workerData: {shared, deadlineMs, mostBytes}}).unref();
  }

  /** From now on this is being done. */
  begin(what: string): void {
    const bytes = Buffer.from(what).subarray(0, longestText);
    this.#text.set(bytes);
    this.#tell(bytes.length);
  }

  /** It came to an end. */
  rest(): void {
    this.#tell(0);
  }

  #tell(length: number): void {
    Atomics.store(this.#state, 1, length);
    Atomics.add(this.#state, 0, 1);
    Atomics.notify(this.#state, 0);
  }
}
