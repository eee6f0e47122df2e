import {parseArgs} from 'node:util';
import {type CliStreams, CommandError, configOf, logTo, UsageError, write} from './cli-streams.js';
import {accountable, citizenIn, given, textOf, type Values} from './cli-values.js';
import {type GatewayConfig, tenantsOf} from './config.js';
import {byteOrderMark, csvLine} from './csv.js';
import type {Log} from './log.js';
import {alarmLines} from './lookup-log-alarms.js';
import {citizenView, unknownWithheld} from './lookup-log-citizen.js';
import {exportLines} from './lookup-log-export.js';
import {exportHeads, headsText, parseHeads} from './lookup-log-heads.js';
import type {LookupRange} from './lookup-log-reader.js';
import {dropMonths, firstKeptMonth, logAdministration} from './lookup-log-retention.js';
import {proposeSample, sampleLines} from './lookup-log-sample.js';
import {type Finding, verifyLog} from './lookup-log-verify.js';
import {parseWatchList, saveWatchList} from './lookup-log-watch.js';
import {storageOf} from './rooms.js';
import {openStorage, type Storage} from './storage/database.js';

const common = {config: {type: 'string'}, tenant: {type: 'string'}} as const;
const range = {from: {type: 'string'}, to: {type: 'string'}} as const;
const entitled = {'with-numbers': {type: 'boolean'}, by: {type: 'string'}, reason: {type: 'string'}} as const;
const options = {
  verify: {...common, month: {type: 'string'}, heads: {type: 'string'}},
  heads: common,
  export: {...common, ...range, ...entitled},
  watch: {...common, file: {type: 'string'}},
  alarms: {...common, ...range},
  sample: {...common, ...range, seed: {type: 'string'}, size: {type: 'string'}, alarms: {type: 'string'}},
  citizen: {...common, ...range, ...entitled, 'cpr-file': {type: 'string'}},
  retention: {
    ...common,
    by: {type: 'string'},
    reason: {type: 'string'},
    months: {type: 'string'},
    month: {type: 'string'},
  },
} as const;

type Subcommand = keyof typeof options;

/** What a subcommand works with. */
interface Work {
  readonly values: Values;
  readonly config: GatewayConfig;
  readonly storage: Storage;
  readonly streams: CliStreams;
  readonly log: Log;
  readonly tenant: string;
}

/** `bsp-gateway log …`: what is done with the lookup log. */
export async function runLog([name, ...argv]: readonly string[], streams: CliStreams): Promise<number> {
  if (name === undefined || !Object.hasOwn(options, name))
    throw new UsageError(`Name what to do with the log: ${Object.keys(options).join(', ')}.`);
  const subcommand = name as Subcommand;
  const parsed = parseArgs({args: [...argv], options: options[subcommand]});
  const values = parsed.values as Values;
  const config = configOf(textOf(values, 'config'), streams.env);
  if (config.storage.kind === 'memory')
    throw new CommandError('The storage is in memory: there is no log outside the running gateway.');
  const tenants = chosen(config, subcommand, textOf(values, 'tenant'));
  const log = logTo(streams.err);
  const storage = await openStorage(config.storage, log);
  try {
    if (!config.tenants)
      return await subcommands[subcommand]({values, config, storage, streams, log, tenant: config.tenant.id});
    let worst = 0;
    for (const its of tenants) {
      const {id} = its.tenant;
      const own = await storageOf(its, storage, true);
      const work = {values: {...values, tenant: id}, config: its, storage: own, streams, log, tenant: id};
      worst = Math.max(worst, await subcommands[subcommand](work));
    }
    return worst;
  } finally {
    await storage.close();
  }
}

/**
 * Each tenant has a key of its own, so each is looked at by itself. What goes by all of them needs none named. A name that
 * nobody has is refused: to find nothing under it would be taken for an answer.
 */
function chosen(config: GatewayConfig, subcommand: Subcommand, named: string | undefined) {
  const tenants = tenantsOf(config);
  const known = tenants.map(({tenant}) => tenant.id).join(', ');
  if (config.tenants && named === undefined && subcommand !== 'verify' && subcommand !== 'heads')
    throw new UsageError(`Name the tenant: --tenant, one of ${known}.`);
  const found = tenants.filter(({tenant}) => named === undefined || tenant.id === named);
  if (found.length === 0) throw new UsageError(`There is no such tenant in the configuration; there are ${known}.`);
  return found;
}

const subcommands: Readonly<Record<Subcommand, (work: Work) => Promise<number>>> = {
  async verify({values, storage, streams}) {
    const tenant = textOf(values, 'tenant');
    const month = monthIn(values);
    const file = textOf(values, 'heads');
    const heads = file === undefined ? undefined : headsIn(await given(file, streams));
    const told: Promise<void>[] = [];
    let findings = 0;
    const {chains, rows, dropped} = await verifyLog(
      storage,
      {
        ...(tenant === undefined ? {} : {tenant}),
        ...(month === undefined ? {} : {month}),
        ...(heads === undefined ? {} : {heads}),
      },
      (finding) => {
        findings++;
        if (findings <= mostFindingsTold) told.push(write(streams.out, `${findingText(finding)}\n`));
      },
    );
    await Promise.all(told);
    if (findings > mostFindingsTold) await write(streams.out, `… and ${findings - mostFindingsTold} more\n`);
    const verdict =
      findings > 0
        ? `${findings} findings`
        : chains > 0
          ? 'all as it was written'
          : 'nothing was written yet, or all of it was taken away: exported heads tell (--heads)';
    await write(
      streams.out,
      `${rows} rows in ${chains} chains, ${dropped} of them dropped${heads ? `, ${heads.length} exported heads` : ''}: ${verdict}\n`,
    );
    return findings === 0 ? 0 : 1;
  },

  async heads({values, storage, streams}) {
    await write(streams.out, headsText(await exportHeads(storage, textOf(values, 'tenant'))));
    return 0;
  },

  async export(work) {
    const {values, storage, streams} = work;
    const meant = rangeOf(work);
    const withNumbers = await entitledTo(work, 'export', {from: meant.from, to: meant.to});
    for await (const line of exportLines(storage, meant, withNumbers ? 'with-numbers' : 'masked'))
      await write(streams.out, line);
    if (!values['with-numbers']) await write(streams.err, 'Numbers are masked; --with-numbers shows them.\n');
    return 0;
  },

  async watch({values, storage, streams, tenant}) {
    const file = textOf(values, 'file');
    if (file === undefined) throw new UsageError('Name the list: --file FILE.');
    const text = await given(file, streams);
    const rows = mendable(() => parseWatchList(storage.secrets, tenant, text));
    await saveWatchList(storage, tenant, rows);
    const count = (kind: string) => rows.filter((row) => row.kind === kind).length;
    await write(
      streams.out,
      `Watched: ${count('person')} persons, ${count('kle')} KLE, ${count('employee')} employees.\n`,
    );
    return 0;
  },

  async alarms(work) {
    await write(work.streams.out, byteOrderMark);
    for await (const line of alarmLines(work.storage, rangeOf(work))) await write(work.streams.out, line);
    return 0;
  },

  async sample(work) {
    const {values, storage, streams} = work;
    const seed = textOf(values, 'seed');
    if (seed === undefined)
      throw new UsageError('Choose a seed: --seed TEXT; the same one draws the same sample again.');
    const size = wholeNumber(values, 'size') ?? 50;
    const mostPerAlarm = wholeNumber(values, 'alarms') ?? 20;
    const proposed = await proposeSample(storage, rangeOf(work), {seed, size, mostPerAlarm});
    await write(streams.out, byteOrderMark);
    for (const line of sampleLines(proposed)) await write(streams.out, line);
    return 0;
  },

  async citizen(work) {
    const {values, config, storage, streams, tenant} = work;
    const {value, masked} = await citizenIn(values, streams);
    const {from, to} = rangeOf(work);
    const withNumbers = await entitledTo(work, 'citizen', {from, to});
    const {lines, withheld} = await citizenView(storage, config, {tenant, cpr: value, from, to});
    const shown = withNumbers ? `${value.slice(0, 6)}-${value.slice(6)}` : masked;
    for (const told of unknownWithheld(config)) await write(streams.err, `${told}\n`);
    await write(streams.out, byteOrderMark + csvLine(['Opslag om', shown]));
    for (const line of lines) await write(streams.out, line);
    if (withheld > 0)
      await write(
        streams.err,
        `${withheld} lookups are withheld by the configuration; the citizen does not see this line.\n`,
      );
    return 0;
  },

  async retention(work) {
    const {values, config, storage, streams, log, tenant} = work;
    const month = monthIn(values);
    const months = wholeNumber(values, 'months') ?? config.lookupLog.retentionMonths;
    const which = month === undefined ? {before: firstKeptMonth(new Date(), months)} : {month};
    const results = await dropMonths(storage, tenant, which, accountable(values, 'Rows are dropped'), log);
    for (const {month: dropped, rows, refused} of results)
      await write(
        streams.out,
        refused === undefined
          ? `${tenant} ${dropped}: ${rows} rows dropped, the head is kept\n`
          : `${tenant} ${dropped}: refused, ${refused}\n`,
      );
    if (results.length === 0) await write(streams.out, `${tenant}: nothing is old enough\n`);
    return results.some(({refused}) => refused !== undefined) ? 1 : 0;
  },
};

const mostFindingsTold = 100;

const findingText = ({kind, tenant, month, sequence, detail}: Finding): string =>
  `${kind}: ${tenant}${month === undefined ? '' : ` ${month}`}${sequence === undefined ? '' : ` row ${sequence}`}: ${detail}`;

/** Whether numbers are shown. If so, who does it and why is in the log before the first one is. */
async function entitledTo({values, storage, tenant, log}: Work, what: string, details: object): Promise<boolean> {
  if (!values['with-numbers']) return false;
  const by = accountable(values, 'Numbers are shown');
  await logAdministration(storage, tenant, {what, ...by, ...details, withNumbers: true}, log);
  return true;
}

function wholeNumber(values: Values, name: string): number | undefined {
  const text = textOf(values, name);
  if (text === undefined) return undefined;
  if (!/^\d{1,6}$/.test(text)) throw new UsageError(`--${name} must be a whole number.`);
  return Number(text);
}

function monthIn(values: Values): string | undefined {
  const month = textOf(values, 'month');
  if (month !== undefined && !/^\d{4}-(0[1-9]|1[0-2])$/.test(month)) throw new UsageError('--month must be YYYY-MM.');
  return month;
}

/** Days of the range, both included. */
function rangeOf({values, tenant}: Work): LookupRange {
  const day = (name: 'from' | 'to', later: number): string | undefined => {
    const text = textOf(values, name);
    if (text === undefined) return undefined;
    const date = new Date(`${text}T00:00:00Z`);
    if (!/^\d{4}-\d\d-\d\d$/.test(text) || Number.isNaN(date.getTime()) || !date.toISOString().startsWith(text))
      throw new UsageError(`--${name} must be a day, YYYY-MM-DD.`);
    return new Date(date.getTime() + later * 86_400_000).toISOString();
  };
  const [from, to] = [day('from', 0), day('to', 1)];
  // Nothing lies in it, and that would be taken for an answer.
  if (from !== undefined && to !== undefined && from >= to) throw new UsageError('--from must not be after --to.');
  return {tenant, from, to};
}

const headsIn = (content: string) => mendable(() => parseHeads(content));

function mendable<T>(work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    throw new CommandError((thrown as Error).message);
  }
}
