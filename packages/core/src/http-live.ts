import type {Backend, Notice} from '@bsp/contract';
import {EventSourceParserStream} from 'eventsource-parser/stream';
import type {Requester} from './http-backend.js';

/** Notices from `GET /v1/live` (server-sent events over fetch: the browser's own EventSource sends no auth header). */
export async function* liveNotices(
  request: Requester,
  {contexts, lastEventId, signal, onOpen}: Parameters<Backend['live']>[0],
): AsyncGenerator<Notice> {
  const query = new URLSearchParams(contexts.map((id) => ['context', id]));
  const response = await request(`/live?${query}`, {
    accept: 'text/event-stream',
    signal,
    ...(lastEventId === undefined ? {} : {headers: {'last-event-id': lastEventId}}),
  });
  onOpen?.();
  if (!response.body) return;
  const reader = response.body
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .pipeThrough(new EventSourceParserStream())
    .getReader();
  try {
    for (;;) {
      const {done, value} = await reader.read();
      if (done) return;
      const notice = parseNotice(value.data, value.id);
      // What it says is for the hub to judge: it validates the notices of every backend alike.
      if (notice) yield notice as Notice;
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

function parseNotice(data: string, cursor: string | undefined): object | undefined {
  try {
    return {cursor, ...(JSON.parse(data) as object)};
  } catch {
    return undefined;
  }
}
