/**
 * Journal notes out, over Fordelingskomponenten (SF2900), and the receipts for them in.
 *
 * @packageDocumentation
 */
import * as z from 'zod/mini';
import type {Connector, ConnectorModule, NoteReceipt} from '../connector.js';
import {badAnswer} from '../http/answer-problems.js';
import {wholeNumber} from '../http/connection-config.js';
import {soapClientOf, soapConnectionShape} from '../soap/connection.js';
import {childOf} from '../xml.js';
import {sendAction, service3} from './names.js';
import {noteMessage, UnsendableNote} from './note-message.js';
import {receiptOf, refusalIn, transactionIn} from './receipt.js';
import {receiptIntake} from './receipt-intake.js';
import {SentKeys, transactionIdOf} from './transaction-id.js';

const uuid = () => z.string().check(z.regex(/^[\da-fA-F]{8}(?:-[\da-fA-F]{4}){3}-[\da-fA-F]{12}$/, 'expected a UUID.'));

/** Config of a source with `"connector": "sf2900"`. */
export const sf2900ConfigSchema = z.strictObject({
  ...soapConnectionShape,
  /** CVR number of the municipality. */
  municipality: z.string().check(z.regex(/^\d{8}$/, 'expected a CVR number of eight digits.')),
  /** UUID of this system, as the municipality has registered it. */
  system: uuid(),
  /** UUID of the system that receives; without it the note's KLE decides. */
  receiver: z.optional(uuid()),
  /** KLE subject of notes that have none. */
  kle: z.optional(z.string().check(z.regex(/^\d\d\.\d\d\.\d\d$/, 'expected a KLE subject such as 32.24.04.'))),
  /** Where the gateway takes receipts. */
  path: z.optional(
    z.string().check(z.regex(/^(?:\/[A-Za-z0-9._~-]+)+$/, 'expected a path such as /sf2900/kvittering.')),
  ),
  /** The largest receipt, in bytes. */
  maxReceiptBytes: z.optional(wholeNumber(1_000, 10_000_000)),
});
/** See {@link sf2900ConfigSchema}. */
export type Sf2900Config = z.infer<typeof sf2900ConfigSchema>;

const defaultBytes = 1_000_000;

/** The platform refuses the message as such. */
class Refused extends Error {
  readonly receipt: NoteReceipt;
  constructor(reason: string | undefined) {
    super('The note is refused');
    this.receipt = {state: 'failed', ...(reason === undefined ? {} : {reason})};
  }
}

const sf2900: ConnectorModule<Sf2900Config> = {
  configSchema: sf2900ConfigSchema,

  /** @throws Error that names the environment variable that is not set, or the file that cannot be read. */
  async create(config, environment): Promise<Connector> {
    const {client, close} = await soapClientOf(config, {version: '1.1', maxBytes: defaultBytes}, environment);
    const sent = new SentKeys();
    return {
      resources: [],
      async *read() {
        // Notes go out; nothing is read.
      },

      async deliverNote(note, {key, signal}) {
        signal.throwIfAborted();
        sent.remember(key);
        try {
          const answer = await client.answer(
            (requestId) => ({
              action: sendAction,
              body: noteMessage(note, key, config, requestId),
              answer: {namespace: service3, name: 'FordelingsobjektAfsendResponse'},
              fault: ({code, detail}) => {
                const refusal = /^(?:Client|Sender)\b/.test(code) ? refusalIn(detail) : undefined;
                return refusal && new Refused(refusal.reason);
              },
            }),
            signal,
          );
          if (transactionIn(childOf(answer, service3, 'DistributionContext')) !== transactionIdOf(key))
            throw badAnswer('The source answers about another note');
          const receipt = receiptOf(childOf(answer, service3, 'ForretningsKvittering'));
          if (!receipt) throw badAnswer('The source gives no receipt');
          return receipt;
        } catch (thrown) {
          if (thrown instanceof Refused) return thrown.receipt;
          if (thrown instanceof UnsendableNote) return {state: 'failed', reason: thrown.message};
          throw thrown;
        }
      },

      receipts: receiptIntake(config.path ?? '/sf2900/kvittering', config.maxReceiptBytes ?? defaultBytes, sent),
      close,
    };
  },
};

export default sf2900;
