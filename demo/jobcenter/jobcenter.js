// The job centre's own script: it chooses a client, and hands the windows the number. No build step, no library.
import {texts} from './texts.js';

const find = (selector) => document.querySelector(selector);
const all = (selector) => [...document.querySelectorAll(selector)];
const root = document.documentElement;
const provider = find('bsp-provider');
const windows = all('bsp-search, bsp-hop, bsp-person, bsp-case-list, bsp-journal, bsp-events');

/* --- Words, dates and settings --------------------------------------------------------------------------------- */

const say = (key, values = {}) => texts[root.lang][key].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
const format = (options) => new Intl.DateTimeFormat(root.lang === 'en' ? 'en-GB' : 'da-DK', options);
const shortDay = (day) => format({weekday: 'short', day: 'numeric', month: 'short'}).format(new Date(`${day}T12:00`));

function showSettings() {
  const settings = {lang: root.lang, theme: root.dataset.theme ?? '', density: root.dataset.density ?? ''};
  for (const element of all('[data-text]')) element.textContent = say(element.dataset.text);
  for (const element of all('[data-label]')) element.ariaLabel = say(element.dataset.label);
  for (const element of all('[data-day]')) element.textContent = shortDay(element.dataset.day);
  const banner = find('.banner');
  banner.textContent = say('demoBanner', {user: banner.dataset.user});
  find('[data-today]').textContent = format({weekday: 'long', day: 'numeric', month: 'long', year: 'numeric'}).format();
  for (const [name, value] of Object.entries(settings)) find(`.settings [name=${name}]`).value = value;
  // What the windows are told: language by the provider, colours by the page's color-scheme, density one by one.
  provider.lang = root.lang;
  for (const element of windows) element.toggleAttribute('density', false);
  if (settings.density) for (const element of windows) element.setAttribute('density', settings.density);
  try {
    localStorage.setItem('jobcenter-settings', JSON.stringify(settings));
  } catch {
    // Forbidden storage: the choice lasts as long as the page.
  }
}

find('.settings').addEventListener('change', ({target: {name, value}}) => {
  if (name === 'lang') root.lang = value;
  else if (value) root.dataset[name] = value;
  else delete root.dataset[name];
  showSettings();
  showClient();
});

/* --- Who is shown ---------------------------------------------------------------------------------------------- */

/** What the page shows: `min-dag`, a client's id, or `opslag` for a number that was typed. */
let shown = {route: 'min-dag'};
let turns = 0;

const routeOf = (hash) => (/^#(klient-|besoeg-|opslag$)/.test(hash) ? hash.slice(1) : 'min-dag');

/** Who was looked up by number, as far as the windows know. */
const lookedUp = () => provider.session?.name ?? provider.session?.subject?.masked;

/** Writes the host's own part about the client; the windows mind theirs. */
function showClient() {
  const {route, asking} = shown;
  const client = asking ? undefined : shown.client;
  for (const link of all('.rail a')) link.toggleAttribute('aria-current', false);
  find(`.rail a[href="#${route}"]`)?.setAttribute('aria-current', 'page');
  find('#dag').hidden = route !== 'min-dag';
  find('#klient').hidden = route === 'min-dag';
  find('.facts').hidden = find('.follow').hidden = !client;
  const title = asking ? say('asking') : (client?.name ?? (route === 'opslag' ? (lookedUp() ?? say('lookup')) : ''));
  find('#client-title').textContent = title;
  // The page's title stays as it is: it would stand in the browser's history.
  const field = (key, text) => {
    find(`#klient [data-field=${key}]`).textContent = text;
  };
  field('summary', client?.summary ?? (route === 'opslag' && !asking ? say('lookupText') : ''));
  field('group', client?.group ?? '');
  field('contact', client?.contact ?? '');
  field('meeting', client?.meeting ? `${shortDay(client.meeting.day)} ${client.meeting.clock}` : say('none'));
}

function showFollowUp() {
  const {focus = '', step = 'keep'} = shown.client?.followUp ?? {};
  const form = find('.follow');
  form.elements.focus.value = focus;
  form.elements.step.value = step;
  form.querySelector('[role=status]').textContent = '';
}

function alertWith(key) {
  const alert = find('.alert');
  alert.hidden = key === undefined;
  alert.textContent = key === undefined ? '' : say(key);
}

/** Turns host and windows to another person, or to nobody. The last call wins. */
async function turnTo(next, switching) {
  const turn = ++turns;
  const before = shown;
  const {session} = provider;
  alertWith(undefined);
  const ended = switching();
  // In one task with the windows, which are blank by now: no old name above new windows. Unless one of them objects:
  // then the old person is still there, veiled, and so is the host's own part.
  shown = session && provider.session === session ? {...before, asking: true} : next;
  showClient();
  if (!shown.asking) showFollowUp();
  const {outcome, problem} = await ended;
  if (turn !== turns) return {outcome: 'superseded'};
  if (shown.asking) {
    shown = outcome === 'kept' ? {...before, asking: false} : next;
    showClient();
    if (outcome !== 'kept') showFollowUp();
  }
  if (outcome === 'kept') {
    // The user stayed, say with a draft: so does the address.
    history.replaceState(null, '', `#${before.route}`);
    toast(say('kept', {name: before.client?.name ?? lookedUp() ?? ''}));
  }
  return {outcome, problem};
}

/** Follows the address: a client by the host's own id. */
async function follow() {
  const route = routeOf(location.hash);
  closeMenu();
  showError();
  if (route === 'min-dag') return turnTo({route}, () => provider.clearSubject());
  if (route === 'opslag') {
    // Came here by the back button: the number is not kept anywhere.
    await turnTo({route: 'min-dag'}, () => provider.clearSubject());
    return showError('findAgain');
  }
  if (route.startsWith('besoeg-')) return visit(route.slice('besoeg-'.length));
  const turn = ++turns;
  const client = await fetch(`/jobcenter/klienter/${route}`).then(
    (response) => (response.ok ? response.json() : undefined),
    () => undefined,
  );
  if (turn !== turns) return;
  if (!client) {
    await turnTo({route: 'min-dag'}, () => provider.clearSubject());
    return alertWith('hostFailed');
  }
  const {cpr, ...known} = client;
  await turnTo({route, client: known}, () => provider.setSubject({type: 'cpr', value: cpr}));
}

/** Somebody who was hopped here with, and is in no list: the server has opened the context. */
async function visit(id) {
  const turn = ++turns;
  const visited = await fetch(`/jobcenter/besoeg/${id}`, {method: 'POST'}).then(
    (response) => (response.ok ? response.json() : undefined),
    () => undefined,
  );
  if (turn !== turns) return;
  if (visited) return turnTo({route: 'opslag'}, () => provider.setContext(visited.contextId));
  await turnTo({route: 'min-dag'}, () => provider.clearSubject());
  return alertWith('hostFailed');
}

/* --- Finding somebody ------------------------------------------------------------------------------------------ */

const findForm = find('.find');
const findField = find('#find');

function showError(key) {
  find('#find-error').textContent = key ? say(key) : '';
  findField.toggleAttribute('aria-invalid', false);
  if (!key) return;
  findField.setAttribute('aria-invalid', 'true');
  findField.focus();
}

/** Narrows the list while a name is typed. */
findField.addEventListener('input', () => {
  showError();
  const wanted = /\d/.test(findField.value) ? '' : findField.value.trim().toLocaleLowerCase('da');
  for (const link of all('[data-client]'))
    link.parentElement.hidden = !link.firstChild.textContent.toLocaleLowerCase('da').includes(wanted);
});

findForm.addEventListener('submit', (event) => {
  event.preventDefault();
  const typed = findField.value.trim();
  if (typed === '') return showError('findEmpty');
  if (/\d/.test(typed)) return openNumber(typed);
  const match = all('[data-client]').find((link) => !link.parentElement.hidden);
  if (!match) return showError('findNobody');
  findField.value = '';
  findField.dispatchEvent(new Event('input'));
  location.hash = match.hash;
});

/** A number as people type it: spaces, dots and dashes do not matter. */
async function openNumber(typed) {
  const value = typed.replace(/[\s.\-\u2010-\u2015/]/g, '');
  if (!/^\d{6}[\da-z]{4}$/i.test(value)) return showError('findFormat');
  // Replacement numbers have 60 added to the day.
  const day = Number(value.slice(0, 2)) % 60;
  const month = Number(value.slice(2, 4));
  if (day < 1 || day > 31 || month < 1 || month > 12) return showError('findDate');
  closeMenu();
  const {outcome, problem} = await turnTo({route: 'opslag'}, () => provider.setSubject({type: 'cpr', value}));
  if (outcome === 'superseded' || outcome === 'kept') return;
  if (outcome === 'failed' && toldAtField.has(problem.code)) {
    history.pushState(null, '', '#min-dag');
    await turnTo({route: 'min-dag'}, () => provider.clearSubject());
    return showError(problem.code === 'invalid-subject' ? 'findDate' : 'findRefused');
  }
  findField.value = '';
  history.pushState(null, '', '#opslag');
  find('#client-title').focus();
}

/* --- What the windows tell the host ---------------------------------------------------------------------------- */

// Whoever was looked up is known to the windows only: the host shows the name as soon as they know it.
provider.addEventListener('bsp-subject-change', () => {
  if (shown.route === 'opslag') provider.session?.subscribe(showClient);
  showClient();
});

// A wrong number is told beside its field.
const toldAtField = new Set(['invalid-subject', 'not-found']);
provider.addEventListener('bsp-error', ({detail: {problem}}) => {
  if (!toldAtField.has(problem.code)) alertWith('failed');
});

// A relative, or the number that replaced this one: the windows hold an opaque handle, the host never sees a number.
provider.addEventListener('bsp-person-open', ({detail: {subject}}) => openHandle(subject));

// Whoever was searched for, likewise. A case opens its person first.
provider.addEventListener('bsp-subject-open', async (event) => {
  event.preventDefault();
  const {subject, record, name, masked} = event.detail;
  const isOpen = await openHandle(subject);
  if (isOpen && record) showCase(record, {title: name, number: masked});
});

async function openHandle(subject) {
  const {outcome} = await turnTo({route: 'opslag'}, () => provider.setSubject(subject));
  if (outcome !== 'committed') return false;
  history.pushState(null, '', '#opslag');
  find('#client-title').focus();
  return true;
}

provider.addEventListener('bsp-action-settled', ({detail: {late, type, name, subject, problem}}) => {
  // What was merely looked at is nothing to come back to.
  if (late && type.startsWith('note.'))
    toast(say(problem ? 'lateFailed' : 'late', {name: name ?? subject?.masked ?? ''}));
});

provider.addEventListener('bsp-case-open', ({detail: {ref, case: opened}}) => showCase(ref, opened));

function showCase(ref, opened) {
  // The journal and the events know a case by its reference only.
  find('#hop-title').textContent = opened?.title ?? say('caseUntitled', {source: ref.source});
  find('[data-hop=number]').textContent = opened?.number ?? '–';
  find('[data-hop=source]').textContent = ref.source;
  find('[data-hop=id]').textContent = ref.id;
  find('.hop').showModal();
}

function toast(text) {
  const line = document.createElement('p');
  line.textContent = text;
  find('.toasts').append(line);
  setTimeout(() => line.remove(), 8_000);
}

/* --- The host's own form --------------------------------------------------------------------------------------- */

find('.follow').addEventListener('submit', async (event) => {
  event.preventDefault();
  const {client} = shown;
  if (!client) return;
  const {focus, step} = event.target.elements;
  const followUp = {focus: focus.value, step: step.value};
  const response = await fetch(`/jobcenter/klienter/${client.id}/opfoelgning`, {
    method: 'PUT',
    headers: {'content-type': 'application/json'},
    body: JSON.stringify(followUp),
  }).catch(() => undefined);
  if (shown.client !== client) return;
  client.followUp = followUp;
  const time = format({hour: '2-digit', minute: '2-digit'}).format();
  event.target.querySelector('[role=status]').textContent = response?.ok ? say('saved', {time}) : say('notSaved');
});

/* --- The demo's corner ----------------------------------------------------------------------------------------- */

find('.demo').addEventListener('click', async ({target}) => {
  if (!(target instanceof HTMLButtonElement)) return;
  const status = find('.demo [role=status]');
  const {client} = shown;
  if (!client && target.value !== 'again') {
    status.textContent = say('demoNobody');
    return;
  }
  const response = await fetch('/jobcenter/besked', {
    method: 'POST',
    headers: {'content-type': 'application/json'},
    body: JSON.stringify({client: client?.id, kind: target.value}),
  }).catch(() => undefined);
  if (!response?.ok) {
    status.textContent = say('demoNothingSent');
    return;
  }
  find('.demo [value=again]').disabled = false;
  const key = target.value === 'again' ? 'demoAgainSent' : 'demoSent';
  status.textContent = say(key, await response.json());
});

/* --- The menu on narrow screens -------------------------------------------------------------------------------- */

const menu = find('.menu');
function closeMenu() {
  menu.setAttribute('aria-expanded', 'false');
}
menu.addEventListener('click', () => {
  const open = menu.getAttribute('aria-expanded') !== 'true';
  menu.setAttribute('aria-expanded', String(open));
  if (open) findField.focus();
});
find('.rail').addEventListener('keydown', ({key}) => {
  if (key !== 'Escape' || menu.getAttribute('aria-expanded') !== 'true') return;
  closeMenu();
  menu.focus();
});

/* --- Begin ------------------------------------------------------------------------------------------------------ */

// The skip link is no place to go to: the address keeps its client.
find('.skip').addEventListener('click', (event) => {
  event.preventDefault();
  find('#indhold').focus();
});
addEventListener('hashchange', follow);
// Out of the back-forward cache the windows come back blank: show again whom the address names.
addEventListener('pageshow', ({persisted}) => persisted && follow());
showSettings();
await customElements.whenDefined('bsp-provider');
await follow();
