import {ProblemError, problemOf} from '@bsp/contract';

/** No line of a read stream is longer: 500 items of 64 kB. */
const longestLine = 32_000_000;

/**
 * The JSON values of a stream of lines (`application/x-ndjson`), as they come.
 *
 * @throws ProblemError `protocol` when a line is not JSON or far too long.
 */
export async function* jsonLines(body: ReadableStream<Uint8Array>): AsyncGenerator<unknown> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const {done, value} = await reader.read();
      rest += decoder.decode(value, {stream: !done});
      const lines = rest.split('\n');
      rest = done ? '' : (lines.pop() ?? '');
      for (const line of lines) if (line.trim() !== '') yield parseLine(line);
      if (done) return;
      if (rest.length > longestLine) throw protocolError('A line of the answer is too long.');
    }
  } finally {
    // Also when the reader stops early: the backend need not go on.
    reader.cancel().catch(() => undefined);
  }
}

const protocolError = (title: string): ProblemError => new ProblemError(problemOf('protocol', title));

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw protocolError('A line of the answer is not JSON.');
  }
}
