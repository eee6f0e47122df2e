import {type Kysely, type Migration, sql} from 'kysely';

const statements = (lines: readonly string[]) => async (database: Kysely<unknown>) => {
  for (const line of lines) await sql.raw(line).execute(database);
};

/**
 * Applied in the order of their names, each once. A migration that has been released is never changed. It only adds, so that the
 * version before runs on its tables: replicas are replaced one after the other, and a version may have to be taken back.
 */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-foundation': {
    up: statements([
      `create table context (
        tenant text not null, id text not null, user_id text not null,
        subject_index text not null, subject_sealed text not null,
        purpose text, reason_sealed text,
        opened_at timestamptz not null, expires_at timestamptz not null, closed_at timestamptz,
        cursor text not null,
        primary key (tenant, id))`,
      'create index context_expiry on context (tenant, expires_at)',
      `create table lookup_chain (
        tenant text not null, month text not null, sequence bigint not null, hash text not null,
        primary key (tenant, month))`,
      `create table lookup_log (
        tenant text not null, month text not null, sequence bigint not null,
        kind text not null, lookup_id text not null, at text not null,
        user_id text not null, context_id text not null,
        subject_index text not null, subject_sealed text not null,
        entry text not null, previous_hash text not null, hash text not null,
        primary key (tenant, month, sequence))`,
      'create index lookup_log_subject on lookup_log (tenant, subject_index, at)',
      `create table note (
        tenant text not null, id text not null, subject_index text not null,
        occurred_at timestamptz not null, recorded_at timestamptz not null,
        author_id text not null, content_sealed text not null,
        primary key (tenant, id))`,
      'create index note_subject on note (tenant, subject_index, occurred_at desc, id desc)',
      `create table note_addendum (
        tenant text not null, note_id text not null, sequence integer not null,
        at timestamptz not null, author_id text not null, content_sealed text not null,
        primary key (tenant, note_id, sequence),
        foreign key (tenant, note_id) references note (tenant, id))`,
      `create table event (
        tenant text not null, source text not null, id text not null,
        subject_index text, occurred_at timestamptz not null, received_at timestamptz not null,
        join_tried_at timestamptz, content_sealed text not null,
        primary key (tenant, source, id))`,
      'create index event_subject on event (tenant, subject_index, source, occurred_at desc, id desc)',
      'create index event_unjoined on event (tenant, join_tried_at) where subject_index is null',
      `create table event_mark (
        tenant text not null, subject_index text not null, source text not null, event_id text not null,
        kind text not null, user_id text not null,
        at timestamptz not null, by_id text not null, by_name text not null,
        primary key (tenant, subject_index, source, event_id, kind, user_id))`,
      `create table notice_head (
        tenant text not null, epoch text not null, cursor bigint not null, pruned bigint not null,
        primary key (tenant))`,
      `create table notice (
        tenant text not null, cursor bigint not null, subject_index text not null, user_id text not null,
        resource text not null, source text not null, at timestamptz not null default now(),
        primary key (tenant, cursor))`,
      `create table action (
        tenant text not null, user_id text not null, subject_index text not null, key text not null,
        type text not null, payload_hash text not null, at timestamptz not null, result text,
        primary key (tenant, user_id, subject_index, key))`,
      'create index action_age on action (tenant, at)',
      `create table draft (
        tenant text not null, user_id text not null, subject_index text not null, "window" text not null,
        saved_at timestamptz not null, content_sealed text not null,
        primary key (tenant, user_id, subject_index, "window"))`,
      `create table handle (
        tenant text not null, user_id text not null, handle text not null, subject_sealed text not null,
        primary key (tenant, user_id, handle))`,
      `create table record_alias (
        tenant text not null, source text not null, alias text not null, id_sealed text not null,
        primary key (tenant, source, alias))`,
    ]),
  },
  '0002-lookup-log': {
    up: statements([
      `create table lookup_head (
        tenant text not null, ordinal bigint not null, month text not null, previous_hash text not null,
        sequence bigint not null, hash text not null, at text not null, seal text not null,
        primary key (tenant))`,
      `alter table lookup_chain
        add ordinal bigint not null default 1, add previous_hash text not null default '',
        add sealed_at text not null default '', add dropped_at text not null default '',
        add seal text not null default ''`,
      `update lookup_chain set ordinal = numbered.ordinal from (
        select tenant, month, row_number() over (partition by tenant order by month) as ordinal from lookup_chain
        ) as numbered where numbered.tenant = lookup_chain.tenant and numbered.month = lookup_chain.month`,
      `insert into lookup_head select distinct on (tenant) tenant, ordinal, month, '', sequence, hash, '', ''
        from lookup_chain order by tenant, month desc`,
      `delete from lookup_chain using lookup_head
        where lookup_head.tenant = lookup_chain.tenant and lookup_head.month = lookup_chain.month`,
      'create index lookup_log_lookup on lookup_log (tenant, lookup_id)',
      `create table lookup_watch (
        tenant text not null, kind text not null, fingerprint text not null, user_fingerprint text not null,
        primary key (tenant, kind, fingerprint, user_fingerprint))`,
    ]),
  },
  '0003-draft-version': {
    up: statements([`alter table draft add version text not null default '', add action_key text`]),
  },
  '0004-set-aside': {
    up: statements([
      `create table message_aside (
        tenant text not null, source text not null, id text not null,
        received_at timestamptz not null, reason text not null, body_sealed text not null,
        primary key (tenant, source, id))`,
    ]),
  },
  '0005-launch': {
    up: statements([
      `create table launch (
        tenant text not null, code_index text not null, target text not null,
        subject_index text not null, browser_index text not null, content_sealed text not null,
        expires_at timestamptz not null, redeemed_at timestamptz,
        primary key (tenant, code_index))`,
      'create index launch_expiry on launch (tenant, expires_at)',
    ]),
  },
  '0006-fhircast': {
    up: statements([
      `create table fhircast_topic (
        tenant text not null, topic text not null, sequence bigint not null, version_id text not null,
        current_sealed text, at timestamptz not null,
        primary key (tenant, topic))`,
      `create table fhircast_event (
        tenant text not null, topic text not null, sequence bigint not null, event_id text not null,
        sealed text not null, except_endpoint text not null, at timestamptz not null,
        primary key (tenant, topic, sequence))`,
      'create unique index fhircast_event_id on fhircast_event (tenant, topic, event_id)',
      'create index fhircast_event_age on fhircast_event (tenant, at)',
      `create table fhircast_subscription (
        tenant text not null, endpoint text not null, topic text not null, sealed text not null,
        events text not null, lease_until timestamptz not null, connection text not null, ended text not null,
        asked text not null,
        primary key (tenant, endpoint))`,
      'create index fhircast_subscription_topic on fhircast_subscription (tenant, topic)',
    ]),
  },
  '0007-notice-about': {
    up: statements([`alter table notice add about_sealed text`]),
  },
  '0008-break-glass': {
    up: statements([
      'alter table context add break_glass boolean not null default false',
      `create table glass_notice (
        tenant text not null, context_id text not null, at timestamptz not null, sealed text not null,
        told_at timestamptz,
        primary key (tenant, context_id))`,
    ]),
  },
  '0009-outbox': {
    up: statements([
      `create table note_delivery (
        tenant text not null, note_id text not null, part integer not null,
        subject_index text not null, target text not null,
        state text not null, state_at timestamptz not null, reason_sealed text,
        attempts integer not null, due_at timestamptz, note_sealed text not null,
        primary key (tenant, note_id, part))`,
      'create index note_delivery_due on note_delivery (tenant, target, due_at) where due_at is not null',
    ]),
  },
  '0010-wrapped-key': {
    up: statements([
      `create table wrapped_key (
        owner text not null, wrapped_by text not null, wrapped text not null, at timestamptz not null default now(),
        primary key (owner, wrapped_by))`,
    ]),
  },
  '0011-event-age': {
    // Events come in the order of their age: this index is next to nothing beside one of every row.
    up: statements(['create index event_age on event using brin (received_at)']),
  },
  '0012-handle-age': {
    up: statements([
      'alter table handle add column given_on date not null default current_date',
      'create index handle_age on handle (tenant, given_on)',
    ]),
  },
  '0013-delivery-key': {
    up: statements([
      'alter table note_delivery add column key text',
      'create unique index note_delivery_key on note_delivery (tenant, key) where key is not null',
    ]),
  },
};
