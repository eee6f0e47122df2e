// Every state of every window on a small screen (WCAG 1.4.10), with the user's text spacing (1.4.12), enlarged (1.4.4).
import assert from 'node:assert/strict';
import {after, describe, it} from 'node:test';
import {forceTextSpacing, layoutFaults, targetFaults} from './layout.mjs';
import {openStage} from './stage.mjs';

const stage = await openStage();
after(() => stage.close());

const ways = {
  'reflow at 320 px': {width: 320},
  '200 % zoom': {width: 640},
  '200 % text': {width: 1280, fontSize: '32px'},
  'text spacing': {width: 1280, spaced: true},
  'text spacing at 320 px': {width: 320, spaced: true},
};

const mainActions = '.button, .quiet, select, textarea, .field';

/** Sets the page up as this user has it; what is on it stays. */
async function see({width, fontSize = ''}) {
  await stage.page.setViewportSize({width, height: 900});
  await stage.page.evaluate((size) => {
    document.body.style.fontSize = size;
  }, fontSize);
}

/** Whether something stands beside its button: it is placed when it opens. */
const isPlaced = () =>
  stage.page.evaluate(() =>
    [...document.querySelectorAll('fake-provider > *')].some((one) => one.shadowRoot?.querySelector(':popover-open')),
  );

describe('nothing sticks out, is cut off or covered: small screens, text spacing, enlarged', () => {
  for (const shown of stage.scenes)
    it(`${shown.window}, ${shown.scene}`, async () => {
      const found = [];
      for (const lang of ['da', 'en'])
        for (const [index, [title, way]] of Object.entries(ways).entries()) {
          const again = index === 0 || (await isPlaced());
          await see(way);
          if (again) await stage.show(shown, {lang, width: way.width});
          if (way.spaced) await stage.page.evaluate(forceTextSpacing);
          for (const fault of await stage.page.evaluate(layoutFaults)) found.push(`${title}, ${lang}: ${fault}`);
          if (way.spaced) await stage.page.evaluate(() => globalThis.releaseTextSpacing());
        }
      assert.deepEqual(found, []);
    });
});

describe('targets of a pointer are 24 px, or stand alone', () => {
  for (const shown of stage.scenes)
    it(`${shown.window}, ${shown.scene}`, async () => {
      const found = [];
      for (const [lang, width] of [
        ['da', 1200],
        ['en', 360],
      ]) {
        await see({width});
        await stage.show(shown, {lang, width});
        const faults = await stage.page.evaluate(targetFaults, {main: mainActions, least: 24});
        found.push(...faults.map((fault) => `${width} px, ${lang}: ${fault}`));
      }
      assert.deepEqual(found, []);
    });
});

describe('main actions are 44 px where the pointer is a finger', async () => {
  const phone = await openStage({hasTouch: true, isMobile: true});
  after(() => phone.close());
  for (const shown of phone.scenes)
    it(`${shown.window}, ${shown.scene}`, async () => {
      await phone.show(shown, {width: 360});
      assert.deepEqual(await phone.page.evaluate(targetFaults, {main: mainActions, least: 44}), []);
      const wider = await phone.page.evaluate(() => document.documentElement.scrollWidth - 360);
      assert.ok(wider <= 0, `the page is ${wider} px too wide`);
    });
});

it('the list of sources stays beside its button and on the screen, however the page is resized', async () => {
  const {page} = stage;
  for (const window of ['case-list', 'journal', 'events']) {
    await see({width: 1200});
    await stage.show({window, scene: 'ready'}, {width: 1200});
    await page.getByRole('button', {name: /kilder$/}).click();
    for (const width of [360, 700, 320, 1200]) {
      await page.setViewportSize({width, height: 900});
      const placed = () =>
        page.evaluate(() => {
          const root = document.querySelector('fake-provider > *').shadowRoot;
          const {left, right, top} = root.querySelector('#source-details:popover-open').getBoundingClientRect();
          const button = root.querySelector('#sources').getBoundingClientRect();
          return left >= 0 && right <= innerWidth && right >= button.right - 1 && Math.abs(top - button.bottom - 4) < 1;
        });
      let isPlacedWell = false;
      for (let turn = 0; turn < 40 && !isPlacedWell; turn++) {
        isPlacedWell = await placed();
        if (!isPlacedWell) await page.waitForTimeout(25);
      }
      assert.ok(isPlacedWell, `${window} at ${width} px`);
    }
  }
});

it('sees what sticks out, is cut off, lies on other text, or does not fit', async () => {
  await stage.show({window: 'case-list', scene: 'ready'}, {width: 320});
  const breaking = {
    'sticks out': '.header {inline-size: 400px}',
    'cuts off its end': '.count {display: block; block-size: 4px; overflow: hidden}',
    'lies on': '.count {margin-block-start: -20px}',
    'does not fit': '.segmented + label, button {inline-size: 20px; white-space: nowrap; min-inline-size: 0}',
    'a point dangles': '.second::after {content: " ·"}',
    'scrolls sideways': '.panel {inline-size: 400px}',
  };
  for (const [fault, rule] of Object.entries(breaking)) {
    await stage.page.evaluate((text) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      const root = document.querySelector('bsp-case-list').shadowRoot;
      globalThis.sound ??= [...root.adoptedStyleSheets];
      root.adoptedStyleSheets = [...globalThis.sound, sheet];
    }, rule);
    const found = await stage.page.evaluate(layoutFaults);
    assert.ok(
      found.some((line) => line.includes(fault)),
      `${fault}: ${JSON.stringify(found)}`,
    );
  }
});
