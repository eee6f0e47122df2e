import {readFile, writeFile} from 'node:fs/promises';
import type {Readable, Writable} from 'node:stream';
import {text} from 'node:stream/consumers';
import {parseArgs} from 'node:util';
import {type TargetSecret, Unmet} from './check.js';
import {PeopleError, peopleOf} from './people.js';
import {textOf} from './report.js';
import {checks, furtherChecks, runAcceptance} from './suite.js';

/** What the command reads and writes. */
export interface CliStreams {
  readonly out: Writable;
  readonly err: Writable;
  readonly in: Readable;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const usage = `Usage: bsp-acceptance URL --cpr-file FILE [options]

Tells whether the backend at URL (where its /v1 is) keeps the contract of the BSP widget kit.

  --cpr-file FILE    test persons, one CPR number to a line: two that the backend knows, and one that it does not;
                     - reads them from standard input. Never real persons
  --token-env NAME   the environment variable that holds a bearer token
  --header 'N: V'    a header of every request; may be given several times
  --other-token-env NAME, --other-header 'N: V'
                     the same of a second user: what is one user's must be nobody else's
  --down ID          a source that you have taken down: it must say so; may be given several times
  --target-env NAME  the environment variable that holds ID:SECRET of a target, whose launches are redeemed
  --purpose ID       for which of the backend's purposes contexts are opened, where it or a source wants one
  --write            also what writes: drafts, and notes that nobody can delete again
  --only PART        only checks whose id begins with PART; may be given several times
  --timeout SECONDS  how long an answer may take (30)
  --json FILE        writes the report as JSON too
  --list             says which checks there are

Exit code 0: the backend keeps the contract; 1: it does not; 2: the command can't be used so.
`;

const allChecks = [...checks, ...furtherChecks];

/** The command line is not one that there is. */
class UsageError extends Error {}

/** Runs the command; resolves to its exit code. */
export async function runCli(args: readonly string[], streams: CliStreams): Promise<number> {
  try {
    return await run(args, streams);
  } catch (thrown) {
    const plain = plainText(thrown);
    if (plain === undefined) throw thrown;
    streams.err.write(`${plain}\n`);
    return thrown instanceof Unmet ? 1 : 2;
  }
}

async function run(args: readonly string[], {out, in: input, env}: CliStreams): Promise<number> {
  const {values, positionals} = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      'cpr-file': {type: 'string'},
      'token-env': {type: 'string'},
      header: {type: 'string', multiple: true},
      down: {type: 'string', multiple: true},
      'target-env': {type: 'string'},
      purpose: {type: 'string'},
      'other-token-env': {type: 'string'},
      'other-header': {type: 'string', multiple: true},
      write: {type: 'boolean'},
      only: {type: 'string', multiple: true},
      timeout: {type: 'string'},
      json: {type: 'string'},
      list: {type: 'boolean'},
      help: {type: 'boolean', short: 'h'},
    },
  });
  if (values.help) {
    out.write(usage);
    return 0;
  }
  if (values.list) {
    for (const {id, says} of allChecks) out.write(`${id}  ${says}\n`);
    return 0;
  }
  const [address, ...more] = positionals;
  if (address === undefined || more.length > 0) throw new UsageError(`Name one backend.\n\n${usage}`);
  const file = values['cpr-file'];
  if (file === undefined) throw new UsageError('Name the test persons: --cpr-file FILE.');
  const people = peopleOf(file === '-' ? await text(input) : await readFile(file, 'utf8'));
  for (const part of values.only ?? [])
    if (!allChecks.some(({id}) => id.startsWith(part)))
      throw new UsageError(`No check begins with ${part}: see --list.`);
  const other = headersOf(values['other-header'] ?? [], values['other-token-env'], env);
  const report = await runAcceptance({
    url: urlOf(address),
    people,
    headers: headersOf(values.header ?? [], values['token-env'], env),
    ...(Object.keys(other).length === 0 ? {} : {other}),
    ...(values.timeout === undefined ? {} : {timeoutMs: millisecondsOf(values.timeout)}),
    ...(values.down === undefined ? {} : {down: values.down}),
    ...(values['target-env'] === undefined ? {} : {target: targetOf(values['target-env'], env)}),
    ...(values.purpose === undefined ? {} : {purpose: values.purpose}),
    ...(values.only === undefined ? {} : {only: values.only}),
    write: values.write === true,
  });
  out.write(textOf(report));
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(report, null, 2)}\n`);
  return report.failed > 0 ? 1 : 0;
}

function urlOf(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    throw new UsageError('The backend is named by its address, e.g. https://example.dk/bsp.');
  if (url.username || url.password) throw new UsageError('Leave who asks out of the address: see --token-env.');
  return url;
}

function headersOf(given: readonly string[], tokenName: string | undefined, env: CliStreams['env']) {
  const headers: Record<string, string> = {};
  for (const header of given) {
    const [, name, value] = /^([\w-]+):\s*(.*)$/.exec(header) ?? [];
    if (name === undefined || value === undefined) throw new UsageError("A header is given as 'Name: value'.");
    headers[name.toLowerCase()] = value;
  }
  if (tokenName !== undefined) {
    const token = env[tokenName];
    if (!token) throw new UsageError(`The environment variable ${tokenName} is empty.`);
    headers.authorization = `Bearer ${token}`;
  }
  return headers;
}

function targetOf(name: string, env: CliStreams['env']): TargetSecret {
  const [, id, secret] = /^([^:]+):(.+)$/.exec(env[name] ?? '') ?? [];
  if (id === undefined || secret === undefined)
    throw new UsageError(`The environment variable ${name} is not ID:SECRET of a target.`);
  return {id, secret};
}

function millisecondsOf(seconds: string): number {
  const value = Number(seconds);
  if (!(value > 0 && value <= 3600)) throw new UsageError('--timeout is a number of seconds, 3600 at most.');
  return value * 1000;
}

function plainText(thrown: unknown): string | undefined {
  if (thrown instanceof UsageError || thrown instanceof PeopleError || thrown instanceof Unmet) return thrown.message;
  const {code, message} = thrown as {code?: unknown; message?: unknown};
  return typeof code === 'string' && /^(ERR_PARSE_ARGS|E[A-Z]+)/.test(code) ? String(message) : undefined;
}
