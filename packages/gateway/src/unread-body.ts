import type {IncomingMessage} from 'node:http';

const mostBytes = 64 * 1024 * 1024;
const mostMilliseconds = 2_000;

/**
 * Reads and drops what is left of a request's body, so that its sender gets to read the answer: a connection that is
 * closed with bytes unread is reset, and a reset may take the answer with it (RFC 9112, section 9.6).
 * A sender that is too slow, or sends without end, is not waited for.
 */
export async function dropUnreadBody(request: IncomingMessage): Promise<void> {
  const {'content-length': length, 'transfer-encoding': encoding} = request.headers;
  const hasBody = encoding !== undefined || (length !== undefined && length !== '0');
  if (!hasBody || request.readableEnded || request.destroyed) return;
  await new Promise<void>((resolve) => {
    let bytes = 0;
    const count = (chunk: string | Buffer) => {
      bytes += chunk.length;
      if (bytes > mostBytes) stop();
    };
    const stop = () => {
      clearTimeout(timer);
      request.off('data', count);
      for (const end of ends) request.off(end, stop);
      resolve();
    };
    const ends = ['end', 'close', 'error'];
    const timer = setTimeout(stop, mostMilliseconds);
    for (const end of ends) request.on(end, stop);
    request.on('data', count).resume();
  });
}
