// The limit: the case list by hand. The same stylesheets, the same elements, roles, names and texts as the kit's window, and
// the least work that makes them: one clone a row, one text node a text, one listener for all rows.
import {controlStyles, markStyles, tableStyles, windowStyles} from '@bsp/ui';
import {caseListStyles} from '../../../packages/widgets/dist/case-list/bsp-case-list.styles.js';
import {
  dayKey,
  headings,
  marks,
  moment,
  number,
  phases,
  pillKinds,
  recent,
  shown,
  sortedByChange,
  sortedByTitle,
  textFilter,
  timeWithSeconds,
} from './words.mjs';

const sheets = [windowStyles, tableStyles, markStyles, caseListStyles, controlStyles].map(({styleSheet}) => styleSheet);

const template = (markup) => {
  const element = document.createElement('template');
  element.innerHTML = markup;
  return element.content;
};

const icon = (path) => `<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d="${path}"></path></svg>`;
const up = 'M8 13.4V3M3.8 7 8 2.8 12.2 7';
const down = 'M8 2.6V13M3.8 9 8 13.2 12.2 9';
const lock = icon('M3.5 7.2h9v6.3h-9ZM5.4 7.2V5a2.6 2.6 0 0 1 5.2 0v2.2');
const reload = icon('M13.2 8a5.2 5.2 0 1 1-1.6-3.7L13.3 6M13.3 2.6V6H9.9');
const glass = icon('M7 2.4a4.6 4.6 0 1 0 0 9.2 4.6 4.6 0 0 0 0-9.2ZM10.4 10.4l3.4 3.4');

const columns = Object.keys(headings);

const panelTemplate = template(`<section class="panel" part="panel" aria-labelledby="heading">
<header class="header" part="header"><div id="heading" class="title" part="title" role="heading" aria-level="2">Sager<span class="unseen"></span></div>
<span class="count" part="count"></span>
<div class="actions" part="actions"><slot name="actions"></slot><button class="quiet" id="sources" aria-haspopup="dialog" aria-expanded="false"><i class="dot"></i></button>
<button class="quiet" aria-label="Hent sager igen" title="Hent sager igen">${reload}</button></div></header>
<div class="tools"><div class="segmented" role="radiogroup" aria-label="Vis sager efter fase">${[
  'Åbne',
  'Afsluttede',
  'Alle',
]
  .map((text) => `<label><input type="radio" name="filter"><span data-text="${text}">${text}</span></label>`)
  .join('')}</div>
<label class="field search">${glass}<input type="search" autocomplete="off" aria-label="Filtrér sager" placeholder="Filtrér sager"></label>
<select aria-label="Vis sager fra"><option value="">Alle kilder</option></select></div>
<div class="body" part="body"><table role="table"><caption class="unseen"></caption><thead role="rowgroup"><tr role="row">${columns
  .map(
    (key) =>
      `<th role="columnheader" scope="col" class="${key}"><button>${headings[key]}${icon(key === 'changed' ? down : up)}</button></th>`,
  )
  .join('')}</tr></thead><tbody role="rowgroup"></tbody></table></div>
<div class="foot" part="foot"><span></span><span></span></div>
<p class="unseen" role="status" aria-atomic="false"><span></span><span></span></p></section>`);

const rowTemplate = template(
  '<tr role="row"><td role="cell" class="case"><button class="link"> </button><div class="second"> </div></td>' +
    '<td role="cell" class="status"><span class="pill"> </span><div class="second"> </div></td>' +
    '<td role="cell" class="responsible"></td>' +
    '<td role="cell" class="changed"><time> </time></td>' +
    '<td role="cell" class="source"> </td></tr>',
).firstChild;
const markTemplates = Object.fromEntries(
  Object.entries(marks).map(([key, text]) => [
    key,
    template(`<span class="mark ${key}">${lock}${text}</span>`).firstChild,
  ]),
);
const moreTemplate = template('<div class="more"><button class="button"></button></div>').firstChild;
const responsibleTemplate = template(' <div class="second"> </div>');
const nobodyTemplate = template('<span class="pill warning">Ingen ansvarlig</span>').firstChild;
const numberTemplate = template('<span class="nowrap"> </span>').firstChild;

/** One row. */
export function rowOf(one, sourceName, now) {
  const row = rowTemplate.cloneNode(true);
  const [caseCell, statusCell, responsibleCell, changedCell, sourceCell] = row.childNodes;
  const [button, second] = caseCell.childNodes;
  button.firstChild.data = shown(one.title).trim() || 'Sag uden titel';
  second.firstChild.data = ` ${shown([one.kle?.number, one.kle?.title].filter(Boolean).join(' '))}${one.number && one.kle ? ' · ' : ''}`;
  if (one.sensitivity !== 'ordinary') second.prepend(markTemplates[one.sensitivity].cloneNode(true));
  if (one.number) {
    const nowrap = numberTemplate.cloneNode(true);
    nowrap.firstChild.data = shown(one.number);
    second.append(nowrap);
  }
  const [pill, native] = statusCell.childNodes;
  const {phase} = one.status;
  pill.className = `pill ${phase ? (pillKinds[phase] ?? 'neutral') : 'unknown'}`;
  pill.firstChild.data = phase ? phases[phase] : 'Ukendt fase';
  native.firstChild.data = one.status.native.trim() ? `”${shown(one.status.native)}”` : 'Kilden oplyser ingen status';
  if (one.responsible?.name.trim()) {
    const responsible = responsibleTemplate.cloneNode(true);
    responsible.firstChild.data = shown(one.responsible.name);
    responsible.lastChild.firstChild.data = shown(one.responsible.unit ?? '');
    responsibleCell.append(responsible);
  } else responsibleCell.append(nobodyTemplate.cloneNode(true));
  const time = changedCell.firstChild;
  const date = new Date(one.changedAt);
  time.setAttribute('datetime', one.changedAt);
  time.title = moment(date);
  time.firstChild.data = recent(date, now);
  sourceCell.firstChild.data = sourceName;
  return row;
}

const isOpen = ({status, closedAt}) =>
  status.phase === undefined ? closedAt === undefined : status.phase !== 'closed';

/** Rows before “show more”, as in the kit. */
const pageSize = 200;

/** The case list by hand. */
export class HandWrittenCaseList {
  constructor(host, {limit = pageSize} = {}) {
    this.root = host.attachShadow({mode: 'open'});
    this.root.adoptedStyleSheets = sheets;
    this.limit = limit;
  }

  /** Shows what was read. */
  show({context, sources, cases, asOf}) {
    const {label, masked} = context.subject;
    const person = `${label}, ${masked}`;
    const panel = panelTemplate.cloneNode(true);
    const one = (selector) => panel.querySelector(selector);
    this.person = person;
    this.sources = sources;
    this.cases = cases;
    this.sorted = sortedByChange(cases);
    this.rows = new Map();
    this.now = Date.now();
    const open = cases.filter(isOpen).length;
    const count = `${number(open)} ${open === 1 ? 'åben' : 'åbne'} af ${number(cases.length)}`;
    one('.unseen').textContent = `, ${person}`;
    one('.count').textContent = count;
    one('#sources').append(`${sources.size} af ${sources.size} kilder`);
    const table = one('table');
    table.caption.textContent = `Sager, ${person}`;
    this.heads = [...table.tHead.rows[0].cells];
    this.body = table.tBodies[0];
    this.sort = {key: 'changed', descending: true};
    this.heads[3].setAttribute('aria-sort', 'descending');
    const select = one('select');
    for (const [id, name] of sources) select.append(new Option(name, id));
    [...panel.querySelectorAll('input[type=radio]')].at(-1).checked = true;
    const [shownSpan, updated] = one('.foot').children;
    this.shownSpan = shownSpan;
    const date = new Date(asOf);
    const isToday = dayKey(date) === dayKey(this.now);
    updated.textContent = `Opdateret ${isToday ? timeWithSeconds(date) : recent(date, this.now)}`;
    const [standing, said] = one('[role=status]').children;
    standing.textContent = `Sager, ${person}: ${count}. ${sources.size} af ${sources.size} kilder`;
    this.said = said;
    this.render(this.sorted);
    this.heads.forEach((head, column) => {
      head.firstChild.addEventListener('click', () => this.sortBy(columns[column]));
    });
    one('input[type=search]').addEventListener('input', ({target}) => this.filterBy(target.value));
    this.body.addEventListener('click', (event) => {
      if (event.target.closest('.link'))
        this.root.host.dispatchEvent(new CustomEvent('bsp-case-open', {bubbles: true, composed: true}));
    });
    this.root.append(panel);
  }

  rowOf(one) {
    let row = this.rows.get(one);
    if (!row) {
      row = rowOf(one, this.sources.get(one.ref.source), this.now);
      this.rows.set(one, row);
    }
    return row;
  }

  render(matching) {
    this.matching = matching;
    const visible = matching.length > this.limit ? matching.slice(0, this.limit) : matching;
    this.body.replaceChildren(...visible.map((one) => this.rowOf(one)));
    const rest = Math.min(matching.length - visible.length, pageSize);
    this.more?.remove();
    if (rest > 0) {
      this.more = moreTemplate.cloneNode(true);
      this.more.firstChild.textContent = `Vis ${number(rest)} flere`;
      this.more.firstChild.addEventListener('click', () => {
        this.limit += pageSize;
        this.render(this.matching);
      });
      this.body.parentNode.after(this.more);
    }
    this.shownSpan.textContent = `Viser ${number(visible.length)} af ${number(matching.length)}`;
  }

  /** Takes the records of a source in the place of those before: a new row for each that changed, and for no other. */
  replaceSource(source, records) {
    const before = new Map();
    for (const one of this.cases) if (one.ref.source === source) before.set(one.ref.id, one);
    let moved = records.length !== before.size;
    const kept = records.map((record) => {
      const old = before.get(record.ref.id);
      if (old && JSON.stringify(old) === JSON.stringify(record)) return old;
      moved ||= old?.changedAt !== record.changedAt;
      const row = old && this.rows.get(old);
      if (row) {
        this.rows.delete(old);
        row.replaceWith(this.rowOf(record));
      }
      return record;
    });
    this.cases = [...kept, ...this.cases.filter(({ref}) => ref.source !== source)];
    this.sorted = sortedByChange(this.cases);
    if (moved) this.render(this.sorted);
  }

  sortBy(key) {
    const descending = this.sort.key === key ? !this.sort.descending : key === 'changed';
    this.heads[columns.indexOf(this.sort.key)].removeAttribute('aria-sort');
    const head = this.heads[columns.indexOf(key)];
    head.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
    head.querySelector('path').setAttribute('d', descending ? down : up);
    this.sort = {key, descending};
    this.sorted = key === 'changed' ? sortedByChange(this.cases) : sortedByTitle(this.cases, descending);
    this.render(this.passes ? this.sorted.filter(this.passes) : this.sorted);
  }

  filterBy(text) {
    this.passes = text.trim() ? textFilter(text, (id) => this.sources.get(id)) : undefined;
    this.render(this.passes ? this.sorted.filter(this.passes) : this.sorted);
    this.said.textContent = `${this.person}: Viser ${number(this.matching.length)} af ${number(this.cases.length)}`;
  }
}
