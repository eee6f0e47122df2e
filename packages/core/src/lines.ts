import {ProblemError, problemOf} from '@bsp/contract';

/** What ends a line, and how long one may be: a line that never comes to its end must not fill the memory. */
export interface LineForm {
  readonly end: string | RegExp;
  readonly longest: number;
}

/** A line holds at most 500 items of 64 kB. */
const jsonForm: LineForm = {end: '\n', longest: 32_000_000};

/**
 * The lines of a stream, without their ends; those together that came in one piece. The last one may lack its end.
 *
 * @throws ProblemError `protocol` when a line is too long.
 */
export async function* linesOf(body: ReadableStream<Uint8Array>, {end, longest}: LineForm): AsyncGenerator<string[]> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  /** A CR at the end of what has come: it may be half of a line's end. */
  let half = '';
  try {
    for (;;) {
      const {done, value} = await reader.read();
      // Only what is new is looked through: a long line comes in many chunks.
      const lines = (half + decoder.decode(value, {stream: !done})).split(end);
      half = lines.at(-1)?.endsWith('\r') ? '\r' : '';
      const begun = lines.pop()?.slice(0, half ? -1 : undefined) ?? '';
      if (lines.length > 0) {
        lines[0] = rest + lines[0];
        yield lines;
        rest = '';
      }
      rest += begun;
      if (rest.length > longest) throw tooLong();
      if (done) {
        if (rest) yield [rest];
        return;
      }
    }
  } finally {
    // Also when the reader stops early: the backend need not go on.
    reader.cancel().catch(() => undefined);
  }
}

/**
 * The JSON values of a stream of lines (`application/x-ndjson`), those together that came in one piece.
 *
 * @throws ProblemError `protocol` when a line is not JSON or far too long: after the values before it.
 */
export async function* jsonLines(body: ReadableStream<Uint8Array>): AsyncGenerator<unknown[]> {
  for await (const lines of linesOf(body, jsonForm)) {
    const values: unknown[] = [];
    try {
      for (const line of lines) if (line.trim() !== '') values.push(JSON.parse(line));
    } catch {
      yield values;
      throw protocolError('A line of the answer is not JSON.');
    }
    yield values;
  }
}

const protocolError = (title: string): ProblemError => new ProblemError(problemOf('protocol', title));

/** The error of a stream whose lines, or what they make up, never come to an end. */
export const tooLong = (): ProblemError => protocolError('A line of the answer is too long.');
