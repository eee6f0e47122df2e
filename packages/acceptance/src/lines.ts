/** The lines of an answer's body, as they come, without their ends. */
export async function* linesOf(response: Response): AsyncGenerator<string> {
  const reader = response.body?.getReader();
  if (!reader) return;
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const {done, value} = await reader.read();
      rest += decoder.decode(value, {stream: !done});
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) yield line.replace(/\r$/, '');
      if (done) break;
    }
    if (rest !== '') yield rest;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** One event of a server-sent event stream. */
export interface StreamEvent {
  readonly id: string | undefined;
  readonly data: string;
}

/** The events of a stream (WHATWG HTML, "Server-sent events"), less comments and what has no data. */
export async function* eventsOf(response: Response): AsyncGenerator<StreamEvent> {
  let id: string | undefined;
  let data: string[] = [];
  for await (const line of linesOf(response)) {
    if (line === '') {
      if (data.length > 0) yield {id, data: data.join('\n')};
      data = [];
    } else {
      const [, field, value = ''] = /^([^:]*)(?:: ?(.*))?$/.exec(line) ?? [];
      if (field === 'id') id = value;
      else if (field === 'data') data.push(value);
    }
  }
}
