import {expect} from '@open-wc/testing';
import {executeServerCommand, sendKeys} from '@web/test-runner-commands';
import type axeCore from 'axe-core';
import 'axe-core/axe.min.js';
import {type SceneModule, stage} from '../../../tests/browser/fixtures/scene.js';
import {asHeard, tabStops} from '../../../tests/browser/fixtures/tab-stops.js';
import * as caseList from '../../../tests/browser/scenes/case-list.js';
import * as events from '../../../tests/browser/scenes/events.js';
import * as journal from '../../../tests/browser/scenes/journal.js';
import * as person from '../../../tests/browser/scenes/person.js';

/** The part of axe that says how an element is called; its types leave out the role. */
declare const axe: Pick<typeof axeCore, 'setup' | 'teardown'> & {
  readonly commons: {
    readonly aria: {getRole(element: Element): string | null};
    readonly text: {accessibleText(element: Element): string};
  };
};

const modules: Readonly<Record<string, SceneModule>> = {'case-list': caseList, events, journal, person};

/** The focused element, through shadow roots. */
function focusedElement(): Element | null {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element;
}

/** What a screen reader says of an element: its role and its name. */
function said(element: Element): string {
  if (element instanceof HTMLInputElement && element.type === 'datetime-local')
    return `DateTime “${element.labels?.[0]?.textContent?.trim()}”`;
  const {aria, text} = axe.commons;
  return `${aria.getRole(element)} “${asHeard(text.accessibleText(element))}”`;
}

const press = {
  Tab: () => sendKeys({press: 'Tab'}),
  'Shift+Tab': () => executeServerCommand('press-together', ['Shift', 'Tab']),
};

describe('the stops of the Tab key', () => {
  const button = (textContent: string) => Object.assign(document.createElement('button'), {textContent});
  const [before, after] = [button('Før'), button('Efter')];
  let shown: Awaited<ReturnType<typeof stage>> | undefined;

  afterEach(() => {
    shown?.provider.remove();
    before.remove();
    after.remove();
  });

  /** Presses a key until the focus is at a host's button. */
  async function walk(key: keyof typeof press, end: Element): Promise<string[]> {
    const found: string[] = [];
    for (let step = 0; step < 80; step++) {
      await press[key]();
      const element = focusedElement();
      if (element === end) return found;
      if (!element || element === document.body) throw new Error(`The focus is nowhere after ${found.at(-1)}.`);
      axe.setup(document.body);
      const stop = said(element);
      axe.teardown();
      if (!(stop.startsWith('DateTime') && found.at(-1) === stop)) found.push(stop);
    }
    throw new Error(`The focus never came out: ${found.join(', ')}`);
  }

  for (const [window, scenes] of Object.entries(tabStops))
    for (const [name, expected] of Object.entries(scenes))
      it(`of ${window}, ${name}, are the same in every engine, there and back`, async () => {
        const {tag, scenes: all} = modules[window] as SceneModule;
        const scene = all[name];
        if (!scene) throw new Error(`There is no scene ${name}.`);
        shown = await stage(tag, scene, {width: 1200});
        shown.provider.before(before);
        shown.provider.after(after);
        before.focus();
        expect(await walk('Tab', after)).to.deep.equal(expected);
        expect((await walk('Shift+Tab', before)).reverse()).to.deep.equal(expected);
      });
});
