// Messages of Beskedfordeler about synthetic persons (day + 60), and a sender that puts them into a queue.
import {type ChannelModel, type ConfirmChannel, connect} from 'amqplib';

export const alma = {type: 'cpr', value: '6206144002'} as const;

/** A CPR event (birth) about a person; the sample's number makes its BeskedId. */
export const cprEvent = (number: number, cpr: string = alma.value): string => {
  const id = `0b8f7a8e-0001-4c1e-9d53-${number.toString(16).padStart(12, '0')}`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<k:Haendelsesbesked xmlns="urn:oio:sagdok:3.0.0" xmlns:k="urn:oio:besked:kuvert:1.0">
  <k:BeskedId><UUIDIdentifikator>${id}</UUIDIdentifikator></k:BeskedId>
  <k:BeskedVersion>1.0</k:BeskedVersion>
  <k:Beskedkuvert>
    <k:Filtreringsdata>
      <k:Beskedtype><UUIDIdentifikator>248ce14c-a863-4fb5-9e6f-7df9ea850809</UUIDIdentifikator></k:Beskedtype>
      <k:TilladtModtager><URNIdentifikator>urn:oio:cvr-nr:11111111</URNIdentifikator></k:TilladtModtager>
      <k:ObjektRegistrering>
        <k:Registreringstidspunkt><TidsstempelDatoTid>2026-11-20T10:00:00</TidsstempelDatoTid></k:Registreringstidspunkt>
        <k:ObjektId><URNIdentifikator>urn:oio:cpr-nr:${cpr}</URNIdentifikator></k:ObjektId>
        <k:ObjektHandling><UUIDIdentifikator>1e5bb089-5445-44f8-9b65-bc854053f423</UUIDIdentifikator></k:ObjektHandling>
      </k:ObjektRegistrering>
    </k:Filtreringsdata>
    <k:Leveranceinformation/>
  </k:Beskedkuvert>
</k:Haendelsesbesked>`;
};

/** Puts messages into the queue `dueslag`, which it declares as the broker of Beskedfordeler does: durable. */
export class Sender {
  readonly #connection: ChannelModel;
  readonly #channel: ConfirmChannel;
  private constructor(connection: ChannelModel, channel: ConfirmChannel) {
    this.#connection = connection;
    this.#channel = channel;
  }

  static async to(url: string): Promise<Sender> {
    const connection = await connect(url, {timeout: 5_000});
    connection.on('error', () => {});
    const channel = await connection.createConfirmChannel();
    channel.on('error', () => {});
    await channel.assertQueue('dueslag', {durable: true, arguments: {'x-queue-type': 'quorum'}});
    return new Sender(connection, channel);
  }

  /** Resolves when the broker has the message on disk. */
  async send(message: string | Uint8Array): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const lost = () => reject(new Error('the broker is gone'));
      this.#connection.once('close', lost);
      this.#channel.sendToQueue('dueslag', Buffer.from(message), {persistent: true}, (error) => {
        this.#connection.off('close', lost);
        if (error) reject(error instanceof Error ? error : new Error('the broker refused the message'));
        else resolve();
      });
    });
  }

  /** How many messages nobody has in hand. */
  async waiting(): Promise<number> {
    return (await this.#channel.checkQueue('dueslag')).messageCount;
  }

  async empty(): Promise<void> {
    await this.#channel.purgeQueue('dueslag');
  }

  async close(): Promise<void> {
    await this.#connection.close().catch(() => {});
  }
}
