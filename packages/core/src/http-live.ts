import {type Backend, type Notice, noticeSchema} from '@bsp/contract';
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
      if (notice) yield notice;
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

/** An unreadable notice becomes none: the next resume or reload brings what it meant. */
function parseNotice(data: string, cursor: string | undefined): Notice | undefined {
  try {
    const parsed = noticeSchema.safeParse({cursor, ...(JSON.parse(data) as object)});
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
