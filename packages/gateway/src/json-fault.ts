const mark = /[{}[\],:]/y;
const escaped = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;
const otherValue = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** Where a match at a place ends; undefined where there is none. */
const endOf = (pattern: RegExp, text: string, at: number): number | undefined => {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
};

/** Where the string that begins at a place ends. Sign by sign: on a long one, a regular expression runs out of stack. */
function stringEnd(text: string, from: number): number | undefined {
  let at = from + 1;
  while (at < text.length) {
    const sign = text[at]!;
    if (sign === '"') return at + 1;
    const next = sign === '\\' ? endOf(escaped, text, at) : sign < ' ' ? undefined : at + 1;
    if (next === undefined) return undefined;
    at = next;
  }
  return undefined;
}

/** What may come next, in the order in which it is looked for: a mark, `"` a string, `0` any other value. */
const value = ['{', '[', '"', '0'] as const;

/** Where a text stops being JSON, as line and column from 1. For error messages: `JSON.parse` does not tell. */
export function jsonFaultAt(text: string): {line: number; column: number} {
  let at = 0;
  const skipSpace = (): void => {
    while (at < text.length && /\s/.test(text[at]!)) at++;
  };
  /** Takes the next token if it is a wanted one. */
  const taken = (wanted: readonly string[]): string | undefined => {
    skipSpace();
    const sign = text[at] ?? '';
    const isMark = endOf(mark, text, at) !== undefined;
    const end = isMark ? at + 1 : sign === '"' ? stringEnd(text, at) : endOf(otherValue, text, at);
    const kind = isMark || sign === '"' ? sign : '0';
    if (end === undefined || !wanted.includes(kind)) return undefined;
    at = end;
    return kind;
  };
  /** The brackets that are open: a list of its own, because a text may be deeper than the stack. */
  const open: string[] = [];
  let wanted: readonly string[] = value;
  for (;;) {
    const kind = taken(wanted);
    if (kind === undefined) break;
    if (kind === '{' || kind === '[') open.push(kind);
    if (kind === '}' || kind === ']') open.pop();
    const inObject = open.at(-1) === '{';
    const isKey = inObject && kind === '"' && !wanted.includes('0');
    if (kind === '{') wanted = ['}', '"'];
    else if (kind === '[') wanted = [']', ...value];
    else if (kind === ',') wanted = inObject ? ['"'] : value;
    else if (isKey) wanted = [':'];
    else if (kind === ':') wanted = value;
    else if (open.length > 0) wanted = [',', inObject ? '}' : ']'];
    else break;
  }
  skipSpace();
  const lines = text.slice(0, at).split('\n');
  return {line: lines.length, column: lines.at(-1)!.length + 1};
}
