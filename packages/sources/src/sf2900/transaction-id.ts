import {createHash} from 'node:crypto';

const uuidForm = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Whether a text is a UUID. */
export const isUuid = (text: string | undefined): text is string => text !== undefined && uuidForm.test(text);

const hexForm = /^[\da-f]{32}$/;
const dashed = (hex: string): string =>
  [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');

/** The `AnvenderTransaktionsID` of a delivery's key, the same for the same key: of 32 hexadecimal digits a UUID of them. */
export function transactionIdOf(key: string): string {
  if (hexForm.test(key)) return dashed(key);
  if (isUuid(key)) return key.toLowerCase();
  // RFC 9562, version 8.
  const hex = createHash('sha256').update(key).digest('hex');
  const variant = ((Number.parseInt(hex[16]!, 16) & 0x3) | 0x8).toString(16);
  return dashed(`${hex.slice(0, 12)}8${hex.slice(13, 16)}${variant}${hex.slice(17)}`);
}

const mostRemembered = 10_000;

/**
 * Finds the key again that a transaction had. One of 32 hexadecimal digits stands in the id; another, which is longer than an id, is
 * remembered, as long as this process runs.
 */
export class SentKeys {
  private readonly keys = new Map<string, string>();

  remember(key: string): void {
    if (hexForm.test(key)) return;
    const [oldest] = this.keys.keys();
    if (this.keys.size >= mostRemembered && oldest !== undefined) this.keys.delete(oldest);
    this.keys.set(transactionIdOf(key), key);
  }

  keyOf(transactionId: string): string {
    return this.keys.get(transactionId) ?? transactionId.replaceAll('-', '');
  }
}
