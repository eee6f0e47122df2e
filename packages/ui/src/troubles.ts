import type {Formats, SourceView, Translated, WindowState} from '@bsp/core';
import {html, type TemplateResult} from 'lit';
import type {AskedSource} from './asked-source.js';
import type {ConfigFault} from './config.js';
import {emptyIcon, lockIcon, warningIcon} from './icons.js';
import {offlineIcon} from './late-icons.js';
import {message} from './message.js';
import {notice} from './notice.js';
import {type TroubleTexts, troubleStrings} from './troubles.strings.js';

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
}

const sayings: Partial<Record<SourceView['status'], 'noAnswer' | 'badAnswer' | 'noAccess' | 'needsPurpose'>> = {
  timeout: 'noAnswer',
  unavailable: 'noAnswer',
  invalid: 'badAnswer',
  forbidden: 'noAccess',
  'needs-purpose': 'needsPurpose',
};

const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

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

/** {@link troubleText} as it stands in the body. */
export function troubleMessage(trouble: Trouble): TemplateResult {
  const {state, code, retry, renew, texts} = trouble;
  const icon = icons[state];
  // A closed context stays closed.
  const again = icon || code === 'context-closed' ? undefined : retry;
  const action = renew ? html`<button class="button" @click=${renew}>${texts.renew}</button>` : again;
  return message((icon ?? warningIcon)(), troubleText(trouble), action);
}

/** Says which sources something is missing from, or is old from. */
export function troubleNotice({state, code, asked, items, hasItems, texts, formats, retry}: Trouble): TemplateResult {
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
    retry,
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
