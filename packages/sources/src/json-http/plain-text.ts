/** Elements whose content is no text. */
const silent = /^(?:script|style)$/i;
/** Elements after which a new line begins. */
const breaking = /^\/?(?:br|p|div|li|tr|h[1-6])$/i;

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  aelig: 'æ',
  oslash: 'ø',
  aring: 'å',
  AElig: 'Æ',
  Oslash: 'Ø',
  Aring: 'Å',
};

const decoded = (text: string): string =>
  text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,6}));/gi, (whole, decimal, hex, name) => {
    const known = name === undefined ? undefined : entities[String(name)];
    if (known !== undefined || name !== undefined) return known ?? String(whole);
    const code = decimal === undefined ? Number.parseInt(String(hex), 16) : Number(decimal);
    return code > 0 && code <= 0x10_ff_ff && !(code >= 0xd8_00 && code <= 0xdf_ff) ? String.fromCodePoint(code) : '';
  });

/**
 * The text of HTML as case systems keep notes in it: tags are left out, lines stay lines. For reading only; what it gives
 * is text and must be shown as text. Takes time in proportion to the length.
 */
export function plainText(html: string): string {
  let text = '';
  let skipping: string | undefined;
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf('<', at);
    const close = open < 0 ? -1 : html.indexOf('>', open);
    if (skipping === undefined) text += decoded(html.slice(at, close < 0 ? html.length : open));
    if (close < 0) break;
    const name = /^\/?[a-z][a-z\d]{0,20}/i.exec(html.slice(open + 1, open + 24))?.[0] ?? '';
    if (skipping !== undefined) {
      if (name.toLowerCase() === `/${skipping}`) skipping = undefined;
    } else if (silent.test(name)) skipping = name.toLowerCase();
    else if (breaking.test(name)) text += '\n';
    at = close + 1;
  }
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line, index, lines) => line !== '' || (index > 0 && lines[index - 1] !== ''))
    .join('\n')
    .trim();
}
