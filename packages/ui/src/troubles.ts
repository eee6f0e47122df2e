import type {Formats, Session, SourceView, Translated, WindowState} from '@bsp/core';
import {html, type TemplateResult} from 'lit';
import type {AccessKind} from './access.js';
import type {AskedSource} from './asked-source.js';
import type {ConfigFault} from './config.js';
import {emptyIcon, lockIcon, warningIcon} from './icons.js';
import {offlineIcon} from './late-icons.js';
import {message} from './message.js';
import {notice} from './notice.js';
import {type TroubleTexts, troubleStrings} from './troubles.strings.js';
import {upperFirst} from './upper-first.js';

export {troubleStrings};

/** How it stands with a window. */
export interface Trouble {
  readonly state: WindowState;
  /** Code of the problem that the Session or a read as a whole has. */
  readonly code: string | undefined;
  readonly asked: readonly AskedSource[];
  /** The window's plural noun. */
  readonly items: string;
  readonly hasItems: boolean;
  readonly texts: Translated<TroubleTexts>;
  readonly formats: Formats;
  /** A button, where asking again may help. */
  readonly retry: TemplateResult | undefined;
  /** Opens the context again, where the backend has closed it and that can be done. */
  readonly renew: (() => void) | undefined;
  readonly session: Session | undefined;
  /** Asks for what more access needs. */
  readonly ask: (kind: AccessKind) => void;
}

const sayings: Partial<Record<SourceView['status'], 'noAnswer' | 'badAnswer' | 'noAccess' | 'needsPurpose'>> = {
  timeout: 'noAnswer',
  unavailable: 'noAnswer',
  invalid: 'badAnswer',
  forbidden: 'noAccess',
  'needs-purpose': 'needsPurpose',
};

/** What a body says that has nothing to show, and cannot say that there is nothing. */
export function troubleText({state, code, asked, items, texts, renew}: Trouble): string {
  switch (state) {
    case 'unsupported':
      return texts.unsupported(items);
    case 'offline':
      return texts.offline;
    case 'partial':
      return texts.emptyPartial(items, asked.filter(({source}) => source.status === 'ok').length);
    case 'forbidden':
      return code === 'unauthorized'
        ? texts.loggedOut
        : code === 'needs-purpose' || asked.some(({source}) => source.status === 'needs-purpose')
          ? texts.purpose(items)
          : texts.forbidden(items);
  }
  const shown = upperFirst(items);
  const saying = {
    'invalid-subject': texts.invalidSubject,
    'not-found': texts.unknownSubject,
    'context-closed': renew ? texts.closedRenewable : texts.closed,
    'rate-limited': texts.busy(shown),
  }[code ?? ''];
  return saying ?? (code ? texts.failed(shown) : texts.error(shown));
}

const icons: Partial<Record<WindowState, () => unknown>> = {
  unsupported: emptyIcon,
  offline: offlineIcon,
  partial: emptyIcon,
  forbidden: lockIcon,
};

type Asking = Pick<Trouble, 'session' | 'texts' | 'ask'>;

const askButton = (kind: AccessKind, {texts, ask}: Asking): TemplateResult =>
  html`<button class="button" @click=${() => ask(kind)}>${kind === 'glass' ? texts.breakGlass : texts.statePurpose}</button>`;

/** What is the user's own is nobody's to open. */
const mayAsk = ({session}: Asking): boolean | undefined => session?.renewable && session.subject?.type !== 'user';

const glassButton = (asking: Asking): TemplateResult | undefined =>
  mayAsk(asking) && !asking.session?.glass && asking.session?.me?.capabilities.includes('break-glass')
    ? askButton('glass', asking)
    : undefined;

/** A button that asks for what is missing, where the user may have it: a purpose before a reason. */
function offer(trouble: Trouble): TemplateResult | undefined {
  const {session, code, asked} = trouble;
  const lacks = (status: 'needs-purpose' | 'forbidden') =>
    code === status || asked.some(({source}) => source.status === status);
  if (mayAsk(trouble) && lacks('needs-purpose') && session?.me?.purposes.length) return askButton('purpose', trouble);
  return lacks('forbidden') ? glassButton(trouble) : undefined;
}

/** Offers more access beside the sources, to whoever may have it: what is hidden looks like what is not there. */
export function moreAccess(asking: Asking): TemplateResult | undefined {
  const button = glassButton(asking);
  return button && html`<span class="small faint">${asking.texts.mayBeMore}</span>${button}`;
}

/** {@link troubleText} as it stands in the body. */
export function troubleMessage(trouble: Trouble): TemplateResult {
  const {state, code, retry, renew, texts} = trouble;
  const icon = icons[state];
  // A closed context stays closed.
  const again = state === 'forbidden' ? offer(trouble) : icon || code === 'context-closed' ? undefined : retry;
  const action = renew ? html`<button class="button" @click=${renew}>${texts.renew}</button>` : again;
  return message((icon ?? warningIcon)(), troubleText(trouble), action);
}

/** Says which sources something is missing from, or is old from. */
export function troubleNotice(trouble: Trouble): TemplateResult {
  const {state, code, asked, items, hasItems, texts, formats, retry} = trouble;
  const lines: unknown[] = [];
  if (hasItems && state === 'offline') lines.push(texts.offlineKept);
  else if (hasItems && code) lines.push(texts.interrupted);
  const sources = asked.map(({source}) => source);
  for (const saying of new Set(Object.values(sayings)))
    for (const stale of [false, true]) {
      const these = sources.filter((source) => sayings[source.status] === saying && source.stale === stale);
      if (these.length === 0) continue;
      const since = these.flatMap(({asOf}) => asOf ?? []).sort((one, other) => Date.parse(one) - Date.parse(other))[0];
      const names = formats.list(these.map(({name}) => name));
      const sentence = `${texts[saying](names)} ${
        stale && since ? texts.stale(formats.recent(since)) : texts.missing(upperFirst(items))
      }`;
      lines.push(
        sentence.startsWith(names) ? html`<strong>${names}</strong>${sentence.slice(names.length)}` : sentence,
      );
    }
  for (const {invalid, name} of sources) if (invalid) lines.push(texts.unreadable(invalid, name));
  return notice(
    'warning',
    lines.map((line) => html`<p>${line}</p>`),
    retry ?? offer(trouble),
  );
}

/** Says in the panel which part of the config stands aside. */
export const faultNotice = (faults: readonly ConfigFault[], texts: Translated<TroubleTexts>, formats: Formats) =>
  notice('info', texts.configFault(formats.list(faults.map(({key}) => key || 'config'))));

const warned = new WeakMap<HTMLElement, Set<string>>();

/** Tells the host's developer: once per key in the console, and by an event. The bad value itself is never repeated. */
export function tellFaults(element: HTMLElement, name: string, faults: readonly ConfigFault[]): void {
  const told = warned.get(element) ?? new Set();
  warned.set(element, told);
  for (const {key, expected} of faults) {
    if (told.has(key)) continue;
    told.add(key);
    console.warn(`bsp ${name}: config${key && ` "${key}"`} must be ${expected}; the default applies.`);
  }
  const detail = {window: name, faults};
  element.dispatchEvent(new CustomEvent('bsp-config-error', {detail, bubbles: true, composed: true}));
}
