const token =
  /(?:([{}[\],:])|("(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[\da-f]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?|true|false|null))/iuy;

/** Where a text stops being JSON, as line and column from 1. For error messages: `JSON.parse` does not tell. */
export function jsonFaultAt(text: string): {line: number; column: number} {
  let at = 0;
  let fault: number | undefined;
  const failed = (): false => {
    fault ??= at;
    return false;
  };
  /** Takes the next token if it is a wanted one: a punctuation mark, `"` for a string, `0` for any other value. */
  const taken = (...wanted: string[]): string | false => {
    at += /^\s*/.exec(text.slice(at))![0].length;
    token.lastIndex = at;
    const match = token.exec(text);
    const kind = match ? (match[1] ?? (match[2] ? '"' : '0')) : '';
    if (!wanted.includes(kind)) return false;
    at = token.lastIndex;
    return kind;
  };
  const value = (): boolean => {
    const kind = taken('{', '[', '"', '0');
    if (kind === '{') return list('}', () => (taken('"') && taken(':') ? value() : failed()));
    if (kind === '[') return list(']', value);
    return kind !== false || failed();
  };
  const list = (end: string, entry: () => boolean): boolean => {
    if (taken(end)) return true;
    do if (!entry()) return false;
    while (taken(','));
    return taken(end) !== false || failed();
  };
  if (value()) at += /^\s*/.exec(text.slice(at))![0].length;
  const lines = text.slice(0, fault ?? at).split('\n');
  return {line: lines.length, column: lines.at(-1)!.length + 1};
}
