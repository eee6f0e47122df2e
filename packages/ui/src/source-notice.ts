import type {Formats, ResourceStore, SourceView, Translated} from '@bsp/core';
import type {PanelTexts} from './panel.strings.js';

/** A source and the store that can ask it again. */
export interface AskedSource {
  readonly source: SourceView;
  readonly store: ResourceStore<unknown>;
}

const sayings: Partial<Record<SourceView['status'], 'noAnswer' | 'badAnswer' | 'noAccess' | 'needsPurpose'>> = {
  timeout: 'noAnswer',
  unavailable: 'noAnswer',
  invalid: 'badAnswer',
  forbidden: 'noAccess',
  'needs-purpose': 'needsPurpose',
};

/** Whether asking again may help. */
export const worthRetrying = ({status}: SourceView): boolean =>
  status === 'timeout' || status === 'unavailable' || status === 'invalid';

/** One sentence of a notice; `names`, when it begins with them, are set off. */
export interface Sentence {
  readonly names?: string;
  readonly text: string;
}

/** Sentences that say what is missing and from whom; none when nothing is. */
export function sourceSentences(
  asked: readonly AskedSource[],
  items: string,
  texts: Translated<PanelTexts>,
  formats: Formats,
): Sentence[] {
  const sources = asked.map(({source}) => source);
  const sentences: Sentence[] = [];
  const missing = items.charAt(0).toUpperCase() + items.slice(1);
  for (const saying of new Set(Object.values(sayings))) {
    const failing = sources.filter(({status}) => sayings[status] === saying);
    for (const stale of [false, true]) {
      const these = failing.filter((source) => source.stale === stale);
      if (these.length === 0) continue;
      const since = these.flatMap(({asOf}) => asOf ?? []).sort((one, other) => Date.parse(one) - Date.parse(other))[0];
      const names = formats.list(these.map(({name}) => name));
      const text = `${texts[saying](names)} ${
        stale && since ? texts.stale(formats.recent(since)) : texts.missing(missing)
      }`;
      sentences.push(text.startsWith(names) ? {names, text: text.slice(names.length)} : {text});
    }
  }
  for (const {invalid, name} of sources) if (invalid) sentences.push({text: texts.unreadable(invalid, name)});
  return sentences;
}
