import {
  type Action,
  type ActionResult,
  type Draft,
  type Note,
  type NoteCreate,
  type ProblemCode,
  ProblemError,
  problemOf,
} from '@bsp/contract';
import '@bsp/core/define';
import type {BspProvider} from '@bsp/core';
import {type KorsbaekBackend, korsbaekBackend} from '@bsp/korsbaek';
import {aTimeout, expect, fixture, html, oneEvent, waitUntil} from '@open-wc/testing';
import {executeServerCommand, resetMouse, sendKeys, sendMouse} from '@web/test-runner-commands';
import type {JournalConfig} from './journal.config.js';
import {composeEnglish} from './journal-compose.strings.en.js';
import {composeDanish} from './journal-compose.strings.js';
import './define.js';

type Sent = Action & {contextId: string};
type Script = (action: Action, onwards: () => Promise<ActionResult>) => Promise<ActionResult> | undefined;

/** Patient: the forms are loaded the first time. */
const until = (look: () => unknown, message?: string) =>
  waitUntil(look as () => boolean, message, {timeout: 20_000, interval: 5});

const refusal = (code: ProblemCode, more?: Parameters<typeof problemOf>[2]) =>
  Promise.reject(new ProblemError(problemOf(code, 'x', more)));

const pressControlEnter = () => executeServerCommand('press-together', ['Control', 'Enter']);

/** A promise that a test resolves. */
function gate() {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return {open, passed};
}

/** The journal on the first inhabitant of Korsbæk, with the form at hand. */
async function journalOf({
  without = [],
  config,
  lang = 'da',
  nameless = false,
  town = korsbaekBackend({seed: 'journal', size: 20, behaviour: {withoutCapabilities: without}}),
}: {
  town?: KorsbaekBackend;
  without?: string[];
  config?: Partial<JournalConfig>;
  lang?: string;
  nameless?: boolean;
} = {}) {
  const sent: Sent[] = [];
  const on: {act: Script | undefined} = {act: undefined};
  const backend: KorsbaekBackend = {
    ...town,
    openContext: async (...given) => {
      const context = await town.openContext(...given);
      return nameless ? {...context, subject: {type: 'cpr', masked: context.subject.masked}} : context;
    },
    act: (contextId, action, options) => {
      sent.push({contextId, ...structuredClone(action)});
      const onwards = () => town.act(contextId, action, options);
      return on.act?.(action, onwards) ?? onwards();
    },
  };
  const provider = await fixture<BspProvider>(html`
    <bsp-provider lang=${lang}><bsp-journal .config=${{pageSize: 10, ...config}}></bsp-journal></bsp-provider>
  `);
  provider.backend = backend;
  const journal = provider.querySelector('bsp-journal')!;
  const root = journal.shadowRoot as ShadowRoot;
  const inhabitant = (index: number) => town.municipality.inhabitant(index);
  const choose = (index: number) => provider.setSubject({type: 'cpr', value: inhabitant(index).cpr});
  const find = <E extends HTMLElement>(selector: string) => root.querySelector<E>(selector) as E;
  const found = async <E extends HTMLElement>(selector: string) => {
    await until(() => find(selector) !== null, `no ${selector}`);
    return find<E>(selector);
  };
  const button = (name: string | RegExp) =>
    [...root.querySelectorAll('button')].find((one) =>
      typeof name === 'string' ? one.textContent?.trim() === name : name.test(one.textContent?.trim() ?? ''),
    ) as HTMLButtonElement;
  const text = () => root.textContent?.replace(/\s+/g, ' ') ?? '';
  const says = (words: string | RegExp) =>
    until(() => (typeof words === 'string' ? text().includes(words) : words.test(text())), `never said ${words}`);
  const fill = async (selector: string, value: string) => {
    const field = await found<HTMLInputElement>(selector);
    field.value = value;
    for (const type of ['input', 'change']) field.dispatchEvent(new Event(type, {bubbles: true}));
    await journal.updateComplete;
  };
  const ready = (state = 'ready') =>
    until(() => journal.state === state && !journal.busy && find('#write') !== null, `never ${state}`);
  const begin = async () => {
    await ready();
    find('#write').click();
    await found('#note-body');
    await until(() => root.activeElement !== null);
  };
  const write = async (body = 'Aftalt nyt møde.') => {
    await begin();
    await fill('#note-heading', 'Telefonsamtale');
    await fill('#note-body', body);
  };
  const save = () => button('Gem notat').click();
  const leaveForm = () => find('form').dispatchEvent(new FocusEvent('focusout', {bubbles: true}));
  const read = async <T>(resource: string, index = 0): Promise<T[]> => {
    const {signal} = new AbortController();
    const {contextId} = await town.openContext({type: 'cpr', value: inhabitant(index).cpr}, {signal});
    const items: T[] = [];
    for await (const message of town.read(contextId, [{resource}], {signal}))
      if (message.kind === 'frame') items.push(...(message.items as T[]));
    return items;
  };
  const standing = async (body: string, index = 0) =>
    (await read<Note>('journal', index)).filter((note) => note.body === body).length;
  const notesSent = () => sent.filter(({type}) => type === 'note.create');
  await choose(0);
  return {
    town,
    backend,
    sent,
    on,
    provider,
    journal,
    root,
    name: inhabitant(0).name,
    masked: `${inhabitant(0).cpr.slice(0, 6)}-••••`,
    inhabitant,
    choose,
    find,
    found,
    button,
    text,
    says,
    fill,
    ready,
    begin,
    write,
    save,
    leaveForm,
    read,
    standing,
    notesSent,
    body: () => find<HTMLTextAreaElement>('#note-body'),
    drafts: (index = 0) => read<Draft>('drafts', index),
    dialog: () => find<HTMLDialogElement>('dialog'),
    entry: (body: string) =>
      [...root.querySelectorAll<HTMLElement>('.entry')].find((one) => one.textContent?.includes(body)),
  };
}

type Journal = Awaited<ReturnType<typeof journalOf>>;

describe('<bsp-journal>: writing a note', () => {
  it('saves it: it stands on the time line, and the person is named to eyes and ears', async () => {
    const {write, save, says, entry, notesSent, root, name, masked, find, standing} = await journalOf();
    await write('Borger ringer om boligstøtte.\nAftalt møde.');
    save();
    await says(`Notatet er gemt på ${name}, ${masked} kl. `);
    await until(() => entry('Borger ringer om boligstøtte.'));
    expect(find('#note-body')).to.equal(null);
    expect(find('[role=status]').textContent).to.contain(`${name}, ${masked}`).and.to.contain('Notatet er gemt på');
    await until(() => root.activeElement?.id === 'write');
    expect(entry('boligstøtte')?.className).to.contain('new');
    const [{payload, key}] = notesSent() as [Sent];
    expect(payload).to.include({heading: 'Telefonsamtale', body: 'Borger ringer om boligstøtte.\nAftalt møde.'});
    expect(key).to.have.length.at.least(16);
    expect(await standing('Borger ringer om boligstøtte.\nAftalt møde.')).to.equal(1);
  });

  it('leaves the focus where the user has gone while it was saved', async () => {
    const {write, save, says, on, root} = await journalOf();
    const {open, passed} = gate();
    on.act = (action, onwards) => (action.type === 'note.create' ? passed.then(onwards) : undefined);
    const elsewhere = await fixture<HTMLInputElement>(html`<input aria-label="Værtens felt" />`);
    await write('Gemmes langsomt.');
    save();
    await says('Gemmer …');
    elsewhere.focus();
    open();
    await says('Notatet er gemt');
    await aTimeout(50);
    expect(document.activeElement === elsewhere, `the focus is at ${root.activeElement?.id}`).to.equal(true);
  });

  it('tells a screen reader of each note that is saved', async () => {
    const {write, save, says, find} = await journalOf();
    await write('Første.');
    save();
    await says('Notatet er gemt');
    const said = find('section > [role=status] > :last-child');
    const first = said.textContent;
    await write('Andet.');
    save();
    await until(() => find('#note-body') === null);
    await aTimeout(50);
    expect(said.textContent).to.contain('Notatet er gemt').and.not.to.equal(first);
  });

  it('offers the person’s cases, the open ones first, with their KLE, and sends what was chosen', async () => {
    const {begin, found, fill, save, notesSent, find, says, journal} = await journalOf();
    await begin();
    const select = await found<HTMLSelectElement>('#note-case');
    await until(() => select.options.length > 1);
    expect([...select.querySelectorAll('optgroup')].map(({label}) => label)[0]).to.match(/^Åbne sager/);
    const chosen = [...select.options].find(({value}) => value !== '') as HTMLOptionElement;
    const [source, id] = chosen.value.split('\u0000');
    await fill('#note-case', chosen.value);
    const kle = find<HTMLInputElement>('#note-kle').value;
    expect(kle).to.match(/^\d\d\.\d\d\.\d\d/);
    await fill('#note-heading', 'Partshøring');
    await fill('#note-body', 'Sendt.');
    await fill('#note-occurred', '2020-07-01T10:30');
    await until(() => find('#note-occurred-hint').innerText === 'Onsdag den 1. juli 2020 kl. 10.30');
    expect(find('#note-occurred').getAttribute('aria-describedby')).to.equal('note-occurred-hint');
    await journal.updateComplete;
    save();
    await says('Notatet er gemt');
    const payload = notesSent()[0]?.payload as NoteCreate;
    expect(payload.case?.ref).to.eql({source, id});
    expect(payload.kle?.number).to.equal(kle);
    expect(payload.kle?.title).to.be.a('string');
    expect(payload.occurredAt).to.equal('2020-07-01T10:30:00+02:00');
  });

  it('keeps a KLE of one’s own when the case changes', async () => {
    const {begin, found, fill, find} = await journalOf();
    await begin();
    await fill('#note-kle', '85.02.02');
    const select = await found<HTMLSelectElement>('#note-case');
    await until(() => select.options.length > 1);
    await fill('#note-case', select.options[1]?.value ?? '');
    expect(find<HTMLInputElement>('#note-kle').value).to.equal('85.02.02');
  });

  it('names the person that it belongs to, asking for the name where nobody has told it', async () => {
    const {begin, says, name, masked, find} = await journalOf({nameless: true});
    await begin();
    await says(`Hører til ${name}, ${masked}`);
    expect(find('form').getAttribute('aria-label')).to.equal(`Nyt notat, ${name}, ${masked}`);
  });

  it('takes a heading of one’s own, unless the config says otherwise', async () => {
    const free = await journalOf({config: {headings: ['Husbesøg']}});
    await free.begin();
    expect([...free.find<HTMLSelectElement>('#note-heading').options].map(({text}) => text)).to.eql([
      'Vælg overskrift',
      'Husbesøg',
      'Anden overskrift …',
    ]);
    await free.fill('#note-heading', '\n');
    await until(() => free.root.activeElement?.id === 'note-own-heading');
    await free.fill('#note-own-heading', ' Opkald fra udlejer ');
    await free.fill('#note-body', 'x');
    free.save();
    await free.says('Notatet er gemt');
    expect(free.notesSent()[0]?.payload).to.include({heading: 'Opkald fra udlejer'});
    free.provider.remove();

    const fixed = await journalOf({config: {headings: ['Husbesøg'], freeHeading: false}});
    await fixed.begin();
    expect(fixed.find<HTMLSelectElement>('#note-heading').options).to.have.length(2);
  });

  it('saves with Ctrl + Enter; Enter in a field does not, and Escape loses nothing', async () => {
    const {write, find, notesSent, says, body} = await journalOf();
    await write('Med tastatur.');
    find('#note-kle').focus();
    await sendKeys({press: 'Enter'});
    await sendKeys({press: 'Escape'});
    await aTimeout(0);
    expect(notesSent()).to.have.length(0);
    expect(body().value).to.equal('Med tastatur.');
    body().focus();
    await pressControlEnter();
    await says('Notatet er gemt');
    expect(notesSent()).to.have.length(1);
  });

  it('says what is missing at the fields, and goes to the first', async () => {
    const {begin, fill, save, journal, root, find, notesSent} = await journalOf();
    await begin();
    await fill('#note-kle', 'kontanthjælp');
    await fill('#note-occurred', '2999-01-01T10:00');
    save();
    await journal.updateComplete;
    const said = Object.fromEntries(
      [...root.querySelectorAll<HTMLElement>('.compose [aria-invalid=true]')].map((field) => [
        field.id,
        root.getElementById(field.getAttribute('aria-describedby') ?? '')?.textContent,
      ]),
    );
    expect(said).to.eql({
      'note-heading': 'Vælg en overskrift',
      'note-occurred': 'Tidspunktet ligger i fremtiden',
      'note-kle': 'Skriv KLE-nummeret som 32.24.04 eller 32.24.04-G01, eller lad feltet stå tomt',
      'note-body': 'Skriv, hvad der skal stå i journalen',
    });
    await until(() => root.activeElement?.id === 'note-heading');
    await fill('#note-heading', 'Telefonsamtale');
    expect(find('#note-heading').getAttribute('aria-invalid')).to.equal(null);
    expect(notesSent()).to.have.length(0);
  });

  it('of 200 kB is refused before it is sent, in bytes, and nothing of it is lost', async () => {
    const {write, save, says, notesSent, body, fill} = await journalOf();
    const long = 'æ'.repeat(100_000);
    await write(long);
    save();
    await says('Teksten fylder 200 kB, og der er plads til 100 kB');
    expect(notesSent()).to.have.length(0);
    expect(body().value).to.equal(long);
    await fill('#note-body', 'æ'.repeat(48_000));
    await says('Der er plads til 4 kB mere');
    save();
    await says('Notatet er gemt');
  });
});

describe('<bsp-journal>: a person whom no source knows', () => {
  const warning = '831118-••••: Ingen kilde kender personen bag dette nummer. Kontrollér nummeret, før du skriver.';
  const elsewhere = korsbaekBackend({seed: 'journal', size: 40}).municipality.inhabitant(30).cpr;

  /** The form of a note about somebody who lives elsewhere. */
  async function ofStranger(given?: (town: KorsbaekBackend) => void, lang = 'da') {
    const journal = await journalOf({lang});
    given?.(journal.town);
    await journal.provider.setSubject({type: 'cpr', value: elsewhere});
    await journal.ready('empty');
    journal.find('#write').click();
    await journal.found('#note-body');
    return journal;
  }

  it('is warned of, and may be written about', async () => {
    const {says, fill, save, notesSent, find} = await ofStranger();
    await says(warning);
    expect(find('form .notice.warning [role=alert]').textContent).to.equal(warning);
    await fill('#note-heading', 'Telefonsamtale');
    await fill('#note-body', 'Ny i kommunen.');
    save();
    await says('Notatet er gemt');
    expect(notesSent()).to.have.length(1);
  });

  it('is warned of in English', async () => {
    const {says} = await ofStranger(undefined, 'en');
    await says('No source knows the person behind this number. Check the number before you write.');
  });

  it('is not claimed to be unknown while a source has not answered, or does not', async () => {
    const waiting = await ofStranger((town) => town.hold('cpr/person'));
    await aTimeout(50);
    expect(waiting.text()).not.to.contain(warning);
    waiting.provider.remove();
    const failing = await ofStranger((town) => {
      town.behaviour.failures['cpr/person'] = 'unavailable';
    });
    await aTimeout(50);
    expect(failing.text()).not.to.contain(warning);
  });

  it('is not said of one whose name a source tells', async () => {
    const {begin, says, text, name} = await journalOf({nameless: true});
    await begin();
    await says(`Hører til ${name}`);
    expect(text()).not.to.contain(warning);
  });
});

describe('<bsp-journal>: a real mouse', () => {
  afterEach(() => resetMouse());

  /** Presses, and lets go where it pressed once the draft is kept. */
  async function press(button: HTMLElement, kept: () => Promise<void>): Promise<void> {
    button.scrollIntoView({block: 'center'});
    const {left, top, width, height} = button.getBoundingClientRect();
    const position: [number, number] = [Math.round(left + width / 2), Math.round(top + height - 4)];
    await sendMouse({type: 'move', position});
    await sendMouse({type: 'down'});
    await kept();
    await sendMouse({type: 'up'});
  }

  for (const width of [320, 360, 400, 480, 700])
    it(`saves a note and an addendum with one click each, right after the last letter, at ${width} px`, async () => {
      const {provider, begin, fill, find, button, says, notesSent, sent, entry} = await journalOf();
      provider.style.cssText = `display: block; inline-size: ${width}px`;
      await begin();
      await fill('#note-heading', 'Telefonsamtale');
      find('#note-body').focus();
      await sendKeys({type: 'Med musen.'});
      await press(button('Gem notat'), () => says(/Kladde gemt \d/));
      await says('Notatet er gemt');
      expect(notesSent()).to.have.length(1);
      await until(() => entry('Med musen.'));
      await until(() => button('Tilføj til notatet'));
      button('Tilføj til notatet').click();
      await until(() => find('#addendum-body'));
      find('#addendum-body').focus();
      await sendKeys({type: 'Også dette.'});
      await press(button('Gem tillæg'), () => says(/Kladde gemt \d/));
      await says('Tillægget er gemt');
      expect(sent.filter(({type}) => type === 'note.addendum')).to.have.length(1);
    });

  it('finds nothing moved while the cases are read again', async () => {
    const {begin, find, town, journal} = await journalOf();
    await begin();
    await until(() => find<HTMLSelectElement>('#note-case').options.length > 1 && !journal.busy);
    const before = find('form').offsetHeight;
    const calls = town.calls.length;
    const letGo = town.hold('ky/cases');
    town.reset(0);
    await until(() => town.calls.slice(calls).some(({reads}) => reads?.some(({resource}) => resource === 'cases')));
    await aTimeout(50);
    expect(find('form').offsetHeight).to.equal(before);
    letGo();
  });

  for (const lang of ['da', 'en'] as const)
    it(`finds nothing moved, whatever is said of the draft (${lang})`, async () => {
      const texts = lang === 'da' ? composeDanish : composeEnglish;
      const journal = await journalOf({lang});
      const {provider, find, fill, root, on, leaveForm, says, begin, button, entry} = journal;
      provider.style.display = 'block';
      /** Where all of the form stands, at each width. */
      const places = () =>
        [320, 360, 480, 768, 1200].map((width) => {
          provider.style.inlineSize = `${width}px`;
          const form = find('form').getBoundingClientRect();
          return [...root.querySelectorAll('form :is(input, select, textarea, button, strong)')].map((one) => {
            const {left, top, right, bottom} = one.getBoundingClientRect();
            return [
              one.tagName,
              width,
              left - form.left,
              top - form.top,
              right - form.left,
              bottom - form.top,
              form.height,
            ];
          });
        });
      const check = async (body: string) => {
        const {open, passed} = gate();
        let refuse = true;
        on.act = (action, onwards) =>
          action.type !== 'draft.save' ? undefined : refuse ? refusal('unavailable') : passed.then(onwards);
        await fill(body, 'x');
        await says(texts.draftUnsaved);
        const before = places();
        leaveForm();
        await says(texts.draftFailed);
        expect(places(), 'failed').to.eql(before);
        refuse = false;
        leaveForm();
        await says(texts.draftSaving);
        expect(places(), 'saving').to.eql(before);
        open();
        await says(/(Kladde gemt|Draft saved) \d/);
        expect(places(), 'saved').to.eql(before);
        on.act = undefined;
      };
      await begin();
      await until(() => find<HTMLSelectElement>('#note-case').options.length > 1 && !journal.journal.busy);
      await fill('#note-heading', 'Telefonsamtale');
      await check('#note-body');
      button(texts.save).click();
      await until(() => entry('x') && !find('form'));
      const add = () => root.querySelector<HTMLElement>('.own button');
      await until(add);
      add()?.click();
      await until(() => find('#addendum-body'));
      await check('#addendum-body');
    });
});

describe('<bsp-journal>: never lost, never sent twice', () => {
  it('sends once, however often it is pressed', async () => {
    const {write, save, button, on, says, notesSent, body, find} = await journalOf();
    const {open, passed} = gate();
    on.act = (action, onwards) => (action.type === 'note.create' ? passed.then(onwards) : undefined);
    await write('Én gang.');
    save();
    save();
    await until(() => button('Gemmer …'));
    button('Gemmer …').click();
    body().focus();
    await pressControlEnter();
    expect(body().readOnly).to.equal(true);
    expect(find('form [aria-disabled=true]')).not.to.equal(null);
    open();
    await says('Notatet er gemt');
    expect(notesSent()).to.have.length(1);
  });

  it('that may have been kept is locked until a retry with the same key tells', async () => {
    const {write, save, button, on, says, notesSent, body, standing} = await journalOf();
    await write('Svaret blev væk.');
    on.act = ({type}, onwards) => (type === 'note.create' ? onwards().then(() => refusal('unavailable')) : undefined);
    save();
    await says('Vi ved ikke, om det blev gemt');
    expect(body().readOnly).to.equal(true);
    expect(body().value).to.equal('Svaret blev væk.');
    on.act = undefined;
    button('Prøv igen').click();
    await says('Notatet er gemt');
    const [first, second] = notesSent() as [Sent, Sent];
    expect(second.key).to.equal(first.key);
    expect(second.payload).to.eql(first.payload);
    expect(await standing('Svaret blev væk.')).to.equal(1);
  });

  it('whose answer was lost is asked about again by itself, and told', async () => {
    const {write, save, town, text, says, notesSent, standing, drafts} = await journalOf();
    await write('Svaret blev væk.');
    save();
    town.behaviour.loseAnswers = 2;
    await says('Vi ved ikke, om det blev gemt');
    await says('Notatet er gemt');
    expect(text()).not.to.contain('Vi ved ikke');
    expect(new Set(notesSent().map(({key}) => key)).size).to.equal(1);
    expect(await standing('Svaret blev væk.')).to.equal(1);
    await until(async () => (await drafts()).length === 0);
  });

  const certain: readonly (readonly [ProblemCode, string, Parameters<typeof problemOf>[2]?])[] = [
    ['unauthorized', 'Du er ikke logget på længere'],
    ['forbidden', 'Du har ikke adgang til at skrive her'],
    ['needs-purpose', 'Du har ikke adgang til at skrive her'],
    ['context-closed', 'Opslaget på personen er lukket'],
    ['foreign-item', 'hører til en anden person'],
    ['too-large', 'for lang for modtageren'],
    ['key-reused', 'Et tidligere forsøg blev gemt med en anden tekst'],
    ['rate-limited', 'Prøv igen om 30 sekunder', {retryAfter: 30}],
    ['rate-limited', 'Vent lidt, og prøv igen'],
    ['invalid-request', 'kunne ikke bruge notatet'],
    ['not-found', 'kender ikke sagen'],
    ['not-applicable', 'Du har ikke adgang til at skrive her'],
  ];
  for (const [code, words, more] of certain)
    it(`says what ${code}${more ? ' with a time' : ''} means; the text stays and can be changed`, async () => {
      const {write, save, on, says, body, notesSent, fill} = await journalOf();
      on.act = ({type}) => (type === 'note.create' ? refusal(code, more) : undefined);
      await write('Står her endnu.');
      save();
      await says(words);
      await says('Det blev ikke gemt.');
      expect(body().value).to.equal('Står her endnu.');
      expect(body().readOnly).to.equal(false);
      on.act = undefined;
      await fill('#note-body', 'Rettet.');
      save();
      await says('Notatet er gemt');
      const [first, second] = notesSent() as [Sent, Sent];
      expect(second.key, 'another payload under the old key').not.to.equal(first.key);
      expect(second.payload).to.include({body: 'Rettet.'});
    });

  for (const [code, words] of [
    ['internal', 'Der skete en fejl hos modtageren'],
    ['protocol', 'Der skete en fejl hos modtageren'],
    ['unavailable', 'Der er ikke forbindelse til journalen'],
    ['timeout', 'Der er ikke kommet svar endnu'],
    ['conflict', 'Der skete en fejl hos modtageren'],
  ] as const)
    it(`does not claim to know after ${code}: the text is locked and goes again under the same key`, async () => {
      const {write, save, on, says, body, notesSent, button} = await journalOf();
      on.act = ({type}) => (type === 'note.create' ? refusal(code) : undefined);
      await write('Uvist.');
      save();
      await says(words);
      await says('Vi ved ikke, om det blev gemt');
      expect(body().readOnly).to.equal(true);
      on.act = undefined;
      button('Prøv igen').click();
      await says('Notatet er gemt');
      expect(new Set(notesSent().map(({key}) => key)).size).to.equal(1);
    });

  it('stays uncertain when the retry is refused: that says nothing of the first attempt', async () => {
    const {write, save, on, says, body, notesSent, button, standing} = await journalOf();
    on.act = ({type}, onwards) => (type === 'note.create' ? onwards().then(() => refusal('unavailable')) : undefined);
    await write('Gemt ved første forsøg.');
    save();
    await says('Vi ved ikke, om det blev gemt');
    on.act = ({type}) => (type === 'note.create' ? refusal('unauthorized') : undefined);
    button('Prøv igen').click();
    await says('Du er ikke logget på længere');
    await says('Vi ved ikke, om det blev gemt');
    expect(body().readOnly).to.equal(true);
    on.act = undefined;
    button('Prøv igen').click();
    await says('Notatet er gemt');
    expect(new Set(notesSent().map(({key}) => key)).size).to.equal(1);
    expect(await standing('Gemt ved første forsøg.')).to.equal(1);
  });

  it('goes on where the context was closed, once the user has opened it again', async () => {
    const {write, save, town, provider, says, button, body, standing, root, fill, leaveForm} = await journalOf();
    await write('Begyndt før frokost.');
    const {contextId} = provider.session ?? {};
    await town.closeContext(contextId ?? '');
    save();
    await says('Åbn det igen, og gem så.');
    await expect(root.querySelector('form')).to.be.accessible();
    button('Åbn igen').click();
    await until(() => provider.session?.contextId !== contextId);
    await until(() => root.activeElement?.id === 'note-body');
    expect(body().value).to.equal('Begyndt før frokost.');
    await fill('#note-body', 'Begyndt før frokost, færdig efter.');
    leaveForm();
    await says(/Kladde gemt/);
    save();
    await says('Notatet er gemt');
    expect(await standing('Begyndt før frokost, færdig efter.')).to.equal(1);
    expect(await standing('Begyndt før frokost.')).to.equal(0);
  });

  it('does not go away with what was read, when the context is closed', async () => {
    const {write, town, provider, journal, says, button, body, entry, save, find} = await journalOf();
    await write('Midt i det hele.');
    await town.closeContext(provider.session?.contextId ?? '');
    find('button[aria-label="Hent notater igen"]').click();
    await says('Opslaget på personen er lukket');
    expect(body().value).to.equal('Midt i det hele.');
    button('Åbn igen').click();
    await until(() => journal.state === 'ready');
    expect(body().value).to.equal('Midt i det hele.');
    save();
    await until(() => entry('Midt i det hele.'));
  });

  it('points at the field that the receiver could not use', async () => {
    const {write, save, on, root, find} = await journalOf();
    on.act = ({type}) =>
      type === 'note.create' ? refusal('invalid-request', {pointer: '/payload/occurredAt'}) : undefined;
    await write();
    save();
    await until(() => root.activeElement?.id === 'note-occurred');
    expect(find('#note-occurred').getAttribute('aria-invalid')).to.equal('true');
  });

  it('asks before a page with unsaved text is left, and not once the draft is kept', async () => {
    const {write, leaveForm, says} = await journalOf();
    const leave = () => {
      const event = new Event('beforeunload', {cancelable: true});
      dispatchEvent(event);
      return event.defaultPrevented;
    };
    expect(leave()).to.equal(false);
    await write();
    expect(leave()).to.equal(true);
    leaveForm();
    await says(/Kladde gemt \d/);
    expect(leave()).to.equal(false);
  });

  it('survives that the window is moved in the page', async () => {
    const {write, provider, journal, body, save, says} = await journalOf();
    await write('Flyttet med.');
    provider.append(document.createElement('hr'), journal);
    journal.remove();
    provider.append(journal);
    await until(() => body()?.value === 'Flyttet med.');
    save();
    await says('Notatet er gemt');
  });
});

describe('<bsp-journal>: drafts', () => {
  it('are kept by themselves, and it says so with the time', async () => {
    const {write, says, drafts, sent} = await journalOf();
    await write('Kladde.');
    await says('Kladden er ikke gemt endnu');
    await says(/Kladde gemt \d\d\.\d\d/);
    const [draft] = await drafts();
    expect(draft?.content).to.include({body: 'Kladde.', heading: 'Telefonsamtale'});
    expect(draft?.content.sent).to.equal(undefined);
    expect(draft?.key).to.have.length.at.least(16);
    expect(sent.filter(({type}) => type === 'draft.save')).to.have.length(1);
  });

  it('are kept when the form or the page is left', async () => {
    const {write, fill, leaveForm, drafts, says} = await journalOf();
    await write('Forladt.');
    leaveForm();
    await until(async () => (await drafts())[0]?.content.body === 'Forladt.');
    await fill('#note-body', 'Skjult.');
    Object.defineProperty(document, 'hidden', {configurable: true, value: true});
    document.dispatchEvent(new Event('visibilitychange'));
    Reflect.deleteProperty(document, 'hidden');
    await until(async () => (await drafts())[0]?.content.body === 'Skjult.');
    await says(/Kladde gemt/);
  });

  it('are not claimed to be kept when they are not', async () => {
    const {write, leaveForm, on, says, text} = await journalOf();
    on.act = ({type}) => (type === 'draft.save' ? refusal('unavailable') : undefined);
    await write();
    leaveForm();
    await says('Kladden er ikke gemt');
    expect(text()).not.to.contain('Kladde gemt');
  });

  it('that could not be kept are told of once, however often that is tried', async () => {
    const {write, on, leaveForm, says, fill, sent, find} = await journalOf();
    on.act = ({type}) => (type === 'draft.save' ? refusal('unavailable') : undefined);
    await write();
    leaveForm();
    await until(() => find('.compose-draft [role=status]').innerText.includes('Kladden er ikke gemt'));
    let told = 0;
    const observer = new MutationObserver(() => told++);
    observer.observe(find('.compose-draft [role=status]'), {childList: true, characterData: true, subtree: true});
    const tries = sent.length;
    for (const text of ['Mere.', 'Endnu mere.']) {
      await fill('#note-body', text);
      leaveForm();
      await aTimeout(50);
    }
    expect(sent.length).to.be.at.least(tries + 2);
    expect(told).to.equal(0);
    on.act = undefined;
    leaveForm();
    await says(/Kladde gemt/);
    observer.disconnect();
  });

  it('that a backend does not keep are said not to be kept', async () => {
    const {write, says, sent, leaveForm} = await journalOf({without: ['act:draft.save']});
    await write();
    leaveForm();
    await says('Kladden gemmes ikke');
    expect(sent).to.have.length(0);
  });

  it('wait with their person, and are gone on with', async () => {
    const {write, fill, choose, leaveForm, says, button, find, body, save, drafts, text, notesSent, standing} =
      await journalOf();
    await write('Halvt skrevet.');
    await fill('#note-occurred', '2020-01-02T09:00');
    leaveForm();
    await says(/Kladde gemt/);
    const switched = choose(1);
    await until(() => button(/^Skift person/));
    button(/^Skift person/).click();
    expect((await switched).outcome).to.equal('committed');
    await says('Skriv notat');
    expect(text()).not.to.contain('Du har en kladde');
    await choose(0);
    await says(/Du har en kladde fra i dag/);
    button('Fortsæt').click();
    await until(() => body()?.value === 'Halvt skrevet.');
    expect(find<HTMLSelectElement>('#note-heading').value).to.equal('Telefonsamtale');
    expect(find<HTMLInputElement>('#note-occurred').value).to.equal('2020-01-02T09:00');
    save();
    await says('Notatet er gemt');
    expect(text()).not.to.contain('Du har en kladde');
    await until(async () => (await drafts()).length === 0);
    expect(notesSent()).to.have.length(1);
    expect(await standing('Halvt skrevet.', 1)).to.equal(0);
  });

  it('that were sent come back locked, and a retry in another context resolves them', async () => {
    const {write, save, on, choose, says, button, body, notesSent, standing, drafts} = await journalOf();
    await write('Sendt før skiftet.');
    on.act = ({type}) => (type === 'note.create' ? refusal('unavailable') : undefined);
    save();
    await says('Vi ved ikke, om det blev gemt');
    const switched = choose(1);
    await until(() => button('Skift person – kladden venter'));
    await says('Kladden er gemt og venter');
    button('Skift person – kladden venter').click();
    await switched;
    expect((await drafts())[0]?.content.sent).to.equal('1');
    on.act = undefined;
    await choose(0);
    await says('Du har en kladde');
    button('Fortsæt').click();
    await until(() => body()?.readOnly);
    await says('Vi ved ikke, om det blev gemt');
    button('Prøv igen').click();
    await says('Notatet er gemt');
    const sentNotes = notesSent();
    const [first, last] = [sentNotes[0], sentNotes.at(-1)] as [Sent, Sent];
    expect(last.contextId).not.to.equal(first.contextId);
    expect(last.key).to.equal(first.key);
    expect(last.payload).to.eql(first.payload);
    expect(await standing('Sendt før skiftet.')).to.equal(1);
  });

  it('that became a note before the answer was lost are gone when the person is back', async () => {
    const {write, save, on, choose, says, button, drafts, entry, text, standing} = await journalOf();
    await write('Gemt før skiftet.');
    on.act = ({type}, onwards) => (type === 'note.create' ? onwards().then(() => refusal('unavailable')) : undefined);
    save();
    await says('Vi ved ikke, om det blev gemt');
    expect(await drafts()).to.have.length(0);
    const switched = choose(1);
    await until(() => button(/^Skift/));
    button(/^Skift/).click();
    await switched;
    await choose(0);
    await until(() => entry('Gemt før skiftet.'));
    expect(text()).not.to.contain('Du har en kladde');
    expect(await standing('Gemt før skiftet.')).to.equal(1);
  });

  it('are never written over one that nobody has looked at', async () => {
    const journal = await journalOf();
    const {town, provider, choose, fill, leaveForm, says, drafts, text} = journal;
    const {signal} = new AbortController();
    const {contextId} = await town.openContext({type: 'cpr', value: journal.inhabitant(0).cpr}, {signal});
    const payload = {window: 'journal', content: {body: 'Fra i går.'}};
    await town.act(contextId, {type: 'draft.save', key: 'keyofdraft', payload}, {signal});
    await provider.clearSubject();
    const release = town.hold('bsp/drafts');
    await choose(0);
    await until(() => text().includes('Skriv notat'));
    journal.find('#write').click();
    await journal.found('#note-body');
    await fill('#note-body', 'I dag.');
    leaveForm();
    await says('Kladden er ændret et andet sted');
    release();
    await says(/Kladden er ændret i et andet vindue \(\d\d\.\d\d\)/);
    expect((await drafts())[0]?.content.body).to.equal('Fra i går.');
    expect(text()).not.to.contain('Kladde gemt');
  });

  /** A draft in two windows of one user, as in two tabs: the second one has gone on with it and kept it. */
  async function twoWindows() {
    const first = await journalOf();
    await first.write('Først her.');
    first.leaveForm();
    await first.says(/Kladde gemt/);
    const second = await journalOf({town: first.town});
    await second.says('Du har en kladde');
    second.button('Fortsæt').click();
    await until(() => second.body()?.value === 'Først her.');
    await second.fill('#note-body', 'Så dér.');
    second.leaveForm();
    await until(async () => (await first.drafts())[0]?.content.body === 'Så dér.');
    return {first, second};
  }

  it('that were changed in another window are not overwritten: the user chooses hers', async () => {
    const {first, second} = await twoWindows();
    await first.fill('#note-body', 'Og mere her.');
    first.leaveForm();
    await first.says(/Kladden er ændret i et andet vindue/);
    await expect(first.root.querySelector('form')).to.be.accessible();
    await first.fill('#note-body', 'Og endnu mere her.');
    first.leaveForm();
    expect((await first.drafts())[0]?.content.body).to.equal('Så dér.');
    first.button('Gem min i stedet').click();
    await first.says(/Kladde gemt/);
    expect((await first.drafts())[0]?.content.body).to.equal('Og endnu mere her.');
    await second.fill('#note-body', 'Igen dér.');
    second.leaveForm();
    await second.says(/Kladden er ændret i et andet vindue/);
    expect(second.body().value).to.equal('Igen dér.');
  });

  it('that were changed in another window are not overwritten: the user chooses the other one', async () => {
    const {first} = await twoWindows();
    await first.fill('#note-body', 'Og mere her.');
    first.leaveForm();
    await until(() => first.button('Vis den anden, og kassér min'));
    first.button('Vis den anden, og kassér min').click();
    await until(() => first.body()?.value === 'Så dér.');
    first.save();
    await first.says('Notatet er gemt');
    await until(async () => (await first.drafts()).length === 0);
    expect(await first.standing('Så dér.')).to.equal(1);
    expect(await first.standing('Og mere her.')).to.equal(0);
  });

  it('that became a note in another window are not kept beside it unless the user says so', async () => {
    const {first, second} = await twoWindows();
    second.save();
    await second.says('Notatet er gemt');
    await first.fill('#note-body', 'Ved siden af.');
    first.leaveForm();
    await first.says('gemt som notat eller kasseret i et andet vindue');
    expect(await first.drafts()).to.have.length(0);
    first.button('Gem min som ny kladde').click();
    await first.says(/Kladde gemt/);
    expect((await first.drafts())[0]?.content.body).to.equal('Ved siden af.');
  });

  it('whose answer was lost are in nobody’s way', async () => {
    const {town, write, fill, leaveForm, says, drafts, text} = await journalOf();
    await write('En.');
    town.behaviour.loseAnswers = 1;
    leaveForm();
    await says('Kladden er ikke gemt');
    await fill('#note-body', 'To.');
    leaveForm();
    await says(/Kladde gemt/);
    expect((await drafts())[0]?.content.body).to.equal('To.');
    expect(text()).not.to.contain('et andet');
  });

  it('of which the other one can’t be fetched wait until it can', async () => {
    const {first} = await twoWindows();
    first.town.behaviour.failures = {'bsp/drafts': 'unavailable'};
    await first.fill('#note-body', 'Og mere her.');
    first.leaveForm();
    await first.says('Den anden kladde kunne ikke hentes');
    expect(first.button('Gem min i stedet')).to.equal(undefined);
    first.town.behaviour.failures = {};
    first.button('Prøv igen').click();
    await until(() => first.button('Gem min i stedet'));
  });

  it('too long to be kept are said to be', async () => {
    const {write, fill, leaveForm, on, says, text} = await journalOf();
    on.act = ({type}) => (type === 'draft.save' ? refusal('too-large') : undefined);
    await write('Lang.');
    leaveForm();
    await says('Kladden er for lang til at blive gemt');
    on.act = undefined;
    await fill('#note-body', 'Kort.');
    leaveForm();
    await says(/Kladde gemt/);
    expect(text()).not.to.contain('for lang');
  });

  it('are discarded only after a question', async () => {
    const {write, leaveForm, says, button, body, drafts, root, find} = await journalOf();
    await write('Skal ikke gemmes.');
    leaveForm();
    await says(/Kladde gemt/);
    button('Kassér').click();
    await says('Kassér det, du har skrevet?');
    await until(() => root.activeElement?.textContent?.trim() === 'Behold');
    await sendKeys({press: 'Enter'});
    await until(() => root.activeElement?.id === 'note-body');
    expect(body().value).to.equal('Skal ikke gemmes.');
    button('Kassér').click();
    await says('Kassér det, du har skrevet?');
    button('Ja, kassér').click();
    await until(() => find('#note-body') === null);
    await until(async () => (await drafts()).length === 0);
  });

  it('go on in another window when the first is taken out of the page', async () => {
    const {write, journal, provider} = await journalOf();
    await write('Ved vinduesskift.');
    journal.remove();
    const other = document.createElement('bsp-journal');
    provider.append(other);
    const root = other.shadowRoot as ShadowRoot;
    const resume = () => [...root.querySelectorAll('button')].find((one) => one.textContent?.trim() === 'Fortsæt');
    await until(resume);
    resume()?.click();
    await until(() => root.querySelector<HTMLTextAreaElement>('#note-body')?.value === 'Ved vinduesskift.');
  });

  it('have the last letter too where the host takes the provider, its backend or a pinned window away', async () => {
    type Away = (journal: Journal) => void;
    const ways: Record<string, Away> = {
      provider: ({provider}) => provider.remove(),
      backend: ({provider}) => {
        provider.backend = undefined;
      },
      pinned: ({journal}) => journal.remove(),
    };
    for (const [way, takeAway] of Object.entries(ways)) {
      const journal = await journalOf();
      await journal.write('Halvt.');
      if (way === 'pinned') {
        const switched = journal.choose(1);
        await until(() => journal.dialog()?.open);
        journal.button(`Bliv hos ${journal.name} i dette vindue`).click();
        await switched;
      }
      await journal.fill('#note-body', `Det sidste: ${way}.`);
      takeAway(journal);
      const [{contextId} = {contextId: ''}] = journal.sent;
      expect(journal.sent.at(-1), way).to.deep.include({type: 'draft.save', contextId});
      await until(async () => (await journal.drafts())[0]?.content.body === `Det sidste: ${way}.`, way);
    }
  });

  it('are none where nothing was written', async () => {
    const {begin, button, sent, find, text} = await journalOf();
    await begin();
    button('Luk').click();
    await until(() => find('#note-body') === null);
    expect(sent).to.have.length(0);
    expect(text()).not.to.contain('Kassér');
  });

  it('hold hostile text as text', async () => {
    const {town, provider, inhabitant, choose, says, button, found, root} = await journalOf();
    const {signal} = new AbortController();
    const attack = '<img src=x onerror="globalThis.attacked = true">';
    const {contextId} = await town.openContext({type: 'cpr', value: inhabitant(0).cpr}, {signal});
    const content = {body: attack, heading: attack, own: '1', case: '{"ref":', kle: attack, occurred: attack};
    await town.act(contextId, {type: 'draft.save', key: '12345678', payload: {window: 'journal', content}}, {signal});
    await provider.clearSubject();
    await choose(0);
    await says('Du har en kladde');
    button('Fortsæt').click();
    expect((await found<HTMLTextAreaElement>('#note-body')).value).to.equal(attack);
    button('Gem notat').click();
    await says('Vælg dag og klokkeslæt');
    expect(root.querySelector('img')).to.equal(null);
    expect('attacked' in globalThis).to.equal(false);
  });
});

describe('<bsp-journal>: before a switch', () => {
  /** Begins a switch with something unsent. */
  async function leaving(journal: Journal, index = 1) {
    const switched = journal.choose(index);
    await until(() => journal.dialog()?.open, 'no question');
    return switched;
  }

  it('nobody is asked when nothing is written', async () => {
    const {begin, choose} = await journalOf();
    await begin();
    expect((await choose(1)).outcome).to.equal('committed');
  });

  it('asks, names the person, hides the rest, and stays', async () => {
    const journal = await journalOf();
    const {write, dialog, button, name, masked, root, body, provider, says} = journal;
    await write('Midt i noget.');
    body().focus();
    const switched = journal.choose(1);
    await until(() => dialog()?.open);
    expect(dialog().textContent).to.contain(`Du har en kladde på ${name}`).and.to.contain(masked);
    expect(root.querySelector('.panel')?.hasAttribute('inert')).to.equal(true);
    await until(() => (root.activeElement as HTMLElement)?.innerText === `Bliv hos ${name}`);
    await says('Kladden er gemt og venter');
    button(`Bliv hos ${name}`).click();
    expect((await switched).outcome).to.equal('kept');
    await until(() => root.activeElement?.id === 'note-body');
    expect(dialog()).to.equal(null);
    expect(body().value).to.equal('Midt i noget.');
    expect(provider.session?.name).to.equal(name);
  });

  it('closing the question stays', async () => {
    const journal = await journalOf();
    await journal.write();
    const switched = journal.choose(1);
    await until(() => journal.dialog()?.open);
    // What Escape does; the key itself needs a focused page.
    journal.dialog().close();
    expect((await switched).outcome).to.equal('kept');
    expect(journal.body().value).to.equal('Aftalt nyt møde.');
  });

  it('lets go once the draft is kept, and blanks the form in the same task', async () => {
    const journal = await journalOf();
    const {write, button, drafts, dialog, root, on, provider, says} = journal;
    const {open, passed} = gate();
    on.act = (action, onwards) => (action.type === 'draft.save' ? passed.then(onwards) : undefined);
    await write('Hemmelig tekst.');
    const switched = journal.choose(1);
    await until(() => dialog()?.open);
    await says('Gemmer kladden …');
    button('Skift person – kladden venter').click();
    await aTimeout(20);
    expect(provider.session?.name, 'left before the draft was kept').to.equal(journal.name);
    // The commit is announced by the old Session's end.
    let blank: boolean | undefined;
    provider.session?.signal.addEventListener('abort', () => {
      let later = false;
      setTimeout(() => {
        later = true;
      });
      void (async () => {
        for (let turn = 0; turn < 10; turn++) await Promise.resolve();
        const fields = [...root.querySelectorAll('textarea, input, select')] as HTMLInputElement[];
        blank =
          !later && !root.textContent?.includes('Hemmelig') && fields.every(({value}) => !value.includes('Hemmelig'));
      })();
    });
    open();
    expect((await switched).outcome).to.equal('committed');
    await until(() => blank !== undefined);
    expect(blank).to.equal(true);
    expect(dialog()).to.equal(null);
    expect((await drafts())[0]?.content.body).to.equal('Hemmelig tekst.');
    expect(await drafts(1)).to.have.length(0);
  });

  it('says plainly that the text will be lost when the draft can’t be kept', async () => {
    const journal = await journalOf();
    const {write, on, says, button, body, name} = journal;
    on.act = ({type}) => (type === 'draft.save' ? refusal('unavailable') : undefined);
    await write('Går tabt.');
    const first = journal.choose(1);
    await says('Kladden kunne ikke gemmes. Skifter du person nu, er teksten tabt.');
    expect(button('Skift person – kladden venter')).to.equal(undefined);
    button(`Bliv hos ${name}`).click();
    expect((await first).outcome).to.equal('kept');
    expect(body().value).to.equal('Går tabt.');
    const second = journal.choose(1);
    await until(() => button('Skift og mist teksten'));
    button('Skift og mist teksten').click();
    expect((await second).outcome).to.equal('committed');
  });

  it('tries the draft again when asked to', async () => {
    const journal = await journalOf();
    const {write, on, button, says} = journal;
    on.act = ({type}) => (type === 'draft.save' ? refusal('unavailable') : undefined);
    await write();
    const switched = journal.choose(1);
    await until(() => button('Skift og mist teksten'));
    on.act = undefined;
    journal.dialog().querySelector<HTMLButtonElement>('.dialog-actions button')?.click();
    await says('Kladden er gemt og venter');
    button('Skift person – kladden venter').click();
    expect((await switched).outcome).to.equal('committed');
  });

  it('is asked anew when another switch overtakes the first', async () => {
    const journal = await journalOf();
    await journal.write();
    const first = journal.choose(1);
    await until(() => journal.dialog()?.open);
    const second = journal.choose(2);
    expect((await first).outcome).to.equal('superseded');
    await until(() => journal.button('Skift person – kladden venter') && journal.dialog()?.open);
    await journal.says('Kladden er gemt og venter');
    journal.button('Skift person – kladden venter').click();
    expect((await second).outcome).to.equal('committed');
    expect(journal.provider.session?.name).to.equal(journal.inhabitant(2).name);
  });

  it('keeps the person in this window alone, saves there, and follows the page again', async () => {
    const journal = await journalOf();
    const {button, name, inhabitant, provider, save, says, sent, standing, write, find, root} = journal;
    await write('Kun her.');
    const switched = leaving(journal);
    await until(() => journal.dialog()?.open);
    const [{contextId} = {contextId: ''}] = sent;
    button(`Bliv hos ${name} i dette vindue`).click();
    expect((await switched).outcome).to.equal('committed');
    expect(provider.session?.name).to.equal(inhabitant(1).name);
    await says(`Fastholdt på ${name}`);
    expect(journal.body().value).to.equal('Kun her.');
    save();
    await says('Notatet er gemt');
    expect(sent.filter(({type}) => type === 'note.create').map((one) => one.contextId)).to.deep.equal([contextId]);
    expect([await standing('Kun her.', 0), await standing('Kun her.', 1)]).to.deep.equal([1, 0]);
    find('#rejoin').click();
    await says(inhabitant(1).name);
    expect(root.textContent).to.not.contain(name);
  });

  it('asks again before a pinned window with something unsent follows the page', async () => {
    const journal = await journalOf();
    const {button, name, inhabitant, says, write, find, dialog} = journal;
    await write('Stadig i gang.');
    const switched = leaving(journal);
    await until(() => dialog()?.open);
    button(`Bliv hos ${name} i dette vindue`).click();
    await switched;
    await says(`Fastholdt på ${name}`);
    find('#rejoin').click();
    await until(() => dialog()?.open, 'no question');
    expect(button(/i dette vindue/)).to.equal(undefined);
    button(`Bliv hos ${name}`).click();
    await until(() => dialog() === null);
    expect(journal.body().value).to.equal('Stadig i gang.');
    find('#rejoin').click();
    await until(() => dialog()?.open, 'no second question');
    await says('Kladden er gemt og venter');
    button('Skift person – kladden venter').click();
    await says(inhabitant(1).name);
    expect(find('form')).to.equal(null);
  });

  it('the question goes when the page is left', async () => {
    const journal = await journalOf();
    await journal.write();
    const switched = leaving(journal);
    await until(() => journal.dialog()?.open);
    journal.provider.remove();
    expect(await await switched).to.have.property('outcome');
    expect(journal.dialog()).to.equal(null);
  });

  it('goes with the window: the draft is kept, and the switch goes on', async () => {
    const journal = await journalOf();
    await journal.write('Uden vindue.');
    const switched = journal.choose(1);
    await until(() => journal.dialog()?.open);
    journal.journal.remove();
    expect((await switched).outcome).to.equal('committed');
    expect((await journal.drafts())[0]?.content.body).to.equal('Uden vindue.');
  });

  it('goes by itself once a note on its way is saved', async () => {
    const journal = await journalOf();
    const {write, save, on, says, standing} = journal;
    const {open, passed} = gate();
    on.act = (action, onwards) => (action.type === 'note.create' ? passed.then(onwards) : undefined);
    await write('På vej.');
    save();
    const switched = journal.choose(1);
    await says('er ved at blive gemt');
    open();
    expect((await switched).outcome).to.equal('committed');
    expect(await standing('På vej.')).to.equal(1);
  });
});

describe('<bsp-journal>: an outcome after the switch', () => {
  /** Leaves for the second inhabitant while a note on the first is on its way. */
  async function left(end: (onwards: () => Promise<ActionResult>) => Promise<ActionResult>) {
    const journal = await journalOf();
    const {open, passed} = gate();
    journal.on.act = (action, onwards) => (action.type === 'note.create' ? passed.then(() => end(onwards)) : undefined);
    await journal.write('Fortrolig tekst.');
    journal.save();
    const switched = journal.choose(1);
    await until(() => journal.button('Skift person – kladden venter'));
    await journal.says('Kladden er gemt og venter');
    journal.button('Skift person – kladden venter').click();
    await switched;
    await until(() => journal.journal.state === 'ready');
    open();
    await until(() => journal.find('.outcome'));
    return {...journal, said: () => journal.find('.outcome')?.textContent?.replace(/\s+/g, ' ') ?? ''};
  }

  it('is told with the name of its person, without the text, until it is closed', async () => {
    const {said, name, masked, find, journal, standing, text} = await left((onwards) => onwards());
    expect(said()).to.contain(`Notatet om ${name}, ${masked} blev gemt`);
    expect(said()).to.contain('ikke om den person, der vises nu');
    expect(text()).not.to.contain('Fortrolig');
    expect(find('.outcome').getAttribute('role')).to.equal('alert');
    find('.outcome button').click();
    await journal.updateComplete;
    expect(find('.outcome')).to.equal(null);
    expect(await standing('Fortrolig tekst.')).to.equal(1);
    expect(await standing('Fortrolig tekst.', 1)).to.equal(0);
  });

  it('goes with the log-in of whoever wrote it', async () => {
    const {find, provider, journal, text, name} = await left((onwards) => onwards());
    expect(find('.outcome').textContent).to.contain(name);
    provider.logout();
    await until(() => journal.state === 'no-subject');
    expect(text()).not.to.contain(name);
  });

  it('is told to nobody who comes after a log-out', async () => {
    const journal = await journalOf();
    const {open, passed} = gate();
    journal.on.act = (action, onwards) => (action.type === 'note.create' ? passed.then(onwards) : undefined);
    await journal.write('Sendt lige før.');
    journal.save();
    const settled = oneEvent(journal.provider, 'bsp-action-settled');
    journal.provider.logout();
    await journal.choose(1);
    await until(() => journal.journal.state === 'ready');
    open();
    await settled;
    await journal.journal.updateComplete;
    expect(journal.text()).not.to.contain(journal.name);
    // It was on its way, and it arrives.
    expect(await journal.standing('Sendt lige før.')).to.equal(1);
  });

  it('says nothing of another person when the same one was chosen again, and the note stands', async () => {
    const journal = await journalOf();
    const {open, passed} = gate();
    journal.on.act = (action, onwards) => (action.type === 'note.create' ? passed.then(onwards) : undefined);
    await journal.write('Frem og tilbage.');
    journal.save();
    const switched = journal.choose(1);
    await journal.says('Kladden er gemt og venter');
    journal.button('Skift person – kladden venter').click();
    await switched;
    await journal.choose(0);
    await until(() => journal.journal.state === 'ready');
    open();
    const outcome = await journal.found('.outcome');
    expect(outcome.textContent).to.contain(`Notatet om ${journal.name}`).and.not.to.contain('ikke om den person');
    await until(() => journal.entry('Frem og tilbage.'));
  });

  it('says that it was not saved, and where the draft is', async () => {
    const {said, name} = await left(() => refusal('forbidden'));
    expect(said()).to.contain(`Notatet om ${name}`).and.to.contain('blev ikke gemt').and.to.contain('Kladden venter');
  });

  it('says that it does not know', async () => {
    const {said} = await left(() => refusal('unavailable'));
    expect(said()).to.contain('Vi ved ikke, om notatet om').and.to.contain('Kladden venter');
  });
});

describe('<bsp-journal>: an addendum', () => {
  /** The journal with a note of one's own. */
  async function withNote(body = 'Skrevet forkert.') {
    const journal = await journalOf();
    await journal.write(body);
    journal.save();
    await until(() => journal.entry(body));
    const add = () =>
      [...(journal.entry(body)?.querySelectorAll('button') ?? [])].find((one) =>
        one.textContent?.includes('Tilføj til notatet'),
      );
    await until(add);
    return {...journal, add: () => add()?.click(), note: () => journal.entry(body)};
  }

  it('stands beneath its note, and the note stands as it was', async () => {
    const {add, found, fill, button, says, note, name} = await withNote();
    add();
    await found('#addendum-body');
    await fill('#addendum-body', 'Rettelse: det var i går.');
    button('Gem tillæg').click();
    await says(`Tillægget er gemt på ${name}`);
    await until(() => note()?.querySelector('.addenda')?.textContent?.includes('Rettelse: det var i går.'));
    expect(note()?.textContent).to.contain('Skrevet forkert.').and.to.contain('Karla Bruun');
  });

  it('is sent once, and again under the same key after a lost answer', async () => {
    const {add, found, fill, button, says, on, sent, note} = await withNote();
    let lost = false;
    on.act = ({type}, onwards) => {
      if (type !== 'note.addendum' || lost) return undefined;
      lost = true;
      return onwards().then(() => refusal('unavailable'));
    };
    add();
    await found('#addendum-body');
    await fill('#addendum-body', 'Kun én gang.');
    button('Gem tillæg').click();
    button('Gem tillæg')?.click();
    await says('Vi ved ikke, om det blev gemt');
    button('Prøv igen').click();
    await says('Tillægget er gemt');
    await until(() => note()?.querySelector('.addenda'));
    expect(note()?.querySelectorAll('.addenda > li')).to.have.length(1);
    const keys = sent.filter(({type}) => type === 'note.addendum').map(({key}) => key);
    expect(keys).to.have.length(2);
    expect(new Set(keys).size).to.equal(1);
  });

  it('has a draft of its own, which opens under its note again', async () => {
    const journal = await withNote();
    const {add, found, fill, says, button, choose, note, leaveForm, find} = journal;
    add();
    await found('#addendum-body');
    await fill('#addendum-body', 'Halvt tillæg.');
    leaveForm();
    await says(/Kladde gemt/);
    const switched = choose(1);
    await until(() => button('Skift person – kladden venter'));
    await says('Kladden er gemt og venter');
    button('Skift person – kladden venter').click();
    await switched;
    await choose(0);
    await says('Du har et påbegyndt tillæg');
    await until(() => note());
    button('Fortsæt').click();
    await until(() => find<HTMLTextAreaElement>('#addendum-body')?.value === 'Halvt tillæg.');
    expect(find('#addendum-body').closest('.entry')).to.equal(note());
  });

  it('does not push another one out', async () => {
    const journal = await withNote('Første.');
    await journal.write('Andet.');
    journal.save();
    await until(() => journal.entry('Andet.'));
    journal.add();
    await journal.found('#addendum-body');
    await journal.fill('#addendum-body', 'Til den første.');
    [...(journal.entry('Andet.')?.querySelectorAll('button') ?? [])]
      .find((one) => one.textContent?.includes('Tilføj'))
      ?.click();
    await journal.says('Gør først det tillæg færdigt');
    expect(journal.find('#addendum-body').closest('.entry')).to.equal(journal.note());
    expect(journal.find<HTMLTextAreaElement>('#addendum-body').value).to.equal('Til den første.');
  });
});

describe('<bsp-journal>: the forms', () => {
  it('say the same in English', async () => {
    const {begin, says, root, button} = await journalOf({lang: 'en'});
    await begin();
    await says('Choose a heading');
    await says('Belongs to');
    expect(button('Save note')).not.to.equal(undefined);
    expect(root.textContent).not.to.contain('Vælg overskrift');
    expect(Object.keys(composeEnglish).sort()).to.eql(Object.keys(composeDanish).sort());
  });
});
