import type {Storage} from './storage/database.js';

/** Messages that were fetched and could not be taken: kept, encrypted, until somebody has looked at them. */
export interface SetAside {
  /** Commits a message; one that comes again is kept once. */
  keep(tenant: string, source: string, message: {body: Uint8Array; reason: string}): Promise<void>;
  /** Oldest first. */
  list(tenant: string): Promise<readonly AsideMessage[]>;
  /** What was received; undefined when there is none with this id. */
  body(tenant: string, id: string): Promise<Uint8Array | undefined>;
  /** Whether there was one to drop. */
  drop(tenant: string, id: string): Promise<boolean>;
}

/** What may be told of a message that was set aside. */
export interface AsideMessage {
  readonly source: string;
  readonly id: string;
  readonly receivedAt: Date;
  readonly reason: string;
}

/** Makes the room that owns messages that were set aside. */
export function setAsideOf({database, secrets}: Storage): SetAside {
  const bound = (tenant: string, source: string, id: string) => ['aside', tenant, source, id];
  return {
    async keep(tenant, source, {body, reason}) {
      const text = Buffer.from(body).toString('base64');
      const id = secrets.fingerprint('aside', [tenant, source, text]);
      await database
        .insertInto('message_aside')
        .values({
          tenant,
          source,
          id,
          received_at: new Date(),
          reason,
          body_sealed: secrets.seal(bound(tenant, source, id), text),
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },

    async list(tenant) {
      const rows = await database
        .selectFrom('message_aside')
        .select(['source', 'id', 'received_at', 'reason'])
        .where('tenant', '=', tenant)
        .orderBy('received_at')
        .orderBy('id')
        .execute();
      return rows.map(({source, id, received_at, reason}) => ({source, id, receivedAt: received_at, reason}));
    },

    async body(tenant, id) {
      const row = await database
        .selectFrom('message_aside')
        .select(['source', 'body_sealed'])
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .executeTakeFirst();
      return row && Buffer.from(secrets.open(bound(tenant, row.source, id), row.body_sealed), 'base64');
    },

    async drop(tenant, id) {
      const {numDeletedRows} = await database
        .deleteFrom('message_aside')
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
  };
}
