/**
 * What every connector must keep, as a suite without a test framework: run it against yours and expect no findings.
 *
 * @packageDocumentation
 */
import {
  casesResource,
  eventsResource,
  type HitKind,
  maskCpr,
  maxFrameItems,
  momentSchema,
  normalizedSubject,
  type Resource,
  recordResources,
  type SearchTerm,
  type Subject,
} from '@bsp/contract';
import {
  type Connector,
  type IncomingEvent,
  type IncomingReceipt,
  type Intake,
  isSearchedBy,
  type NoteReceipt,
  type OutgoingNote,
  type SourceHit,
  type SourceHits,
  type SourcePage,
  SourceProblem,
  soughtBy,
} from './connector.js';

/** What the suite needs to know of a connector. */
export interface ConformanceSample {
  /** Somebody of whom the source has records. Leave out for a pure intake. */
  readonly subject?: Subject;
  /** Somebody, valid, whom the source does not know. */
  readonly unknown?: Subject;
  /** What the source finds somebody or something by. */
  readonly search?: readonly SearchTerm[];
  /** A message that the intake takes. */
  readonly message?: Uint8Array;
  /** A note that the receiver takes; a body given twice with the same key must not become two notes there. */
  readonly note?: OutgoingNote;
  /** A receipt that comes later, as the receiver sends it. */
  readonly receipt?: Uint8Array;
}

const resourceParsers = new Map(recordResources.map(({name, parse}) => [name, parse]));

const isCprSubject = (value: unknown): value is {type: 'cpr'; value: string} =>
  typeof value === 'object' && value !== null && 'type' in value && value.type === 'cpr' && 'value' in value;

/**
 * A record as it leaves the gateway: the empty source is filled in, ids are opaque, and a `subject` with a CPR number is a
 * handle beside a masked number. For tests of what a connector gives; the gateway has its own.
 */
export function recordPastTheBorder(item: unknown, sourceId: string): unknown {
  if (Array.isArray(item)) return item.map((part: unknown) => recordPastTheBorder(part, sourceId));
  if (typeof item !== 'object' || item === null) return item;
  const record: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(item) as [string, unknown][]) {
    if (key === 'subject' && isCprSubject(value)) {
      record.subject = {type: 'ref', value: 'handle'};
      record.masked = maskCpr(value.value);
    } else if (key === 'ref' && typeof value === 'object' && value !== null && 'source' in value) {
      record.ref = {source: value.source === '' ? sourceId : value.source, id: 'opaque'};
    } else record[key] = recordPastTheBorder(value, sourceId);
  }
  return record;
}

/** Whether ten digits of this number stand anywhere in a value, written with or without hyphen. */
const holdsNumber = (value: unknown, subject: Subject): boolean => {
  if (!('value' in subject) || subject.type !== 'cpr') return false;
  const text = JSON.stringify(value) ?? '';
  const number = subject.value.replace(/\D/g, '');
  return text.includes(number) || text.includes(`${number.slice(0, 6)}-${number.slice(6)}`);
};

const sameSubject = (one: Subject, other: Subject): boolean => {
  const value = (subject: Subject): string => ('value' in subject ? subject.value.replace(/[\s-]/g, '') : '');
  return one.type === other.type && value(one) === value(other);
};

/** Resolves to `'late'` where a promise takes so long that it looks like hanging. */
const unlessHanging = async <T>(promise: Promise<T>): Promise<T | 'late'> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), 20_000);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
};

type Answer = {pages: SourcePage[]} | {problem: SourceProblem} | {thrown: unknown} | 'late';

const ask = (connector: Connector, subject: Subject, resource: string, signal: AbortSignal): Promise<Answer> => {
  const asked = async (): Promise<Answer> => {
    const pages: SourcePage[] = [];
    try {
      for await (const page of connector.read({
        subject,
        resource,
        user: {id: 'conformance', name: 'Conformance'},
        signal,
      })) {
        pages.push(page);
      }
      return {pages};
    } catch (error) {
      return error instanceof SourceProblem ? {problem: error} : {thrown: error};
    }
  };
  return unlessHanging(asked());
};

function pageFindings(page: SourcePage, subject: Subject, parse: Resource<unknown>['parse']): string[] {
  const findings: string[] = [];
  if (!sameSubject(page.about, subject)) findings.push('a page is about somebody else than was asked for');
  if (page.items.length > maxFrameItems) findings.push(`a page has more than ${maxFrameItems} items`);
  if (page.asOf !== undefined && !momentSchema.safeParse(page.asOf).success) findings.push('asOf is not RFC 3339');
  if (page.invalid !== undefined && !(Number.isInteger(page.invalid) && page.invalid >= 0)) {
    findings.push('invalid is not a count');
  }
  if (page.next !== undefined && holdsNumber(page.next, subject)) findings.push('a cursor holds the CPR number');
  for (const item of page.items) {
    const past = recordPastTheBorder(item, 'source');
    if (parse(past) === undefined) findings.push('an item is not a record of the contract');
    if (holdsNumber(past, subject)) findings.push('an item holds the CPR number elsewhere than in ref.id and subject');
  }
  return findings;
}

async function readFindings(connector: Connector, sample: ConformanceSample, resource: string): Promise<string[]> {
  const parse = resourceParsers.get(resource);
  if (!parse) return ['it is not a resource of the contract'];
  const findings: string[] = [];
  const {subject, unknown} = sample;
  const signal = new AbortController().signal;
  if (subject) {
    const answer = await ask(connector, subject, resource, signal);
    if (answer === 'late') findings.push('reading the sample hangs');
    else if ('pages' in answer) {
      if (answer.pages.every(({items}) => items.length === 0)) findings.push('the sample has no records');
      for (const page of answer.pages) findings.push(...pageFindings(page, subject, parse));
    } else findings.push('reading the sample fails');

    const aborted = await ask(connector, subject, resource, AbortSignal.abort());
    if (aborted === 'late') findings.push('an aborted read hangs');
    else if ('pages' in aborted && aborted.pages.length > 0) findings.push('an aborted read still gives pages');
    else if ('thrown' in aborted && !(aborted.thrown instanceof Error && aborted.thrown.name === 'AbortError')) {
      findings.push('an aborted read throws something else than an AbortError');
    }
  }
  const property = {type: 'bfe', value: '1'} as const;
  for (const stranger of [unknown, property]) {
    // For others it is not asked.
    if (!stranger || connector.subjects?.includes(stranger.type) === false) continue;
    const answer = await ask(connector, stranger, resource, signal);
    const who = `a ${stranger.type} subject that the source does not know`;
    if (answer === 'late') findings.push(`reading ${who} hangs`);
    else if ('thrown' in answer) findings.push(`reading ${who} throws something else than a SourceProblem`);
    else if ('problem' in answer && holdsNumber([answer.problem.message, answer.problem.problem], stranger)) {
      findings.push('a problem holds the CPR number');
    } else if ('pages' in answer) {
      if (answer.pages.some(({items}) => items.length > 0)) findings.push(`reading ${who} gives records`);
      if (answer.pages.some(({about}) => !sameSubject(about, stranger)))
        findings.push(`reading ${who} answers about another`);
    }
  }
  return findings;
}

type Found = {found: SourceHits} | {problem: SourceProblem} | {thrown: unknown} | 'late';

const seek = (connector: Connector, term: SearchTerm, limit: number, signal: AbortSignal): Promise<Found> => {
  const sought = async (): Promise<Found> => {
    try {
      const user = {id: 'conformance', name: 'Conformance'};
      return {found: await connector.search!({term, limit, user, signal})};
    } catch (error) {
      return error instanceof SourceProblem ? {problem: error} : {thrown: error};
    }
  };
  return unlessHanging(sought());
};

const typesOfKind: Readonly<Record<HitKind, readonly Subject['type'][]>> = {
  person: ['cpr'],
  company: ['cvr'],
  property: ['bfe'],
  employee: ['employee'],
  case: ['cpr', 'cvr', 'bfe'],
};

function hitFindings({kind, subject, name, case: record}: SourceHit, term: SearchTerm): string[] {
  const findings: string[] = [];
  if (!typesOfKind[kind].includes(subject.type)) findings.push('a hit is not of the kind that it says');
  if (!normalizedSubject(subject).ok) findings.push('a hit is about no valid subject');
  if ('subject' in term && !sameSubject(subject, term.subject)) findings.push('a search by number finds somebody else');
  if (name.trim() === '') findings.push('a hit has no name');
  if (kind === 'case') {
    const past = recordPastTheBorder(record, 'source');
    if (casesResource.parse(past) === undefined) findings.push('the case of a hit is not a record of the contract');
    if (holdsNumber(past, subject)) findings.push('the case of a hit holds the CPR number elsewhere than in ref.id');
  }
  return findings;
}

async function termFindings(connector: Connector, term: SearchTerm): Promise<string[]> {
  const by = soughtBy(term);
  if (!isSearchedBy(connector, term)) return [`it is not asked by ${by}, which the sample searches by`];
  const findings: string[] = [];
  const {signal} = new AbortController();
  for (const limit of [100, 1]) {
    const answer = await seek(connector, term, limit, signal);
    if (answer === 'late') findings.push(`searching by ${by} hangs`);
    else if ('found' in answer) {
      const {hits, invalid = 0} = answer.found;
      if (hits.length === 0) findings.push(`searching by ${by} finds nothing`);
      if (hits.length > limit) findings.push('it finds more than the limit');
      if (!(Number.isInteger(invalid) && invalid >= 0)) findings.push('invalid is not a count');
      for (const hit of hits) findings.push(...hitFindings(hit, term));
    } else findings.push(`searching by ${by} fails`);
  }
  const aborted = await seek(connector, term, 1, AbortSignal.abort());
  if (aborted === 'late') findings.push('an aborted search hangs');
  else if ('found' in aborted) findings.push('an aborted search still finds something');
  else if ('thrown' in aborted && !(aborted.thrown instanceof Error && aborted.thrown.name === 'AbortError'))
    findings.push('an aborted search throws something else than an AbortError');
  return findings;
}

async function searchFindings(
  connector: Connector,
  search: readonly SearchTerm[],
  unknown: Subject | undefined,
): Promise<string[]> {
  if (!connector.search) return ['it cannot search'];
  const findings: string[] = [];
  for (const term of search) findings.push(...(await termFindings(connector, term)));
  if (!unknown || !('value' in unknown) || !isSearchedBy(connector, {subject: unknown})) return findings;
  const answer = await seek(connector, {subject: unknown}, 100, new AbortController().signal);
  if (answer === 'late') findings.push('searching for whom the source does not know hangs');
  else if ('thrown' in answer)
    findings.push('searching for whom the source does not know throws something else than a SourceProblem');
  else if ('found' in answer && answer.found.hits.length > 0)
    findings.push('searching for whom the source does not know finds somebody');
  else if ('problem' in answer && holdsNumber([answer.problem.message, answer.problem.problem], unknown))
    findings.push('a problem holds the CPR number');
  return findings;
}

/** What holds for every intake, whatever it takes. Gives what the sample message was read as. */
async function intakeFindings<Incoming, Outcome extends string>(
  intake: Intake<Incoming, Outcome>,
  message: Uint8Array | undefined,
  outcomes: readonly [taken: Outcome, ...others: Outcome[]],
): Promise<{findings: string[]; taken: Incoming[]}> {
  const findings: string[] = [];
  const taken: Incoming[] = [];
  if (!/^\/[^\s?#]*$/.test(intake.path)) findings.push('its path is not a path');
  if (!(Number.isInteger(intake.maxBytes) && intake.maxBytes > 0)) findings.push('its maxBytes is not a size');
  const give = async (body: Uint8Array, keep: (incoming: Incoming) => Promise<Outcome>) => {
    try {
      const answer = await unlessHanging(intake.handle(body, keep));
      if (answer === 'late') findings.push('it hangs');
      return answer === 'late' ? undefined : answer;
    } catch {
      findings.push('it throws');
      return undefined;
    }
  };
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  const bad = ['', 'x', '{}', '<a/>', '<a', '<!DOCTYPE a [<!ENTITY b "b">]><a>&b;</a>', '\u0000'].map(bytes);
  for (const body of [...bad, new Uint8Array([0xff, 0xfe, 0xfd]), new Uint8Array(intake.maxBytes + 1).fill(0x20)]) {
    let kept = 0;
    const answer = await give(body, () => {
      kept++;
      return Promise.resolve(outcomes[0]);
    });
    if (kept > 0) findings.push('it keeps something of a message that is none');
    if (answer && !(answer.status >= 200 && answer.status < 600)) findings.push('its answer has no HTTP status');
    if (answer && body.length > intake.maxBytes && answer.status !== 413)
      findings.push('too large a message is not a 413');
  }
  if (!message) return {findings, taken};
  const [kept, ...others] = outcomes;
  const first = await give(message, (incoming) => {
    taken.push(incoming);
    return Promise.resolve(kept);
  });
  if (taken.length === 0) findings.push('the sample message gives nothing');
  if (first && first.status !== 200) findings.push('the sample message is not answered with 200');
  for (const outcome of others) {
    const again = await give(message, () => Promise.resolve(outcome));
    if (first && again && (again.status !== first.status || again.body !== first.body))
      findings.push('a message that comes again is answered otherwise');
  }
  const failed = await give(message, () => Promise.reject(new Error('the disk is full')));
  if (failed && (failed.status < 500 || failed.body === first?.body))
    findings.push('a message that was not kept is acknowledged');
  return {findings, taken};
}

function eventFindings(events: readonly IncomingEvent[]): string[] {
  const findings: string[] = [];
  for (const event of events) {
    const {subject, ...rest} = event;
    if (subject && holdsNumber(rest, subject)) findings.push('an event holds the CPR number elsewhere than in subject');
    const record = recordPastTheBorder(
      {...rest, ref: {source: '', id: event.id}, receivedAt: event.occurredAt},
      'source',
    );
    if (eventsResource.parse(record) === undefined) findings.push('an event is not a record of the contract');
  }
  if (new Set(events.map(({id}) => id)).size !== events.length) findings.push('two events have the same id');
  return findings;
}

const receiptStates: readonly string[] = ['received', 'delivered', 'accepted', 'rejected', 'failed'];

function receiptFindings({state, at, reason}: NoteReceipt, subject?: Subject): string[] {
  const findings: string[] = [];
  if (!receiptStates.includes(state)) findings.push('a receipt has an unknown state');
  if (at !== undefined && !momentSchema.safeParse(at).success) findings.push('a receipt’s time is not RFC 3339');
  if (subject && holdsNumber(reason, subject)) findings.push('a receipt holds the CPR number');
  return findings;
}

async function deliveryFindings(connector: Connector, note: OutgoingNote): Promise<string[]> {
  const key = 'conformance-1';
  const deliver = async (signal: AbortSignal): Promise<NoteReceipt | 'late' | undefined> => {
    try {
      return await unlessHanging(connector.deliverNote!(note, {key, signal}));
    } catch {
      return undefined;
    }
  };
  const findings: string[] = [];
  const aborted = await deliver(AbortSignal.abort());
  if (aborted === 'late') findings.push('an aborted delivery hangs');
  else if (aborted) findings.push('an aborted delivery gives a receipt');
  for (const which of ['the sample note', 'a note that is delivered again']) {
    const receipt = await deliver(new AbortController().signal);
    if (receipt === 'late') findings.push(`delivering ${which} hangs`);
    else if (!receipt) findings.push(`delivering ${which} fails`);
    else findings.push(...receiptFindings(receipt, note.subject));
  }
  return findings;
}

/** Runs the suite. Each finding is one sentence; none holds person data. */
export async function connectorFindings(connector: Connector, sample: ConformanceSample): Promise<string[]> {
  const findings: string[] = [];
  const {resources, intake, receipts} = connector;
  if (resources.length === 0 && !intake && !receipts && !connector.pickUp && !connector.deliverNote)
    findings.push('It reads nothing and takes nothing.');
  const found = (where: string, of: readonly string[]) =>
    void findings.push(...of.map((finding) => `${where}: ${finding}.`));
  for (const resource of resources) found(`Resource ${resource}`, await readFindings(connector, sample, resource));
  if (sample.search) found('Search', await searchFindings(connector, sample.search, sample.unknown));
  if (intake) {
    const {findings: of, taken} = await intakeFindings(intake, sample.message, ['kept', 'duplicate']);
    found('Intake', [...of, ...eventFindings(taken)]);
  }
  if (connector.deliverNote && sample.note) found('Notes', await deliveryFindings(connector, sample.note));
  if (receipts) {
    const {findings: of, taken} = await intakeFindings<IncomingReceipt, 'kept' | 'duplicate' | 'unknown'>(
      receipts,
      sample.receipt,
      ['kept', 'duplicate', 'unknown'],
    );
    const keys = taken.flatMap(({key}) => (/^[A-Za-z0-9.-]{1,64}$/.test(key) ? [] : ['a receipt has no usable key']));
    found('Receipts', [...of, ...keys, ...taken.flatMap((receipt) => receiptFindings(receipt))]);
  }
  return [...new Set(findings)];
}
