import {
  type Content,
  casesResource,
  personResource,
  type RecordRef,
  type SearchTerm,
  type Subject,
} from '@bsp/contract';
import {
  type Connector,
  type ConnectorRead,
  type ConnectorRevealed,
  type ConnectorSearch,
  isSearchedBy,
  type MessageIds,
  type SentDocument,
  type SourceHits,
  type SourcePage,
  soughtBy,
} from '@bsp/sources';
import type {SourceAccess} from './access/visible.js';
import type {SourceConfig} from './config.js';
import type {Context} from './contexts.js';
import {Breaker} from './limits/breaker.js';
import {Slots} from './limits/slots.js';
import {SourceGate} from './limits/source-gate.js';
import type {Log} from './log.js';

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
  readonly resources: ReadonlySet<string>;
  /** What its records are taken for that say nothing else of who may see them. */
  readonly access: SourceAccess;
  /** It is asked only in a context with one of these purposes. */
  readonly purposes?: readonly string[];
  /** Its cases are never shown, only that there are any. */
  readonly existence?: {readonly unit: string; readonly phone?: string};
  /** The way to what a resource is read from. */
  gateOf(resource: string): SourceGate;
  /** Whether it can know anything about such a subject. */
  knows(type: Subject['type'], resource: string): boolean;
  read(read: SourceRead): AsyncIterable<SourcePage>;
  search?(search: ConnectorSearch): Promise<SourceHits>;
  /** Whether a search can be asked by this. */
  searches(term: SearchTerm): boolean;
  reveal?(subject: Subject, ref: RecordRef, field: 'cpr' | 'address', signal: AbortSignal): Promise<ConnectorRevealed>;
  content?(subject: Subject, ref: RecordRef, signal: AbortSignal): Promise<Content | undefined>;
  findSentDocument?(ids: MessageIds, signal: AbortSignal): Promise<SentDocument | undefined>;
}

/** A resource that the gateway keeps itself. */
export type OwnStore = (read: SourceRead) => AsyncIterable<SourcePage>;

const external: ReadonlySet<Subject['type']> = new Set(['cpr', 'cvr', 'bfe', 'employee']);

/** Whether events come in from a source. */
export const receives = (connector: Connector): boolean =>
  connector.intake !== undefined || typeof connector.pickUp === 'function';

/** Whether what a source finds by this may be shown: of a person, only from what is read there of persons. */
const mayBeShown = (term: SearchTerm, resources: ReadonlySet<string>): boolean =>
  soughtBy(term) !== 'cpr' || resources.has(personResource.name) || resources.has(casesResource.name);

/** The way to the gateway's own stores. */
const ownGate = () => new SourceGate(new Slots({concurrency: 64, queue: 4_096}));

/** The way to a source system. What becomes of it stands in the operational log. */
function gateTo({id, concurrency, queue, breaker}: SourceConfig, tenant: string, log: Log): SourceGate {
  const slots = new Slots({concurrency, queue});
  if (!breaker) return new SourceGate(slots);
  return new SourceGate(
    slots,
    new Breaker(breaker, ({state, seconds}) => {
      const details = {source: id, tenant, breaker: state};
      if (seconds !== undefined) log.warn({...details, seconds}, 'a source does not answer and is left alone');
      else if (state === 'closed') log.info(details, 'a source answers again');
      else log.debug(details, 'a source that was left alone is tried');
    }),
  );
}

/** A configured source. One that events come in from also answers for the events that the gateway received from it. */
export function connectedSource(
  config: SourceConfig,
  connector: Connector,
  receivedEvents: OwnStore,
  {tenant, log}: {readonly tenant: string; readonly log: Log},
): Source {
  const readable = connector.resources.filter((resource) => config.resources?.includes(resource) ?? true);
  const resources = new Set(readable);
  if (receives(connector) && !config.existence) resources.add('events');
  const gate = gateTo(config, tenant, log);
  // What was received is here, whether or not its sender answers.
  const received = ownGate();
  const isReceived = (resource: string) => resource === 'events' && receives(connector);
  const {search, reveal, content, findSentDocument} = methodsOf(connector);
  return {
    id: config.id,
    name: config.name,
    deadlineMs: config.deadlineMs,
    gateOf: (resource) => (isReceived(resource) ? received : gate),
    resources,
    access: config.access,
    ...(config.purposes ? {purposes: config.purposes} : {}),
    ...(config.existence ? {existence: config.existence} : {}),
    knows: (type, resource) =>
      external.has(type) && (isReceived(resource) || (connector.subjects?.includes(type) ?? true)),
    read: (read) => (isReceived(read.resource) ? receivedEvents(read) : connector.read(read)),
    ...(search && !config.existence ? {search: (asked) => gate.ask(() => search(asked), asked.signal)} : {}),
    searches: (term) => isSearchedBy(connector, term) && mayBeShown(term, resources),
    ...(reveal && !config.existence
      ? {
          reveal: (subject, ref, field, signal) => gate.ask(() => reveal(subject, ref, field, signal), signal),
        }
      : {}),
    ...(content && !config.existence
      ? {content: (subject, ref, signal) => gate.ask(() => content(subject, ref, signal), signal)}
      : {}),
    ...(findSentDocument
      ? {findSentDocument: (ids, signal) => gate.ask(() => findSentDocument(ids, signal), signal)}
      : {}),
  };
}

/** What a connector may have beside reading, to be called without it. */
const methodsOf = (connector: Connector) => ({
  search: connector.search?.bind(connector),
  reveal: connector.reveal?.bind(connector),
  content: connector.content?.bind(connector),
  findSentDocument: connector.findSentDocument?.bind(connector),
});

/** The gateway's own source: notes and drafts. */
export function ownSource(
  id: string,
  name: string,
  access: SourceAccess,
  stores: Readonly<Record<string, OwnStore>>,
): Source {
  const gate = ownGate();
  return {
    id,
    name,
    deadlineMs: 4_000,
    gateOf: () => gate,
    resources: new Set(Object.keys(stores)),
    access,
    knows: (type, resource) => external.has(type) || (type === 'user' && resource === 'drafts'),
    searches: () => false,
    read: (read) => stores[read.resource]!(read),
  };
}
