// The limit of a switch: blank at once, open, read, validate and format every record by hand; then what the kit's windows
// show stands ready-made and is only put in. No page can do less and show the same.
import {casesResource, eventsResource, journalResource, personResource} from '@bsp/contract';
import {timed} from './measure.mjs';
import {openContext, readStream} from './read-cases.mjs';
import {answerFromMemory, personOf} from './stubbed-backend.mjs';
import {moment, recent, shown} from './words.mjs';

const resources = new Map(
  [personResource, casesResource, journalResource, eventsResource].map((resource) => [resource.name, resource]),
);
const names = [...resources.keys()];
let roots;
let ready;

/** Masks every text and formats every moment of a record, as showing it takes. */
function formatted(value, now) {
  if (typeof value === 'string')
    return /^\d{4}-\d\d-\d\dT/.test(value) ? [moment(new Date(value)), recent(new Date(value), now)] : shown(value);
  if (Array.isArray(value)) return value.map((one) => formatted(one, now));
  if (value && typeof value === 'object') return Object.values(value).map((one) => formatted(one, now));
  return value;
}

async function switchTo(number) {
  for (const root of roots) root.replaceChildren();
  const context = await openContext(number);
  const now = Date.now();
  const read = [];
  for await (const message of readStream(
    context.contextId,
    names.map((resource) => ({resource})),
  ))
    if (message.kind === 'frame')
      for (const item of message.items) {
        const record = resources.get(message.resource).parse(item);
        if (record) read.push(formatted(record, now));
      }
  for (const [place, {content}] of ready.get(number).entries()) roots[place].append(content.cloneNode(true));
  return read.length;
}

globalThis.contender = {
  prepare(people, shownByKit) {
    answerFromMemory(Object.fromEntries(people.map((person) => [person.number, personOf(person)])));
    const hosts = names.map(() => document.createElement('div'));
    roots = hosts.map((host) => host.attachShadow({mode: 'open'}));
    document.body.append(...hosts);
    ready = new Map(
      Object.entries(shownByKit).map(([number, windows]) => [
        number,
        windows.map(({html}) => Object.assign(document.createElement('template'), {innerHTML: html})),
      ]),
    );
    const [windows] = Object.values(shownByKit);
    windows.forEach(({styles}, place) => {
      roots[place].adoptedStyleSheets = styles.map((text) => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(text);
        return sheet;
      });
    });
  },
  switchTo: (number) =>
    timed(
      () => switchTo(number),
      () => roots.every((root) => root.childElementCount > 0),
      'the windows',
    ),
};
