import {createHash} from 'node:crypto';
import {parseCpr, parseCvr, type Subject} from '@bsp/contract';
import type {IncomingEvent, MessageIds} from '../connector.js';
import {withoutUndefined} from '../without-undefined.js';
import {type Channel, messageTypes, personHandlings, postHandlings, postStatuses} from './code-list.js';
import {type Message, MessageFault, type ObjectRegistration, type PostStatus, plainText} from './message.js';

const personUrn = /^urn:oio:cpr(?:-nr)?:/i;

/** The person or company that a URN names. Real messages say `cvr` as well as `cvr-nr`. */
function subjectOf(urn: string | undefined): Subject | undefined {
  const [, type, value] = /^urn:oio:(cpr|cvr)(?:-nr)?:(.+)$/i.exec(urn ?? '') ?? [];
  if (type === undefined || value === undefined) return undefined;
  if (type.toLowerCase() === 'cpr') {
    const cpr = parseCpr(value);
    return cpr.ok ? {type: 'cpr', value: cpr.value.value} : undefined;
  }
  const cvr = parseCvr(value);
  return cvr.ok ? {type: 'cvr', value: cvr.value} : undefined;
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether ten digits stand in an identifier that is not a UUID: rather one id too many hidden than a CPR number shown. */
const maybeCpr = (id: string): boolean => !uuid.test(id) && /\d{6}\W?\d{4}/.test(id);

/** An identifier of the sender as it may be passed on. */
const safe = (id: string | undefined): string | undefined =>
  id === undefined || maybeCpr(id) || !/^[!-~]{1,200}$/.test(id) ? undefined : id;

/**
 * The message's id as ours. One that may hold a CPR number becomes a digest, salted with what a redelivery repeats, so that
 * it is still known again.
 */
const eventId = ({messageId, transactionId, registrations}: Message): string =>
  safe(messageId) === undefined
    ? `sha256:${createHash('sha256')
        .update(JSON.stringify([messageId, transactionId, registrations.map(({registrationId}) => registrationId)]))
        .digest('hex')}`
    : messageId;

const titles: Readonly<Record<Channel, string>> = {
  'digital-post': 'Digital Post',
  'physical-post': 'Fysisk post',
  post: 'Post',
};

const channelOf = (code: string | undefined): Channel | undefined => {
  if (code === undefined) return undefined;
  if (/digital/i.test(code)) return 'digital-post';
  return /fysisk|print|brev/i.test(code) ? 'physical-post' : 'post';
};

function postEvent(message: Message, post: PostStatus, base: {id: string; occurredAt: string}): IncomingEvent {
  const registration = message.registrations[0];
  const native = plainText(post.status ?? postHandlings.get(registration?.handling ?? ''));
  if (native === undefined) {
    const path = 'PKO_PostStatus/TransaktionsStatusKode';
    throw new MessageFault(40, `Elementet ${path} mangler eller er tomt.`, `missing ${path}`);
  }
  // The envelope repeats two of the payload's identifiers: the registration is the transmission, its object the message.
  const ids: MessageIds = withoutUndefined({
    transmissionId: safe(post.transmissionId ?? registration?.registrationId),
    messageUuid: safe(post.messageUuid ?? registration?.objectId),
    messageId: safe(post.messageId),
  });
  if (Object.keys(ids).length === 0) {
    const path = 'PKO_PostStatus/MessageUUID';
    throw new MessageFault(40, `Elementet ${path} mangler eller er tomt.`, `missing ${path}`);
  }
  const status = postStatuses.get(native.toLowerCase());
  const state = status?.state ?? 'unknown';
  const channel = channelOf(post.channel) ?? status?.channel ?? 'post';
  const sayings = {
    sent: `${titles[channel]} sendt`,
    delivered: `${titles[channel]} afleveret`,
    failed: `${titles[channel]} kunne ikke leveres`,
    unknown: `${titles[channel]}: ${native}`,
  };
  const error = withoutUndefined({code: plainText(post.errorCode), text: plainText(post.errorText)});
  const about = ids.messageUuid ?? ids.messageId ?? ids.transmissionId;
  return withoutUndefined({
    ...base,
    occurredAt: post.at ?? base.occurredAt,
    type: `${channel}.${state}`,
    title: sayings[state],
    message: ids,
    about: about === undefined ? undefined : {kind: 'message', ref: {source: '', id: about}},
    delivery: withoutUndefined({
      channel: plainText(post.channel),
      state,
      native,
      error: Object.keys(error).length > 0 ? error : undefined,
    }),
  });
}

/**
 * The events of a message: one for whom it concerns. That is a registered object where that is a person or a company, each
 * with what happened to it, else the related objects; a person who is only related to registered ones gets an event that says so in
 * its title.
 *
 * @throws {@link MessageFault}
 */
export function eventsOf(message: Message, now: Date): IncomingEvent[] {
  const {registrations, postStatus, validFrom, createdAt} = message;
  const [first] = registrations;
  const occurredAt = (registration: ObjectRegistration | undefined): string =>
    validFrom ?? registration?.registeredAt ?? createdAt ?? now.toISOString();
  const base = {id: eventId(message), occurredAt: occurredAt(first)};
  const typeName = messageTypes.get(message.messageType);
  const type = typeName ?? safe(message.messageType) ?? 'ukendt';
  const untold = typeName ?? `Ukendt beskedtype: ${type}`;
  const handlingOf = (registration: ObjectRegistration | undefined): string =>
    personHandlings.get(registration?.handling ?? '') ?? untold;
  const objectId = first?.objectId;
  const about = objectId === undefined || /^urn:/i.test(objectId) ? undefined : safe(objectId);
  const plain: IncomingEvent = postStatus
    ? postEvent(message, postStatus, base)
    : withoutUndefined({
        ...base,
        type,
        title: handlingOf(first),
        about: about === undefined ? undefined : {kind: 'object', ref: {source: '', id: about}},
      });

  const persons = registrations.filter(({objectId: id}) => id !== undefined && personUrn.test(id));
  const events: IncomingEvent[] = [];
  const seen = new Set<string>();
  const add = (subject: Subject, said: Partial<IncomingEvent>): void => {
    const event = {...plain, ...said, subject};
    const key = JSON.stringify([subject, event.title]);
    if (seen.has(key)) return;
    seen.add(key);
    events.push({...event, id: events.length === 0 ? plain.id : `${plain.id}.${events.length + 1}`});
  };
  const registered = new Set<string>();
  for (const registration of registrations) {
    const subject = subjectOf(registration.objectId);
    if (!subject) continue;
    registered.add(JSON.stringify(subject));
    add(subject, postStatus ? {} : {title: handlingOf(registration), occurredAt: occurredAt(registration)});
  }
  // What happened to one of several persons did not happen to whom the other is related to.
  const [shared = untold, ...others] = [...new Set(persons.map(handlingOf))];
  const relatedTo = postStatus ? plain.title : others.length > 0 ? untold : shared;
  for (const related of message.relatedObjects) {
    const subject = subjectOf(related);
    if (!subject || registered.has(JSON.stringify(subject))) continue;
    add(subject, persons.length > 0 ? {title: `Relateret person: ${relatedTo}`} : {});
  }
  return events.length > 0 ? events : [plain];
}
