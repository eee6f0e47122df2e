import {type Launch, launchedSchema, type Problem} from '@bsp/contract';
import {problemFrom, type Session} from '@bsp/core';

/**
 * What came of going on to another system. `gone`: its window is on its way · `blocked`: the browser opened no window, and
 * nobody was asked for anything · `left`: the page shows somebody else by now, and nothing was sent · or the problem.
 */
export type GoingOn = 'gone' | 'blocked' | 'left' | Problem;

/**
 * Goes on to another system with the Session's person. Call it in the task of the user's click: the window opens blank at
 * once, loses its opener, and goes on when the backend has said where to. What goes there names nobody.
 *
 * @param waiting - stands in the window meanwhile. Not about a person.
 */
export async function goOn(
  session: Session,
  launch: Launch,
  waiting: {readonly lang: string; readonly text: string},
): Promise<GoingOn> {
  const opened = open('about:blank', '_blank');
  if (!opened) return 'blocked';
  const close = (): void => opened.close();
  session.signal.addEventListener('abort', close);
  try {
    opened.opener = null;
    say(opened.document, waiting);
    const {result} = await session.act('launch', launch);
    const url = addressIn(result);
    if (session.signal.aborted) return 'left';
    leaveFor(opened, url);
    return 'gone';
  } catch (thrown) {
    close();
    return session.signal.aborted ? 'left' : problemFrom(thrown);
  } finally {
    session.signal.removeEventListener('abort', close);
  }
}

function say(page: Document, {lang, text}: {readonly lang: string; readonly text: string}): void {
  page.documentElement.lang = lang;
  page.title = text;
  page.body.textContent = text;
}

/** Where to: a page, never a script. */
function addressIn(result: unknown): URL {
  const {url} = launchedSchema.parse(result);
  const address = new URL(url, document.baseURI);
  if (address.protocol !== 'https:' && address.protocol !== 'http:') throw new TypeError('No address of a page.');
  return address;
}

/** Sends the window there without telling from where, whatever the policy of the page. */
function leaveFor({document: page}: Window, url: URL): void {
  const link = page.createElement('a');
  link.href = url.href;
  link.referrerPolicy = 'no-referrer';
  page.body.append(link);
  link.click();
}
