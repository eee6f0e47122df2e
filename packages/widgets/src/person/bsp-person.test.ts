import {type Person, type ProblemCode, ProblemError, personResource, problemOf} from '@bsp/contract';
import {formatsFor, type Session} from '@bsp/core';
import {expect, oneEvent} from '@open-wc/testing';
import {sendKeys} from '@web/test-runner-commands';
import {describeEveryScene} from '../../../../tests/browser/fixtures/every-scene.js';
import {fakeSession} from '../../../../tests/browser/fixtures/fake-session.js';
import {withinOneTask} from '../../../../tests/browser/fixtures/one-task.js';
import {type Scene, settled, stage, until} from '../../../../tests/browser/fixtures/scene.js';
import * as personScenes from '../../../../tests/browser/scenes/person.js';
import type {BspPerson} from './bsp-person.js';
import {personEnglish} from './person.strings.en.js';
import {personDanish} from './person.strings.js';
import {fullEnglish} from './person-full.strings.en.js';
import {fullDanish} from './person-full.strings.js';
import {revealEnglish} from './person-reveal.strings.en.js';
import {revealDanish} from './person-reveal.strings.js';

const {
  alma,
  bornYearsAgo,
  dayFromNow,
  everything,
  holger,
  hostile,
  katrine,
  maude,
  personOf,
  personView,
  revealing,
  sasja,
  scenes,
  sessionOf,
  shown,
  twoSources,
  userWith,
  vilhelm,
} = personScenes;

const day = (iso: string) => formatsFor('da').day(iso);

async function show(scene: Scene, options?: Parameters<typeof stage>[2]) {
  const {element, session, provider} = await stage('bsp-person', scene, options);
  const person = element as BspPerson;
  const root = person.shadowRoot as ShadowRoot;
  const find = <E extends HTMLElement>(selector: string) => root.querySelector<E>(selector);
  const button = (name: RegExp) =>
    [...root.querySelectorAll('button')].find((one) => name.test(one.ariaLabel ?? one.innerText)) as HTMLButtonElement;
  const text = () => find('section')?.innerText.replace(/\s+/g, ' ') ?? '';
  return {
    person,
    session: session ?? fakeSession(),
    provider,
    root,
    find,
    text,
    button,
    number: () => find('.cpr')?.innerText.replace(/\s+/g, ' ').trim(),
    /** The value of a field, in either form. */
    value: (label: string) => {
      const term = [...root.querySelectorAll('dt')].find((one) => one.textContent?.trim() === label);
      return (term?.nextElementSibling as HTMLElement | null)?.innerText.replace(/\s+/g, ' ').trim();
    },
    press: async (name: RegExp, then: () => unknown) => {
      button(name).click();
      await until(then);
      await settled(person);
    },
  };
}

/** Everything in the window but the text that is shown: attributes of all elements. */
const attributesIn = (root: ShadowRoot): string =>
  [...root.querySelectorAll('*')].flatMap((one) => [...one.attributes].map(({value}) => value)).join('\n');

/** Catches timers of five seconds and more, and lets the test ring them. */
function catchTimers() {
  const {setTimeout: set, clearTimeout: clear} = globalThis;
  const caught = new Map<number, {ring: () => void; milliseconds: number}>();
  let count = 1e6;
  globalThis.setTimeout = ((ring: () => void, milliseconds = 0) => {
    if (milliseconds < 5000) return set(ring, milliseconds);
    caught.set(++count, {ring, milliseconds});
    return count;
  }) as typeof setTimeout;
  globalThis.clearTimeout = ((id: number) => {
    if (!caught.delete(id)) clear(id);
  }) as typeof clearTimeout;
  return {
    get waiting() {
      return [...caught.values()].map(({milliseconds}) => milliseconds);
    },
    ring: () => {
      for (const [id, {ring}] of [...caught]) {
        caught.delete(id);
        ring();
      }
    },
    restore: () => Object.assign(globalThis, {setTimeout: set, clearTimeout: clear}),
  };
}

/** Counts what is asked of the backend, and answers it. */
function asked(answer: Session['act'] = revealing) {
  const calls: unknown[] = [];
  const act: Session['act'] = (type, payload) => {
    calls.push([type, payload]);
    return answer(type, payload);
  };
  return {calls, act};
}

describe('<bsp-person>', () => {
  let timers: ReturnType<typeof catchTimers>;
  beforeEach(() => {
    timers = catchTimers();
  });
  afterEach(() => {
    timers.restore();
    for (const provider of document.querySelectorAll('fake-provider')) provider.remove();
  });

  describe('who it is', () => {
    it('is the heading, with the masked number for a screen reader, and names the region', async () => {
      const {find, root} = await show(shown(maude));
      expect(find('[role=heading]')?.textContent?.replace(/\s+/g, ' ').trim()).to.equal('Maude Agerlund, 641284-••••');
      expect(root.querySelector('section')?.getAttribute('aria-labelledby')).to.equal('heading');
    });

    it('is the largest text of the window', async () => {
      const {root, find} = await show(shown(everything, 'full'));
      const size = (element: Element) => Number.parseFloat(getComputedStyle(element).fontSize);
      const name = size(find('[role=heading]') as Element);
      for (const other of root.querySelectorAll('section *:not(.title, .title *)'))
        expect(size(other)).to.be.below(name);
    });

    it('stands there before the record has come, where the backend told it', async () => {
      const {text, person} = await show({});
      expect(person.state).to.equal('loading');
      expect(text()).to.contain('Maude Agerlund').and.to.contain('641284-••••');
    });

    it('says the age in years, below one in months, and not at all where it is not known', async () => {
      for (const [birthDate, age] of [
        [bornYearsAgo(42), '42 år'],
        [bornYearsAgo(42, -1), '41 år'],
        [bornYearsAgo(1), '1 år'],
        [dayFromNow(-45), '1 måned'],
        [dayFromNow(-3), '0 måneder'],
      ] as const) {
        const {text, provider} = await show(shown(personOf({birthDate})));
        expect(text(), birthDate).to.match(new RegExp(`• ${age}`));
        provider.remove();
      }
      for (const birthDate of [undefined, dayFromNow(2)]) {
        const {text, provider} = await show(shown({...personOf(), birthDate} as Person));
        expect(text()).not.to.match(/\d (år|måned)/);
        provider.remove();
      }
    });

    it('tells a screen reader what is out of the ordinary once all have answered', async () => {
      const {find} = await show(shown(vilhelm));
      expect(find('section > [role=status]')?.textContent).to.contain(
        'Person, Vilhelm Norup, 660741-••••: Død 29.09.2026. blev 85 år',
      );
    });

    it('has a name for one without', async () => {
      expect((await show(shown(personOf({name: '  '})))).text()).to.contain('Navn ikke oplyst');
    });
  });

  describe('a status', () => {
    const words: readonly [Person['status'], string][] = [
      [{kind: 'dead', native: '90', since: '2024-03-12'}, 'Død 12.03.2024 kildens kode 90'],
      [{kind: 'missing', native: '70', since: '2026-03-12'}, 'Forsvundet 12.03.2026 kildens kode 70'],
      [{kind: 'emigrated', native: '80'}, 'Udrejst kildens kode 80'],
      [{kind: 'changed-number', since: '2026-05-06'}, 'CPR-nummeret er ændret 06.05.2026'],
      [{kind: 'annulled', native: '30'}, 'CPR-nummeret er annulleret kildens kode 30'],
      [{kind: 'inactive', native: '20'}, 'CPR-nummeret er ikke aktivt kildens kode 20'],
    ];
    for (const form of ['banner', 'full'] as const)
      for (const [status, said] of words)
        it(`${status.kind} is a strip with icon, word, date and the source’s code, in the form ${form}`, async () => {
          const {find} = await show(shown(personOf({status}), form));
          const strip = find('[part=status]');
          expect(strip?.innerText.replace(/\s+/g, ' ').trim()).to.equal(said);
          expect(strip?.querySelector('svg')).not.to.equal(null);
        });

    it('active has no strip', async () => {
      expect((await show(shown(holger))).find('[part=status]')).to.equal(null);
    });

    it('dead shows the age at death, and none where the day is not known', async () => {
      const {text} = await show(shown(vilhelm));
      expect(text()).to.contain('blev 85 år');
      expect(text()).to.contain('Født 06.07.1941');
      const dayUnknown = await show(shown({...vilhelm, status: {kind: 'dead'}}));
      expect(dayUnknown.text()).to.contain('Død').and.not.to.contain(' år');
    });

    it('changed-number leads to the new number where the backend has a handle', async () => {
      const {button} = await show(shown(sasja));
      setTimeout(() => button(/Gå til det nye nummer 691099-••••/).click());
      const event = (await oneEvent(
        document.body,
        'bsp-person-open',
      )) as unknown as HTMLElementEventMap['bsp-person-open'];
      expect(event.detail).to.eql({
        subject: {type: 'ref', value: 'h-18'},
        name: 'Sasja Holm',
        masked: '691099-••••',
      });
    });

    it('changed-number shows the new one where there is no handle', async () => {
      const {text, button} = await show(shown({...sasja, replacedBy: {relation: 'other', masked: '691099-••••'}}));
      expect(text()).to.contain('Nyt nummer 691099-••••');
      expect(button(/nye nummer/)).to.equal(undefined);
    });
  });

  describe('protection', () => {
    const badge = '[part=protection]';
    const combinations: readonly [string, Person['protections'], boolean][] = [
      ['none', undefined, false],
      ['without days', [{kind: 'name-address'}], true],
      ['since yesterday', [{kind: 'name-address', from: dayFromNow(-1)}], true],
      ['from today', [{kind: 'name-address', from: dayFromNow(0)}], true],
      ['until today', [{kind: 'name-address', to: dayFromNow(0)}], true],
      ['from tomorrow', [{kind: 'name-address', from: dayFromNow(1)}], false],
      ['until yesterday', [{kind: 'name-address', to: dayFromNow(-1)}], false],
      ['of another kind', [{kind: 'research'}, {kind: 'marketing'}, {kind: 'directory'}], false],
      [
        'ended once and standing again',
        [
          {kind: 'name-address', to: dayFromNow(-100)},
          {kind: 'name-address', from: dayFromNow(-10)},
        ],
        true,
      ],
    ];
    for (const [what, protections, stands] of combinations)
      it(`${what}: ${stands ? 'the badge stands and' : 'no badge, and'} the address is ${stands ? 'covered' : 'shown'}`, async () => {
        const {find, text} = await show(shown({...holger, ...(protections ? {protections} : {})}));
        expect(find(badge)?.innerText.trim()).to.equal(stands ? 'Navne- og adressebeskyttet' : undefined);
        if (stands) expect(text()).to.contain('Beskyttet · vis').and.not.to.contain('Jernbanealléen');
        else expect(text()).to.contain('Jernbanealléen 9, 4978 Korsbæk');
      });

    it('of the address alone has its own badge', async () => {
      const {find} = await show(shown({...holger, address: {protected: true}}));
      expect(find(badge)?.innerText.trim()).to.equal('Adressebeskyttet');
    });

    it('in the full form lists kinds with their days: in force, then to come, nothing that has ended', async () => {
      const {value} = await show(shown(everything, 'full'));
      expect(value('Beskyttelser')).to.equal(
        `Navne- og adressebeskyttelse fra ${day(dayFromNow(-23))} til ${day(dayFromNow(342))} ` +
          `Markedsføringsbeskyttelse fra 01.02.2018 Forskerbeskyttelse fra ${day(dayFromNow(60))} (endnu ikke i kraft)`,
      );
    });
  });

  describe('a protected address', () => {
    const local: Person = {
      ...maude,
      address: {protected: true, lines: ['Rolighedsparken 44, 2. tv', '4979 Korsbæk Ø']},
      contactAddress: {protected: true, lines: ['Postboks 112']},
    };

    it('that the record holds is in the page only between vis and skjul, and nobody is asked', async () => {
      const {calls, act} = asked();
      const {root, press, text} = await show(shown(local, 'full', {session: sessionOf(local, {act, me: userWith()})}));
      expect(root.innerHTML).not.to.match(/Rolighedsparken|Postboks/);
      await press(/Vis den beskyttede adresse/, () => text().includes('Rolighedsparken'));
      expect(text()).to.contain('Rolighedsparken 44, 2. tv 4979 Korsbæk Ø · skjul').and.to.contain('Postboks 112');
      await press(/Skjul/, () => !text().includes('Rolighedsparken'));
      expect(root.innerHTML).not.to.match(/Rolighedsparken|Postboks/);
      expect(calls).to.eql([]);
    });

    it('is copied only after a question', async () => {
      const {root, press, text} = await show(shown(local, 'full', {session: sessionOf(local, {me: userWith()})}));
      const {confirm} = window;
      const questions: unknown[] = [];
      let answer = false;
      window.confirm = (question) => {
        questions.push(question);
        return answer;
      };
      const copies = (from: Node | null = root.querySelector('dd')) =>
        from?.dispatchEvent(new ClipboardEvent('copy', {bubbles: true, composed: true, cancelable: true}));
      try {
        expect(copies(), 'while it is covered').to.equal(true);
        await press(/Vis den beskyttede adresse/, () => text().includes('Rolighedsparken'));
        expect(copies()).to.equal(false);
        answer = true;
        expect(copies()).to.equal(true);
        expect(copies(document.body), 'from elsewhere in the page').to.equal(true);
        expect(questions).to.eql(Array(2).fill('Adressen er beskyttet. Vil du kopiere den?'));
        await press(/Skjul/, () => !text().includes('Rolighedsparken'));
        expect(copies()).to.equal(true);
        expect(questions).to.have.length(2);
      } finally {
        window.confirm = confirm;
      }
    });

    it('is not printed', async () => {
      const {root, press, text} = await show(shown(local, 'full', {session: sessionOf(local, {me: userWith()})}));
      await press(/Vis den beskyttede adresse/, () => text().includes('Rolighedsparken'));
      dispatchEvent(new Event('beforeprint'));
      // What is printed is what stands when the event is over.
      await Promise.resolve();
      expect(root.innerHTML).not.to.match(/Rolighedsparken|Postboks/);
    });

    it('that the record lacks is asked for once, for both addresses', async () => {
      const {calls, act} = asked();
      const {press, text, value} = await show(shown(maude, 'full', {session: sessionOf(maude, {act})}));
      await press(/Vis den/, () => text().includes('Rolighedsparken'));
      expect(calls).to.eql([['reveal', {ref: maude.ref, field: 'address'}]]);
      expect(value('Adresse')).to.contain('Rolighedsparken 44, 2. tv 4979 Korsbæk Ø Kontaktadresse: Postboks 112');
      expect(value('Kontaktadresse')).to.contain('Vises sammen med adressen');
    });

    it('covers an unmarked contact address too while the name is protected', async () => {
      const person: Person = {...maude, contactAddress: {lines: ['Postboks 112']}};
      const {root, press, text, value} = await show(shown(person, 'full'));
      expect(root.innerHTML).not.to.contain('Postboks');
      await press(/Vis den/, () => text().includes('Rolighedsparken'));
      expect(value('Kontaktadresse')).to.contain('Postboks 112');
    });

    it('is covered when another source says that the person is protected', async () => {
      const {text} = await show({
        session: sessionOf(holger),
        views: {
          person: twoSources([
            holger,
            {...holger, ref: {source: 'sygesikring', id: '1'}, protections: [{kind: 'name-address'}]},
          ]),
        },
      });
      expect(text())
        .to.contain('Beskyttet · vis')
        .and.to.contain('Sygesikring oplyser noget andet: navne- og adressebeskyttelse')
        .and.not.to.contain('Jernbanealléen');
    });

    it('has no button where the user may not reveal it', async () => {
      const {text, button} = await show(shown(maude, 'banner', {session: sessionOf(maude, {me: userWith()})}));
      expect(text()).to.contain('Adresse Beskyttet');
      expect(button(/Vis/)).to.equal(undefined);
    });

    it('covers itself again after a while, and says so with the person’s name', async () => {
      const {press, text, find, person} = await show(shown(maude));
      await press(/Vis den/, () => text().includes('Rolighedsparken'));
      expect(find('section > [role=status]')?.textContent).to.contain('Adressen vises i 30 sekunder');
      timers.ring();
      await settled(person);
      expect(text()).not.to.contain('Rolighedsparken');
      expect(find('section > [role=status]')?.textContent).to.contain(
        'Maude Agerlund, 641284-••••: Adressen er skjult igen',
      );
    });

    it('keeps the focus on its button', async () => {
      const {press, text, button, root} = await show(shown(maude));
      button(/Vis den/).focus();
      await press(/Vis den/, () => text().includes('Rolighedsparken'));
      expect(root.activeElement).to.equal(button(/Skjul den/));
    });
  });

  describe('the whole number', () => {
    const reveal = /Vis hele CPR-nummeret/;

    it('is asked for by its record, shown with its hyphen, and announced', async () => {
      const {calls, act} = asked();
      const {press, number, find} = await show(shown(maude, 'banner', {session: sessionOf(maude, {act})}));
      expect(number()).to.equal('CPR-nummer 641284-••••');
      await press(reveal, () => number()?.endsWith('1002'));
      expect(number()).to.equal('Maude Agerlund, CPR-nummer 641284-1002');
      expect(find('.cpr')?.role).to.equal('status');
      expect(calls).to.eql([['reveal', {ref: maude.ref, field: 'cpr'}]]);
    });

    it('takes an answer without the hyphen', async () => {
      const {act} = asked(async (type) => ({key: '12345678', type, at: '', result: {value: '6412841002'}}));
      const {press, number} = await show(shown(maude, 'banner', {session: sessionOf(maude, {act})}));
      await press(reveal, () => number()?.endsWith('641284-1002'));
    });

    it('is in the page once, in no attribute, and not part of the window’s name', async () => {
      const {press, number, root, find} = await show(shown(maude));
      await press(reveal, () => number()?.endsWith('1002'));
      expect(attributesIn(root)).not.to.contain('1002');
      expect(root.textContent?.match(/641284-?1002/g)).to.have.length(1);
      expect(find('[role=heading]')?.textContent).not.to.contain('1002');
    });

    it('is masked again after 30 seconds', async () => {
      const {press, number, root, person} = await show(shown(maude));
      await press(reveal, () => number()?.endsWith('1002'));
      expect(timers.waiting).to.eql([30_000]);
      timers.ring();
      await settled(person);
      expect(root.textContent).not.to.contain('1002');
      expect(number()).to.equal('CPR-nummer 641284-••••');
    });

    it('stays for as long as the host says', async () => {
      const {press, number} = await show(shown(maude, 'banner', {config: {revealSeconds: 10}}));
      await press(reveal, () => number()?.endsWith('1002'));
      expect(timers.waiting).to.eql([10_000]);
    });

    it('is masked by the same button, and then no timer runs', async () => {
      const {press, number} = await show(shown(maude));
      await press(reveal, () => number()?.endsWith('1002'));
      await press(/Skjul CPR-nummeret/, () => number()?.endsWith('••••'));
      expect(timers.waiting).to.eql([]);
    });

    for (const [what, leave] of [
      ['the page loses the focus', () => dispatchEvent(new Event('blur'))],
      ['the page goes away', () => dispatchEvent(new Event('pagehide'))],
      [
        'the page is hidden',
        () => {
          Object.defineProperty(document, 'hidden', {configurable: true, get: () => true});
          document.dispatchEvent(new Event('visibilitychange'));
          Reflect.deleteProperty(document, 'hidden');
        },
      ],
    ] as const)
      it(`is masked when ${what}, and so is the address`, async () => {
        const {press, number, root, person, text} = await show(shown(maude));
        await press(reveal, () => number()?.endsWith('1002'));
        await press(/Vis den/, () => text().includes('Rolighedsparken'));
        leave();
        await settled(person);
        expect(root.textContent).not.to.match(/1002|Rolighedsparken/);
        expect(timers.waiting).to.eql([]);
      });

    it('goes with the person within the same task', async () => {
      const ending = new AbortController();
      const {press, number, root, provider} = await show(
        shown(maude, 'banner', {session: sessionOf(maude, {signal: ending.signal})}),
      );
      await press(reveal, () => number()?.endsWith('1002'));
      await withinOneTask(() => {
        ending.abort();
        provider.session = fakeSession({subject: {type: 'cpr', masked: '770571-••••'}, name: 'Holger Skjern'});
      });
      expect(root.textContent).not.to.match(/1002|Maude|641284/);
      expect(timers.waiting, 'a timer still holds the number').to.eql([]);
    });

    it('that comes after the person has gone is shown nowhere', async () => {
      const ending = new AbortController();
      let answer = (): void => undefined;
      const act: Session['act'] = (type, payload) =>
        new Promise((resolve) => {
          answer = () => void revealing(type, payload).then(resolve);
        });
      const {button, root, provider, person, number} = await show(
        shown(maude, 'banner', {session: sessionOf(maude, {act, signal: ending.signal})}),
      );
      button(reveal).click();
      await until(() => root.querySelector('.beside .busy'));
      ending.abort();
      provider.session = fakeSession(sessionOf(holger));
      (provider.session as ReturnType<typeof fakeSession>).show(personResource, personView([holger]));
      answer();
      await settled(person);
      expect(root.textContent).not.to.contain('1002');
      expect(number()).to.equal('CPR-nummer 770571-••••');
      expect(timers.waiting).to.eql([]);
    });

    it('of another person is refused', async () => {
      const {act} = asked(async (type) => ({key: '12345678', type, at: '', result: {value: '770571-1001'}}));
      const {press, root, text} = await show(shown(maude, 'banner', {session: sessionOf(maude, {act})}));
      await press(reveal, () => text().includes('passer ikke til personen'));
      expect(root.textContent).not.to.contain('1001');
    });

    it('is masked again when the record is read anew', async () => {
      const {press, number, session, person} = await show(shown(maude));
      await press(reveal, () => number()?.endsWith('1002'));
      session.show(personResource, personView([{...maude}]));
      await settled(person);
      expect(number()).to.equal('CPR-nummer 641284-••••');
    });

    it('is asked for once, however often one presses', async () => {
      const {calls, act} = asked();
      const {button, number} = await show(shown(maude, 'banner', {session: sessionOf(maude, {act})}));
      button(reveal).click();
      button(reveal).click();
      button(reveal).click();
      await until(() => number()?.endsWith('1002'));
      expect(calls).to.have.length(1);
    });

    it('has no button where the user may not reveal it, nor before a record is there', async () => {
      const {button} = await show(shown(maude, 'banner', {session: sessionOf(maude, {me: userWith()})}));
      expect(button(reveal)).to.equal(undefined);
      expect((await show({session: sessionOf(maude)})).button(reveal)).to.equal(undefined);
    });

    it('is operated by keyboard', async () => {
      const {button, number} = await show(shown(maude));
      button(reveal).focus();
      await sendKeys({press: 'Enter'});
      await until(() => number()?.endsWith('1002'));
      await sendKeys({press: ' '});
      await until(() => number()?.endsWith('••••'));
    });

    const failures: readonly [ProblemCode, RegExp][] = [
      ['forbidden', /CPR-nummeret kan ikke vises: du har ikke ret/],
      ['needs-purpose', /før formålet/],
      ['unauthorized', /Log på igen/],
      ['context-closed', /Vælg personen igen/],
      ['foreign-item', /Vælg personen igen/],
      ['not-found', /kilden har ikke oplysningen/],
      ['timeout', /kilden svarede ikke/],
      ['rate-limited', /Vent lidt/],
      ['wrong-subject', /passer ikke til personen/],
      ['internal', /lige nu. Prøv igen/],
    ];
    for (const [code, said] of failures)
      it(`that cannot be had says why: ${code}`, async () => {
        const {act} = asked(async () => {
          throw new ProblemError(problemOf(code, '641284-1002'));
        });
        const {press, find, root, number} = await show(shown(maude, 'banner', {session: sessionOf(maude, {act})}));
        await press(reveal, () => find('[role=alert]'));
        expect(find('[role=alert]')?.innerText).to.match(said);
        expect(root.textContent).not.to.contain('1002');
        expect(number()).to.equal('CPR-nummer 641284-••••');
      });

    it('that failed can be tried again, and the fault goes', async () => {
      let attempts = 0;
      const {act} = asked((type, payload) =>
        ++attempts === 1 ? Promise.reject(new TypeError('network')) : revealing(type, payload),
      );
      const {press, find, number} = await show(shown(maude, 'banner', {session: sessionOf(maude, {act})}));
      await press(reveal, () => find('[role=alert]'));
      await press(reveal, () => number()?.endsWith('1002'));
      expect(find('[role=alert]')).to.equal(null);
    });

    for (const result of [undefined, null, 'text', {value: 7}, {value: '<b>641284-1002</b>'}, {lines: ['x']}])
      it(`that is no number is refused: ${JSON.stringify(result)}`, async () => {
        const {act} = asked(async (type) => ({key: '12345678', type, at: '', result}));
        const {press, find, number} = await show(shown(maude, 'banner', {session: sessionOf(maude, {act})}));
        await press(reveal, () => find('[role=alert]'));
        expect(number()).to.equal('CPR-nummer 641284-••••');
      });
  });

  describe('facts', () => {
    it('of a banner are few, on one line each', async () => {
      const {value, text} = await show(shown(maude));
      expect(value('Civilstand')).to.equal('Separeret');
      expect(value('Børn')).to.equal('2 (8 og 11 år)');
      expect(value('Kommune')).to.equal('Korsbæk');
      expect(text()).not.to.contain('Torben').and.not.to.contain('Statsborgerskab');
    });

    it('count the children, those under 18 with their age', async () => {
      const child = (birthDate?: string) => ({relation: 'child' as const, ...(birthDate ? {birthDate} : {})});
      const cases: readonly [string, Person['children']][] = [
        ['1 (3 år)', [child(bornYearsAgo(3))]],
        [
          '3, heraf 2 under 18 (4 og 17 år)',
          [child(bornYearsAgo(18)), child(bornYearsAgo(18, -1)), child(bornYearsAgo(4))],
        ],
        ['2, alle voksne', [child(bornYearsAgo(30)), child(bornYearsAgo(40))]],
        ['2, heraf mindst 1 under 18 (4 år)', [child(bornYearsAgo(4)), child()]],
        ['1', [child()]],
      ];
      for (const [said, children] of cases) {
        const {value, provider} = await show(shown(personOf({children})));
        expect(value('Børn')).to.equal(said);
        provider.remove();
      }
    });

    it('give the contact address of one who has no other', async () => {
      const {value} = await show(shown(katrine));
      expect(value('Kontaktadresse')).to.equal('Storgata 14, 9008 Tromsø, Norge');
      expect(value('Adresse')).to.equal(undefined);
    });

    it('say that an address is not given', async () => {
      expect((await show(shown(personOf()))).value('Adresse')).to.equal('Ikke oplyst');
    });

    it('name a widow and a widower as such', async () => {
      for (const [sex, word] of [
        ['female', 'Enke'],
        ['male', 'Enkemand'],
        [undefined, 'Enke eller enkemand'],
      ] as const) {
        const {value, provider} = await show(shown({...personOf({civilStatus: {kind: 'widowed'}}), sex} as Person));
        expect(value('Civilstand')).to.equal(word);
        provider.remove();
      }
    });

    it('show the source’s own word for a civil status that we do not know', async () => {
      const {value} = await show(shown(personOf({civilStatus: {kind: 'unknown', native: 'Ophævet'}})));
      expect(value('Civilstand')).to.equal('Ukendt civilstand ”Ophævet”');
    });

    it('of the full form hold all that is known, with days and relatives', async () => {
      const {value, text} = await show(shown(everything, 'full'));
      expect(value('CPR-status')).to.equal('Aktiv · kildens kode 01');
      expect(value('Født')).to.equal('04.12.1984');
      expect(value('Adresse')).to.equal('Beskyttet · vis fra 01.11.2026');
      expect(value('Civilstand')).to.equal('Separeret fra 01.11.2026');
      expect(value('Statsborgerskab')).to.equal('Danmark');
      expect(value('Ægtefælle eller partner')).to.equal('Torben Dissing · 720482-••••');
      expect(value('Børn')).to.contain('Alma Agerlund Dissing Beskyttet · 11 år · 740215-••••');
      expect(value('Forældre')).to.equal('Grethe Agerlund · mor · 630258-•••• Svend Agerlund · far');
      expect(value('Værgemål')).to.equal('Louise Friis fra 01.02.2024');
      expect(value('Tidligere numre')).to.equal('641284-•••• 671284-••••');
      expect(text()).to.contain('Kilde: CPR').and.to.contain('Opdateret');
    });

    it('say none where the source says none, and nothing where it says nothing', async () => {
      const {value} = await show(shown(holger, 'full'));
      expect(value('Børn')).to.equal('Ingen');
      expect(value('Forældre')).to.equal(undefined);
    });
  });

  describe('custody', () => {
    it('of a child is joint when two hold it', async () => {
      for (const form of ['banner', 'full'] as const)
        expect((await show(shown(alma, form))).value('Forældremyndighed')).to.equal(
          'Fælles: Maude Agerlund (mor), Torben Dissing (far)',
        );
    });

    it('counts only those who hold it today, and says until when', async () => {
      const [first, second] = alma.custody ?? [];
      if (!first || !second) throw new Error('Alma has two holders.');
      const {value} = await show(
        shown({
          ...alma,
          custody: [
            {...first, until: dayFromNow(-1)},
            {...second, until: dayFromNow(100)},
          ],
        }),
      );
      expect(value('Forældremyndighed')).to.equal(`Torben Dissing (far) til ${day(dayFromNow(100))}`);
    });

    it('of a child without any is not given; one who is of age is in nobody’s', async () => {
      expect((await show(shown({...alma, custody: []}))).value('Forældremyndighed')).to.equal('Ikke oplyst');
      for (const form of ['banner', 'full'] as const) {
        const {text, provider} = await show(shown({...alma, birthDate: bornYearsAgo(18)}, form));
        expect(text()).not.to.contain('Forældremyndighed');
        provider.remove();
      }
    });

    it('ends with guardianship: one that has ended is not shown, one that stands is, in the banner too', async () => {
      const guarded = (until: string) => ({...holger, guardianship: {since: '2020-01-01', until}});
      expect((await show(shown(guarded(dayFromNow(-1))))).text()).not.to.contain('Værgemål');
      expect((await show(shown(guarded(dayFromNow(1))))).value('Værgemål')).to.equal(
        `Under værgemål fra 01.01.2020 til ${day(dayFromNow(1))}`,
      );
    });
  });

  describe('a relative', () => {
    it('is opened by a composed, cancelable intent with the handle', async () => {
      const {button, person} = await show(shown(maude, 'full'));
      setTimeout(() => button(/Torben Dissing/).click());
      const event = (await oneEvent(
        document.body,
        'bsp-person-open',
      )) as unknown as HTMLElementEventMap['bsp-person-open'];
      expect(event.target).to.equal(person);
      expect(event.cancelable).to.equal(true);
      expect(event.detail).to.eql({
        subject: {type: 'ref', value: 'h-12'},
        name: 'Torben Dissing',
        masked: '720482-••••',
      });
    });

    it('is told of with numbers masked, whatever the backend wrote', async () => {
      const subject = {type: 'ref', value: 'h-1'} as const;
      const child = {relation: 'child', name: 'Ane 641284-0001', masked: '6412840001', subject} as const;
      const {button} = await show(shown(personOf({children: [child]}), 'full'));
      setTimeout(() => button(/Ane/).click());
      const {detail} = (await oneEvent(document.body, 'bsp-person-open')) as CustomEvent<unknown>;
      expect(detail).to.eql({subject, name: 'Ane 641284-••••', masked: '641284-••••'});
    });

    it('without a handle is text; without a name is a number; without either has a word', async () => {
      const {value, button} = await show(
        shown(
          personOf({
            children: [
              {relation: 'child', name: 'Ane Lind'},
              {relation: 'child', masked: '710101-••••', subject: {type: 'ref', value: 'h'}},
              {relation: 'child', protected: true},
            ],
          }),
          'full',
        ),
      );
      expect(value('Børn')).to.equal('Ane Lind 710101-•••• Navn ikke oplyst Beskyttet');
      expect(button(/Ane/)).to.equal(undefined);
      expect(button(/710101/)).not.to.equal(undefined);
    });
  });

  describe('several sources', () => {
    const other = (more: Partial<Person>): Person => ({...maude, ref: {source: 'sygesikring', id: 's'}, ...more});

    it('that agree say nothing of it', async () => {
      const {find} = await show({
        session: sessionOf(maude),
        views: {person: twoSources([maude, other({name: ' MAUDE  Agerlund '})])},
      });
      expect(find('[part=notice]')).to.equal(null);
    });

    for (const [what, more, said] of [
      ['name', {name: 'Maude Dissing'}, 'navnet ”Maude Dissing”'],
      ['status', {status: {kind: 'dead', since: '2026-11-02'}}, 'status: Død 02.11.2026'],
      ['number', {masked: '641284-••••x'}, 'CPR-nummeret 641284-••••x'],
      ['protection', {protections: []}, 'ingen navne- og adressebeskyttelse'],
    ] as const)
      it(`that disagree about ${what} say so, and the first stands`, async () => {
        const {text, find} = await show({
          session: sessionOf(maude),
          views: {person: twoSources([maude, other(more as Partial<Person>)])},
        });
        expect(find('[part=notice]')?.innerText.replace(/\s+/g, ' ')).to.contain(
          `Sygesikring oplyser noget andet: ${said}`,
        );
        expect(find('[role=heading]')?.innerText).to.contain('Maude Agerlund');
        expect(find('[part=status]')).to.equal(null);
        expect(text()).to.contain('Navne- og adressebeskyttet');
      });

    it('show the one that answered first, also when one before it in the plan comes later', async () => {
      const late = {...maude, name: 'Maude Dissing'};
      const {session, find, person} = await show({
        session: sessionOf(maude),
        views: {person: twoSources([other({})], {cpr: {status: 'waiting'}})},
      });
      session.show(personResource, twoSources([late, other({})]));
      await settled(person);
      expect(find('[role=heading]')?.innerText).to.contain('Maude Agerlund');
      expect(find('[part=notice]')?.innerText).to.contain('Maude Dissing');
    });
  });

  describe('nobody', () => {
    it('is said of a number that no source knows', async () => {
      const {text, person} = await show(scenes.unknown as Scene);
      expect(person.state).to.equal('empty');
      expect(text()).to.contain('CPR-nummeret 610199-•••• findes ikke i CPR og Sygesikring. Kontrollér nummeret.');
    });

    it('is never said when a source did not answer', async () => {
      for (const name of ['partial-empty', 'error', 'loading', 'offline', 'forbidden']) {
        const {text, provider} = await show(scenes[name] as Scene);
        expect(text(), name).not.to.contain('findes ikke');
        provider.remove();
      }
    });

    it('leaves the number out where the person was chosen otherwise', async () => {
      const {text} = await show({session: {subject: {type: 'ref'}, name: undefined}, views: {person: personView([])}});
      expect(text()).to.contain('Personen findes ikke i CPR');
    });
  });

  it('shows hostile text as text, masks CPR numbers in it, and runs nothing', async () => {
    for (const form of ['banner', 'full'] as const) {
      const {text, root, provider} = await show(shown(hostile, form));
      expect(text()).to.contain('<b>Kasper</b> "><script>document.title=1</script>').and.to.contain('811187-••••');
      expect(root.innerHTML).not.to.match(/811187-?1003/);
      expect(root.querySelector('img, script, section b')).to.equal(null);
      expect('attacked' in globalThis).to.equal(false);
      provider.remove();
    }
  });

  it('shows hostile lines of a reveal as text too', async () => {
    const {act} = asked(async (type) => ({
      key: '12345678',
      type,
      at: '',
      result: {lines: ['<img src=x onerror="globalThis.attacked = true">', 'vedr. 811187-1003']},
    }));
    const {press, text, root} = await show(shown(maude, 'banner', {session: sessionOf(maude, {act})}));
    await press(/Vis den/, () => text().includes('<img'));
    expect(root.querySelector('img')).to.equal(null);
    expect(text()).to.contain('811187-••••').and.not.to.contain('1003');
  });

  it('leaves nothing of a person in the page when another is chosen, nor a listener', async () => {
    const {provider, person, root, session} = await show(shown(everything, 'full'));
    provider.session = fakeSession({subject: {type: 'cpr', masked: '770571-••••'}, name: 'Holger Skjern'});
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    expect(root.textContent).not.to.match(/Maude|641284|Torben|Alma/);
    expect(session.listeners()).to.equal(0);
    await settled(person);
    expect(root.querySelector('[role=heading]')?.textContent).to.contain('Holger Skjern, 770571-••••');
  });

  it('says the same in English', async () => {
    const {text, button} = await show(shown(everything, 'full'), {lang: 'en'});
    await until(() => text().includes('Name and address protected'));
    for (const part of [
      'Separated from 01/11/2026',
      'Alma Agerlund Dissing Protected · 11 years',
      'Guardianship',
      'Protected · show',
    ])
      expect(text()).to.contain(part);
    expect(button(/Show the whole CPR number/)).not.to.equal(undefined);
    expect(Object.keys(personEnglish).sort()).to.eql(Object.keys(personDanish).sort());
    expect(Object.keys(fullEnglish).sort()).to.eql(Object.keys(fullDanish).sort());
    expect(Object.keys(revealEnglish).sort()).to.eql(Object.keys(revealDanish).sort());
  });
});

describeEveryScene(personScenes);
