import {createHash, randomBytes, timingSafeEqual} from 'node:crypto';
import {
  type Launch,
  type Launched,
  launchParameter,
  ProblemError,
  problemOf,
  type RecordRef,
  type Redeemed,
  type Subject,
} from '@bsp/contract';
import {sql} from 'kysely';
import type {ActionRequest} from './actions.js';
import {type Aliases, containsCpr} from './aliases.js';
import type {GatewayConfig} from './config.js';
import type {FanOut} from './fan-out.js';
import type {Identity} from './identity.js';
import {type Classes, classesOf, type LookupLog} from './lookup-log.js';
import type {Storage} from './storage/database.js';
import type {TargetConfig} from './targets-config.js';

/** What a legacy target gets: the page posts it, and nobody else sees it. */
export interface HandOver {
  readonly target: {readonly name: string; readonly url: string};
  readonly fields: readonly (readonly [name: string, value: string])[];
}

/** Takes users on to other systems, with the person or the case that they are at. */
export interface Launches {
  /**
   * Makes a launch code for the user, the target and what is shown now, or the address of a link.
   * @throws ProblemError - `foreign-item` for a record of somebody else, `not-applicable` for what the target does not take.
   */
  launch(request: ActionRequest, payload: Launch): Promise<Launched>;
  /** Whether this is the target's secret: compared in constant time, also for a target that there is none of. */
  isTarget(id: string, secret: string): boolean;
  /**
   * What a code stands for, once; undefined for unknown, expired, redeemed, and another target's alike. A logged lookup.
   * @throws ProblemError `unavailable`: no log, no answer.
   */
  redeem(targetId: string, code: string, from: string): Promise<Redeemed | undefined>;
  /** The same for a form, to the browser that launched it alone. */
  handOver(code: string, browser: string, from: string): Promise<HandOver | undefined>;
  /** Deletes launches that are over. */
  sweep(): Promise<void>;
}

/** What a launch was about; kept encrypted. */
interface Kept {
  readonly user: Identity['user'];
  readonly context: {
    readonly id: string;
    readonly subject: Subject;
    readonly purpose?: string | undefined;
    readonly reason?: string | undefined;
    readonly breakGlass?: boolean;
  };
  /** As the source knows it, and as it goes out to browsers. */
  readonly record?: {readonly ref: RecordRef; readonly publicId: string; readonly classes?: Classes};
}

/** How long a code can be redeemed. */
const codeSeconds = 60;
const codePattern = /^[\w-]{22}$/;
/** Which resource holds what a target is opened with. */
const resourceOf = {case: 'cases', document: 'documents'} as const;

/** Makes the room that takes users on. */
export function launchesOf(parts: {
  config: GatewayConfig;
  storage: Storage;
  aliases: Aliases;
  fanOut: FanOut;
  lookupLog: LookupLog;
}): Launches {
  const {config, storage, aliases, fanOut, lookupLog} = parts;
  const {tenant, targets} = config;
  /** Where browsers find the API; a path where it is on the page's own origin. */
  const publicPath = `${config.publicUrl ?? config.prefix}/v1`;
  const {database, secrets} = storage;
  const indexOf = (code: string) => secrets.fingerprint('launch', [tenant.id, code]);
  const bound = (index: string) => ['launch', tenant.id, index];
  const browserIndex = (index: string, browser: string) => secrets.fingerprint('launch browser', [index, browser]);

  /** Commits a lookup: all this goes to the target now. */
  async function logged({user, context, record}: Kept, subjectIndex: string, target: TargetConfig, from: string) {
    const {id, subject, purpose, reason, breakGlass = false} = context;
    const shown = {id, tenant: tenant.id, userId: user.id, subject, subjectIndex, purpose, reason, breakGlass};
    const lookup = await lookupLog.open({user, system: target.id}, shown, {
      what: 'hop',
      resources: {hop: [target.id]},
      ...(record ? {record: record.publicId} : {}),
      from,
    });
    const outcome = {
      resource: 'hop',
      source: target.id,
      status: 'ok',
      count: 1,
      invalid: 0,
      ...(record?.classes ?? classesOf([])),
    };
    await lookup.close([outcome], true);
  }

  /** The record that the user chose, by the id that its source knows. */
  async function recordOf(
    {identity, context, signal}: ActionRequest,
    {record}: Launch,
    target: TargetConfig,
  ): Promise<Kept['record']> {
    const pointer = '/payload/record';
    if (target.for === 'person') {
      if (record) throw new ProblemError(problemOf('invalid-request', 'The target takes no record.', {pointer}));
      return undefined;
    }
    if (!record) throw new ProblemError(problemOf('invalid-request', 'The target wants a record.', {pointer}));
    const foreign = () =>
      new ProblemError(problemOf('foreign-item', 'The record is not one of this person.', {pointer}));
    if (!target.sources?.includes(record.source)) throw foreign();
    const wanted = {resource: resourceOf[target.for], source: record.source, ids: [record.id]};
    const held = await fanOut.holds(identity, context, wanted, signal);
    if (held === 'no') throw foreign();
    if (held === 'unknown')
      throw new ProblemError(problemOf('unavailable', 'The source of the record does not answer.', {retryAfter: 5}));
    const id = await aliases.sourceId(context.tenant, record);
    const classes = classesOf([fanOut.deciding(identity, context, wanted.resource, record)]);
    return {ref: {source: record.source, id}, publicId: record.id, classes};
  }

  async function minted(kept: Kept, subjectIndex: string, target: TargetConfig, browser: string): Promise<string> {
    const code = randomBytes(16).toString('base64url');
    const index = indexOf(code);
    await database
      .insertInto('launch')
      .values({
        tenant: tenant.id,
        code_index: index,
        target: target.id,
        subject_index: subjectIndex,
        browser_index: browser === '' ? '' : browserIndex(index, browser),
        content_sealed: secrets.seal(bound(index), JSON.stringify(kept)),
        // By the database's clock, as it is judged: replicas may disagree about the time.
        expires_at: sql<Date>`clock_timestamp() + ${codeSeconds} * interval '1 second'`,
        redeemed_at: null,
      })
      .execute();
    return code;
  }

  /** Takes a code, if it stands. One of those who come at the same time gets it. */
  async function taken(kind: TargetConfig['kind'], code: string, browser: string, targetId?: string) {
    const mayTake = targets.filter((one) => one.kind === kind && (targetId === undefined || one.id === targetId));
    if (mayTake.length === 0 || !codePattern.test(code)) return undefined;
    const index = indexOf(code);
    const row = await database
      .updateTable('launch')
      .set({redeemed_at: sql<Date>`clock_timestamp()`})
      .where('tenant', '=', tenant.id)
      .where('code_index', '=', index)
      .where(
        'target',
        'in',
        mayTake.map(({id}) => id),
      )
      .where('browser_index', '=', browser === '' ? '' : browserIndex(index, browser))
      .where('redeemed_at', 'is', null)
      .where('expires_at', '>', sql<Date>`clock_timestamp()`)
      .returning(['target', 'content_sealed', 'subject_index', 'expires_at'])
      .executeTakeFirst();
    return (
      row && {
        target: mayTake.find(({id}) => id === row.target)!,
        kept: JSON.parse(secrets.open(bound(index), row.content_sealed)) as Kept,
        subjectIndex: row.subject_index,
        launchedAt: new Date(row.expires_at.getTime() - codeSeconds * 1_000).toISOString(),
      }
    );
  }

  return {
    async launch(request, payload) {
      const {identity, context, from} = request;
      const target = targets.find(
        ({id}) => payload.target.source === config.journal.source && payload.target.id === id,
      );
      if (!target)
        throw new ProblemError(problemOf('not-applicable', 'There is no such target.', {pointer: '/payload/target'}));
      const record = await recordOf(request, payload, target);
      const {id, subject, purpose, reason, subjectIndex, breakGlass} = context;
      const kept: Kept = {
        user: identity.user,
        context: {id, subject, purpose, reason, breakGlass},
        ...(record ? {record} : {}),
      };
      if (target.kind === 'code') {
        const url = new URL(target.url);
        url.searchParams.set(launchParameter, await minted(kept, subjectIndex, target, ''));
        return {url: url.href};
      }
      if (target.kind === 'form') {
        if (subject.type !== 'cpr' && Object.values(target.fields).some((value) => value.includes('{cpr}')))
          throw notTaken();
        const browser = randomBytes(16).toString('base64url');
        const code = await minted(kept, subjectIndex, target, browser);
        const path = `${publicPath}/launches/${code}`;
        request.rememberLaunch?.({path, value: browser, seconds: codeSeconds});
        return {url: path};
      }
      const url = linkTo(target.url, record?.ref.id);
      if (record && target.url.includes('{record}')) await logged(kept, subjectIndex, target, from);
      return {url};
    },

    isTarget(id, secret) {
      const target = targets.find((one) => one.id === id && one.kind === 'code');
      const digest = (text: string) => createHash('sha256').update(text).digest();
      const same = timingSafeEqual(digest(target?.kind === 'code' ? target.secret : ''), digest(secret));
      return same && target !== undefined;
    },

    async redeem(targetId, code, from) {
      const launch = await taken('code', code, '', targetId);
      if (!launch) return undefined;
      await logged(launch.kept, launch.subjectIndex, launch.target, from);
      const {user, context, record} = launch.kept;
      return {
        subject: context.subject,
        user: {id: user.id, name: user.name, ...(user.unit === undefined ? {} : {unit: user.unit})},
        tenant: {id: tenant.id, name: tenant.name},
        ...(context.purpose === undefined ? {} : {purpose: context.purpose}),
        ...(record ? {record: record.ref} : {}),
        launchedAt: launch.launchedAt,
      };
    },

    async handOver(code, browser, from) {
      const launch = browser === '' ? undefined : await taken('form', code, browser);
      if (launch?.target.kind !== 'form') return undefined;
      const {kept, subjectIndex, target} = launch;
      await logged(kept, subjectIndex, target, from);
      const values: Readonly<Record<string, string>> = {
        cpr: kept.context.subject.type === 'cpr' ? kept.context.subject.value : '',
        user: kept.user.id,
        record: kept.record?.ref.id ?? '',
      };
      const filled = (text: string) => text.replace(/\{(\w+)\}/g, (_, word: string) => values[word] ?? '');
      return {
        target: {name: target.name, url: target.url},
        fields: Object.entries(launch.target.fields).map(([name, value]) => [name, filled(value)] as const),
      };
    },

    async sweep() {
      await database
        .deleteFrom('launch')
        .where('tenant', '=', tenant.id)
        .where('expires_at', '<', sql<Date>`clock_timestamp() - interval '1 hour'`)
        .execute();
    },
  };
}

/** A link's address; a record's id stands in it only where it says nothing of the person, and leads nowhere else. */
function linkTo(template: string, id = ''): string {
  if (!template.includes('{record}')) return template;
  if (id === '' || /^\.{1,2}$/.test(id) || containsCpr(id)) throw notTaken();
  return new URL(template.replaceAll('{record}', encodeURIComponent(id))).href;
}

const notTaken = () =>
  new ProblemError(problemOf('not-applicable', 'The target can not be opened with this.', {pointer: '/payload'}));
