import * as z from 'zod/mini';
import {maskCprInText} from './identifiers.js';

/** The version of the messages. One of another version is not read. */
const protocol = 1;

const name = z.optional(z.string().check(z.minLength(1), z.maxLength(100)));
/** Random, made by each end for itself. */
const end = z.string().check(z.minLength(8), z.maxLength(64));
const envelope = {bridge: z.literal(protocol), from: end};
const turn = {version: z.number(), by: end};
/** Its host wants to be asked before somebody else is shown. */
const surveyed = z.optional(z.boolean());

/** The most characters of why a program stays. */
export const longestBridgeReason = 300;

/**
 * Where an end of a bridge stands: it shows who was opened last; its user is being asked, or it is on its way there; its user
 * stayed with the person before; it could not open the person; its host shows somebody whom the others can't be told of.
 */
export const bridgeStatuses = ['in-step', 'asking', 'kept', 'failed', 'apart'] as const;
/** See {@link bridgeStatuses}. */
export type BridgeStatus = (typeof bridgeStatuses)[number];

/**
 * What the ends of a bridge say to each other. `id` is the handle of the subject for this user
 * (`OpenedContext.handle`): never a number, never a context's id, and worth nothing to anybody but this user. The greater
 * `version` is the later change, and of two equal ones that of the greater `by`: no clock has a say.
 *
 * Before a change `survey` asks who is `surveyed` and shows the same person. Each answers: `wait` says that it is there and
 * asks its user, `stay` objects. `survey-over`: the change came to nothing, and no answer is waited for.
 */
export const bridgeMessageSchema = z.discriminatedUnion('kind', [
  z.object({...envelope, kind: z.literal('hello'), name, follows: z.boolean(), surveyed}),
  z.object({...envelope, ...turn, kind: z.literal('open'), id: z.string().check(z.minLength(1), z.maxLength(200))}),
  z.object({...envelope, ...turn, kind: z.literal('close')}),
  z.object({
    ...envelope,
    ...turn,
    kind: z.literal('status'),
    status: z.enum(bridgeStatuses),
    name,
    follows: z.boolean(),
    surveyed,
  }),
  z.object({...envelope, kind: z.literal('survey'), question: end, to: z.enum(['person', 'nobody'])}),
  z.object({
    ...envelope,
    kind: z.literal('survey-answer'),
    question: end,
    answer: z.enum(['agree', 'wait', 'stay']),
    reason: z.optional(z.string().check(z.maxLength(longestBridgeReason))),
  }),
  z.object({...envelope, kind: z.literal('survey-over'), question: end}),
  z.object({...envelope, kind: z.literal('bye')}),
  z.object({...envelope, kind: z.literal('logout')}),
]);
/** See {@link bridgeMessageSchema}. */
export type BridgeMessage = z.infer<typeof bridgeMessageSchema>;

/** More changes than that are no person's work; and ten digits could be taken for a CPR number. */
export const greatestBridgeVersion = 999_999_999;

const versionFits = (version: number): boolean =>
  Number.isInteger(version) && version >= 0 && version <= greatestBridgeVersion;

/** A message of a bridge; undefined for all else, and for one that holds a CPR number anywhere. */
export function bridgeMessageOf(raw: unknown): BridgeMessage | undefined {
  const {data} = bridgeMessageSchema.safeParse(raw);
  if (!data || ('version' in data && !versionFits(data.version))) return undefined;
  const texts = JSON.stringify(Object.values(data));
  return maskCprInText(texts) === texts ? data : undefined;
}

/** Where a user's bridges are. Secrets of this user's log-in: never in a log, an address or storage. */
export const bridgePlacesSchema = z.object({
  /** Names the channel between tabs; another for each tenant, user and log-in. */
  tabs: z.optional(z.string().check(z.minLength(16), z.maxLength(200))),
  /** The hub between programs (HL7 FHIRcast): its address, absolute or from the page's origin, and the user's topic. */
  fhircast: z.optional(
    z.object({
      url: z.string().check(z.minLength(1), z.maxLength(2_000)),
      topic: z.string().check(z.minLength(16), z.maxLength(200)),
    }),
  ),
});
/** See {@link bridgePlacesSchema}. */
export type BridgePlaces = z.infer<typeof bridgePlacesSchema>;
