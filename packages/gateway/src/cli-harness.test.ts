// Runs commands of the gateway in this process.
import {Readable, Writable} from 'node:stream';
import {runCli} from './cli.js';

/** What a command said, and its exit code. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command in this process. `input` stands on its standard input. */
export async function cli(
  args: readonly string[],
  {input = '', env = {}}: {input?: string; env?: Record<string, string>} = {},
): Promise<Ran> {
  const texts = {out: '', err: ''};
  const into = (name: 'out' | 'err') =>
    new Writable({
      write(chunk, _encoding, done) {
        texts[name] += String(chunk);
        done();
      },
    });
  const code = await runCli(args, {out: into('out'), err: into('err'), in: Readable.from([input]), env});
  return {code, ...texts};
}
