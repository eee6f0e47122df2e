import type {Backend, Notice} from '@bsp/contract';
import type {Requester} from './http-backend.js';
import {type LineForm, linesOf, tooLong} from './lines.js';

/** A line ends with CRLF, LF or CR; whether a CR is all of the end, only what follows tells. No notice is longer. */
const eventForm: LineForm = {end: /\r\n|\n|\r(?!$)/, longest: 1_000_000};
const fieldAndValue = /^([^:]*)(?:: ?(.*))?$/s;

/** Notices from `GET /v1/live` (server-sent events over fetch: the browser's own EventSource sends no auth header). */
export async function* liveNotices(
  request: Requester,
  {contexts, lastEventId, signal, onOpen}: Parameters<Backend['live']>[0],
): AsyncGenerator<Notice> {
  const query = new URLSearchParams(contexts.map((id) => ['context', id]));
  const {body} = await request(`/live?${query}`, {
    accept: 'text/event-stream',
    signal,
    ...(lastEventId === undefined ? {} : {headers: {'last-event-id': lastEventId}}),
  });
  onOpen?.();
  if (!body) return;
  for await (const {data, id} of serverSentEvents(body)) {
    const notice = parseNotice(data, id);
    // What it says is for the hub to judge: it validates the notices of every backend alike.
    if (notice) yield notice as Notice;
  }
}

/** The events of a stream, each with the id that came with it. One that breaks off is none. */
async function* serverSentEvents(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<{data: string; id: string | undefined}> {
  let data = '';
  let id: string | undefined;
  for await (const lines of linesOf(body, eventForm))
    for (const line of lines) {
      const [, field, value = ''] = fieldAndValue.exec(line) ?? [];
      if (field === 'data') data += `${value}\n`;
      else if (field === 'id') id = value;
      else if (line === '') {
        if (data) yield {data, id};
        data = '';
        id = undefined;
      }
      if (data.length > eventForm.longest) throw tooLong();
    }
}

function parseNotice(data: string, cursor: string | undefined): object | undefined {
  try {
    return {cursor, ...(JSON.parse(data) as object)};
  } catch {
    return undefined;
  }
}
