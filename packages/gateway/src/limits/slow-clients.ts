import type {ServerResponse} from 'node:http';

/**
 * Lets a client go that has read nothing for so long of what is being sent to it: what waits for it, and what it keeps in
 * hand, is free again. One for whom nothing waits may be silent as long as it likes.
 */
export function letGoOfSilent(response: ServerResponse, seconds: number, gone: () => void): void {
  // Node counts a write that moves on, however slowly, as a sign of life.
  response.setTimeout(seconds * 1_000, () => {
    const {socket} = response;
    if (!socket || socket.writableLength === 0) return;
    gone();
    socket.destroy();
  });
}
