// The way from the wire to valid cases, by hand: for the limit and for the grids, which have none of their own.
import {casesResource, openedContextSchema, streamMessageSchema} from '@bsp/contract';

const post = (path, body, accept) =>
  fetch(`/bsp/v1/${path}`, {
    method: 'POST',
    headers: {'content-type': 'application/json', accept},
    body: JSON.stringify(body),
  });

/** Opens a context of a number. */
export async function openContext(value) {
  const response = await post('contexts', {subject: {type: 'cpr', value}}, 'application/json');
  return openedContextSchema.parse(await response.json());
}

/** The messages of a context's read stream, validated; another context's are dropped. */
export async function* readStream(contextId, reads) {
  const {body} = await post(`contexts/${contextId}/read`, {reads}, 'application/x-ndjson');
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  for (;;) {
    const {done, value} = await reader.read();
    rest += decoder.decode(value, {stream: !done});
    const lines = rest.split('\n');
    rest = done ? '' : lines.pop();
    for (const line of lines) {
      if (line === '') continue;
      const message = streamMessageSchema.parse(JSON.parse(line));
      if (message.kind === 'end' || message.contextId === contextId) yield message;
    }
    if (done) return;
  }
}

/** A person's cases: all of them, once the stream has ended. */
export async function readCases(value) {
  const context = await openContext(value);
  const sources = new Map();
  const cases = [];
  let invalid = 0;
  let asOf = '';
  for await (const message of readStream(context.contextId, [{resource: 'cases'}])) {
    if (message.kind === 'plan') for (const {id, name} of message.resources.cases.sources) sources.set(id, name);
    if (message.kind !== 'frame') continue;
    if (message.asOf > asOf) asOf = message.asOf;
    for (const item of message.items) {
      const one = casesResource.parse(item);
      if (one) cases.push(one);
      else invalid++;
    }
  }
  return {context, sources, cases, invalid, asOf};
}
