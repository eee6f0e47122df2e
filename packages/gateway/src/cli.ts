import {readFileSync} from 'node:fs';
import {parseArgs} from 'node:util';
import {runCheck} from './cli-check.js';
import {runEvents} from './cli-events.js';
import {runKey} from './cli-key.js';
import {runLog} from './cli-log.js';
import {runMigrate} from './cli-migrate.js';
import {type CliStreams, CommandError, configOf, plainText, UsageError, write} from './cli-streams.js';
import {runSubject} from './cli-subject.js';
import {createGateway} from './gateway.js';
import {scrub} from './log.js';

const usage = `Usage: bsp-gateway COMMAND --config FILE (or BSP_CONFIG)

  start [--port N] [--host ADDRESS]    runs the gateway
  migrate                              makes and changes the tables (PostgreSQL); a start does so too, unless
                                       "storage.migrate" is "command"
  check                                looks at configuration, key, storage and connectors
  key list [--tenant T]                the keys that open the database
  key add --new-key-file FILE [--tenant T] --by WHO --reason WHY
                                       lets another key open it, beside the one that the configuration names
  key drop-others [--tenant T] --by WHO --reason WHY
                                       lets no key open it but the one that the configuration names
  log verify [--tenant T] [--month YYYY-MM] [--heads FILE]
                                       finds every change of the lookup log (exit code 1)
  log heads [--tenant T]               takes the chains' heads out, for a later verify --heads
  log export [RANGE] [--with-numbers --by WHO --reason WHY]
                                       the log as CSV with the columns of the portal's audit log
  log watch --file FILE [--tenant T]   replaces what the alarms watch for (CSV; - reads standard input)
  log alarms [RANGE]                   the alarms as CSV
  log sample [RANGE] --seed TEXT [--size N] [--alarms N]
                                       proposes a sample to look at, with reasons
  log citizen --cpr-file FILE [RANGE] [--with-numbers --by WHO --reason WHY]
                                       what a citizen may see (- reads the number from standard input)
  log retention [--tenant T] --by WHO --reason WHY [--months N | --month YYYY-MM]
                                       drops sealed months, keeps their heads
  subject export --cpr-file FILE [--tenant T] --by WHO --reason WHY
                                       all that is kept of a citizen, as JSON: personal data
  events set-aside [--tenant T]        messages that were fetched and could not be taken
  events show --id ID [--tenant T] --by WHO --reason WHY
                                       one of them, as it came: personal data
  events drop --id ID [--tenant T] --by WHO --reason WHY
                                       forgets one of them

  RANGE: [--tenant T] [--from YYYY-MM-DD] [--to YYYY-MM-DD], both days included
  Of several tenants one must be named, but for "log verify" and "log heads", which look at all.

  --help (-h) shows this, --version which version it is.

Exit code: 0 done, 1 something is wrong, 2 the command or the configuration can't be used.
`;

/** Runs one command; gives its exit code. */
export async function runCli(argv: readonly string[], streams: CliStreams): Promise<number> {
  const [command, ...rest] = argv;
  try {
    // Wherever it stands: who asks how a command is used does not want it done.
    if (command === 'help' || argv.some((argument) => argument === '--help' || argument === '-h')) {
      await write(streams.out, usage);
      return 0;
    }
    switch (command) {
      case 'start':
        return await runStart(rest, streams);
      case 'migrate':
        return await runMigrate(rest, streams);
      case 'check':
        return await runCheck(rest, streams);
      case 'key':
        return await runKey(rest, streams);
      case 'log':
        return await runLog(rest, streams);
      case 'subject':
        return await runSubject(rest, streams);
      case 'events':
        return await runEvents(rest, streams);
      case '--version':
        await write(streams.out, `${versionOfPackage()}\n`);
        return 0;
      default:
        throw new UsageError(command === undefined ? 'Name a command.' : `There is no command "${scrub(command)}".`);
    }
  } catch (thrown) {
    const text = plainText(thrown);
    if (text === undefined) throw thrown;
    await write(streams.err, `${text}\n${thrown instanceof UsageError ? `\n${usage}` : ''}`);
    return 2;
  }
}

function versionOfPackage(): string {
  const {version} = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {version: string};
  return version;
}

async function runStart(argv: readonly string[], {err, env}: CliStreams): Promise<number> {
  const {values} = parseArgs({
    args: [...argv],
    options: {config: {type: 'string'}, port: {type: 'string'}, host: {type: 'string'}},
  });
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port < 65_536))
    throw new UsageError('--port must be a number from 0 to 65535.');
  const host = values.host ?? (env.BSP_HOST || undefined);
  const config = configOf(values.config, env);
  // Before anything that takes time: the first process of a container has no other way to end than by its own will.
  const stopped = new Promise<NodeJS.Signals>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve(signal));
  });
  const gateway = await Promise.race([createGateway(config), stopped.then(() => undefined)]);
  // Half a start leaves nothing half done: what it writes, it writes in transactions.
  if (!gateway) return 0;
  let signal: NodeJS.Signals | undefined;
  try {
    const address = await gateway.listen({
      ...(port === undefined ? {} : {port}),
      ...(host === undefined ? {} : {host}),
    });
    await write(err, `The gateway answers at ${address}\n`);
    signal = await stopped;
  } catch (thrown) {
    if (thrown instanceof Error && thrown.message.includes('loopback')) throw new CommandError(thrown.message);
    throw thrown;
  } finally {
    // Whoever presses a key waits for no balancer.
    if (signal === 'SIGTERM') await gateway.drain();
    await gateway.close();
  }
  return 0;
}
