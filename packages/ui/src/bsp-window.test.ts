import {type ProblemCode, problemOf, type Resource, resourceOf} from '@bsp/contract';
import {type StringSource, type WindowState, windowStates} from '@bsp/core';
import {expect, oneEvent} from '@open-wc/testing';
import {html, nothing} from 'lit';
import * as z from 'zod/mini';
import {type FakeSession, fakeSession, sourceOf, viewOf} from '../../../tests/browser/fixtures/fake-session.js';
import {withinOneTask} from '../../../tests/browser/fixtures/one-task.js';
import {type Scene, setOnline, settled, stage, until} from '../../../tests/browser/fixtures/scene.js';
import {
  BspWindow,
  type ConfigShape,
  closeDialog,
  dialog,
  dialogStyles,
  flag,
  oneOf,
  someOf,
  type WindowDefinition,
  wholeNumber,
} from './index.js';

const texts = {title: 'Ting', items: 'ting', said: 'Gemt', secret: 'Hemmelig'};
type Texts = typeof texts;
const strings: StringSource<Texts> = {
  name: 'things',
  da: texts,
  en: () => Promise.resolve({title: 'Things', items: 'things', said: 'Saved', secret: 'Secret'}),
};
const things: Resource<string> = resourceOf('things', z.string());
const notes: Resource<string> = resourceOf('notes', z.string());
interface Config {
  size: number;
  order: 'up' | 'down';
  parts: readonly ('one' | 'two')[];
  wide: boolean;
}
const config: ConfigShape<Config> = {
  size: wholeNumber(1, 10, 5),
  order: oneOf(['up', 'down'], 'up'),
  parts: someOf(['one', 'two'], ['one', 'two']),
  wide: flag(false),
};

/** The least of a window: a list of strings, a field to type in, a note that is read late, a question. */
class ThingsWindow extends BspWindow<Texts, Config, {typed: string; asking: boolean}> {
  protected override readonly definition: WindowDefinition<Texts, Config> = {strings, resources: [things], config};

  protected override createLocal() {
    return {typed: '', asking: false};
  }

  protected override renderBody() {
    return html`<ul>${this.viewOf(things).items.map((item) => html`<li>${item}</li>`)}</ul>
      <output>${this.settings.size} ${this.settings.order} ${this.settings.parts.join('+')} ${this.settings.wide}</output>
      <input .value=${this.local.typed} @input=${(event: InputEvent) => this.setLocal({typed: (event.target as HTMLInputElement).value})} />
      <span id="typed">${this.local.typed}</span>`;
  }

  keep(): void {
    this.pin();
  }

  protected override renderQuestion() {
    if (!this.local.asking) return nothing;
    this.adopt(dialogStyles);
    return dialog({
      heading: 'Kladde',
      person: this.person,
      body: 'Bliv eller skift?',
      actions: html`<button @click=${(event: Event) => closeDialog(event.target as Element)}>Bliv</button>`,
      onClose: () => this.setLocal({asking: false}),
    });
  }

  ask(): void {
    this.setLocal({asking: true});
  }

  say(text: string): void {
    this.announce(text);
  }

  readNotes(): readonly string[] {
    return this.viewOf(notes).items;
  }
}
customElements.define('test-things', ThingsWindow);

const six = ['KY', 'KMD Sag', 'KMD Aktiv', 'Momentum', 'SBSYS', 'Nexus'];
const sources = (change: (index: number) => Parameters<typeof sourceOf>[2] = () => ({})) =>
  six.map((name, index) => sourceOf(name, name, change(index)));
const items = (...all: string[]): Scene => ({views: {things: viewOf(all, sources())}});

async function show(scene: Scene, options?: Parameters<typeof stage>[2]) {
  const staged = await stage('test-things', scene, options);
  const element = staged.element as ThingsWindow;
  const root = element.shadowRoot as ShadowRoot;
  return {
    element,
    provider: staged.provider,
    session: staged.session as FakeSession,
    root,
    panel: () => root.querySelector('section') as HTMLElement,
    text: () => (root.querySelector('section') as HTMLElement).innerText,
    notices: () =>
      [...root.querySelectorAll<HTMLElement>('.notice')].map((one) => one.innerText.replace(/\s+/g, ' ').trim()),
    body: () => (root.querySelector('.body') as HTMLElement).innerText.replace(/\s+/g, ' ').trim(),
    status: () => root.querySelector('section [role=status]')?.textContent?.replace(/\s+/g, ' ').trim() ?? '',
    button: (name: string) =>
      [...root.querySelectorAll('button')].find(
        (one) => one.innerText.trim() === name || one.ariaLabel === name,
      ) as HTMLButtonElement,
    again: () => settled(element),
  };
}

describe('BspWindow', () => {
  const warnings: string[] = [];
  const {warn} = console;
  beforeEach(() => {
    warnings.length = 0;
    console.warn = (...values: unknown[]) => warnings.push(values.join(' '));
  });
  afterEach(() => {
    console.warn = warn;
    for (const provider of document.querySelectorAll('fake-provider')) provider.remove();
    setOnline(true);
  });

  describe('states', () => {
    const states: Record<WindowState, {scene: Scene; says: RegExp}> = {
      'no-subject': {scene: {session: null}, says: /Ingen person er valgt/},
      unsupported: {scene: {views: {things: viewOf([], [])}}, says: /Ingen af de tilsluttede systemer leverer ting/},
      offline: {scene: {offline: true}, says: /Der er ingen forbindelse/},
      forbidden: {
        scene: {
          views: {
            things: viewOf(
              [],
              sources(() => ({status: 'forbidden'})),
            ),
          },
        },
        says: /Du har ikke adgang til ting om denne person/,
      },
      error: {
        scene: {
          views: {
            things: viewOf(
              [],
              sources(() => ({status: 'timeout'})),
            ),
          },
        },
        says: /Ting kan ikke vises: ingen kilder svarede\s+Prøv igen/,
      },
      loading: {scene: {}, says: /^$/},
      partial: {
        scene: {
          views: {
            things: viewOf(
              ['en'],
              sources((index) => (index ? {} : {status: 'unavailable'})),
            ),
          },
        },
        says: /en/,
      },
      stale: {
        scene: {
          views: {
            things: viewOf(
              ['en'],
              sources((index) => (index ? {} : {status: 'unavailable', stale: true})),
            ),
          },
        },
        says: /en/,
      },
      empty: {scene: items(), says: /Ingen ting registreret i de 6 kilder, der svarede/},
      ready: {scene: items('en', 'to'), says: /en to/},
    };

    for (const state of windowStates)
      it(`is ${state}, as a property, in CSS and in words`, async () => {
        const {element, body} = await show(states[state].scene);
        expect(element.state).to.equal(state);
        expect(windowStates.filter((one) => element.matches(`:state(${one})`))).to.eql([state]);
        expect(body()).to.match(states[state].says);
      });

    it('is busy beside its state', async () => {
      const {element, session, again} = await show(items('en'));
      expect(element.busy).to.equal(false);
      session.show(
        things,
        viewOf(
          ['en'],
          sources(() => ({status: 'waiting'})),
        ),
      );
      await again();
      expect(element.busy).to.equal(true);
      expect(element.matches(':state(busy):state(ready)')).to.equal(true);
    });

    it('asks for the purpose where that is what is missing', async () => {
      const {body} = await show({
        views: {
          things: viewOf(
            [],
            sources(() => ({status: 'needs-purpose'})),
          ),
        },
      });
      expect(body()).to.match(/Formålet med opslaget skal oplyses/);
    });

    it('tells why a person could not be opened, and offers no retry that cannot help', async () => {
      const problem = (code: 'not-found' | 'invalid-subject' | 'unauthorized' | 'unavailable') => ({
        session: {state: 'failed' as const, problem: {type: 't', title: 'x', status: 400, code}},
      });
      expect((await show(problem('not-found'))).body()).to.equal('Personen kunne ikke slås op');
      expect((await show(problem('invalid-subject'))).body()).to.equal('Nummeret er ikke gyldigt');
      expect((await show(problem('unauthorized'))).body()).to.contain('Du er ikke logget på');
      expect((await show(problem('unavailable'))).body()).to.equal('Ting kan ikke hentes lige nu');
    });

    it('tells a closed lookup and too many of them from a backend that fails', async () => {
      const refused = (code: ProblemCode) =>
        show({views: {things: {...viewOf([], []), planned: false, problem: problemOf(code, 'x')}}});
      const closed = await refused('context-closed');
      expect(closed.body()).to.equal('Opslaget på personen er lukket. Vælg personen igen.');
      const busy = await refused('rate-limited');
      expect(busy.body()).to.match(/^Ting kan ikke hentes lige nu: der er for mange opslag\. Vent lidt.*\s+Prøv igen$/);
    });

    it('asks again for what it could not have when the connection is back, and for nothing else', async () => {
      const {session} = await show({
        offline: true,
        views: {
          things: viewOf(['one'], [sourceOf('a', 'A', {count: 1}), sourceOf('b', 'B', {status: 'unavailable'})]),
        },
      });
      expect(session.calls).to.deep.equal([]);
      setOnline(true);
      expect(session.calls).to.deep.equal([{resource: 'things', call: 'refresh', source: 'b'}]);
    });

    it('renders anew when the connection goes and comes', async () => {
      const {element, again} = await show({});
      setOnline(false);
      await again();
      expect(element.state).to.equal('offline');
      setOnline(true);
      await again();
      expect(element.state).to.equal('loading');
    });
  });

  describe('more access', () => {
    const reason = 'Barnet er i akut fare';
    const me = {
      user: {id: 'karla', name: 'Karla Bruun'},
      tenant: {id: 'korsbaek', name: 'Korsbæk'},
      capabilities: ['break-glass'],
      purposes: [{id: 'kontrol', label: 'Kontrol af udbetaling'}],
      breakGlass: {minutes: 20, told: 'lederen'},
    };
    const refusedBy = (status: 'forbidden' | 'needs-purpose', session: object = {}): Scene => ({
      session: {renewable: true, me, ...session},
      views: {
        things: viewOf(
          [],
          sources(() => ({status})),
        ),
      },
    });
    async function asked(status: 'forbidden' | 'needs-purpose', problem?: ProblemCode) {
      const renewals: unknown[] = [];
      const renew = (options: unknown) => {
        renewals.push(options);
        return Promise.resolve(problem && problemOf(problem, 'x'));
      };
      const shown = await show(refusedBy(status, {renew}));
      const opener = shown.button(status === 'forbidden' ? 'Nødadgang …' : 'Oplys formål …');
      opener.focus();
      opener.click();
      const dialogOf = () => shown.root.querySelector<HTMLDialogElement>('dialog[open]');
      await until(dialogOf);
      const field = () => shown.root.querySelector<HTMLTextAreaElement | HTMLSelectElement>('#access-field');
      const fault = () => shown.root.querySelector<HTMLElement>('#access-fault')?.innerText;
      return {...shown, renewals, dialogOf, field, fault};
    }
    const offers = (root: ShadowRoot) =>
      [...root.querySelectorAll<HTMLElement>('.body button, .notice button')].map((one) => one.innerText.trim());

    it('is offered to whoever may have it, and to nobody else', async () => {
      expect(offers((await show(refusedBy('forbidden'))).root)).to.eql(['Nødadgang …']);
      expect(offers((await show(refusedBy('needs-purpose'))).root)).to.eql(['Oplys formål …']);
      expect(offers((await show(refusedBy('forbidden', {me: {...me, capabilities: []}}))).root)).to.eql([]);
      expect(offers((await show(refusedBy('needs-purpose', {me: {...me, purposes: []}}))).root)).to.eql([]);
      expect(offers((await show(refusedBy('forbidden', {glass: {until: '2026-11-20T10:20:00Z'}}))).root)).to.eql([]);
      expect(offers((await show(refusedBy('forbidden', {renewable: false}))).root)).to.eql([]);
      expect(offers((await show(refusedBy('forbidden', {me: undefined}))).root)).to.eql([]);
    });

    it('is offered beside the sources too: what is hidden looks like what is not there', async () => {
      const seen = async (session: object) => {
        const shown = await show({...items(), session: {renewable: true, me, ...session}});
        shown.root.querySelector<HTMLElement>('#sources')?.click();
        await until(() => shown.root.querySelector('#source-details:popover-open'));
        const popover = () => shown.root.querySelector<HTMLElement>('#source-details');
        const offer = [...(popover()?.querySelectorAll('button') ?? [])].find((one) =>
          one.innerText.includes('Nødadgang'),
        );
        return {...shown, popover, offer};
      };
      const {offer, popover, root} = await seen({});
      expect(popover()?.innerText).to.contain('Der kan være mere, som du ikke har adgang til.');
      offer?.click();
      await until(() => root.querySelector('dialog[open] #access-field'));
      expect(popover()?.matches(':popover-open') ?? false).to.equal(false);
      for (const session of [
        {me: {...me, capabilities: []}},
        {glass: {until: '2026-11-20T10:20:00Z'}},
        {renewable: false},
        {subject: {type: 'user'}},
      ])
        expect((await seen(session)).offer === undefined, JSON.stringify(Object.keys(session))).to.equal(true);
    });

    it('says for how long and who is told, wants a reason, and opens the same person with it', async () => {
      const {dialogOf, field, fault, renewals, button} = await asked('forbidden');
      expect(dialogOf()?.innerText).to.contain('20 minutter').and.to.contain('Lederen får besked');
      expect(dialogOf()?.innerText).to.contain('Maude Agerlund, 641284-••••');
      const input = field() as HTMLTextAreaElement;
      input.value = '  kort    ';
      button('Åbn med nødadgang').click();
      await until(() => fault()?.endsWith('Skriv, hvorfor det er nødvendigt, med mindst 10 tegn'));
      expect(field()?.getAttribute('aria-invalid')).to.equal('true');
      expect(renewals).to.eql([]);
      input.value = reason;
      button('Åbn med nødadgang').click();
      await until(() => !dialogOf());
      expect(renewals).to.eql([{breakGlass: true, reason}]);
    });

    it('offers the purposes that the user may choose', async () => {
      const {dialogOf, field, fault, renewals, button} = await asked('needs-purpose');
      button('Åbn til formålet').click();
      await until(() => fault()?.endsWith('Vælg et formål'));
      (field() as HTMLSelectElement).value = 'kontrol';
      button('Åbn til formålet').click();
      await until(() => !dialogOf());
      expect(renewals).to.eql([{purpose: 'kontrol'}]);
    });

    it('keeps what was written when it is refused, and says so', async () => {
      const {dialogOf, field, fault, button} = await asked('forbidden', 'forbidden');
      (field() as HTMLTextAreaElement).value = reason;
      button('Åbn med nødadgang').click();
      await until(() => fault()?.endsWith('Det blev afvist. Intet er åbnet.'));
      expect(field()?.value).to.equal(reason);
      button('Fortryd').click();
      await until(() => !dialogOf());
    });

    it('says a fault in the language that came after it', async () => {
      const {provider, fault, button, dialogOf} = await asked('forbidden');
      button('Åbn med nødadgang').click();
      await until(() => fault()?.endsWith('med mindst 10 tegn'));
      provider.lang = 'en';
      await until(() => dialogOf()?.innerText.includes('Open with emergency access'));
      expect(fault()).to.contain('Write why it is necessary');
    });

    it('goes with its person, and is not seen under the veil', async () => {
      const {root, field, dialogOf, session, provider} = await asked('forbidden');
      (field() as HTMLTextAreaElement).value = reason;
      session.change({veiled: true});
      await until(() => !dialogOf());
      session.change({veiled: false});
      provider.session = fakeSession();
      await until(() => !root.querySelector('dialog'));
      expect(root.textContent).not.to.contain(reason);
    });

    it('is said in every window as long as it lasts', async () => {
      const glass = {until: '2026-11-20T10:20:00Z'};
      const {notices, session, again} = await show({...items('en'), session: {glass}});
      await until(() => notices()[0]?.startsWith('Nødadgang til kl. 11.20'));
      session.change({glass: undefined});
      await again();
      expect(notices()).to.eql([]);
    });
  });

  describe('what is missing', () => {
    it('is named with its sources; one button asks exactly those again', async () => {
      const {notices, button, session} = await show({
        views: {
          things: viewOf(
            ['en'],
            sources(
              (index) =>
                [{}, {status: 'timeout' as const}, {status: 'unavailable' as const}, {status: 'forbidden' as const}][
                  index
                ] ?? {},
            ),
          ),
        },
      });
      expect(notices()).to.eql([
        'KMD Sag og KMD Aktiv svarede ikke. Ting derfra mangler. Momentum giver dig ikke adgang. Ting derfra mangler. Prøv igen',
      ]);
      button('Prøv igen').click();
      expect(session.calls).to.eql([
        {resource: 'things', call: 'refresh', source: 'KMD Sag'},
        {resource: 'things', call: 'refresh', source: 'KMD Aktiv'},
      ]);
    });

    it('is told apart from what is old, with its time', async () => {
      const {notices} = await show({
        views: {
          things: viewOf(
            ['en'],
            sources((index) => (index ? {} : {status: 'unavailable', stale: true, asOf: '2026-03-02T08:15:00+01:00'})),
          ),
        },
      });
      expect(notices()).to.eql(['KY svarede ikke. Oplysningerne derfra er fra 02.03.2026. Prøv igen']);
    });

    it('counts unreadable records', async () => {
      const {notices} = await show({
        views: {
          things: viewOf(
            ['en'],
            sources((index) => (index < 2 ? {invalid: index + 1} : {})),
          ),
        },
      });
      expect(notices()).to.eql([
        '1 post fra KY kan ikke læses og mangler. 2 poster fra KMD Sag kan ikke læses og mangler.',
      ]);
    });

    it('is no emptiness', async () => {
      const {body, notices} = await show({
        views: {
          things: viewOf(
            [],
            sources((index) => (index ? {} : {status: 'timeout'})),
          ),
        },
      });
      expect(body()).to.equal('Ingen ting i det, der kom fra de 5 kilder, der svarede');
      expect(notices()).to.have.length(1);
    });

    it('is said when a read breaks off, while rows stand', async () => {
      const {notices} = await show({
        views: {
          things: viewOf(['en'], sources(), {problem: {type: 't', title: 'x', status: 503, code: 'unavailable'}}),
        },
      });
      expect(notices()[0]).to.contain('Hentningen blev afbrudt');
    });

    it('can be fetched where a source has more', async () => {
      const {button, session} = await show({
        views: {
          things: viewOf(
            ['en'],
            sources((index) => (index ? {} : {next: 'cursor'})),
          ),
        },
      });
      button('Hent flere fra KY').click();
      expect(session.calls).to.eql([{resource: 'things', call: 'more', source: 'KY'}]);
    });

    it('leaves out sources that have nothing to do with it', async () => {
      const {text} = await show({
        views: {
          things: viewOf(
            ['en'],
            sources((index) => (index < 4 ? {} : {status: 'not-applicable'})),
          ),
        },
      });
      expect(text()).to.contain('4 af 4 kilder');
    });
  });

  describe('sources', () => {
    it('are listed in words on request, each with its retry; closing them gives the focus back', async () => {
      const {button, root, session, again} = await show({
        views: {
          things: viewOf(
            ['en'],
            sources(
              (index) =>
                [{count: 3}, {status: 'timeout' as const}, {status: 'waiting' as const}, {count: 2, next: 'x'}][
                  index
                ] ?? {},
            ),
          ),
        },
      });
      const opener = button('Venter på 1 af 6');
      opener.focus();
      opener.click();
      const details = () => root.querySelector<HTMLElement>('#source-details:popover-open');
      const words = (await until(details)).innerText.replace(/\s+/g, ' ');
      expect(words).to.match(/KY Svarede · 3 hentet · data fra i dag \d\d\.\d\d/);
      expect(words).to.contain('KMD Sag Svarede ikke i tide');
      expect(words).to.contain('KMD Aktiv Venter på svar');
      expect(words).to.contain('Momentum Svarede · 2 hentet, der er flere');
      expect(opener.ariaExpanded).to.equal('true');
      button('Prøv igen: KMD Sag').click();
      expect(session.calls).to.eql([{resource: 'things', call: 'refresh', source: 'KMD Sag'}]);
      button('Luk').click();
      await until(() => !details());
      await again();
      expect(details() === null, 'closed').to.equal(true);
      expect(opener.ariaExpanded).to.equal('false');
      expect(root.activeElement === opener, 'focus returned').to.equal(true);
    });

    it('close when the button is pressed again', async () => {
      const {button, root, again} = await show(items('en'));
      button('6 af 6 kilder').click();
      await until(() => root.querySelector('#source-details:popover-open'));
      button('6 af 6 kilder').click();
      await again();
      expect(root.querySelector('#source-details') === null, 'closed').to.equal(true);
    });

    it('are read again by one button', async () => {
      const {button, session} = await show(items('en'));
      button('Hent ting igen').click();
      expect(session.calls).to.eql([{resource: 'things', call: 'reload'}]);
    });

    it('with older data than the others are named in the foot', async () => {
      const {text} = await show({
        views: {
          things: viewOf(
            ['en'],
            sources((index) => (index ? {} : {asOf: '2026-03-02T08:15:00+01:00'})),
          ),
        },
      });
      expect(text()).to.match(/KY pr\. 02\.03\.2026 ·\sOpdateret \d\d\.\d\d\.\d\d/);
    });
  });

  describe('the person', () => {
    it('is named by the heading and the live region', async () => {
      const {panel, root, status} = await show(items('en'));
      const heading = root.getElementById(panel().getAttribute('aria-labelledby') ?? '');
      expect(heading?.textContent?.trim()).to.equal('Ting, Maude Agerlund, 641284-••••');
      expect(status()).to.equal('Ting, Maude Agerlund, 641284-••••: 6 af 6 kilder');
    });

    it('is named with what came of something', async () => {
      const {element, status, again} = await show(items('en'));
      element.say('Gemt');
      await again();
      expect(status()).to.contain('Maude Agerlund, 641284-••••: Gemt');
    });

    it('is hidden from sight and from assistive technology while a switch is asked about', async () => {
      const {element, panel, session, again, root} = await show(items('hemmeligt'));
      session.change({veiled: true});
      await again();
      expect(getComputedStyle(panel()).visibility).to.equal('hidden');
      expect(panel().inert).to.equal(true);
      expect(panel().ariaHidden).to.equal('true');
      expect(root.querySelector<HTMLElement>('.veil')?.innerText).to.equal('Skifter person …');
      await expect(element).to.be.accessible();
      session.change({veiled: false});
      await again();
      expect(getComputedStyle(panel()).visibility).to.equal('visible');
    });

    it('may be asked about before the switch: the question is not veiled, and names the person', async () => {
      const {element, session, root, button, again} = await show(items('en'));
      element.ask();
      session.change({veiled: true});
      await again();
      const question = root.querySelector('dialog') as HTMLDialogElement;
      expect(question.matches(':modal')).to.equal(true);
      expect(getComputedStyle(question).visibility).to.equal('visible');
      expect(question.innerText).to.contain('Maude Agerlund, 641284-••••');
      button('Bliv').click();
      expect(question.open).to.equal(false);
    });

    it('who was kept is named in a banner', async () => {
      const {notices} = await show({...items('en'), session: {kept: true}});
      expect(notices()[0]).to.contain('Vinduerne viser fortsat Maude Agerlund, 641284-••••');
    });

    it('stays because others object: their reasons are text, with no number, and no longer than is read', async () => {
      const objections = [
        {
          program: '<b>Kalenderen</b>',
          reason: `<img src=x onerror="this.id='attacked'"> 641284-1002 ${'æ'.repeat(900)}`,
        },
        {program: 'Lægesystemet'},
        {reason: 'Ikke gemt'},
        {},
      ];
      const {notices, root} = await show({...items('en'), session: {kept: true, objections}});
      const said = notices()[0] ?? '';
      expect(said).to.contain('<b>Kalenderen</b>: <img').and.contain('641284-••••').and.not.contain('1002');
      expect(said).to.contain('Lægesystemet kan ikke skifte person lige nu.').and.contain('Ikke gemt');
      expect(said.length).to.be.lessThan(700);
      expect(root.querySelector('img, b')).to.equal(null);
    });

    it('has come without a program that did not answer: it is named', async () => {
      const {notices} = await show({...items('en'), session: {cutOff: [undefined, 'Lægesystemet']}});
      expect(notices()[0]).to.contain('Et andet program og Lægesystemet svarede ikke').and.contain('Maude Agerlund');
    });

    it('has come over a bridge: the window says from where, who is apart, and lets the page follow', async () => {
      let followed = 0;
      const bridges = [
        {broughtBy: '<b>Omsorg</b> 641284-0001', apart: ['', 'Ydelse'], follow: undefined},
        {broughtBy: undefined, apart: [], follow: () => followed++},
      ];
      const {notices, root, button} = await show({...items('en'), session: {bridges}});
      expect(notices()).to.deep.equal([
        'Dine andre programmer har skiftet person. Her vises fortsat Maude Agerlund, 641284-••••. Skift også her',
        'Et andet program og Ydelse viser måske en anden end Maude Agerlund, 641284-••••.',
        'Personen er valgt i <b>Omsorg</b> 641284-••••.',
      ]);
      expect(root.querySelector('b')).to.equal(null);
      button('Skift også her').click();
      expect(followed).to.equal(1);
    });

    it('can be held on to: the window says so to eyes and ears, and follows again in one task', async () => {
      const {element, provider, root, button, again, notices} = await show(items('hemmeligt'));
      element.keep();
      provider.session = fakeSession({name: 'Bo Dahl', subject: {type: 'cpr', masked: '710190-••••'}});
      await again();
      expect([element.pinned, element.matches(':state(pinned)')]).to.deep.equal([true, true]);
      expect(notices()[0]).to.contain('Fastholdt på Maude Agerlund, 641284-••••');
      expect(root.querySelector<HTMLElement>('#heading')?.innerText).to.contain('Maude Agerlund, 641284-••••');
      expect(root.querySelector('[role=status]:not(.veil)')?.textContent)
        .to.contain('Maude Agerlund')
        .and.contain('Fastholdt');
      expect(root.textContent).to.contain('hemmeligt').and.not.contain('Bo Dahl');
      button('Følg siden igen').click();
      for (let turn = 0; turn < 50; turn++) await null;
      expect(root.textContent)
        .to.contain('Bo Dahl')
        .and.not.match(/hemmeligt|Maude|Fastholdt/);
      expect(element.matches(':state(pinned)')).to.equal(false);
    });

    it('goes with everything of theirs in the same task: rows, dialog, popover, what was typed, scroll, words', async () => {
      const {element, provider, root, button, again} = await show(items('hemmeligt'));
      const input = root.querySelector('input') as HTMLInputElement;
      input.value = 'om Maude';
      input.dispatchEvent(new Event('input'));
      button('6 af 6 kilder').click();
      element.say('Notatet er gemt');
      await again();
      element.ask();
      await again();
      expect(root.querySelector('#typed')?.textContent).to.equal('om Maude');

      const next = fakeSession({name: 'Holger Skjern', subject: {type: 'cpr', masked: '710390-••••'}});
      next.show(things, viewOf(['andet'], sources()));
      await withinOneTask(() => {
        provider.session = next;
      });
      expect(root.textContent).not.to.match(/Maude|641284|hemmeligt|gemt|Kladde/);
      expect(root.querySelector('dialog, [popover]') === null, 'gone').to.equal(true);
      expect(root.querySelector('input') !== input, 'another field').to.equal(true);
      expect(root.querySelector('input')?.value).to.equal('');
    });

    it('gets what was typed back when the element only moved on the page', async () => {
      const {element, root, provider, again} = await show(items('en'));
      const input = root.querySelector('input') as HTMLInputElement;
      input.value = 'tekst';
      input.dispatchEvent(new Event('input'));
      const place = document.createElement('div');
      provider.append(place);
      place.append(element);
      await again();
      expect(root.querySelector('#typed')?.textContent).to.equal('tekst');
      expect(element.state).to.equal('ready');
    });

    it('is not in a window that left the page', async () => {
      const {element, root, session} = await show(items('hemmeligt'));
      element.remove();
      await element.updateComplete;
      expect(root.textContent).not.to.match(/Maude|hemmeligt/);
      expect(session.listeners()).to.equal(0);
    });
  });

  it('reads a resource that it did not declare when it first asks for it', async () => {
    const {element, session, again} = await show(items('en'));
    const before = session.listeners();
    expect(element.readNotes()).to.eql([]);
    expect(element.readNotes()).to.eql([]);
    expect(session.listeners()).to.equal(before + 1);
    session.show(notes, viewOf(['et notat'], sources()));
    await again();
    expect(element.readNotes()).to.eql(['et notat']);
    expect(element.state).to.equal('ready');
  });

  describe('config', () => {
    const output = (root: ShadowRoot) => root.querySelector('output')?.textContent;

    it('stands with its defaults, as an object, and as JSON', async () => {
      expect(output((await show(items('en'))).root)).to.equal('5 up one+two false');
      const object = {size: 3, order: 'down', parts: ['two'], wide: true};
      expect(output((await show({...items('en'), config: object})).root)).to.equal('3 down two true');
      expect(output((await show({...items('en'), attributes: {config: JSON.stringify(object)}})).root)).to.equal(
        '3 down two true',
      );
      expect(warnings).to.eql([]);
    });

    it('falls back where it is unusable: it says so in the panel, fires an event, warns once and never throws', async () => {
      const {element, root, notices, again} = await show(items('en'));
      setTimeout(() => {
        element.config = {size: 11, order: 'down', parts: ['one', 'one'], colour: 'red'} as Partial<Config>;
      });
      const event = (await oneEvent(
        document.body,
        'bsp-config-error',
      )) as unknown as HTMLElementEventMap['bsp-config-error'];
      expect(event.detail.window).to.equal('things');
      expect(event.detail.faults.map(({key}) => key)).to.eql(['size', 'parts', 'colour']);
      await again();
      expect(output(root)).to.equal('5 down one+two false');
      expect(notices()).to.eql(['Opsætningen af vinduet kan ikke bruges (size, parts og colour). Standarden gælder.']);
      expect(warnings).to.have.length(3);
      expect(warnings[2]).to.equal(
        'bsp things: config "colour" must be one of the keys size, order, parts, wide; the default applies.',
      );
      element.config = {size: 12};
      await again();
      expect(warnings).to.have.length(3);
      element.config = undefined;
      await again();
      expect(notices()).to.eql([]);
    });

    for (const bad of ['no json', '[1]', '7', '"text"', '{"__proto__": {"size": 1}, "constructor": 1}'])
      it(`survives ${bad}`, async () => {
        const {root, notices} = await show({...items('en'), attributes: {config: bad}});
        expect(output(root)).to.equal('5 up one+two false');
        expect(notices()).to.have.length(1);
      });

    it('does not repeat a bad value', async () => {
      const {element, again} = await show(items('en'));
      element.config = {size: '641284-1236'} as unknown as Partial<Config>;
      await again();
      expect(warnings.join()).to.contain('size').and.not.to.contain('641284');
    });
  });

  describe('language', () => {
    it('is Danish, unless something nearer says English; it follows changes', async () => {
      const {element, provider, text, again} = await show(items());
      expect(text()).to.contain('Ingen ting registreret');
      provider.lang = 'en-GB';
      await until(() => /No things/.test(text()));
      expect(text()).to.contain('No things registered in the 6 sources');
      element.lang = 'da';
      await again();
      expect(text()).to.contain('Ingen ting registreret');
      element.removeAttribute('lang');
      provider.removeAttribute('lang');
      provider.environment = {...provider.environment, lang: 'en'};
      await again();
      expect(text()).to.contain('No things registered');
    });

    it('takes the host’s own words', async () => {
      const {provider, text, again} = await show(items());
      provider.environment = {
        ...provider.environment,
        strings: {things: {title: 'Mine ting', items: 'genstande', nonsense: 'x'}, panel: {retry: 'Igen'}},
      };
      await again();
      expect(text()).to.contain('Mine ting').and.to.contain('Ingen genstande registreret');
    });
  });

  it('has the heading level that the host asks for, within reason', async () => {
    const {element, root, again} = await show(items('en'));
    const level = () => root.querySelector('#heading')?.ariaLevel;
    expect(level()).to.equal('2');
    element.headingLevel = 4;
    await again();
    expect(level()).to.equal('4');
    element.setAttribute('heading-level', 'big');
    await again();
    expect(level()).to.equal('2');
  });

  describe('looks', () => {
    it('follow the page, unless a theme is set', async () => {
      const {element, panel, again} = await show(items('en'));
      const background = () => getComputedStyle(panel()).backgroundColor;
      expect(background()).to.equal('rgb(255, 255, 255)');
      element.theme = 'dark';
      await again();
      expect(background()).to.equal('rgb(28, 33, 38)');
      element.theme = undefined;
      document.documentElement.style.colorScheme = 'dark';
      await again();
      expect(background()).to.equal('rgb(28, 33, 38)');
      document.documentElement.style.colorScheme = '';
    });

    it('take tokens from anywhere above, and the host’s font', async () => {
      const {provider, panel} = await show(items('en'));
      provider.style.setProperty('--bsp-surface', 'rgb(1, 2, 3)');
      provider.style.fontFamily = 'Georgia';
      expect(getComputedStyle(panel()).backgroundColor).to.equal('rgb(1, 2, 3)');
      expect(getComputedStyle(panel()).fontFamily).to.equal('Georgia');
    });

    it('do not depend on the root’s font size', async () => {
      const {panel} = await show(items('en'));
      const height = panel().getBoundingClientRect().height;
      document.documentElement.style.fontSize = '62.5%';
      document.body.style.fontSize = '16px';
      expect(panel().getBoundingClientRect().height).to.equal(height);
      document.documentElement.style.fontSize = '';
      document.body.style.fontSize = '';
    });
  });
});
