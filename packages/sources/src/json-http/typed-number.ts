import {cprValue} from '@bsp/contract';

/** A replacement number with letters, as it stands between other words. */
const lettered = /(?<![\p{L}\p{Nd}])(\d{6})[^\p{L}\p{Nd}]{0,3}([\dA-Z]{4})(?![\p{L}\p{Nd}])/giu;

/**
 * Ten characters in what somebody typed that may be a person's number; undefined where there are none. Whatever stands between its
 * digits, and whether or not it is one: who types wrong means somebody all the same.
 */
export function numberIn(typed: string): string | undefined {
  const text = typed.normalize('NFKC');
  const digits = /\p{Nd}{10}/u.exec(text.replace(/[^\p{L}\p{Nd}]/gu, ''))?.[0];
  if (digits !== undefined) return digits;
  for (const [, date, serial] of text.matchAll(lettered)) {
    const parsed = cprValue(`${date}${serial}`);
    if (parsed.ok) return parsed.value;
  }
  return undefined;
}
