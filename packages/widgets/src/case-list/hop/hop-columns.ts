import {type Case, maskCprInText, refKey, type Target, targetsResource} from '@bsp/contract';
import {type Language, type ResourceStore, type Session, stringsOf, type Translated} from '@bsp/core';
import type {Column} from '@bsp/ui';
import {html} from 'lit';
import {goOn} from '../../hop/going-on.js';
import type {BspCaseList} from '../bsp-case-list.js';
import {type CaseHopTexts, caseHopStrings} from './case-hop.strings.js';

/** What a list knows of one person's targets: goes with the Session. */
interface Known {
  readonly store: ResourceStore<Target>;
  /** What came of a case's button, by the case. */
  readonly said: Map<string, 'blocked' | 'failed'>;
  made: {readonly dependsOn: readonly unknown[]; readonly columns: readonly Column<Case, 'hop'>[]};
  changes: number;
}

const none: readonly Column<Case, 'hop'>[] = [];
const knownOf = new WeakMap<BspCaseList, WeakMap<Session, Known>>();

function known(list: BspCaseList, session: Session): Known {
  const bySession = knownOf.get(list) ?? new WeakMap<Session, Known>();
  knownOf.set(list, bySession);
  let found = bySession.get(session);
  if (!found) {
    found = {
      store: session.resource(targetsResource),
      said: new Map(),
      made: {dependsOn: [], columns: none},
      changes: 0,
    };
    bySession.set(session, found);
    const leave = found.store.subscribe(() => list.requestUpdate());
    session.signal.addEventListener('abort', leave);
  }
  return found;
}

/** A column with a button for each system that a case can be opened in; none where there is no such system. */
export function hopColumns(
  list: BspCaseList,
  session: Session | undefined,
  language: Language,
): readonly Column<Case, 'hop'>[] {
  if (!session) return none;
  const own = known(list, session);
  const targets = own.store.view.items.filter((target) => target.for === 'case');
  if (targets.length === 0) return none;
  const texts = stringsOf(caseHopStrings, language, undefined, () => list.requestUpdate());
  const dependsOn = [own.store.view, texts, own.changes];
  if (dependsOn.some((value, place) => value !== own.made.dependsOn[place]))
    own.made = {dependsOn, columns: [columnOf({list, session, own, targets, texts, language})]};
  return own.made.columns;
}

function columnOf(parts: {
  readonly list: BspCaseList;
  readonly session: Session;
  readonly own: Known;
  readonly targets: readonly Target[];
  readonly texts: Translated<CaseHopTexts>;
  readonly language: Language;
}): Column<Case, 'hop'> {
  const {list, session, own, targets, texts, language} = parts;
  const say = (key: string, what: 'blocked' | 'failed' | undefined): void => {
    if (own.said.get(key) === what) return;
    if (what) own.said.set(key, what);
    else own.said.delete(key);
    own.changes++;
    list.requestUpdate();
  };
  const go = async (one: Case, target: Target): Promise<void> => {
    const key = refKey(one.ref);
    const waiting = {lang: language, text: texts.opening(maskCprInText(target.name))};
    const came = await goOn(session, {target: target.ref, record: one.ref}, waiting);
    if (came !== 'left') say(key, came === 'gone' ? undefined : came === 'blocked' ? came : 'failed');
  };
  return {
    key: 'hop',
    heading: texts.hop,
    unsorted: true,
    cell: html`<td role="cell" class="hop"></td>`,
    fill: (cell, one) => {
      for (const target of targets) {
        if (target.sources && !target.sources.includes(one.ref.source)) continue;
        const name = maskCprInText(target.name);
        const button = document.createElement('button');
        button.className = 'button';
        button.textContent = `${name} ↗`;
        button.setAttribute('aria-label', texts.openIn(maskCprInText(one.title), name));
        button.addEventListener('click', () => void go(one, target));
        cell.append(button);
      }
      const said = own.said.get(refKey(one.ref));
      if (!said) return;
      const line = document.createElement('div');
      line.className = 'second';
      line.setAttribute('role', 'alert');
      line.textContent = texts[said];
      cell.append(line);
    },
  };
}
