import {randomBytes} from 'node:crypto';
import {
  maskCpr,
  normalizedSubject,
  type OpenedContext,
  ProblemError,
  problemOf,
  type ShownSubject,
  type Subject,
  subjectSchema,
} from '@bsp/contract';
import * as z from 'zod/mini';
import {type Aliases, mintedNothing} from './aliases.js';
import type {GatewayConfig} from './config.js';
import type {Identity} from './identity.js';
import {currentCursor} from './notices.js';
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
  readonly openedAt: Date;
  readonly expiresAt: Date;
  /** Where its notices begin. */
  readonly cursor: string;
}

type ShownContext = Pick<Context, 'id' | 'subject' | 'openedAt' | 'expiresAt' | 'cursor'>;

/** Opens, finds and closes contexts. */
export interface Contexts {
  open(identity: Identity, body: unknown): Promise<OpenedContext>;
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
});

/** Makes the room that owns contexts. */
export function contextsOf(config: GatewayConfig, {database, secrets}: Storage, aliases: Aliases): Contexts {
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
    const {id, subject, openedAt, expiresAt, cursor} = context;
    const minted = mintedNothing();
    const handle = subject.type === 'cpr' ? aliases.handleOf(identity, subject, minted) : undefined;
    await aliases.keep(identity, minted);
    return {
      contextId: id,
      subject: shownSubject(subject),
      openedAt: openedAt.toISOString(),
      expiresAt: expiresAt.toISOString(),
      ...(handle === undefined ? {} : {handle}),
      cursor,
    };
  }

  return {
    shown,

    async open(identity, body) {
      const request = requestPart(openRequestSchema, body);
      const {purpose, reason} = request;
      if (purpose !== undefined && !config.purposes.some(({id}) => id === purpose))
        throw new ProblemError(problemOf('invalid-request', 'The purpose is not known.', {pointer: '/purpose'}));
      const subject = await resolved(identity, request.subject);
      const tenant = identity.tenant.id;
      const id = randomBytes(16).toString('base64url');
      const openedAt = new Date();
      const expiresAt = new Date(openedAt.getTime() + config.contextHours * 3_600_000);
      const cursor = await currentCursor(database, tenant);
      await database
        .insertInto('context')
        .values({
          tenant,
          id,
          user_id: identity.user.id,
          subject_index: subjectIndex(secrets, tenant, identity.user.id, subject),
          subject_sealed: secrets.seal(sealBound(tenant, id), JSON.stringify(subject)),
          purpose: purpose ?? null,
          reason_sealed: reason === undefined ? null : secrets.seal(sealBound(tenant, id), reason),
          opened_at: openedAt,
          expires_at: expiresAt,
          closed_at: null,
          cursor,
        })
        .execute();
      return shown(identity, {id, subject, openedAt, expiresAt, cursor});
    },

    async find(identity, id) {
      const tenant = identity.tenant.id;
      const row = await database
        .selectFrom('context')
        .selectAll()
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .executeTakeFirst();
      if (!row || row.user_id !== identity.user.id || row.closed_at || row.expires_at.getTime() <= Date.now())
        throw new ProblemError(problemOf('context-closed', 'The context is not open.'));
      return {
        id,
        tenant,
        userId: row.user_id,
        subject: JSON.parse(secrets.open(sealBound(tenant, id), row.subject_sealed)) as Subject,
        subjectIndex: row.subject_index,
        purpose: row.purpose ?? undefined,
        reason: row.reason_sealed === null ? undefined : secrets.open(sealBound(tenant, id), row.reason_sealed),
        openedAt: row.opened_at,
        expiresAt: row.expires_at,
        cursor: row.cursor,
      };
    },

    async close(identity, id) {
      const result = await database
        .updateTable('context')
        .set({closed_at: new Date()})
        .where('tenant', '=', identity.tenant.id)
        .where('id', '=', id)
        .where('user_id', '=', identity.user.id)
        .where('closed_at', 'is', null)
        .where('expires_at', '>', new Date())
        .executeTakeFirst();
      if (result.numUpdatedRows === 0n) throw new ProblemError(problemOf('context-closed', 'The context is not open.'));
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

const shownSubject = (subject: Subject): ShownSubject => ({
  type: subject.type,
  ...(subject.type === 'cpr' ? {masked: maskCpr(subject.value)} : {}),
});

const faultTitles = {
  format: 'The number is not written as one.',
  date: 'The number begins with a date that does not exist.',
  checksum: 'The number fails its check digit.',
} as const;

const invalidSubject = (title: string, part: string) =>
  new ProblemError(problemOf('invalid-subject', title, {pointer: `/subject${part}`}));
