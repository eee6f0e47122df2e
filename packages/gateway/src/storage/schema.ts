import type {Generated} from 'kysely';

/**
 * The gateway's tables. `tenant` is the first column of every key. `…_sealed` is encrypted; `subject_index` is the keyed
 * index of a subject within its tenant. Moments that SQL compares are `timestamptz`.
 */
export interface Tables {
  context: ContextTable;
  lookup_head: LookupHeadTable;
  lookup_chain: LookupChainTable;
  lookup_log: LookupLogTable;
  lookup_watch: LookupWatchTable;
  note: NoteTable;
  note_addendum: NoteAddendumTable;
  note_delivery: NoteDeliveryTable;
  event: EventTable;
  event_mark: EventMarkTable;
  message_aside: MessageAsideTable;
  glass_notice: GlassNoticeTable;
  notice_head: NoticeHeadTable;
  notice: NoticeTable;
  action: ActionTable;
  draft: DraftTable;
  handle: HandleTable;
  record_alias: RecordAliasTable;
  launch: LaunchTable;
  fhircast_topic: FhircastTopicTable;
  fhircast_event: FhircastEventTable;
  fhircast_subscription: FhircastSubscriptionTable;
  wrapped_key: WrappedKeyTable;
}

interface ContextTable {
  tenant: string;
  id: string;
  user_id: string;
  subject_index: string;
  subject_sealed: string;
  purpose: string | null;
  reason_sealed: string | null;
  opened_at: Date;
  expires_at: Date;
  closed_at: Date | null;
  break_glass: Generated<boolean>;
  cursor: string;
}

/** The open chain of a tenant; its row is the lock that puts the tenant's log rows in order. */
interface LookupHeadTable {
  tenant: string;
  /** How many chains the tenant has had, this one included. */
  ordinal: number;
  month: string;
  /** The hash of the last row of the chain before; empty for the first. */
  previous_hash: string;
  sequence: number;
  hash: string;
  /** When the last row was written. */
  at: string;
  /** A keyed hash of this row: who lacks the key can't move the head. */
  seal: string;
}

/** A chain that has ended. It stays when its rows are dropped. */
interface LookupChainTable {
  tenant: string;
  month: string;
  ordinal: number;
  previous_hash: string;
  sequence: number;
  hash: string;
  sealed_at: string;
  /** When retention dropped the rows; empty while they are there. */
  dropped_at: string;
  seal: string;
}

interface LookupLogTable {
  tenant: string;
  month: string;
  sequence: number;
  kind: string;
  lookup_id: string;
  at: string;
  user_id: string;
  context_id: string;
  subject_index: string;
  subject_sealed: string;
  entry: string;
  previous_hash: string;
  hash: string;
}

/** What the alarms watch for: keyed indexes, never the numbers themselves. */
interface LookupWatchTable {
  tenant: string;
  kind: string;
  fingerprint: string;
  /** For an employee: the keyed index of the user id; else empty. */
  user_fingerprint: string;
}

interface NoteTable {
  tenant: string;
  id: string;
  subject_index: string;
  occurred_at: Date;
  recorded_at: Date;
  author_id: string;
  content_sealed: string;
}

interface NoteAddendumTable {
  tenant: string;
  note_id: string;
  sequence: number;
  at: Date;
  author_id: string;
  content_sealed: string;
}

/** A note, or an addendum, on its way to the source that notes are delivered to. */
interface NoteDeliveryTable {
  tenant: string;
  note_id: string;
  /** 0 is the note itself, else the addendum of this sequence. */
  part: number;
  subject_index: string;
  /** The source that it goes to. */
  target: string;
  state: string;
  state_at: Date;
  reason_sealed: string | null;
  attempts: number;
  /** When it is tried next, or who has it in hand is given up; null when it has arrived. */
  due_at: Date | null;
  note_sealed: string;
  /** Of an addendum: by what the target knows it. Null for a note, whose key is its id, and for addenda of before there were such. */
  key: string | null;
}

interface EventTable {
  tenant: string;
  source: string;
  id: string;
  /** Null until the person is known. */
  subject_index: string | null;
  occurred_at: Date;
  received_at: Date;
  /** Last time somebody was asked whom it concerns; null when that is known. */
  join_tried_at: Date | null;
  content_sealed: string;
}

interface EventMarkTable {
  tenant: string;
  subject_index: string;
  source: string;
  event_id: string;
  kind: string;
  /** Whose `seen` it is; empty for marks of the whole tenant. */
  user_id: string;
  at: Date;
  by_id: string;
  by_name: string;
}

/** A message that was fetched and is none, or can't be kept as one. */
interface MessageAsideTable {
  tenant: string;
  source: string;
  /** A keyed fingerprint of the message: one that comes again is the same. */
  id: string;
  received_at: Date;
  reason: string;
  body_sealed: string;
}

/** That somebody broke the glass, until whoever is to know has been told. */
interface GlassNoticeTable {
  tenant: string;
  context_id: string;
  at: Date;
  sealed: string;
  told_at: Date | null;
}

interface NoticeHeadTable {
  tenant: string;
  /** Random, made with the row: a cursor of another database is recognised as unknown. */
  epoch: string;
  cursor: number;
  /** Notices up to here have been dropped. */
  pruned: number;
}

interface NoticeTable {
  tenant: string;
  cursor: number;
  subject_index: string;
  /** Only for this user's contexts; empty for all. */
  user_id: string;
  resource: string;
  source: string;
  /** What decides who may hear of it; null for everybody. */
  about_sealed: string | null;
  at: Generated<Date>;
}

interface ActionTable {
  tenant: string;
  user_id: string;
  subject_index: string;
  key: string;
  type: string;
  payload_hash: string;
  at: Date;
  result: string | null;
}

interface DraftTable {
  tenant: string;
  user_id: string;
  subject_index: string;
  window: string;
  saved_at: Date;
  version: string;
  action_key: string | null;
  content_sealed: string;
}

interface HandleTable {
  tenant: string;
  user_id: string;
  handle: string;
  subject_sealed: string;
  /** The day on which it last went out, or one of the seven before, `YYYY-MM-DD`. */
  given_on: Generated<string>;
}

interface RecordAliasTable {
  tenant: string;
  source: string;
  alias: string;
  id_sealed: string;
}

/** A launch code, by its keyed fingerprint only. */
interface LaunchTable {
  tenant: string;
  code_index: string;
  target: string;
  subject_index: string;
  /** Of the browser that a form is handed over in; empty for a code that a target redeems. */
  browser_index: string;
  content_sealed: string;
  expires_at: Date;
  redeemed_at: Date | null;
}

/** What a user's programs have open; its row is the lock that puts the topic's events in order. */
interface FhircastTopicTable {
  tenant: string;
  /** A fingerprint. */
  topic: string;
  sequence: number;
  version_id: string;
  /** The event that opened it; null: nothing is open. */
  current_sealed: string | null;
  at: Date;
}

interface FhircastEventTable {
  tenant: string;
  topic: string;
  sequence: number;
  event_id: string;
  sealed: string;
  /** Not told to this one; empty: to all. */
  except_endpoint: string;
  at: Date;
}

interface FhircastSubscriptionTable {
  tenant: string;
  /** A fingerprint of the socket's address. */
  endpoint: string;
  topic: string;
  sealed: string;
  events: string;
  lease_until: Date;
  connection: string;
  ended: string;
  asked: string;
}

/** The key of an owner's data, once for each key that it may be opened with. */
interface WrappedKeyTable {
  /** The tenant whose key has a file of its own; empty: the installation. */
  owner: string;
  /** A fingerprint of the key that it is wrapped in. */
  wrapped_by: string;
  wrapped: string;
  at: Generated<Date>;
}
