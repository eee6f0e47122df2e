import type {Content, RecordRef, Subject} from '@bsp/contract';
import type {Connector, ConnectorRead, ConnectorRevealed, MessageIds, SentDocument, SourcePage} from '@bsp/sources';
import type {SourceConfig} from './config.js';
import type {Context} from './contexts.js';
import {Slots} from './slots.js';

/** What a source is asked. */
export interface SourceRead extends ConnectorRead {
  /** In which context; the gateway's own stores go by its index. */
  readonly context: Context;
}

/** A source as the fan-out asks it: a connector's, or a store of the gateway's own. */
export interface Source {
  readonly id: string;
  readonly name: string;
  readonly deadlineMs: number;
  readonly slots: Slots;
  readonly resources: ReadonlySet<string>;
  /** Its cases are never shown, only that there are any. */
  readonly existence?: {readonly unit: string; readonly phone?: string};
  /** Whether it can know anything about such a subject. */
  knows(type: Subject['type'], resource: string): boolean;
  read(read: SourceRead): AsyncIterable<SourcePage>;
  reveal?(subject: Subject, ref: RecordRef, field: 'cpr' | 'address', signal: AbortSignal): Promise<ConnectorRevealed>;
  content?(subject: Subject, ref: RecordRef, signal: AbortSignal): Promise<Content | undefined>;
  findSentDocument?(ids: MessageIds, signal: AbortSignal): Promise<SentDocument | undefined>;
}

/** A resource that the gateway keeps itself. */
export type OwnStore = (read: SourceRead) => AsyncIterable<SourcePage>;

const external: ReadonlySet<Subject['type']> = new Set(['cpr', 'cvr', 'bfe', 'employee']);

/** A configured source. One with an intake also answers for the events that the gateway received from it. */
export function connectedSource(config: SourceConfig, connector: Connector, receivedEvents: OwnStore): Source {
  const readable = connector.resources.filter((resource) => config.resources?.includes(resource) ?? true);
  const resources = new Set(readable);
  if (connector.intake && !config.existence) resources.add('events');
  return {
    id: config.id,
    name: config.name,
    deadlineMs: config.deadlineMs,
    slots: new Slots(config.concurrency),
    resources,
    ...(config.existence ? {existence: config.existence} : {}),
    knows: (type) => external.has(type),
    read: (read) => (read.resource === 'events' && connector.intake ? receivedEvents(read) : connector.read(read)),
    ...(connector.reveal && !config.existence ? {reveal: connector.reveal.bind(connector)} : {}),
    ...(connector.content && !config.existence ? {content: connector.content.bind(connector)} : {}),
    ...(connector.findSentDocument ? {findSentDocument: connector.findSentDocument.bind(connector)} : {}),
  };
}

/** The gateway's own source: notes and drafts. */
export function ownSource(id: string, name: string, stores: Readonly<Record<string, OwnStore>>): Source {
  return {
    id,
    name,
    deadlineMs: 4_000,
    slots: new Slots(64),
    resources: new Set(Object.keys(stores)),
    knows: (type, resource) => external.has(type) || (type === 'user' && resource === 'drafts'),
    read: (read) => stores[read.resource]!(read),
  };
}
