// Windowed rows on paper, and where there is hardly any room for them.
import assert from 'node:assert/strict';
import {after, it} from 'node:test';
import {openStage} from './stage.mjs';

const stage = await openStage();
after(() => stage.close());
const {page} = stage;
const scene = {window: 'case-list', scene: 'windowed-middle'};

/** What is laid out of the window, and what its foot says. */
const looked = () =>
  page.evaluate(() => {
    const root = document.querySelector('bsp-case-list').shadowRoot;
    const rows = [...root.querySelectorAll('tbody tr')].filter((row) => row.checkVisibility());
    return {
      numbers: rows.map((row) => Number(row.getAttribute('aria-rowindex')) - 1),
      foot: root.querySelector('.foot').innerText,
      height: root.querySelector('.panel').getBoundingClientRect().height,
      together: rows.reduce((sum, row) => sum + row.getBoundingClientRect().height, 0),
    };
  });

it('paper has the rows that were there, whole and without what lies between, and says how many it has not', async () => {
  await stage.show(scene);
  const button = page.locator('bsp-case-list .rows button').nth(8);
  await button.focus();
  await page.evaluate(() => {
    const rows = document.querySelector('bsp-case-list').shadowRoot.querySelector('.rows');
    rows.scrollTop += 20_000;
  });
  await page.waitForTimeout(400);
  const {numbers: onScreen} = await looked();
  await page.emulateMedia({media: 'print'});
  await page.waitForTimeout(400);
  const {numbers, foot, height, together} = await looked();
  // Without the row that has the focus and its neighbours: they are elsewhere.
  assert.deepEqual(numbers, onScreen.slice(3));
  assert.equal(numbers.at(-1) - numbers[0], numbers.length - 1);
  const danish = (number) => number.toLocaleString('da');
  const said = `Udskriften har række ${danish(numbers[0])}–${danish(numbers.at(-1))} af 10.000. ${danish(10_000 - numbers.length)} er ikke med.`;
  assert.ok(foot.includes(said), foot);
  assert.ok(!foot.includes('Viser'), foot);
  assert.ok(height - together < 250, `${height} px of paper for rows of ${together} px`);
  await page.emulateMedia({media: 'screen'});
});

it('headings scroll away where they would leave no room for rows', async () => {
  for (const [height, position] of [
    [256, 'static'],
    [900, 'sticky'],
  ]) {
    await stage.show(scene, {width: 320, height});
    const styled = await page.evaluate(
      () => getComputedStyle(document.querySelector('bsp-case-list').shadowRoot.querySelector('.rows thead')).position,
    );
    assert.equal(styled, position, `${height} px`);
  }
});

it('the ring around the rows is not under the headings', async () => {
  await stage.show(scene);
  await page.locator('bsp-case-list select').focus();
  await page.keyboard.press('Tab');
  const ring = await page.evaluate(() => {
    const rows = document.querySelector('bsp-case-list').shadowRoot.querySelector('.rows');
    const {outlineStyle, outlineWidth, outlineOffset} = getComputedStyle(rows);
    return {
      isFocused: rows.matches(':focus-visible'),
      outlineStyle,
      outside: Number.parseFloat(outlineWidth) + Number.parseFloat(outlineOffset),
    };
  });
  assert.deepEqual(ring, {isFocused: true, outlineStyle: 'solid', outside: 2});
});
