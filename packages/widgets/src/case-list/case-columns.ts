import {type Case, type CasePhase, maskCprInText} from '@bsp/contract';
import type {Formats, Translated} from '@bsp/core';
import {type Column, lockIcon, type PillKind, patternOf} from '@bsp/ui';
import {html} from 'lit';
import type {CaseListColumn} from './case-list.config.js';
import type {CaseListTexts} from './case-list.strings.js';

type Key = 'case' | CaseListColumn;

const pillKinds: Partial<Record<CasePhase, PillKind>> = {
  informed: 'accent',
  decided: 'ok',
  executed: 'ok',
};

/** Puts a text into the element of a cell that has this class or tag. */
const say = (cell: Element, selector: string, text: string): void => {
  const element = cell.querySelector(selector);
  if (element) element.textContent = text;
};

/** The columns of the case list, the case first. All texts of a source are masked here. */
export function caseColumns({
  keys,
  texts,
  formats,
  sourceName,
}: {
  readonly keys: readonly CaseListColumn[];
  readonly texts: Translated<CaseListTexts>;
  readonly formats: Formats;
  readonly sourceName: (id: string) => string;
}): readonly Column<Case, Key>[] {
  const shown = maskCprInText;
  const marks = new Map<string, Element>();
  const markOf = (sensitivity: Exclude<Case['sensitivity'], 'ordinary'>): Node => {
    const made =
      marks.get(sensitivity) ??
      patternOf(html`<span class="mark ${sensitivity}">${lockIcon()}${texts[`mark-${sensitivity}`]}</span>`);
    marks.set(sensitivity, made);
    return made.cloneNode(true);
  };
  const nobody = patternOf(html`<span class="pill warning">${texts.noResponsible}</span>`);
  const columns: Record<Key, Pick<Column<Case>, 'cell' | 'fill'>> = {
    case: {
      /* eslint-disable lit-a11y/accessible-name -- its case names it */
      cell: html`<td role="cell" class="case">
        <button class="link"></button>
        <div class="second"><span class="nowrap"></span></div>
      </td>`,
      /* eslint-enable lit-a11y/accessible-name */
      fill: (cell, {title, kle, number, sensitivity}) => {
        say(cell, '.link', shown(title).trim() || texts.untitled);
        say(cell, '.nowrap', `${kle && number ? '· ' : ''}${shown(number ?? '')}`);
        const second = cell.querySelector('.second');
        second?.prepend(` ${shown([kle?.number, kle?.title].filter(Boolean).join(' '))} `);
        if (sensitivity !== 'ordinary') second?.prepend(markOf(sensitivity));
      },
    },
    status: {
      cell: html`<td role="cell" class="status">
        <span class="pill"></span>
        <div class="second"></div>
      </td>`,
      fill: (cell, {status: {phase, native}}) => {
        cell.querySelector('.pill')?.classList.add(phase ? (pillKinds[phase] ?? 'neutral') : 'unknown');
        say(cell, '.pill', texts[`phase-${phase ?? 'unknown'}`]);
        say(cell, '.second', native.trim() ? texts.quoted(shown(native)) : texts.noNative);
      },
    },
    responsible: {
      cell: html`<td role="cell" class="responsible"><div class="second"></div></td>`,
      fill: (cell, {responsible}) => {
        if (responsible?.name.trim()) {
          cell.prepend(shown(responsible.name));
          say(cell, '.second', shown(responsible.unit ?? ''));
        } else cell.replaceChildren(nobody.cloneNode(true));
      },
    },
    changed: {
      cell: html`<td role="cell" class="changed"><time></time></td>`,
      fill: (cell, {changedAt}) => {
        const time = cell.querySelector('time');
        time?.setAttribute('datetime', changedAt);
        time?.setAttribute('title', formats.moment(changedAt));
        say(cell, 'time', formats.recent(changedAt));
      },
    },
    source: {
      cell: html`<td role="cell" class="source"></td>`,
      fill: (cell, {ref}) => {
        cell.textContent = sourceName(ref.source);
      },
    },
  };
  return (['case', ...keys] as const).map((key) => ({key, heading: texts[key], ...columns[key]}));
}
