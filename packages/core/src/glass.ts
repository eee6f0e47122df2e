import {longestTimerMs} from './longest-timer.js';
import type {Session} from './session.js';

/**
 * Has all that is shown asked for again when broken glass is whole: the backend then refuses it, and it goes. By how long the
 * backend says that it lasts, whatever the clock of this machine shows.
 */
export function watchGlass(
  session: Session & {readonly opened: {openedAt: string; expiresAt: string} | undefined; reset(): void},
): void {
  let watched: string | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = (): void => {
    const until = session.glass && session.contextId;
    if (until === watched) return;
    watched = until;
    clearTimeout(timer);
    const {opened} = session;
    if (!until || !opened) return;
    const lastsMs = Date.parse(opened.expiresAt) - Date.parse(opened.openedAt);
    timer = setTimeout(() => session.reset(), Math.min(Math.max(lastsMs, 0) + 1_000, longestTimerMs));
  };
  look();
  session.subscribe(look);
  session.signal.addEventListener('abort', () => clearTimeout(timer));
}
