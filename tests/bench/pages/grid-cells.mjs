// The cells of the grids: what stands in the kit's rows, as elements, made as their documentation has it.
import {marks, moment, phases, pillKinds, recent, shown} from './words.mjs';

const element = (name, className, ...children) => {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
};

const now = Date.now();

/** Elements of a case's cell, by column. */
export const cells = {
  case: (one) => {
    const second = element('div', 'second');
    if (one.sensitivity !== 'ordinary')
      second.append(element('span', `mark ${one.sensitivity}`, marks[one.sensitivity]), ' ');
    second.append(shown([one.kle?.number, one.kle?.title].filter(Boolean).join(' ')));
    if (one.number) second.append(' · ', element('span', 'nowrap', shown(one.number)));
    return [element('button', 'link', shown(one.title)), second];
  },
  status: ({status: {phase, native}}) => [
    element('span', `pill ${pillKinds[phase] ?? 'neutral'}`, phases[phase] ?? 'Ukendt fase'),
    element('div', 'second', `”${shown(native)}”`),
  ],
  responsible: ({responsible}) =>
    responsible
      ? [shown(responsible.name), element('div', 'second', shown(responsible.unit ?? ''))]
      : [element('span', 'pill warning', 'Ingen ansvarlig')],
  changed: ({changedAt}) => {
    const date = new Date(changedAt);
    const time = element('time', '', recent(date, now));
    time.dateTime = changedAt;
    time.title = moment(date);
    return [time];
  },
};

/** The same as one element, for grids that want one. */
export const cellElement = (key, one) => element('div', '', ...cells[key](one));

/** What the kit's stylesheet says of these cells. */
export const cellStyles = `
.second { font-size: 0.86em; color: #5d6570; }
.pill, .mark { display: inline-block; font-size: 0.86em; line-height: 18px; padding: 0 7px; border-radius: 9px; background: #eef0f2; }
.link { padding: 0; border: 0; background: none; color: #004d99; font: inherit; font-weight: 500; text-align: start; }
.nowrap { white-space: nowrap; }
.ag-cell { line-height: 1.45; padding-block: 8px; }
`;

/** Widths of the columns beside the first, which takes the rest. */
export const widths = {status: 230, responsible: 265, changed: 134, source: 129};

/** Height of the kit's rows of two lines. */
export const rowHeight = 58;

/** Height of what is seen of a windowed list. */
export const viewHeight = 600;
