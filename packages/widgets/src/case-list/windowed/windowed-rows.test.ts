import '@bsp/widgets/case-list/windowed';
import {type Case, type CaseItem, casesResource} from '@bsp/contract';
import {aTimeout, expect, waitUntil} from '@open-wc/testing';
import {executeServerCommand, sendKeys} from '@web/test-runner-commands';
import {fakeSession} from '../../../../../tests/browser/fixtures/fake-session.js';
import {withinOneTask} from '../../../../../tests/browser/fixtures/one-task.js';
import {type Scene, settled, stage, until} from '../../../../../tests/browser/fixtures/scene.js';
import {caseOf, casesView, existence, manyCases} from '../../../../../tests/browser/scenes/case-list.js';
import type {BspCaseList} from '../bsp-case-list.js';

const config = {filter: 'all', rows: 'windowed'} as const;

const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));

/** Waits until nobody scrolls any more (a key may scroll for a while), and what was measured is made good. */
async function rest(): Promise<void> {
  const look = () =>
    [...document.querySelectorAll('bsp-case-list')]
      .map(({shadowRoot}) => `${shadowRoot?.querySelector('.rows')?.scrollTop} ${shadowRoot?.textContent}`)
      .join();
  let before = look();
  // To ask for frames meanwhile would have all of them drawn.
  for (let since = performance.now(); performance.now() - since < 250; await aTimeout(30)) {
    const now = look();
    if (now !== before) since = performance.now();
    before = now;
  }
  for (let turn = 0; turn < 3; turn++) await frame();
}

async function show(items: readonly CaseItem[], {width = 1000, ...more}: Partial<Scene> & {width?: number} = {}) {
  const scene: Scene = {views: {cases: casesView(items)}, config, ...more};
  const {element, session, provider} = await stage('bsp-case-list', scene, {width});
  const list = element as BspCaseList;
  const root = list.shadowRoot as ShadowRoot;
  const one = <E extends HTMLElement = HTMLElement>(selector: string) => root.querySelector<E>(selector) as E;
  const all = <E extends HTMLElement = HTMLElement>(selector: string) => [...root.querySelectorAll<E>(selector)];
  const scroller = () => one('.rows');
  const rows = () => all<HTMLTableRowElement>('tbody tr:not(.apart)');
  const numberOf = (row: Element) => Number(row.getAttribute('aria-rowindex')) - 1;
  /** Rows that the user sees, below the headings. */
  const seen = () => {
    const {bottom} = scroller().getBoundingClientRect();
    const {bottom: top} = one('thead').getBoundingClientRect();
    return rows().filter((row) => {
      const box = row.getBoundingClientRect();
      return box.bottom > top + 1 && box.top < bottom - 1;
    });
  };
  await rest();
  return {
    list,
    provider,
    session: session ?? fakeSession(),
    root,
    one,
    all,
    scroller,
    rows,
    numberOf,
    seen,
    range: () => one('.in-sight').textContent,
    buttonOf: (number: number) =>
      rows()
        .find((row) => numberOf(row) === number)
        ?.querySelector('button') as HTMLButtonElement,
    scrollTo: async (top: number) => {
      scroller().scrollTop = top;
      await rest();
    },
    /** Nothing but rows is in sight, without a gap, in the order of the list. */
    expectFilled: (what = '') => {
      const box = scroller().getBoundingClientRect();
      let edge = one('thead').getBoundingClientRect().bottom;
      const inSight = seen();
      expect(inSight, `${what}: rows in sight`).not.to.eql([]);
      inSight.forEach((row, place) => {
        const {top, bottom} = row.getBoundingClientRect();
        expect(top, `${what}: row ${numberOf(row)}, its beginning`).to.be.at.most(edge + 1);
        if (place > 0) expect(top, `${what}: row ${numberOf(row)} over the last`).to.be.at.least(edge - 1);
        if (place > 0) expect(numberOf(row), what).to.equal(numberOf(inSight[place - 1] as Element) + 1);
        edge = bottom;
      });
      const last = Number(one('table').getAttribute('aria-rowcount')) - 1;
      if (numberOf(inSight.at(-1) as Element) < last - all('tr.apart').length)
        expect(edge, `${what}: the end`).to.be.at.least(box.bottom - 1);
    },
    filter: async (text: string) => {
      const input = one<HTMLInputElement>('input[type=search]');
      input.value = text;
      input.dispatchEvent(new Event('input'));
      await settled(list);
      await rest();
    },
  };
}

const thousands = manyCases(10_000);

describe('<bsp-case-list> with windowed rows', () => {
  afterEach(() => {
    for (const provider of document.querySelectorAll('fake-provider')) provider.remove();
  });

  it('has few of many rows in the document, and says which are in sight', async () => {
    const {rows, range, expectFilled, all} = await show(thousands);
    expect(rows().length).to.be.within(5, 60);
    expect(range()).to.match(/^Viser 1–\d+ af 10\.000$/);
    expect(all('.more')).to.eql([]);
    expectFilled();
  });

  it('is a table of all rows to a screen reader', async () => {
    const {one, rows, all, scrollTo, scroller} = await show([...thousands, existence]);
    expect(one('table').getAttribute('aria-rowcount')).to.equal('10002');
    expect(one('thead tr').getAttribute('aria-rowindex')).to.equal('1');
    expect(rows()[0]?.getAttribute('aria-rowindex')).to.equal('2');
    expect(scroller().getAttribute('role')).to.equal('group');
    expect(scroller().getAttribute('aria-label')).to.equal('Rækker: Sager, Maude Agerlund, 641284-••••');
    await scrollTo(scroller().scrollHeight);
    expect(rows().at(-1)?.getAttribute('aria-rowindex')).to.equal('10001');
    expect(all('tr.apart').map((row) => row.getAttribute('aria-rowindex'))).to.eql(['10002']);
  });

  it('shows every row, wherever one scrolls, whatever their heights', async () => {
    const {scroller, scrollTo, expectFilled, rows, numberOf, range} = await show(thousands);
    for (const share of [0.1, 0.5, 0.9, 0.3, 0.05, 0]) {
      await scrollTo(scroller().scrollHeight * share);
      expectFilled(`at ${share}`);
      expect(rows().length).to.be.below(60);
    }
    expect(numberOf(rows()[0] as Element)).to.equal(1);
    await scrollTo(scroller().scrollHeight * 2);
    expectFilled('at the end');
    expect(range()).to.match(/–10\.000 af 10\.000$/);
    const end = rows().at(-1)?.getBoundingClientRect().bottom;
    expect(end).to.be.closeTo(scroller().getBoundingClientRect().bottom, 1.5);
  });

  it('ends with what one may not see, however many lines that takes', async () => {
    const {scroller, scrollTo, all} = await show([...thousands, existence], {width: 320});
    await scrollTo(scroller().scrollHeight);
    const end = all('tr.apart').at(-1)?.getBoundingClientRect().bottom;
    expect(end).to.be.closeTo(scroller().getBoundingClientRect().bottom, 1.5);
  });

  it('says of a row that fills all that it is one', async () => {
    const {list, scrollTo, range} = await show(thousands, {width: 320});
    list.style.setProperty('--bsp-rows-size', '110px');
    await scrollTo(100_000);
    expect(range()).to.match(/^Viser nummer [\d.]+ af 10\.000$/);
  });

  it('has a foot of one height, wherever one scrolls', async () => {
    for (const width of [300, 330, 360, 400]) {
      const {one, scroller, scrollTo, provider} = await show(thousands, {width});
      const {height} = one('.foot').getBoundingClientRect();
      for (const share of [0.5, 1]) {
        await scrollTo(scroller().scrollHeight * share);
        expect(one('.foot').getBoundingClientRect().height, `${width} px, ${share}`).to.equal(height);
      }
      provider.remove();
    }
  });

  it('renders once what comes between two frames, and at once what comes last or goes', async () => {
    const {session, one, provider, all} = await show(thousands.slice(0, 500));
    const tell = (count: number, busy: boolean) =>
      session.show(casesResource, {...casesView(thousands.slice(0, count)), busy});
    const counts: (string | null)[] = [];
    const table = one('table');
    new MutationObserver(() => counts.push(table.getAttribute('aria-rowcount'))).observe(table, {
      attributeFilter: ['aria-rowcount'],
    });
    await withinOneTask(() => tell(1_000, true));
    expect(counts).to.eql(['1001']);
    await withinOneTask(() => {
      tell(2_000, true);
      tell(3_000, true);
    });
    expect(counts).to.eql(['1001']);
    await frame();
    await frame();
    expect(counts).to.eql(['1001', '3001']);
    await withinOneTask(() => tell(2_500, true));
    expect(counts).to.eql(['1001', '3001', '2501']);
    await withinOneTask(() => {
      tell(4_000, true);
      tell(5_000, false);
    });
    expect(counts).to.eql(['1001', '3001', '2501', '5001']);
    tell(6_000, true);
    await withinOneTask(() => {
      provider.session = fakeSession({name: 'Bodil Nielsen', subject: {type: 'cpr', masked: '670850-••••'}});
    });
    expect(all('tbody tr')).to.eql([]);
    await frame();
    await frame();
    expect(all('tbody tr')).to.eql([]);
  });

  it('stays where the user scrolls to, and shows what belongs there', async () => {
    const {scroller, expectFilled} = await show(thousands);
    for (let step = 1; step <= 60; step++) {
      const to = scroller().scrollTop + 137;
      scroller().scrollTop = to;
      await frame();
      await frame();
      expect(scroller().scrollTop, `step ${step}`).to.be.closeTo(to, 2);
      expectFilled(`step ${step}`);
    }
  });

  it('moves rows by as much as is scrolled, also upwards to rows that were never measured', async () => {
    const {scroller, seen, scrollTo, numberOf, rows, expectFilled} = await show(thousands);
    await scrollTo(scroller().scrollHeight / 2);
    for (let step = 1; step <= 60; step++) {
      const row = seen()[1] as HTMLElement;
      const number = numberOf(row);
      const before = row.getBoundingClientRect().top;
      scroller().scrollTop -= 90;
      await frame();
      await frame();
      const now = rows().find((one) => numberOf(one) === number);
      expect(now?.getBoundingClientRect().top, `step ${step}`).to.be.closeTo(before + 90, 2);
    }
    await rest();
    expectFilled('afterwards');
  });

  it('comes to the very first row upwards, without a gap', async () => {
    const {scroller, scrollTo, rows, numberOf, one, seen} = await show(thousands);
    await scrollTo(6_000);
    for (let step = 0; scroller().scrollTop > 0 && step < 300; step++) {
      scroller().scrollTop -= 70;
      await frame();
    }
    await rest();
    expect(numberOf(rows()[0] as Element)).to.equal(1);
    expect(seen()[0]?.getBoundingClientRect().top).to.be.closeTo(one('thead').getBoundingClientRect().bottom, 1);
  });

  it('keeps its headings in sight', async () => {
    const {scroller, scrollTo, one} = await show(thousands);
    await scrollTo(20_000);
    expect(one('thead').getBoundingClientRect().top).to.be.closeTo(scroller().getBoundingClientRect().top, 1);
  });

  it('has the columns where the pages have them', async () => {
    const edges = async (rows: 'pages' | 'windowed') => {
      // A bar beside the rows would take some of their width.
      const {all, provider} = await show(manyCases(3), {config: {...config, rows}});
      const found = [
        ...all('th, td').map((cell) => cell.getBoundingClientRect().left),
        ...all('tbody tr').map((row) => row.getBoundingClientRect().height),
      ];
      provider.remove();
      return found;
    };
    const pages = await edges('pages');
    const windowed = await edges('windowed');
    expect(windowed).to.have.length(pages.length);
    // A table has rows of whole pixels.
    for (const [place, edge] of windowed.entries()) expect(edge, `${place}`).to.be.closeTo(pages[place] as number, 1);
  });

  it('is as high as it needs to be, and no higher than the host says', async () => {
    const few = await show(manyCases(3));
    const {scrollHeight, clientHeight} = few.scroller();
    expect(scrollHeight).to.equal(clientHeight);
    expect(few.range()).to.equal('Viser 3 af 3');
    few.provider.remove();
    const {list, scroller, expectFilled, rows} = await show(thousands);
    list.style.setProperty('--bsp-rows-size', '900px');
    await rest();
    expect(scroller().getBoundingClientRect().height).to.equal(900);
    expectFilled();
    const before = rows().length;
    list.style.setProperty('--bsp-rows-size', '300px');
    await rest();
    expectFilled();
    expect(rows().length).to.be.at.most(before);
  });

  it('measures anew when it becomes narrower or its letters larger, and stays where it was', async () => {
    const {provider, list, scroller, scrollTo, expectFilled, seen, numberOf} = await show(thousands);
    await scrollTo(scroller().scrollHeight / 2);
    const first = numberOf(seen()[0] as Element);
    provider.style.inlineSize = '360px';
    await rest();
    expectFilled('narrow');
    expect(numberOf(seen()[0] as Element)).to.equal(first);
    list.style.setProperty('--bsp-font-size', '28px');
    await rest();
    expectFilled('large');
    expect(numberOf(seen()[0] as Element)).to.equal(first);
    await scrollTo(scroller().scrollHeight);
    expectFilled('at the end');
  });

  it('comes back filled when it was hidden or moved', async () => {
    const {list, provider, scroller, scrollTo, expectFilled} = await show(thousands);
    await scrollTo(scroller().scrollHeight / 2);
    list.hidden = true;
    await rest();
    list.hidden = false;
    await rest();
    expectFilled('hidden');
    await scrollTo(scroller().scrollHeight / 2);
    const other = document.createElement('div');
    provider.append(other);
    other.append(list);
    await rest();
    expectFilled('moved');
  });

  describe('by keyboard', () => {
    it('is reached by Tab, and pages', async () => {
      const {root, scroller, seen, numberOf, expectFilled, range} = await show(thousands);
      root.querySelector('select')?.focus();
      await sendKeys({press: 'Tab'});
      expect(root.activeElement === scroller(), 'the rows have the focus').to.equal(true);
      const last = numberOf(seen().at(-1) as Element);
      await sendKeys({press: 'PageDown'});
      await rest();
      expectFilled('a page down');
      expect(numberOf(seen()[0] as Element)).to.be.within(last - 2, last);
      await sendKeys({press: 'PageUp'});
      await rest();
      expect(range()).to.match(/^Viser 1–/);
      await sendKeys({press: 'End'});
      await rest();
      expectFilled('the end');
      expect(range()).to.match(/–10\.000 af 10\.000$/);
      await sendKeys({press: 'Home'});
      await rest();
      expectFilled('the beginning');
      expect(range()).to.match(/^Viser 1–/);
    });

    it('says to a screen reader where a key led, and with whom', async () => {
      const {root, scroller, range, scrollTo} = await show(thousands);
      const said = () => root.querySelector('.foot [role=status]')?.textContent;
      await scrollTo(5_000);
      expect(said()).to.equal('');
      scroller().focus();
      await sendKeys({press: 'End'});
      // A key may scroll for a while.
      await waitUntil(() => said()?.endsWith('–10.000 af 10.000'), 'it was never said', {timeout: 10_000});
      expect(said()).to.equal(`Sager, Maude Agerlund, 641284-••••: ${range()}`);
    });

    it('never loses the focus of a row that is scrolled out of sight, and comes back to it', async () => {
      const {root, buttonOf, scroller, scrollTo, expectFilled, rows} = await show(thousands);
      const button = buttonOf(3);
      const {innerText} = button;
      button.focus();
      for (const share of [0.2, 0.9, 0.5]) {
        await scrollTo(scroller().scrollHeight * share);
        expect((root.activeElement as HTMLElement).innerText, `at ${share}`).to.equal(innerText);
        expect(rows().length).to.be.below(60);
        expectFilled(`at ${share}`);
      }
      await sendKeys({press: 'Tab'});
      await rest();
      expect((root.activeElement as HTMLElement).innerText).to.match(/^4 /);
      expectFilled('back');
      const {top, bottom} = (root.activeElement as HTMLElement).getBoundingClientRect();
      const {top: above, bottom: below} = scroller().getBoundingClientRect();
      expect(top).to.be.at.least(above);
      expect(bottom).to.be.at.most(below);
    });

    it('leads by Tab through all rows, one after the other, and back', async () => {
      const {root, buttonOf} = await show(thousands);
      buttonOf(1).focus();
      for (let number = 2; number <= 30; number++) {
        await sendKeys({press: 'Tab'});
        expect((root.activeElement as HTMLElement).innerText).to.match(new RegExp(`^${number} `));
      }
      await rest();
      for (let number = 29; number >= 20; number--) {
        await executeServerCommand('press-together', ['Shift', 'Tab']);
        expect((root.activeElement as HTMLElement).innerText).to.match(new RegExp(`^${number} `));
        await frame();
      }
    });

    it('shows a row that gets the focus, under no heading', async () => {
      const {root, buttonOf, one, scrollTo} = await show(thousands);
      await scrollTo(6_000);
      const first = Math.min(...[...root.querySelectorAll('tbody tr')].map((row) => Number(row.ariaRowIndex) - 1));
      buttonOf(first).focus();
      await rest();
      const {top} = (root.activeElement as HTMLElement).getBoundingClientRect();
      expect(top).to.be.at.least(one('thead').getBoundingClientRect().bottom);
    });
  });

  describe('of other rows', () => {
    it('filters and sorts all of them, and begins at the top', async () => {
      const {filter, range, scroller, scrollTo, one, list, rows, expectFilled} = await show(thousands);
      await scrollTo(scroller().scrollHeight / 2);
      await filter('9999');
      expect(rows().map((row) => row.querySelector('button')?.innerText.split(' ')[0])).to.eql(['9999']);
      expect(range()).to.equal('Viser 1 af 1');
      await filter('');
      expect(scroller().scrollTop).to.equal(0);
      expect(range()).to.match(/^Viser 1–\d+ af 10\.000$/);
      await scrollTo(scroller().scrollHeight / 2);
      one('th.case button').click();
      await settled(list);
      await rest();
      expect(scroller().scrollTop).to.equal(0);
      expect(rows()[0]?.querySelector('button')?.innerText).to.match(/^1 /);
      expectFilled('sorted');
      one('th.case button').click();
      await settled(list);
      await rest();
      expect(rows()[0]?.querySelector('button')?.innerText).to.match(/^10000 /);
    });

    it('says that a filter hides them all, and shows them again', async () => {
      const {filter, text, all, expectFilled} = await (async () => {
        const shown = await show(thousands);
        return {...shown, text: () => shown.one('.panel').innerText};
      })();
      await filter('findes ikke');
      expect(text()).to.contain('Ingen af de hentede sager passer');
      expect(all('.rows')).to.eql([]);
      await filter('');
      expectFilled();
    });

    it('keeps what is read where it is when rows come before it, and the focus with its row', async () => {
      const {session, list, root, scroller, scrollTo, seen, numberOf, expectFilled, buttonOf} = await show(thousands);
      await scrollTo(scroller().scrollHeight / 3);
      const row = seen()[2] as HTMLElement;
      const title = row.querySelector('button')?.innerText;
      const {top} = row.getBoundingClientRect();
      buttonOf(numberOf(row)).focus();
      const newer = Array.from({length: 40}, (_, index) =>
        caseOf('ky', `new-${index}`, `Ny ${index}`, {changedAt: '2026-11-15T08:00:00Z'}),
      );
      session.show(casesResource, casesView([...newer, ...thousands]));
      await settled(list);
      await rest();
      const now = seen().find((one) => one.querySelector('button')?.innerText === title);
      expect(now?.getBoundingClientRect().top).to.be.closeTo(top, 2);
      expect((root.activeElement as HTMLElement).innerText).to.equal(title);
      expectFilled();
    });

    it('shows what comes first when nobody has scrolled', async () => {
      const {session, list, rows} = await show(thousands);
      session.show(
        casesResource,
        casesView([caseOf('ky', 'new', 'Den nyeste', {changedAt: '2026-11-15T08:00:00Z'}), ...thousands]),
      );
      await settled(list);
      expect(rows()[0]?.innerText).to.contain('Den nyeste');
    });

    it('shows a reference that comes twice, twice', async () => {
      const twice = caseOf('ky', '1', 'Dobbelt');
      const {rows, expectFilled} = await show([twice, {...twice}]);
      expect(rows()).to.have.length(2);
      expectFilled();
    });
  });

  describe('another person', () => {
    it('finds it empty in the same task, and nothing of it comes later', async () => {
      const {list, provider, root, scroller, scrollTo, buttonOf, numberOf, seen} = await show(thousands);
      await scrollTo(30_000);
      buttonOf(numberOf(seen()[1] as Element)).focus();
      // With everything under way: a scrolling that nobody has looked at, a key that is to be told.
      scroller().focus();
      await sendKeys({press: 'End'});
      scroller().scrollTop = 1_000;
      const old = scroller();
      const next = fakeSession({subject: {type: 'cpr', masked: '710390-••••'}, name: 'Holger Skjern'});
      await withinOneTask(() => {
        provider.session = next;
      });
      expect(root.querySelectorAll('tbody tr').length).to.equal(0);
      expect(root.textContent).not.to.contain('Maude').and.not.to.contain('10.000');
      const holgers: Case[] = manyCases(2_000).map((one) => ({...one, title: `Holgers ${one.title}`}));
      next.show(casesResource, casesView(holgers));
      await settled(list);
      await rest();
      expect(scroller()).not.to.equal(old);
      expect(scroller().scrollTop).to.equal(0);
      expect(root.textContent).not.to.contain('Maude').and.not.to.contain('10.000');
      for (const row of root.querySelectorAll<HTMLElement>('tbody tr')) expect(row.innerText).to.contain('Holgers');
    });

    it('and back again is a new beginning', async () => {
      const {list, provider, root, session, scrollTo, scroller, range} = await show(thousands);
      await scrollTo(30_000);
      provider.session = fakeSession({subject: {type: 'cpr', masked: '710390-••••'}, name: 'Holger Skjern'});
      await settled(list);
      const again = fakeSession();
      again.show(casesResource, session.resource(casesResource).view);
      provider.session = again;
      await settled(list);
      await rest();
      expect(scroller().scrollTop).to.equal(0);
      expect(range()).to.match(/^Viser 1–/);
      expect(root.querySelector('.foot [role=status]')?.textContent).to.equal('');
    });
  });

  it('prints the rows that are there, and says how many are not', async () => {
    const {one, scrollTo, rows, buttonOf, numberOf} = await show(thousands);
    buttonOf(2).focus();
    await scrollTo(40_000);
    const printed = rows().filter((row) => !row.matches('.kept'));
    const [first, last] = [printed[0], printed.at(-1)].map((row) => numberOf(row as Element).toLocaleString('da'));
    expect(one('.on-paper').textContent).to.equal(
      `Udskriften har række ${first}–${last} af 10.000. ${(10_000 - printed.length).toLocaleString('da')} er ikke med.`,
    );
    expect(one('.on-paper').checkVisibility(), 'shown on the screen').to.equal(false);
  });

  it('says the same in English', async () => {
    const {element} = await stage(
      'bsp-case-list',
      {views: {cases: casesView(thousands)}, config},
      {lang: 'en', width: 1000},
    );
    const root = element.shadowRoot as ShadowRoot;
    await until(() => /^Showing 1–\d+ of 10,000$/.test(root.querySelector('.in-sight')?.textContent ?? ''));
    expect(root.querySelector('.rows')?.ariaLabel).to.match(/^Rows: Cases, Maude Agerlund/);
  });

  describe('by config', () => {
    it('is not there unless it is asked for', async () => {
      const {all, rows} = await show(thousands, {config: {filter: 'all'}});
      expect(all('.rows')).to.eql([]);
      expect(rows()).to.have.length(200);
    });

    it('says what can be asked for, and shows pages', async () => {
      const told: unknown[] = [];
      const listen = (event: Event) => told.push((event as CustomEvent).detail);
      document.addEventListener('bsp-config-error', listen);
      const warn = console.warn;
      const warned: string[] = [];
      console.warn = (text: string) => warned.push(text);
      const {rows} = await show(thousands, {config: {filter: 'all', rows: 'virtual'}});
      await until(() => told.length > 0);
      console.warn = warn;
      document.removeEventListener('bsp-config-error', listen);
      expect(told[0]).to.deep.include({faults: [{key: 'rows', expected: 'one of pages, windowed'}]});
      expect(rows()).to.have.length(200);
    });
  });
});
