import {randomUUID} from 'node:crypto';
import {maskCprInText, ProblemError, problemOf} from '@bsp/contract';
import * as z from 'zod/mini';
import {requestPart} from '../problems.js';

/** What the kit's own programs say to each other: a person is open, or is no more. The context carries a handle. */
export const subjectEvents = ['dk.bsp.subject_open', 'dk.bsp.subject_close'] as const;
/** FHIRcast's own events, section 3.2: somebody is out of step; the user has logged out. */
export const infrastructureEvents = ['SyncError', 'UserLogout'] as const;

const shortText = (longest = 200) => z.string().check(z.minLength(1), z.maxLength(longest));

/** A field of a form that stands there once (FHIRcast 2.4: "Each parameter SHALL appear at most one time"). */
const field = shortText(4_000);
const subscriptionSchema = z.object({
  'hub.channel.type': z.literal('websocket'),
  'hub.mode': z.enum(['subscribe', 'unsubscribe']),
  'hub.topic': shortText(),
  'hub.events': z.optional(field),
  'hub.lease_seconds': z.optional(z.string().check(z.regex(/^[1-9]\d{0,8}$/))),
  'hub.channel.endpoint': z.optional(field),
  'subscriber.name': z.optional(shortText(100)),
});
/** A request to subscribe or unsubscribe (FHIRcast 2.4). */
export type SubscriptionRequest = z.infer<typeof subscriptionSchema>;

/** Reads a form. @throws ProblemError */
export function subscriptionOf(body: string): SubscriptionRequest {
  const form = new URLSearchParams(body);
  // Our names, not the form's: of those there may be thousands.
  const twice = Object.keys(subscriptionSchema.shape).find((name) => form.getAll(name).length > 1);
  if (twice) throw refused(`${twice} stands there more than once.`);
  const request = requestPart(subscriptionSchema, Object.fromEntries(form));
  if (maskCprInText(request['subscriber.name'] ?? '') !== (request['subscriber.name'] ?? ''))
    throw refused('subscriber.name holds what looks like a CPR number.');
  return request;
}

const eventSchema = z.object({
  'hub.topic': shortText(),
  'hub.event': shortText(100),
  context: z.array(z.looseObject({key: shortText(100)})).check(z.maxLength(20)),
  versionId: z.optional(shortText()),
  priorVersionId: z.optional(shortText()),
});
const notificationSchema = z.object({timestamp: shortText(50), id: shortText(), event: eventSchema});
/** An event on its way (FHIRcast 2.5). */
export type Notification = z.infer<typeof notificationSchema>;

/** Reads the request for a change (FHIRcast 2.6). @throws ProblemError */
export function notificationOf(body: unknown): Notification {
  const notification = requestPart(notificationSchema, body);
  if (Number.isNaN(Date.parse(notification.timestamp))) throw refused('timestamp is no moment in ISO 8601.');
  const text = JSON.stringify(notification);
  // Resources of other programs carry identifiers: a number of a person must not come to rest here, nor go on.
  if (maskCprInText(text) !== text) throw refused('The event holds what looks like a CPR number.');
  return notification;
}

const acknowledgementSchema = z.object({
  id: shortText(),
  status: z.union([z.string().check(z.regex(/^[1-5]\d\d$/)), z.int().check(z.gte(100), z.lte(599))]),
});

/** A subscriber's answer to a notification (FHIRcast 2.5); undefined for all else. */
export function acknowledgementOf(text: string): {id: string; status: number} | undefined {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return undefined;
  }
  const {data} = acknowledgementSchema.safeParse(raw);
  return data && {id: data.id, status: Number(data.status)};
}

/** The opaque handle in the context of one of {@link subjectEvents}. @throws ProblemError */
export function handleIn({context}: Notification['event']): string {
  const [only, another] = context;
  const reference = only?.key === 'subject' && !another ? only.reference : undefined;
  const {value} = (reference as {identifier?: {value?: unknown}} | undefined)?.identifier ?? {};
  if (typeof value !== 'string') throw refused('context holds no subject: {key: "subject", reference: {identifier}}.');
  return value;
}

/** What a context is about, to tell whether a close concerns what is open: the first resource or reference in it. */
export function anchorOf({context}: Notification['event']): string {
  const [first] = context;
  const {id} = (first?.resource ?? {}) as {id?: unknown};
  const {identifier} = (first?.reference ?? {}) as {identifier?: {value?: unknown}};
  return JSON.stringify([first?.key, id ?? identifier?.value]);
}

/** `Patient` of `Patient-open`, `dk.bsp.subject` of `dk.bsp.subject_open` (FHIRcast 2.9, `context.type`). */
export const typeOfEvent = (name: string): string => name.replace(/[-_](open|close)$/i, '');
export const opens = (name: string): boolean => /[-_]open$/i.test(name);
export const closes = (name: string): boolean => /[-_]close$/i.test(name);

/** Says that a subscriber is out of step (FHIRcast 3.2.1, profile "Operation outcome for Hub generated sync-errors"). */
export function syncError(
  topic: string,
  about: {id: string; name: string},
  subscriber: string,
  what: string,
): Notification {
  const coding = (system: string, code: string) => ({
    system: `https://fhircast.hl7.org/events/syncerror/${system}`,
    code,
  });
  const issue = {
    severity: 'warning',
    code: 'processing',
    diagnostics: `${subscriber} ${what}`,
    details: {
      coding: [coding('eventid', about.id), coding('eventname', about.name), coding('subscribername', subscriber)],
    },
  };
  return {
    timestamp: new Date().toISOString(),
    id: randomUUID(),
    event: {
      'hub.topic': topic,
      'hub.event': 'SyncError',
      context: [{key: 'operationoutcome', resource: {resourceType: 'OperationOutcome', issue: [issue]}}],
    },
  };
}

export const confirmation = (topic: string, events: readonly string[], leaseSeconds: number) => ({
  'hub.mode': 'subscribe',
  'hub.topic': topic,
  'hub.events': events.join(','),
  'hub.lease_seconds': leaseSeconds,
});

export const denial = (topic: string, events: readonly string[], reason: string) => ({
  'hub.mode': 'denied',
  'hub.topic': topic,
  'hub.events': events.join(','),
  'hub.reason': reason,
});

export const refused = (title: string) => new ProblemError(problemOf('invalid-request', title));
