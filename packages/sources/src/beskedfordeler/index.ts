/**
 * Messages of KOMBIT's Beskedfordeler (SF1461): pushed ("Modtag", REST) or fetched from a queue ("Afhent", AMQP).
 *
 * @packageDocumentation
 */
import * as z from 'zod/mini';
import type {ConnectorModule, IncomingEvent, Intake, IntakeAnswer} from '../connector.js';
import {escapeXml} from '../xml.js';
import {postStatusType} from './code-list.js';
import {eventsOf} from './events-of-message.js';
import {MessageFault, namespaces, readMessage} from './message.js';
import {type MessageReader, queueOf} from './queue.js';
import {queueSchema} from './queue-config.js';

/** Config of a source with `"connector": "beskedfordeler"`. */
export const beskedfordelerConfigSchema = z.object({
  /** The queue that messages are fetched from. Without a `path` beside it none are taken over HTTP. */
  amqp: z.optional(queueSchema),
  /** Where the gateway takes messages; default `/beskedfordeler/modtag`. */
  path: z.optional(z.string().check(z.regex(/^(?:\/[A-Za-z0-9._~-]+)+$/))),
  /** The largest message in bytes; default 1,000,000. A larger one is refused, or set aside where it was fetched. */
  maxBytes: z.optional(z.int().check(z.positive(), z.maximum(50_000_000))),
});
/** See {@link beskedfordelerConfigSchema}. */
export type BeskedfordelerConfig = z.infer<typeof beskedfordelerConfigSchema>;

const answer = (status: number, code: 20 | 40 | 41, text: string | undefined, outcome: string): IntakeAnswer => ({
  status,
  mediaType: 'application/xml; charset=utf-8',
  body:
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    `<ns2:ModtagBeskedOutput xmlns="${namespaces.sagdok}" xmlns:ns2="${namespaces.operations}"><StandardRetur>` +
    `<StatusKode>${code}</StatusKode>` +
    (text === undefined ? '' : `<FejlbeskedTekst>${escapeXml(text)}</FejlbeskedTekst>`) +
    '</StandardRetur></ns2:ModtagBeskedOutput>\n',
  outcome,
});

/**
 * Takes messages. Status codes of the answer: 20 taken (a redelivered one too), 40 not a message we can take, 41 not
 * readable as XML. The HTTP status is 200 for all of these, as Beskedfordeler expects, but 413 for a message that is too
 * large and 503 for one that could not be kept and is to be sent again.
 */
const intakeOf = (path: string, maxBytes: number, read: MessageReader): Intake => ({
  path,
  maxBytes,
  async handle(body, keep) {
    if (body.length > maxBytes) return answer(413, 41, `Beskeden er større end ${maxBytes} bytes.`, 'xml too-large');
    let events: readonly IncomingEvent[];
    try {
      events = read(body);
    } catch (error) {
      if (!(error instanceof MessageFault)) throw error;
      return answer(200, error.code, error.message, `refused: ${error.outcome}`);
    }
    let outcome: 'kept' | 'duplicate' = 'duplicate';
    try {
      for (const event of events) if ((await keep(event)) === 'kept') outcome = 'kept';
    } catch {
      return answer(503, 40, 'Beskeden kunne ikke gemmes. Send den igen.', 'not kept');
    }
    return answer(200, 20, undefined, outcome);
  },
});

const beskedfordeler: ConnectorModule<BeskedfordelerConfig> = {
  configSchema: beskedfordelerConfigSchema,

  /** @throws Error that names the environment variable that is not set, or the file that cannot be read. */
  async create({amqp, path, maxBytes = 1_000_000}, environment) {
    const now = environment.now ?? (() => new Date());
    const read: MessageReader = (body) =>
      eventsOf(
        readMessage(body, maxBytes, (type) => type === postStatusType),
        now(),
      );
    const queue = amqp && (await queueOf(amqp, read, environment));
    return {
      resources: [],
      async *read() {
        // It holds nothing that can be read.
      },
      ...(queue && path === undefined ? {} : {intake: intakeOf(path ?? '/beskedfordeler/modtag', maxBytes, read)}),
      ...queue,
    };
  },
};

export default beskedfordeler;
