// The gateway as it is installed: a process of its own, which a test may kill.
import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

const program = fileURLToPath(new URL('../../packages/gateway/dist/bin.js', import.meta.url));
/** The same for all processes: they share what they keep. */
const key = Buffer.alloc(32, 7).toString('base64');

/** A configuration and the processes that run it. */
export class GatewayProcess {
  readonly #folder = mkdtempSync(join(tmpdir(), 'bsp-gateway-'));
  readonly #port: number;
  #child: ChildProcess | undefined;
  /** What it has logged, of all its lives. */
  log = '';

  /** @param port - stays the same, so that clients come back to it. */
  constructor(port: number, config: object) {
    this.#port = port;
    writeFileSync(this.#config, JSON.stringify({port, ...config}));
  }

  get #config(): string {
    return join(this.#folder, 'gateway.json');
  }

  get api(): string {
    return `http://127.0.0.1:${this.#port}/bsp`;
  }

  get isRunning(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Resolves when it answers; rejects, with what it said, when it ends instead. */
  async start(): Promise<void> {
    const child = this.#spawn(['start', '--config', this.#config]);
    this.#child = child;
    const keep = (chunk: Buffer) => {
      this.log += String(chunk);
    };
    child.stdout!.on('data', keep);
    let told = '';
    const answers = new Promise<void>((resolve, reject) => {
      child.stderr!.on('data', (chunk: Buffer) => {
        keep(chunk);
        told += String(chunk);
        if (told.includes('answers at')) resolve();
      });
      child.once('exit', () => reject(new Error(`the gateway ended: ${told || this.log.slice(-500)}`)));
    });
    await answers;
  }

  /** SIGKILL. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** SIGTERM; gives the exit code. */
  stop(): Promise<number | null> {
    return this.#end('SIGTERM');
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const ended = once(child, 'exit');
    child.kill(signal);
    const [code] = (await ended) as [number | null];
    return code;
  }

  /** Runs another command with the same configuration. */
  async run(...args: string[]): Promise<{code: number | null; out: string; err: string}> {
    const child = this.#spawn([...args, '--config', this.#config]);
    const texts = {out: '', err: ''};
    child.stdout!.on('data', (chunk: Buffer) => {
      texts.out += String(chunk);
    });
    child.stderr!.on('data', (chunk: Buffer) => {
      texts.err += String(chunk);
    });
    const [code] = (await once(child, 'close')) as [number | null];
    return {code, ...texts};
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, {recursive: true, force: true});
  }

  #spawn(args: readonly string[]): ChildProcess {
    const env = {...process.env, BSP_KEY: key, PORT: '', BSP_DATABASE_URL: ''};
    return spawn(process.execPath, [program, ...args], {stdio: ['ignore', 'pipe', 'pipe'], env});
  }
}
