import {randomBytes} from 'node:crypto';
import {
  normalizedSubject,
  type OpenedContext,
  ProblemError,
  problemOf,
  type ShownSubject,
  type Subject,
  shownNumber,
  subjectSchema,
} from '@bsp/contract';
import {sql} from 'kysely';
import * as z from 'zod/mini';
import type {BreakGlass} from './access/break-glass.js';
import {type Aliases, mintedNothing} from './aliases.js';
import type {GatewayConfig} from './config.js';
import {gathered} from './gathered.js';
import type {Identity} from './identity.js';
import {cursorText, headLookOf} from './notices.js';
import {requestPart} from './problems.js';
import type {Storage} from './storage/database.js';
import {subjectIndex} from './storage/secrets.js';

/** One tenant, one user, one subject; immutable, never reused. */
export interface Context {
  readonly id: string;
  readonly tenant: string;
  readonly userId: string;
  /** By its real number. */
  readonly subject: Subject;
  readonly subjectIndex: string;
  readonly purpose: string | undefined;
  /** In the user's own words. */
  readonly reason: string | undefined;
  /** The glass was broken for it: it shows what its user's rights do not open. */
  readonly breakGlass: boolean;
  readonly openedAt: Date;
  readonly expiresAt: Date;
  /** Where its notices begin. */
  readonly cursor: string;
}

type ShownContext = Pick<Context, 'id' | 'subject' | 'breakGlass' | 'openedAt' | 'expiresAt' | 'cursor'>;

/** Opens, finds and closes contexts. */
export interface Contexts {
  open(identity: Identity, body: unknown, from: string): Promise<OpenedContext>;
  /** A context as it is told to the browser: never the number itself, but a handle by which it can be opened again. */
  shown(identity: Identity, context: ShownContext): Promise<OpenedContext>;
  /** @throws ProblemError `context-closed`, the same for unknown, closed, expired and another user's. */
  find(identity: Identity, id: string): Promise<Context>;
  close(identity: Identity, id: string): Promise<void>;
  /** Deletes contexts that ended more than a day ago. */
  sweep(): Promise<void>;
}

const openRequestSchema = z.object({
  subject: subjectSchema,
  purpose: z.optional(z.string().check(z.maxLength(200))),
  reason: z.optional(z.string().check(z.maxLength(2_000))),
  breakGlass: z.optional(z.literal(true)),
});

/** What an id is. Nothing else is looked for: it comes from an address, and is looked for together with other users'. */
const idPattern = /^[\w-]{22}$/;

/** Makes the room that owns contexts. */
export function contextsOf(config: GatewayConfig, storage: Storage, aliases: Aliases, glass: BreakGlass): Contexts {
  const {database, secrets} = storage;
  const sealBound = (tenant: string, id: string) => ['context', tenant, id];

  /** The subject by its real number, and what may be shown of it. */
  async function resolved(identity: Identity, given: Subject): Promise<Subject> {
    if (given.type === 'self')
      throw invalidSubject('This gateway has no citizen login, so there is no "self".', '/type');
    const normalized = normalizedSubject(given);
    if (!normalized.ok) throw invalidSubject(faultTitles[normalized.reason], '/value');
    if (normalized.value.type !== 'ref') return normalized.value;
    const known = await aliases.subjectOf(identity, normalized.value.value);
    if (!known) throw invalidSubject('The handle is not known.', '/value');
    return known;
  }

  async function shown(identity: Identity, context: ShownContext): Promise<OpenedContext> {
    const {id, subject, breakGlass, openedAt, expiresAt, cursor} = context;
    const minted = mintedNothing();
    const handle = aliases.handleOf(identity, subject, minted);
    await aliases.keep(identity, minted);
    return {
      contextId: id,
      subject: shownSubject(subject),
      openedAt: openedAt.toISOString(),
      expiresAt: expiresAt.toISOString(),
      ...(breakGlass ? {breakGlass} : {}),
      handle,
      cursor,
    };
  }

  /** Asked for each time, since any replica may have closed it; together for all requests of a moment. */
  const rowOf = gathered(
    async (asked: readonly {tenant: string; id: string}[]) => {
      const rows = await database
        .selectFrom('context')
        .selectAll()
        .where('tenant', '=', sql<string>`any(${asked.map(({tenant}) => tenant)}::text[])`)
        .where('id', '=', sql<string>`any(${asked.map(({id}) => id)}::text[])`)
        .execute();
      const found = new Map(rows.map((row) => [`${row.tenant} ${row.id}`, row]));
      return asked.map(({tenant, id}) => found.get(`${tenant} ${id}`));
    },
    {lanes: 4},
  );

  const headNow = headLookOf(database);

  return {
    shown,

    async open(identity, body, from) {
      const request = requestPart(openRequestSchema, body);
      const {purpose, reason} = request;
      if (purpose !== undefined && !config.purposes.some(({id}) => id === purpose))
        throw new ProblemError(problemOf('invalid-request', 'The purpose is not known.', {pointer: '/purpose'}));
      const broken = request.breakGlass && glass.check(identity, reason);
      const subject = await resolved(identity, request.subject);
      const tenant = identity.tenant.id;
      const id = randomBytes(16).toString('base64url');
      const openedAt = new Date();
      const hours = Math.min(config.contextHours, broken ? broken.minutes / 60 : Number.POSITIVE_INFINITY);
      const expiresAt = new Date(openedAt.getTime() + hours * 3_600_000);
      const cursor = cursorText(await headNow(tenant));
      const index = subjectIndex(secrets, tenant, identity.user.id, subject);
      const breakGlass = broken !== undefined;
      const context: Context = {
        id,
        tenant,
        userId: identity.user.id,
        subject,
        subjectIndex: index,
        purpose,
        reason,
        breakGlass,
        openedAt,
        expiresAt,
        cursor,
      };
      if (breakGlass) await glass.log(identity, context, from);
      const row = {
        tenant,
        id,
        user_id: identity.user.id,
        subject_index: index,
        subject_sealed: secrets.seal(sealBound(tenant, id), JSON.stringify(subject)),
        purpose: purpose ?? null,
        reason_sealed: reason === undefined ? null : secrets.seal(sealBound(tenant, id), reason),
        opened_at: openedAt,
        expires_at: expiresAt,
        closed_at: null,
        break_glass: breakGlass,
        cursor,
      };
      if (breakGlass)
        await storage.transact(async (tx) => {
          await tx.insertInto('context').values(row).execute();
          await glass.keepNotice(tx, identity, context);
        });
      else await database.insertInto('context').values(row).execute();
      return shown(identity, context);
    },

    async find(identity, id) {
      const tenant = identity.tenant.id;
      const row = idPattern.test(id) ? await rowOf({tenant, id}) : undefined;
      if (!row || row.user_id !== identity.user.id || row.closed_at || row.expires_at.getTime() <= Date.now())
        throw notOpen();
      return {
        id,
        tenant,
        userId: row.user_id,
        subject: JSON.parse(secrets.open(sealBound(tenant, id), row.subject_sealed)) as Subject,
        subjectIndex: row.subject_index,
        purpose: row.purpose ?? undefined,
        breakGlass: row.break_glass,
        reason: row.reason_sealed === null ? undefined : secrets.open(sealBound(tenant, id), row.reason_sealed),
        openedAt: row.opened_at,
        expiresAt: row.expires_at,
        cursor: row.cursor,
      };
    },

    async close(identity, id) {
      if (!idPattern.test(id)) throw notOpen();
      const result = await database
        .updateTable('context')
        .set({closed_at: new Date()})
        .where('tenant', '=', identity.tenant.id)
        .where('id', '=', id)
        .where('user_id', '=', identity.user.id)
        .where('closed_at', 'is', null)
        .where('expires_at', '>', new Date())
        .executeTakeFirst();
      if (result.numUpdatedRows === 0n) throw notOpen();
    },

    async sweep() {
      const aDayAgo = new Date(Date.now() - 86_400_000);
      await database
        .deleteFrom('context')
        .where('tenant', '=', config.tenant.id)
        .where((where) => where.or([where('expires_at', '<', aDayAgo), where('closed_at', '<', aDayAgo)]))
        .execute();
    },
  };
}

function shownSubject(subject: Subject): ShownSubject {
  const masked = shownNumber(subject);
  return {type: subject.type, ...(masked === undefined ? {} : {masked})};
}

const faultTitles = {
  format: 'The number is not written as one.',
  date: 'The number begins with a date that does not exist.',
  checksum: 'The number fails its check digit.',
} as const;

const notOpen = () => new ProblemError(problemOf('context-closed', 'The context is not open.'));

const invalidSubject = (title: string, part: string) =>
  new ProblemError(problemOf('invalid-subject', title, {pointer: `/subject${part}`}));
