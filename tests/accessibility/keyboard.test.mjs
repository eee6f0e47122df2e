// The stops of the Tab key in each window, written down: what they are, in which order, that the focus can be seen at each,
// and that the way back is the same. Real keys, from outside the page.
import assert from 'node:assert/strict';
import {after, describe, it} from 'node:test';
import {tabStops} from '../browser/fixtures/tab-stops.ts';
import {accessibilityTreeOf, focusedElement, focusMark} from './focus.mjs';
import {openStage, themes} from './stage.mjs';

const stage = await openStage();
const {page} = stage;
const tree = await accessibilityTreeOf(page);
after(() => stage.close());

/** Shows a scene between two buttons of a host, and puts the focus on the first of them. */
async function showBetweenButtons(shown, theme) {
  await stage.show(shown, {theme});
  await page.evaluate(() => {
    const button = (textContent) => Object.assign(document.createElement('button'), {textContent});
    document.body.prepend(button('Før'));
    document.body.append(button('Efter'));
    document.body.firstElementChild.focus();
  });
}

/** Presses a key until the focus is at a host's button, and tells every stop on the way; a field of parts is one stop. */
async function walk(key, end) {
  const found = [];
  for (let step = 0; step < 80; step++) {
    await page.keyboard.press(key);
    const stop = await tree.focused();
    if (stop === end) return found;
    assert.notEqual(stop, 'nothing', `the focus is nowhere after ${found.at(-1)?.stop}`);
    const mark = await page.evaluate(`(${focusMark})((${focusedElement})())`);
    const before = found.at(-1);
    if (before?.stop === stop && stop.startsWith('DateTime')) continue;
    const follows = await page.evaluate(`(() => {
      const now = (${focusedElement})();
      const after = !globalThis.stopBefore || now.compareDocumentPosition(globalThis.stopBefore);
      globalThis.stopBefore = now;
      return after;
    })()`);
    found.push({stop, mark, follows});
  }
  throw new Error(`The focus never came out: ${found.map(({stop}) => stop).join(', ')}`);
}

for (const [window, scenes] of Object.entries(tabStops))
  describe(`the stops of ${window}`, () => {
    for (const [scene, expected] of Object.entries(scenes))
      for (const theme of Object.keys(themes))
        it(`${scene}, ${theme}`, async () => {
          await showBetweenButtons({window, scene}, theme);
          await page.evaluate(() => delete globalThis.stopBefore);
          const there = await walk('Tab', 'button “Efter”');
          assert.deepEqual(
            there.map(({stop}) => stop),
            expected,
          );
          for (const {stop, mark, follows} of there) {
            assert.ok(
              mark.width >= 2 && mark.contrast >= 3,
              `the focus can't be seen on ${stop}: ${JSON.stringify(mark)}`,
            );
            // 2: what was before stands before in the page, too.
            assert.ok(follows === true || follows & 2, `${stop} stands before the stop before it`);
          }
          const back = await walk('Shift+Tab', 'button “Før”');
          assert.deepEqual(back.map(({stop}) => stop).reverse(), expected);
        });
  });

describe('keys', () => {
  const focusOn = async (role, name) => {
    const control = page.getByRole(role, {name, exact: true}).first();
    await control.focus();
    return control;
  };

  it('arrows choose among phases, and the first and the last meet', async () => {
    await stage.show({window: 'case-list', scene: 'ready'});
    await focusOn('radio', 'Åbne');
    for (const expected of ['Afsluttede', 'Alle', 'Åbne']) {
      await page.keyboard.press('ArrowRight');
      assert.equal(await tree.focused(), `radio “${expected}”`);
      assert.ok(await page.getByRole('radio', {name: expected}).isChecked());
    }
  });

  it('Enter and Space sort by a column', async () => {
    await stage.show({window: 'case-list', scene: 'ready'});
    await focusOn('button', 'Sag');
    await page.keyboard.press('Enter');
    await page.getByRole('columnheader', {name: 'Sag'}).and(page.locator('[aria-sort=ascending]')).waitFor();
    await page.keyboard.press('Space');
    await page.getByRole('columnheader', {name: 'Sag'}).and(page.locator('[aria-sort=descending]')).waitFor();
  });

  for (const key of ['Enter', 'Space'])
    it(`${key} opens a case`, async () => {
      await stage.show({window: 'case-list', scene: 'ready'});
      await page.evaluate(() => {
        globalThis.opened = [];
        document.addEventListener('bsp-case-open', ({detail}) => globalThis.opened.push(detail.ref.id), {once: true});
      });
      await focusOn('button', 'Boligstøtte 2026');
      await page.keyboard.press(key);
      assert.deepEqual(await page.evaluate(() => globalThis.opened), ['2']);
    });

  it('arrows choose in a list', async () => {
    await stage.show({window: 'case-list', scene: 'ready'});
    const list = await focusOn('combobox', 'Vis sager fra');
    await page.keyboard.press('ArrowDown');
    assert.notEqual(await list.inputValue(), '');
  });

  it('the question before a switch holds the focus until it is answered', async () => {
    await stage.show({window: 'journal', scene: 'question'});
    const inside = new Set();
    for (let step = 0; step < 8; step++) {
      await page.keyboard.press('Tab');
      inside.add(await tree.focused());
    }
    // `nothing` is the browser's own: from there Tab comes back.
    inside.delete('nothing');
    assert.deepEqual([...inside].sort(), [
      'button “Bliv hos Maude Agerlund i dette vindue”',
      'button “Bliv hos Maude Agerlund”',
      'button “Skift person – kladden venter”',
    ]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({state: 'detached'});
  });

  it('Ctrl+Enter saves a note, and Enter in a field does not', async () => {
    await stage.show({window: 'journal', scene: 'compose-written'});
    await focusOn('textbox', 'KLE');
    await page.keyboard.press('Enter');
    await page.waitForTimeout(50);
    assert.equal(await page.getByText('Notatet er gemt').count(), 0);
    await page.keyboard.press('Control+Enter');
    await page.getByText('Notatet er gemt').first().waitFor();
  });
});
