import {type Case, type CaseItem, casesResource} from '@bsp/contract';
import {formatsFor, type SourceView} from '@bsp/core';
import {aTimeout, expect, oneEvent} from '@open-wc/testing';
import {sendKeys} from '@web/test-runner-commands';
import {describeEveryScene} from '../../../../tests/browser/fixtures/every-scene.js';
import {fakeSession, sourceOf, viewOf} from '../../../../tests/browser/fixtures/fake-session.js';
import {withinOneTask} from '../../../../tests/browser/fixtures/one-task.js';
import {type Scene, settled, stage} from '../../../../tests/browser/fixtures/scene.js';
import * as caseListScenes from '../../../../tests/browser/scenes/case-list.js';
import type {BspCaseList} from './bsp-case-list.js';
import type {CaseListConfig} from './case-list.config.js';
import {caseListEnglish} from './case-list.strings.en.js';
import {caseListDanish} from './case-list.strings.js';

const {cases, casesView, caseOf, existence, scenes} = caseListScenes;

async function show(scene: Scene, options?: Parameters<typeof stage>[2]) {
  const {element, session, provider} = await stage('bsp-case-list', scene, options);
  const list = element as BspCaseList;
  const root = list.shadowRoot as ShadowRoot;
  return {
    list,
    session: session ?? fakeSession(),
    provider,
    root,
    all: <E extends HTMLElement>(selector: string) => [...root.querySelectorAll<E>(selector)],
    titles: () => [...root.querySelectorAll('td.case button')].map((button) => button.textContent?.trim()),
    text: () => root.querySelector('section')?.innerText ?? '',
    button: (name: string | RegExp) =>
      [...root.querySelectorAll('button')].find((one) =>
        typeof name === 'string'
          ? one.innerText.trim() === name || one.ariaLabel === name
          : name.test(one.innerText) || name.test(one.ariaLabel ?? ''),
      ) as HTMLButtonElement,
    choose: async (label: string) => {
      const choice = [...root.querySelectorAll('label')].find((one) => one.innerText.trim() === label);
      choice?.querySelector('input')?.click();
      await settled(list);
    },
    filter: async (text: string) => {
      const input = root.querySelector<HTMLInputElement>('input[type=search]') as HTMLInputElement;
      input.value = text;
      input.dispatchEvent(new Event('input'));
      await settled(list);
    },
  };
}

const shown = (items: readonly CaseItem[], more: Partial<Scene> = {}): Scene => ({
  views: {cases: casesView(items)},
  ...more,
});

const numbered = (count: number): Case[] =>
  Array.from({length: count}, (_, index) => caseOf('ky', String(index), `Sag ${index}`));

describe('<bsp-case-list>', () => {
  afterEach(() => {
    for (const provider of document.querySelectorAll('fake-provider')) provider.remove();
  });

  describe('a row', () => {
    it('shows our phase and always the source’s own word in quotes', async () => {
      const {root} = await show(shown([cases[1] as Case]));
      const status = root.querySelector<HTMLElement>('td.status');
      expect(status?.innerText).to.match(/Afgjort\s+”Bevilget”/);
    });

    it('is honest about a phase that we do not know, and about a source without a word', async () => {
      const {text} = await show(
        shown([caseOf('ky', '1', 'A', {status: {native: 'Z-17'}}), caseOf('ky', '2', 'B', {status: {native: ' '}})]),
      );
      expect(text()).to.match(/Ukendt fase\s+”Z-17”/);
      expect(text()).to.contain('Kilden oplyser ingen status');
    });

    it('shows KLE, number, responsible with unit, date and source by its name', async () => {
      const {text, root} = await show(shown([cases[0] as Case]));
      for (const part of [
        '32.24.04 Kontanthjælp',
        '32.24.04-G01-8812-26',
        'Signe Holt',
        'Ydelsescenter Nord',
        formatsFor('da').recent(cases[0]?.changedAt ?? ''),
      ])
        expect(text()).to.contain(part);
      expect(root.querySelector<HTMLElement>('td.source')?.innerText).to.equal('KY');
      expect(root.querySelector('time')?.dateTime).to.equal(cases[0]?.changedAt);
    });

    it('says that nobody is responsible', async () => {
      const {text} = await show(
        shown([caseOf('ky', '1', 'A'), caseOf('ky', '2', 'B', {responsible: {name: '  ', unit: 'Borgerservice'}})]),
      );
      expect(text().match(/Ingen ansvarlig/g)).to.have.length(2);
    });

    it('says sensitivity in words', async () => {
      const marks = {
        confidential: 'Fortrolig',
        sensitive: 'Følsom',
        vip: 'VIP-sag',
        unknown: 'Ukendt følsomhed',
      } as const;
      for (const [sensitivity, word] of Object.entries(marks)) {
        const {text, provider} = await show(
          shown([caseOf('ky', '1', 'A', {sensitivity: sensitivity as keyof typeof marks})]),
        );
        expect(text()).to.contain(word);
        provider.remove();
      }
      const {root} = await show(shown([caseOf('ky', '1', 'A')]));
      expect(root.querySelector('.mark')).to.equal(null);
    });

    it('shows hostile text as text, and masks a CPR number in it', async () => {
      const attack = '<img src=x onerror="globalThis.attacked = true"><script>globalThis.attacked = true</script>';
      const {text, root} = await show(
        shown([
          caseOf('ky', '1', `${attack} vedr. 641284-1236`, {
            status: {phase: 'informed', native: attack},
            responsible: {name: attack, unit: '6412841236'},
            kle: {number: '1', title: attack},
            number: attack,
          }),
        ]),
      );
      expect(text()).to.contain(`${attack} vedr. 641284-••••`);
      expect(root.innerHTML).not.to.match(/641284-?1236/);
      expect(root.querySelector('img, script')).to.equal(null);
      expect('attacked' in globalThis).to.equal(false);
    });

    it('has a name even without a title', async () => {
      expect((await show(shown([caseOf('ky', '1', ' ')]))).titles()).to.eql(['Sag uden titel']);
    });
  });

  describe('what one may not see', () => {
    it('says whom to ask, and is no case', async () => {
      const {text, titles, all} = await show(shown([cases[1] as Case, existence]));
      expect(text()).to.match(/som du ikke har adgang til. Kontakt Familieafdelingen, 63 75 00 00/);
      expect(titles()).to.have.length(1);
      expect(text()).to.contain('1 åben af 1');
      expect(text()).to.contain('Viser 1 af 1');
      expect(all('tr.apart td')[1]?.innerText).to.equal('DUBU');
    });

    it('stays when the text filter hides all cases', async () => {
      const {text, filter} = await show(shown([cases[1] as Case, existence]));
      await filter('findes ikke');
      expect(text()).to.contain('Familieafdelingen').and.to.contain('Ingen af de hentede sager passer');
    });

    it('alone is not an empty list', async () => {
      const {text, list} = await show(shown([existence]));
      expect(list.state).to.equal('ready');
      expect(text()).to.contain('Familieafdelingen').and.not.to.contain('Ingen sager');
    });
  });

  describe('filters', () => {
    it('shows open cases first, and those of unknown phase among them', async () => {
      const {titles} = await show(shown(cases));
      expect(titles()).to.include('Aktindsigt efter forvaltningsloven').and.not.to.include('Boligstøtte 2025');
    });

    it('shows closed and all', async () => {
      const {titles, choose} = await show(shown(cases));
      await choose('Afsluttede');
      expect(titles()).to.eql(['Boligstøtte 2025', 'Genoptræning efter håndledsbrud']);
      await choose('Alle');
      expect(titles()).to.have.length(cases.length);
    });

    it('takes a case of unknown phase with a closing date for closed', async () => {
      const {titles} = await show(
        shown([
          caseOf('ky', '1', 'A', {status: {native: 'x'}, closedAt: '2026-01-01T00:00:00+01:00'}),
          caseOf('ky', '2', 'B'),
        ]),
      );
      expect(titles()).to.eql(['B']);
    });

    it('finds text in title, KLE, number, responsible, own word and source, whatever the case of its letters', async () => {
      const {titles, filter, choose} = await show(shown(cases));
      await choose('Alle');
      const found: Record<string, string[]> = {
        'KONTANTHJÆLP ny': ['Kontanthjælp, nyansøgning'],
        '27.60': ['Hjælpemiddel: arbejdsstol'],
        'g01-8812': ['Kontanthjælp, nyansøgning'],
        'åse LUND': ['Genoptræning efter håndledsbrud'],
        'A\u030Ase': ['Genoptræning efter håndledsbrud'],
        østergaard: ['Aktindsigt efter forvaltningsloven'],
        'træningscenter øst': ['Genoptræning efter håndledsbrud'],
        parkeret: ['Aktindsigt efter forvaltningsloven'],
        momentum: ['Kontaktforløb, jobparat'],
      };
      for (const [text, expected] of Object.entries(found)) {
        await filter(text);
        expect(titles(), text).to.eql(expected);
      }
    });

    it('shows one source only, and its own hidden cases', async () => {
      const {titles, root, list, text} = await show(shown([...cases, existence]));
      const select = root.querySelector('select') as HTMLSelectElement;
      expect([...select.options].map((option) => option.text))
        .to.include('SBSYS')
        .and.to.include('Alle kilder');
      select.value = 'sbsys';
      select.dispatchEvent(new Event('change'));
      await settled(list);
      expect(titles()).to.eql(['Enkeltydelse, tandbehandling', 'Aktindsigt efter forvaltningsloven']);
      expect(text()).not.to.contain('Familieafdelingen');
    });

    it('that hide everything say so and offer to clear them: that is not the state empty', async () => {
      const {list, text, filter, button, titles, root} = await show(shown(cases));
      await filter('findes ikke');
      expect(titles()).to.eql([]);
      expect(list.state).to.equal('ready');
      expect(text()).to.contain('Ingen af de hentede sager passer').and.not.to.contain('Ingen sager registreret');
      button('Vis alle sager').click();
      await settled(list);
      expect(titles()).to.have.length(8);
      expect(root.querySelector<HTMLInputElement>('input[type=search]')?.value).to.equal('');
    });

    it('say it otherwise when there are closed cases only', async () => {
      const {text, button, list, titles} = await show(scenes['only-closed'] as Scene);
      expect(text()).to.contain('Ingen åbne sager. Der er 2 afsluttede.');
      button('Vis alle sager').click();
      await settled(list);
      expect(titles()).to.have.length(2);
    });

    it('tell a screen reader how many are left, and whose', async () => {
      const {root, filter} = await show(shown(cases));
      await filter('bolig');
      expect(root.querySelector('[role=status]')?.textContent).to.contain('Maude Agerlund, 641284-••••: Viser 1 af 8');
    });

    it('are operated by keyboard', async () => {
      const {root, titles, list} = await show(shown(cases));
      root.querySelector<HTMLInputElement>('input[type=radio]:checked')?.focus();
      await sendKeys({press: 'ArrowRight'});
      await settled(list);
      expect(titles()).to.eql(['Boligstøtte 2025', 'Genoptræning efter håndledsbrud']);
    });
  });

  describe('order', () => {
    it('is the latest change first, and says so', async () => {
      const {titles, root} = await show(shown(cases));
      expect(titles()[0]).to.equal('Kontanthjælp, nyansøgning');
      expect(root.querySelector('[aria-sort]')?.textContent).to.contain('Ændret');
      expect(root.querySelector('[aria-sort]')?.getAttribute('aria-sort')).to.equal('descending');
    });

    it('changes by the headers, by keyboard too, in Danish alphabetical order', async () => {
      const {titles, button, root, list} = await show(
        shown(['Ålegræs', 'Zoneterapi', 'Æbler', 'Økonomi', 'Bolig'].map((title, id) => caseOf('ky', `${id}`, title))),
      );
      button('Sag').focus();
      await sendKeys({press: 'Enter'});
      await settled(list);
      expect(titles()).to.eql(['Bolig', 'Zoneterapi', 'Æbler', 'Økonomi', 'Ålegræs']);
      expect(root.querySelector('[aria-sort]')?.getAttribute('aria-sort')).to.equal('ascending');
      await sendKeys({press: ' '});
      await settled(list);
      expect(titles()[0]).to.equal('Ålegræs');
    });

    it('by status follows the course of a case', async () => {
      const {button, all, list} = await show(shown(cases));
      button('Status').click();
      await settled(list);
      expect(all('td.status .pill').map((pill) => pill.innerText)).to.eql([
        'Opstået',
        'Oplyst',
        'Afgjort',
        'Bestilt',
        'Udført',
        'Ukendt fase',
      ]);
    });
  });

  describe('opening a case', () => {
    it('fires a composed, cancelable intent with reference and case', async () => {
      const {list, button} = await show(shown(cases));
      setTimeout(() => button('Boligstøtte 2026').click());
      const event = (await oneEvent(document.body, 'bsp-case-open')) as unknown as HTMLElementEventMap['bsp-case-open'];
      expect(event.target).to.equal(list);
      expect(event.cancelable).to.equal(true);
      expect(event.detail.ref).to.eql({source: 'kmd-sag', id: '2'});
      expect(event.detail.case?.title).to.equal('Boligstøtte 2026');
    });

    it('keeps the focus on the same case when others arrive above it', async () => {
      const {list, session, button, root} = await show(shown([cases[3] as Case]));
      button('Enkeltydelse, tandbehandling').focus();
      session.show(casesResource, casesView(cases));
      await settled(list);
      expect((root.activeElement as HTMLElement).innerText).to.equal('Enkeltydelse, tandbehandling');
    });
  });

  for (const [what, more] of Object.entries<Partial<SourceView>>({
    'is waited for': {status: 'waiting'},
    'did not answer': {status: 'unavailable'},
    'has more': {next: '2'},
    'could not be read whole': {invalid: 1},
  }))
    it(`does not claim that there are no open cases while a source ${what}`, async () => {
      const closed = caseOf('ky', '1', 'Lukket', {status: {phase: 'closed', native: 'Lukket'}});
      const {text} = await show({
        views: {cases: viewOf([closed], [sourceOf('ky', 'KY', {count: 1}), sourceOf('kmd-sag', 'KMD Sag', more)])},
      });
      expect(text()).to.contain('Ingen af de hentede sager passer til det valgte');
      expect(text()).not.to.contain('Ingen åbne sager');
    });

  it('keeps the focus on the same case when another passes it', async () => {
    const [first, second] = [
      caseOf('ky', '1', 'Første'),
      caseOf('ky', '2', 'Anden', {changedAt: '2020-01-01T09:00:00Z'}),
    ];
    const {list, session, button, titles, root} = await show(shown([first, second]));
    expect(titles()).to.eql(['Første', 'Anden']);
    button('Første').focus();
    session.show(casesResource, casesView([first, {...second, changedAt: new Date().toISOString()}]));
    await settled(list);
    expect(titles()).to.eql(['Anden', 'Første']);
    expect((root.activeElement as HTMLElement | null)?.innerText).to.equal('Første');
  });

  describe('many cases', () => {
    it('shows 200, then more', async () => {
      const {titles, button, list, text} = await show(shown(numbered(450)));
      expect(titles()).to.have.length(200);
      expect(text()).to.contain('Viser 200 af 450');
      button('Vis 200 flere').click();
      await settled(list);
      button('Vis 50 flere').click();
      await settled(list);
      expect(titles()).to.have.length(450);
      expect(button(/flere/)).to.equal(undefined);
    });

    it('starts again on the first page when the choice changes', async () => {
      const {titles, button, list, filter} = await show(shown(numbered(450)));
      button('Vis 200 flere').click();
      await settled(list);
      await filter('sag');
      expect(titles()).to.have.length(200);
    });

    it('shows a reference that comes twice, twice', async () => {
      const twice = caseOf('ky', '1', 'Dobbelt');
      const {titles, list, session} = await show(shown([twice, twice]));
      expect(titles()).to.have.length(2);
      session.show(casesResource, casesView([twice]));
      await settled(list);
      expect(titles()).to.have.length(1);
    });

    it('asks a source for what it did not give, and counts with care', async () => {
      const {button, session, text} = await show({views: {cases: casesView(cases, {sbsys: {next: 'cursor'}})}});
      expect(text()).to.contain('6 åbne af mindst 8');
      button('Hent flere fra SBSYS').click();
      expect(session.calls).to.eql([{resource: 'cases', call: 'more', source: 'sbsys'}]);
    });
  });

  describe('config', () => {
    it('chooses columns, filter, order and page size', async () => {
      const config: Partial<CaseListConfig> = {columns: ['source', 'status'], filter: 'all', sort: 'case', pageSize: 2};
      const {all, titles} = await show(shown(cases, {config}));
      expect(all('th').map((heading) => heading.innerText.trim())).to.eql(['Sag', 'Kilde', 'Status']);
      expect(titles()).to.eql(['Aktindsigt efter forvaltningsloven', 'Boligstøtte 2025']);
    });

    it('spans the row of what one may not see over whatever columns there are', async () => {
      const {all} = await show(shown([existence], {config: {columns: ['changed']}}));
      expect(all<HTMLTableCellElement>('tr.apart td').map((cell) => cell.colSpan)).to.eql([1, 1]);
    });
  });

  describe('another person', () => {
    it('blanks rows, filters and what was said within the same task', async () => {
      const {list, provider, root, filter, choose, titles} = await show(shown(cases));
      await choose('Alle');
      await filter('kontanthjælp');
      const next = fakeSession({subject: {type: 'cpr', masked: '710390-••••'}, name: 'Holger Skjern'});
      await withinOneTask(() => {
        provider.session = next;
      });
      expect(titles()).to.eql([]);
      expect(root.textContent).not.to.contain('Maude').and.not.to.contain('641284');
      expect(root.querySelector<HTMLInputElement>('input[type=search]')?.value ?? '').to.equal('');

      next.show(casesResource, casesView(cases));
      await settled(list);
      expect(titles()).to.have.length(6);
      expect(root.querySelector<HTMLInputElement>('input[type=search]')?.value).to.equal('');
      expect(root.querySelector('#heading')?.textContent).to.contain('Holger Skjern, 710390-••••');
    });

    it('leaves nothing of the old one listening', async () => {
      const {session, provider, list} = await show(shown(cases));
      expect(session.listeners()).to.be.above(0);
      provider.session = undefined;
      await list.updateComplete;
      expect(session.listeners()).to.equal(0);
    });
  });

  it('says the same in English', async () => {
    const {text} = await show(shown(cases), {lang: 'en'});
    await aTimeout(0);
    for (const part of ['Cases', '6 open of 8', 'Nobody responsible', '“Bevilget”', 'Showing 6 of 6'])
      expect(text()).to.contain(part);
    expect(Object.keys(caseListEnglish).sort()).to.eql(Object.keys(caseListDanish).sort());
  });

  it('names a source by its id when the plan does not', async () => {
    const {root} = await show({views: {cases: viewOf([caseOf('ukendt', '1', 'A')], [sourceOf('ky', 'KY')])}});
    expect(root.querySelector<HTMLElement>('td.source')?.innerText).to.equal('ukendt');
  });
});

describeEveryScene(caseListScenes);
