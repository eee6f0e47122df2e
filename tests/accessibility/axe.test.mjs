// axe on every state of every window: in light, dark and forced colours, Danish on a wide screen and English on a narrow one.
import assert from 'node:assert/strict';
import {after, describe, it} from 'node:test';
import {openStage, themes} from './stage.mjs';

const stage = await openStage();
after(() => stage.close());

/** What axe finds in the window that is shown, one line each. */
const violations = () =>
  stage.page.evaluate(async () => {
    const found = await window.axe.run(document.querySelector('fake-provider'), {
      resultTypes: ['violations'],
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      rules: {'target-size': {enabled: true}},
    });
    return found.violations.flatMap(({id, nodes}) =>
      nodes.map(({target, failureSummary}) => `${id}: ${target.flat().join(' ')}: ${failureSummary}`),
    );
  });

for (const theme of Object.keys(themes))
  describe(`axe finds nothing: ${theme}`, () => {
    for (const shown of stage.scenes)
      it(`${shown.window}, ${shown.scene}`, async () => {
        await stage.show(shown, {theme, lang: 'da', width: 1200});
        const danish = await violations();
        await stage.show(shown, {theme, lang: 'en', width: 360});
        const english = await violations();
        assert.deepEqual({danish, english}, {danish: [], english: []});
      });
  });

it('axe looks into the windows, and at the colours that are forced', async () => {
  await stage.show({window: 'person', scene: 'dead'}, {theme: 'forced colours'});
  const active = await stage.page.evaluate(() => matchMedia('(forced-colors: active)').matches);
  assert.ok(active, 'forced colours are not on');
  await stage.page.evaluate(() => {
    const root = document.querySelector('bsp-person').shadowRoot;
    const faulty = new CSSStyleSheet();
    faulty.replaceSync('.strip, .strip * {forced-color-adjust: none; color: #333; background: #222}');
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, faulty];
    root.querySelector('.quiet').ariaLabel = '';
    root.querySelector('.quiet').title = '';
  });
  const rules = (await violations()).map((line) => line.split(':')[0]);
  assert.deepEqual([...new Set(rules)].sort(), ['button-name', 'color-contrast']);
});
