import {type FrameStatus, type Hit, ProblemError, problemOf} from '@bsp/contract';
import {type BspProvider, functionBackend} from '@bsp/core';
import '@bsp/core/define';
import {hidePersons} from '@bsp/core/screen-sharing';
import {expect, fixture, html, oneEvent, waitUntil} from '@open-wc/testing';
import {describeEveryScene} from '../../../../tests/browser/fixtures/every-scene.js';
import {fakeSession} from '../../../../tests/browser/fixtures/fake-session.js';
import {settled, stage} from '../../../../tests/browser/fixtures/scene.js';
import {StoppedClock} from '../../../../tests/browser/fixtures/stopped-clock.js';
import * as searchScenes from '../../../../tests/browser/scenes/search.js';
import './define.js';

const {answerBy, foundOf, hits, mixed, type, userSession} = searchScenes;

afterEach(() => document.querySelector('fake-provider')?.remove());

/** A window whose searches are answered as told. */
async function show(answer: (payload: {query: string}) => unknown = () => foundOf(hits), scene: object = {}) {
  const {element, provider} = await stage('bsp-search', {session: null, ...scene});
  const asked: {query: string}[] = [];
  const session = userSession((payload) => {
    asked.push(payload);
    return answer(payload);
  });
  answerBy(element, session);
  const root = element.shadowRoot!;
  return {
    element: element as HTMLElementTagNameMap['bsp-search'],
    provider,
    asked,
    session,
    field: root.querySelector('input')!,
    options: () => [...root.querySelectorAll<HTMLElement>('[role=option]')],
    marked: () => root.querySelector('[aria-selected=true]')?.textContent ?? '',
    said: () => root.querySelector('[role=status]')?.textContent ?? '',
    fault: () => root.querySelector('[role=alert]')?.textContent ?? '',
    search: async (typed: string, ...keys: string[]) => {
      await type(element, typed, 'Enter', ...keys);
      await settled(element);
    },
  };
}

describe('<bsp-search>', () => {
  it('asks nobody until the user does, and then with what she typed', async () => {
    const {asked, element, search, options, said} = await show();
    await type(element, 'Maude');
    expect(asked).to.deep.equal([]);
    await search('  Maude ');
    expect(asked).to.deep.equal([{query: 'Maude'}]);
    expect(options().map(({innerText}) => innerText.replace(/\s+/g, ' ').trim())).to.deep.equal([
      'Maude Agerlund Beskyttet 641284-••••',
      'Maude Marie Holm 700690-•••• Rolighedsparken 44, 2. tv, 4979 Korsbæk Ø',
      'Maude Skjern 710791-•••• Fjordbyvej 9, 4986 Fjordby',
    ]);
    expect(said()).to.equal('3 fundet');
    await expect(element).to.be.accessible();
  });

  it('is a combobox: arrows mark, Enter opens, Escape closes and then empties', async () => {
    const {element, field, search, marked} = await show();
    await search('maude');
    expect(field.getAttribute('aria-expanded')).to.equal('true');
    expect(field.hasAttribute('aria-activedescendant'), 'nobody is marked before she chooses').to.equal(false);
    const press = (...keys: string[]) => type(element, field.value, ...keys);
    const key = async (name: string) => {
      field.dispatchEvent(new KeyboardEvent('keydown', {key: name, bubbles: true, cancelable: true}));
      await settled(element);
    };
    await key('ArrowDown');
    expect(marked()).to.contain('Agerlund');
    expect(field.getAttribute('aria-activedescendant')).to.equal('hit-0');
    await key('ArrowUp');
    expect(marked()).to.contain('Skjern');
    await key('Home');
    expect(marked()).to.contain('Agerlund');
    await key('End');
    await key('ArrowDown');
    expect(marked()).to.contain('Agerlund');
    await key('Escape');
    expect(field.getAttribute('aria-expanded')).to.equal('false');
    expect(field.value).to.equal('maude');
    await key('ArrowDown');
    expect(field.getAttribute('aria-expanded'), 'what was found is still there').to.equal('true');
    await key('Escape');
    await key('Escape');
    expect(field.value).to.equal('');
    expect(element.state).to.equal('idle');
    await press('Escape');
  });

  it('opens a hit by its handle, and forgets what was typed and found', async () => {
    const {element, field, search, options} = await show(() => foundOf(mixed));
    await search('maude');
    setTimeout(() => options()[0]!.click());
    const {detail} = await oneEvent(element, 'bsp-subject-open');
    expect(detail).to.deep.equal({
      kind: 'person',
      subject: {type: 'ref', value: 'p-2'},
      name: 'Maude Marie Holm',
      masked: '700690-••••',
    });
    await settled(element);
    expect([field.value, options().length, element.state]).to.deep.equal(['', 0, 'idle']);
    expect(element.shadowRoot!.textContent).not.to.contain('Maude');
  });

  it('tells the host of a hit with numbers masked, whatever the backend wrote', async () => {
    const {element, search, options} = await show(() =>
      foundOf([{...hits[1]!, name: 'Maude 641284-0001', masked: '700690-0126'}]),
    );
    await search('maude');
    setTimeout(() => options()[0]!.click());
    const {detail} = await oneEvent(element, 'bsp-subject-open');
    expect(detail).to.include({name: 'Maude 641284-••••', masked: '700690-••••'});
  });

  it('opens a whole number that a source knows at once, and offers one that none knows', async () => {
    const opened: unknown[] = [];
    const {element, search, options} = await show(({query}) =>
      foundOf([
        query.includes('700690')
          ? hits[1]!
          : {kind: 'person', subject: {type: 'ref', value: 'p-9'}, masked: '641284-••••'},
      ]),
    );
    element.addEventListener('bsp-subject-open', ({detail}) => opened.push(detail.subject.value));
    await search('CPR 700690 0126');
    expect(opened).to.deep.equal(['p-2']);
    await search('641284-0001');
    expect(opened).to.deep.equal(['p-2']);
    expect(options()[0]!.innerText).to.contain('Ingen kilder kender nummeret');
    await expect(element).to.be.accessible();
  });

  it('does not open by itself what a number found that shows another number', async () => {
    const {element, search, options} = await show(() => foundOf([hits[1]!]));
    let opened = 0;
    element.addEventListener('bsp-subject-open', () => opened++);
    await search('641284-0001');
    expect([opened, element.state, options().length]).to.deep.equal([0, 'ready', 1]);
    expect(options()[0]!.innerText).to.contain('700690-••••');
  });

  it('does not open the only hit of a name by itself', async () => {
    const {element, search} = await show(() => foundOf(hits.slice(0, 1)));
    let opened = 0;
    element.addEventListener('bsp-subject-open', () => opened++);
    await search('maude agerlund', 'Enter');
    expect([opened, element.state]).to.deep.equal([0, 'ready']);
  });

  for (const [typed, text] of [
    ['m', 'Skriv mindst 2 bogstaver'],
    ['', 'Skriv mindst 2 bogstaver'],
    ['6412', 'ti tegn'],
    ['9913840001', 'dato, der ikke findes'],
    ['90000008', 'CVR-nummeret findes ikke'],
    ['cvr 9', 'otte cifre'],
    ['bfe 0', 'højst ti cifre'],
  ] as const)
    it(`says what is wrong instead of asking: ${text}${typed.length}`, async () => {
      const {asked, fault, field, search, element} = await show();
      await search(typed);
      expect(fault()).to.contain(text);
      expect(field.getAttribute('aria-invalid')).to.equal('true');
      expect(asked).to.deep.equal([]);
      await expect(element).to.be.accessible();
      await type(element, `${typed}x`);
      await settled(element);
      expect(fault()).to.equal('');
    });

  it('claims that there is nobody only where all have answered', async () => {
    const sources = (status: 'ok' | 'timeout') => [
      {id: 'cpr', name: 'CPR', status: 'ok' as const},
      {id: 'ky', name: 'KY', status},
    ];
    const answers = [foundOf([], {sources: sources('ok')}), foundOf([], {sources: sources('timeout')})];
    const {search, said, element} = await show(() => answers.shift());
    await search('maude');
    expect([element.state, said()]).to.deep.equal(['empty', 'Ingen fundet.']);
    await search('maude');
    expect([element.state, said()]).to.deep.equal(['partial', 'Ingen fundet, men KY svarede ikke.']);
  });

  it('tells who did not answer, whose answer could not be read whole, and where the user may not search', async () => {
    const sources = (ky: FrameStatus, cpr: FrameStatus) => [
      {id: 'cpr', name: 'CPR', status: cpr},
      {id: 'ky', name: 'KY', status: ky},
    ];
    const expected: [readonly Hit[], FrameStatus, FrameStatus, string][] = [
      [hits, 'timeout', 'ok', 'KY svarede ikke. Der kan være flere.'],
      [hits, 'ok', 'invalid', 'Ikke alt fra CPR kunne læses. Der kan være flere.'],
      [hits, 'timeout', 'invalid', 'KY svarede ikke. Ikke alt fra CPR kunne læses. Der kan være flere.'],
      [[], 'ok', 'invalid', 'Ingen fundet, men ikke alt fra CPR kunne læses.'],
      [hits, 'forbidden', 'ok', 'Du må ikke søge i KY. Der kan være flere.'],
      [hits, 'forbidden', 'timeout', 'CPR svarede ikke. Du må ikke søge i KY. Der kan være flere.'],
      [[], 'needs-purpose', 'ok', 'Ingen fundet, men du må ikke søge i KY.'],
      [hits, 'needs-purpose', 'invalid', 'Ikke alt fra CPR kunne læses. Du må ikke søge i KY. Der kan være flere.'],
    ];
    const answers = expected.map(([some, ky, cpr]) => foundOf(some, {sources: sources(ky, cpr)}));
    const {search, said, element} = await show(() => answers.shift());
    for (const [, , , words] of expected) {
      await search('maude');
      expect([element.state, said()]).to.deep.equal(['partial', words]);
      // Who refused once will refuse again.
      const again = element.shadowRoot!.querySelector('.said button');
      expect(again !== null, words).to.equal(/svarede ikke|kunne læses/.test(words));
    }
  });

  it('shows the hits that can be read, and says that some cannot', async () => {
    const unreadable = {kind: 'person', subject: {type: 'cpr', value: '6412840001'}, name: 'Numbered'};
    const {search, said, element, options} = await show(() => ({...foundOf(hits), hits: [hits[0], unreadable, null]}));
    await search('maude');
    expect([element.state, options().length]).to.deep.equal(['partial', 1]);
    expect(said()).to.contain('kan ikke læses');
    expect(element.shadowRoot!.textContent).not.to.contain('Numbered');
  });

  for (const [answer, state] of [
    [{hits: 3}, 'error'],
    [undefined, 'error'],
    [{hits: [], sources: []}, 'unsupported'],
    [{hits: [], sources: [{id: 'a', name: 'A', status: 'forbidden'}]}, 'forbidden'],
    [{hits: [], sources: [{id: 'a', name: 'A', status: 'timeout'}]}, 'error'],
  ] as const)
    it(`is ${state} where the answer is ${JSON.stringify(answer)}`, async () => {
      const {search, element} = await show(() => answer);
      await search('maude');
      expect(element.state).to.equal(state);
      expect(element.matches(`:state(${state})`)).to.equal(true);
    });

  it('shows what sources say as text, with numbers masked', async () => {
    const {search, options, element} = await show(() =>
      foundOf([{...hits[1]!, name: '<img src=x onerror=alert(1)> 641284-0001', detail: '6412840001'}]),
    );
    await search('maude');
    expect(element.shadowRoot!.querySelector('img')).to.equal(null);
    expect(options()[0]!.innerText).to.contain('<img src=x onerror=alert(1)> 641284-••••').and.not.to.contain('0001');
  });

  it('drops an answer that comes when something else is typed', async () => {
    let answer: (value: unknown) => void = () => undefined;
    const {search, element, options} = await show(() => new Promise((resolve) => (answer = resolve)));
    await search('maude');
    expect(element.state).to.equal('searching');
    await type(element, 'mau');
    answer(foundOf(hits));
    await settled(element);
    expect([element.state, options().length]).to.deep.equal(['idle', 0]);
  });

  it('closes the list when the focus leaves it, and keeps it while its buttons are used', async () => {
    const {search, element, field, options} = await show(() =>
      foundOf(hits, {sources: [{id: 'ky', name: 'KY', status: 'timeout'}]}),
    );
    await search('maude');
    const retry = element.shadowRoot!.querySelector<HTMLElement>('.popup button')!;
    retry.focus();
    await settled(element);
    expect(options().length).to.equal(3);
    retry.blur();
    await settled(element);
    expect(options().length).to.equal(0);
    expect(field.value).to.equal('maude');
  });

  it('has the focus in the field when it is asked to search again', async () => {
    let fails = true;
    const {search, element, field, options} = await show(() => {
      if (fails) throw new ProblemError(problemOf('unavailable', 'x'));
      return foundOf(hits);
    });
    await search('maude');
    const retry = element.shadowRoot!.querySelector<HTMLElement>('.popup button')!;
    retry.focus();
    fails = false;
    retry.click();
    await waitUntil(() => options().length === 3);
    await settled(element);
    expect(element.shadowRoot!.activeElement === field).to.equal(true);
    expect(options().length).to.equal(3);
  });

  it('forgets with another person, nobody, and the end of the user’s Session', async () => {
    const {search, provider, options, field, element, session} = await show();
    for (const change of [
      () => (provider.session = fakeSession()),
      () => (provider.session = undefined),
      () => (provider.environment = {...provider.environment, lens: (one) => one}),
      () => element.remove(),
    ]) {
      await search('maude');
      expect(options().length).to.equal(3);
      change();
      await element.updateComplete;
      expect([options().length, field.value]).to.deep.equal([0, '']);
    }
    expect(session.signal.aborted).to.equal(false);
  });

  it('asks for the context again where it has come to its end', async () => {
    let renewed = 0;
    const {element, search} = await show();
    const failing = fakeSession({
      renewable: true,
      renew: () => {
        renewed++;
        return Promise.resolve(undefined);
      },
      act: async (kind) => {
        if (renewed === 0) throw new ProblemError(problemOf('context-closed', 'x'));
        return {type: kind, key: 'k', at: '2026-11-20T09:00:00Z', result: foundOf(hits)};
      },
    });
    answerBy(element, failing);
    await search('maude');
    expect([renewed, element.state]).to.deep.equal([1, 'ready']);
  });
});

describe('<bsp-search> with a provider', () => {
  const people = {person: () => [{id: '1', name: 'Maude Agerlund', masked: '641284-••••', status: {kind: 'active'}}]};
  async function page(search: (payload: {query: string}) => unknown = () => foundOf(mixed)) {
    const provider = await fixture<BspProvider>(html`<bsp-provider><bsp-search></bsp-search></bsp-provider>`);
    const opened: unknown[] = [];
    const functions = functionBackend(people, {
      actions: {search: (_, payload) => search(payload)},
    });
    provider.backend = {
      ...functions,
      openContext: (subject, options) => {
        opened.push(subject);
        return functions.openContext(subject, options);
      },
    };
    const element = provider.querySelector('bsp-search')!;
    await element.updateComplete;
    const root = element.shadowRoot!;
    return {
      provider,
      element,
      opened,
      options: () => [...root.querySelectorAll<HTMLElement>('[role=option]')],
      search: async (typed: string) => {
        await type(element, typed, 'Enter');
        await waitUntil(() => !['idle', 'searching'].includes(element.state));
        await settled(element);
      },
    };
  }

  it('opens nothing of the user’s own before the field is used, and the chosen person by default', async () => {
    const {provider, opened, search, options} = await page();
    expect(opened).to.deep.equal([]);
    await search('maude');
    expect(opened).to.deep.equal([{type: 'user'}]);
    setTimeout(() => options()[0]!.click());
    const {detail} = await oneEvent(provider, 'bsp-subject-change');
    expect(detail.subject?.type).to.equal('ref');
    expect(opened).to.deep.equal([{type: 'user'}, {type: 'ref', value: 'p-2'}]);
  });

  it('opens the person of a case, and then tells of the case', async () => {
    const {provider, search, options} = await page();
    await search('maude');
    const told: string[] = [];
    for (const name of ['bsp-subject-open', 'bsp-subject-change'])
      provider.addEventListener(name, () => told.push(name));
    setTimeout(() => options().at(-1)!.click());
    const {detail} = await oneEvent(provider, 'bsp-case-open');
    expect(detail).to.deep.equal({ref: {source: 'sbsys', id: 'c1'}});
    expect(told).to.deep.equal(['bsp-subject-open', 'bsp-subject-change']);
  });

  it('tells of no case where the user stays with her person', async () => {
    const {provider, search, options} = await page();
    await provider.setSubject({type: 'cpr', value: '641284-0001'});
    provider.addEventListener('bsp-subject-survey', (event) => event.preventDefault());
    let told = 0;
    provider.addEventListener('bsp-case-open', () => told++);
    await search('maude');
    options().at(-1)!.click();
    await waitUntil(() => provider.session?.kept);
    await new Promise((resolve) => setTimeout(resolve));
    expect(told).to.equal(0);
  });

  it('leaves it to a host that wants to open it itself', async () => {
    const {provider, opened, search, options} = await page();
    provider.addEventListener('bsp-subject-open', (event) => event.preventDefault());
    await search('maude');
    options()[0]!.click();
    await new Promise((resolve) => setTimeout(resolve));
    expect(opened).to.deep.equal([{type: 'user'}]);
  });

  it('has no hits in the page while the screen is shared, at log-out, and says what it cannot', async () => {
    const {provider, search, options, element} = await page();
    await search('maude');
    const show = hidePersons(provider);
    await provider.updateComplete;
    await settled(element);
    expect([options().length, element.shadowRoot!.querySelector('input')!.value]).to.deep.equal([0, '']);
    await type(element, 'maude', 'Enter');
    await waitUntil(() => element.state === 'forbidden' || element.state === 'unsupported');
    show();
    await provider.updateComplete;
    await search('maude');
    expect(options().length).to.equal(mixed.length);
    provider.logout();
    await element.updateComplete;
    expect(options().length).to.equal(0);
  });

  it('forgets what was typed and found when nobody has touched it for a while, and not while somebody does', async () => {
    const {element, field, search, options} = await show();
    await search('maude');
    const clock = new StoppedClock();
    const press = () => field.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowDown', bubbles: true}));
    const minutes = async (count: number) => {
      clock.pass(count * 60_000);
      await element.updateComplete;
    };
    try {
      press();
      await minutes(9.9);
      press();
      await minutes(9.9);
      options()[1]!.dispatchEvent(new PointerEvent('pointerdown', {bubbles: true}));
      await minutes(9.9);
      expect([options().length, field.value]).to.deep.equal([3, 'maude']);
      await minutes(0.2);
      expect([options().length, field.value, element.state]).to.deep.equal([0, '', 'idle']);

      element.forgetMinutes = 1;
      await type(element, '641284-');
      await minutes(1.1);
      expect(field.value, 'a number may be half typed').to.equal('');
      // An engine that is told to wait for longer than it can does not wait at all.
      element.forgetMinutes = 1e9;
      await type(element, 'maude');
      await element.updateComplete;
      expect(clock.next).to.be.within(60_000, 2 ** 31 - 1);
      element.remove();
      expect(clock.next, 'it waits for nothing where it is gone').to.equal(undefined);
    } finally {
      clock.release();
    }
  });

  it('forgets when it is to follow another provider, where nobody is open either', async () => {
    const pageOf = (id: string) => html`<bsp-provider id=${id}></bsp-provider>`;
    const root = await fixture(html`<div>${pageOf('one')}${pageOf('two')}<bsp-search for="one"></bsp-search></div>`);
    const asked: string[] = [];
    for (const provider of root.querySelectorAll('bsp-provider'))
      provider.backend = functionBackend(people, {
        actions: {
          search: () => {
            asked.push(provider.id);
            return foundOf(mixed);
          },
        },
      });
    const element = root.querySelector('bsp-search')!;
    await element.updateComplete;
    await type(element, 'maude', 'Enter');
    await waitUntil(() => element.state === 'ready');
    await settled(element);
    element.for = 'two';
    await element.updateComplete;
    await settled(element);
    expect(element.state).to.equal('idle');
    expect(element.shadowRoot!.querySelector('input')!.value).to.equal('');
    expect(element.shadowRoot!.textContent).not.to.contain('Maude');
    await type(element, 'maude', 'Enter');
    await waitUntil(() => element.state === 'ready');
    expect(asked).to.deep.equal(['one', 'two']);
  });

  it('says that it is not served by a backend that cannot search, as soon as that is known', async () => {
    const provider = await fixture<BspProvider>(html`<bsp-provider><bsp-search></bsp-search></bsp-provider>`);
    provider.backend = functionBackend(people);
    const element = provider.querySelector('bsp-search')!;
    await element.updateComplete;
    element.shadowRoot!.querySelector('input')!.focus();
    await waitUntil(() => element.state === 'unsupported');
    await settled(element);
    expect(element.shadowRoot!.querySelector('.popup')?.textContent).to.contain('Der kan ikke søges her');
  });
});

describeEveryScene(searchScenes);
