import {ProblemError, problemOf} from '@bsp/contract';

/** What ends a line, and how long one may be: a line that never comes to its end must not fill the memory. */
export interface LineForm {
  readonly end: string | RegExp;
  readonly longest: number;
}

/** A line holds at most 500 items of 64 kB. */
const jsonForm: LineForm = {end: '\n', longest: 32_000_000};

/**
 * The lines of a stream as they come, without their ends; the last one may lack its end.
 *
 * @throws ProblemError `protocol` when a line is too long.
 */
export async function* linesOf(body: ReadableStream<Uint8Array>, {end, longest}: LineForm): AsyncGenerator<string> {
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
        yield rest + lines.shift();
        yield* lines;
        rest = '';
      }
      rest += begun;
      if (rest.length > longest) throw tooLong();
      if (done) {
        if (rest) yield rest;
        return;
      }
    }
  } finally {
    // Also when the reader stops early: the backend need not go on.
    reader.cancel().catch(() => undefined);
  }
}

/**
 * The JSON values of a stream of lines (`application/x-ndjson`), as they come.
 *
 * @throws ProblemError `protocol` when a line is not JSON or far too long.
 */
export async function* jsonLines(body: ReadableStream<Uint8Array>): AsyncGenerator<unknown> {
  for await (const line of linesOf(body, jsonForm)) if (line.trim() !== '') yield parseLine(line);
}

const protocolError = (title: string): ProblemError => new ProblemError(problemOf('protocol', title));

/** The error of a stream whose lines, or what they make up, never come to an end. */
export const tooLong = (): ProblemError => protocolError('A line of the answer is too long.');

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw protocolError('A line of the answer is not JSON.');
  }
}
