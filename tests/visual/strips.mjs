// Rows of pixels that several pictures show are kept once. Nearly all of a window's states look alike, line by line.

/** So many rows in a row, with so many changes from one to the next, are worth a reference. */
const leastRows = 8;
const leastChanges = 4;

/** References looked at for the longest: more find little more. */
const mostCandidates = 20;

/**
 * Takes pictures of one width apart.
 *
 * @param pictures - `{width, height, data}`, RGBA, in the order in which they are kept.
 * @returns of each picture `rows`, the pixels that no picture before it shows, and `parts`, where it is to be found among
 *   all rows that are kept: `[first, count, first, count, …]`.
 */
export function takeApart(pictures) {
  const numbers = new Map();
  const numberOf = (row) => {
    const text = row.toString('latin1');
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    return number;
  };
  const kept = [];
  const places = new Map();
  return pictures.map(({width, height, data}) => {
    const rows = Array.from({length: height}, (_, y) => data.subarray(y * width * 4, (y + 1) * width * 4));
    const sequence = rows.map(numberOf);
    const known = kept.length;
    const own = [];
    const parts = [];
    const add = (first, count) => {
      if (parts.length > 0 && parts.at(-2) + parts.at(-1) === first) parts[parts.length - 1] += count;
      else parts.push(first, count);
    };
    for (let y = 0; y < height; ) {
      const {first, count} = longestMatch(sequence, y, {kept, known, places});
      if (count > 0) add(first, count);
      else {
        add(kept.length, 1);
        own.push(rows[y]);
        kept.push(sequence[y]);
      }
      y += count || 1;
    }
    for (let at = Math.max(0, known - leastRows + 1); at + leastRows <= kept.length; at++) {
      const key = kept.slice(at, at + leastRows).join();
      const list = places.get(key);
      if (!list) places.set(key, [at]);
      else if (list.length < mostCandidates) list.push(at);
    }
    return {rows: {width, height: own.length, data: Buffer.concat(own)}, parts};
  });
}

/** The longest run of rows from `y` on that was kept before this picture; `count` is 0 where it is not worth a reference. */
function longestMatch(sequence, y, {kept, known, places}) {
  let first = -1;
  let count = 0;
  const key = sequence.slice(y, y + leastRows);
  for (const place of (key.length === leastRows && places.get(key.join())) || []) {
    let length = leastRows;
    while (place + length < known && y + length < sequence.length && kept[place + length] === sequence[y + length])
      length++;
    if (length > count) [first, count] = [place, length];
  }
  let changes = 0;
  for (let row = y + 1; row < y + count && changes < leastChanges; row++)
    if (sequence[row] !== sequence[row - 1]) changes++;
  return changes < leastChanges ? {first, count: 0} : {first, count};
}

/** Puts a picture together again, out of all rows that are kept. */
export function putTogether({width, height, data}, parts) {
  const rows = [];
  for (let at = 0; at < parts.length; at += 2) {
    const [first, count] = [parts[at], parts[at + 1]];
    if (first + count > height) throw new Error(`Of ${height} rows that are kept, row ${first + count - 1} is wanted.`);
    rows.push(data.subarray(first * width * 4, (first + count) * width * 4));
  }
  const all = Buffer.concat(rows);
  return {width, height: all.length / (width * 4), data: all};
}
