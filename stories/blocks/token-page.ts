import {windowStyles} from '@bsp/ui';
import {html, type TemplateResult} from 'lit';
import type {SceneModule} from '../../tests/browser/fixtures/scene.js';
import * as caseList from '../../tests/browser/scenes/case-list.js';
import * as events from '../../tests/browser/scenes/events.js';
import * as journal from '../../tests/browser/scenes/journal.js';
import * as person from '../../tests/browser/scenes/person.js';
import {letStand} from '../scene-story.js';
import {type Carrier, colorOf, contrastOf, focusUsesIn, needed, type Use, usesIn} from './contrast.js';
import {type Described, descriptionOf, windowTags} from './descriptions.js';

/** Scenes that between them show every colour of the windows. */
const measured: readonly (readonly [SceneModule, readonly string[]])[] = [
  [caseList, ['ready', 'partial', 'stale', 'empty', 'some-waiting', 'kept', 'bad-config', 'error', 'more', 'sources']],
  [person, ['protected', 'full-everything', 'dead', 'missing', 'emigrated', 'reveal-failed', 'disagreement']],
  [
    journal,
    ['partial', 'compose-faults', 'compose-refused', 'compose-uncertain', 'draft-waiting', 'addendum', 'outcome'],
  ],
  [events, ['partial', 'unfolded', 'not-saved', 'manual', 'not-live']],
];

/** Every token, once, those of all windows first; what a window says of it in its own words stands in that window's docs. */
export const tokens: readonly Described[] = [
  ...new Map(
    windowTags
      .flatMap((tag) => descriptionOf(tag).cssProperties ?? [])
      .sort((one, other) => Number(other.inheritedFrom !== undefined) - Number(one.inheritedFrom !== undefined))
      .map((one) => [one.name, one]),
  ).values(),
];
const isColor = ({default: value = ''}: Described): boolean => CSS.supports('color', value);

/** A theme that was measured. */
export type Theme = 'light' | 'dark' | 'forced';

/** Two colours that meet in windows. */
export interface Pair {
  readonly carrier: Carrier;
  readonly front: string;
  readonly back: string;
  readonly where: readonly string[];
  /** By theme: the worst that was seen. */
  readonly seen: {[T in Theme]?: {readonly ratio: number; readonly front: string; readonly back: string}};
}

/** Whether a pair has the contrast that WCAG asks for, in every theme that was measured. */
export const isEnough = ({carrier, seen}: Pair): boolean =>
  Object.values(seen).every(({ratio}) => ratio >= needed(carrier));

const cssOf = ([red, green, blue]: Use['front']): string =>
  `#${[red, green, blue].map((value) => Math.round(value).toString(16).padStart(2, '0')).join('')}`;

/** Lets windows stand in a place, reads the colours that they have there, and takes them away again. */
export async function measurePairs(place: HTMLElement, lang: unknown): Promise<Pair[]> {
  const forced = matchMedia('(forced-colors: active)').matches;
  const pairs = new Map<string, Pair & {where: string[]}>();
  for (const [module, names] of measured)
    for (const name of names) {
      const scene = module.scenes[name];
      if (!scene) throw new Error(`${module.tag} has no scene ${name}.`);
      const window = await letStand(module.tag, scene, {}, {lang}, place);
      for (const uses of [usesIn, focusUsesIn]) {
        const named = forced ? undefined : withNamedColors(place, () => uses(window));
        for (const theme of forced ? (['forced'] as const) : (['light', 'dark'] as const)) {
          place.style.colorScheme = theme === 'forced' ? '' : theme;
          for (const [index, {carrier, where, front, back}] of uses(window).entries()) {
            const names = named?.[index];
            const pair = {
              carrier,
              front: names ? tokenOf(names.front) : cssOf(front),
              back: names ? tokenOf(names.back) : cssOf(back),
            };
            const key = Object.values(pair).join();
            const known = pairs.get(key) ?? {...pair, where: [], seen: {}};
            pairs.set(key, known);
            if (!known.where.includes(where)) known.where.push(where);
            const ratio = contrastOf(front, back);
            if (ratio < (known.seen[theme]?.ratio ?? 22))
              known.seen[theme] = {ratio, front: cssOf(front), back: cssOf(back)};
          }
        }
      }
      place.replaceChildren();
    }
  place.style.colorScheme = '';
  return [...pairs.values()].sort((one, other) => lowest(one) - lowest(other));
}

const lowest = ({carrier, seen}: Pair): number =>
  Math.min(...Object.values(seen).map(({ratio}) => ratio / needed(carrier)));

const signOf = (index: number): string => `rgb(${index + 1}, 77, 177)`;

/** What a colour is called that was read while every token had a colour of its own. */
const tokenOf = (color: Use['front']): string => {
  const index = tokens.findIndex((_, at) => cssOf(colorOf(signOf(at))) === cssOf(color));
  return tokens[index]?.name ?? 'not a token';
};

function withNamedColors<T>(place: HTMLElement, read: () => T): T {
  for (const [index, token] of tokens.entries()) if (isColor(token)) place.style.setProperty(token.name, signOf(index));
  const result = read();
  for (const {name} of tokens) place.style.removeProperty(name);
  return result;
}

/** What a token is where the host sets none, in a theme. */
export function tokenColor(name: string, theme: 'light' | 'dark'): string {
  const host = document.createElement('div');
  host.attachShadow({mode: 'open'}).adoptedStyleSheets = [windowStyles.styleSheet!];
  host.style.colorScheme = theme;
  const probe = document.createElement('i');
  probe.style.forcedColorAdjust = 'none';
  const value = tokens.find((token) => token.name === name)?.default ?? '';
  probe.style.color = `var(${name}, ${value})`;
  host.shadowRoot?.append(probe);
  document.body.append(host);
  const {color} = getComputedStyle(probe);
  host.remove();
  return cssOf(colorOf(color));
}

const swatch = (color: string, text = ''): TemplateResult => {
  const box = document.createElement('span');
  box.className = text ? 'sample' : 'swatch';
  box.textContent = text;
  box.style.background = color;
  return html`${box}`;
};

/** The designers' page: all tokens, and the contrast of all pairs that windows show. */
export function tokenPage(pairs: readonly Pair[]): TemplateResult {
  const themes = ['light', 'dark', 'forced'] as const;
  const shown = themes.filter((theme) => pairs.some(({seen}) => seen[theme]));
  const poor = pairs.filter((pair) => !isEnough(pair));
  return html`<div class="kit-tokens">
    <h1>Tokens and contrast</h1>
    <p>
      Set a token on any element above the windows, and they follow. Everything below is read from the windows as they
      stand on this page now: nothing is typed in. Text needs 4.5, large text, edges, signs and the focus ring 3.
      ${
        shown.includes('forced')
          ? 'Your machine forces its colours: these are the ones that windows get.'
          : 'For forced colours turn them on in the machine, or in the developer tools under Rendering: the page then shows what windows get.'
      }
    </p>
    <p role="status">
      ${pairs.length} pairs of colours,
      ${poor.length === 0 ? 'all of them with enough contrast.' : html`<strong>${poor.length} of them with too little contrast.</strong>`}
    </p>
    <h2>Tokens</h2>
    <table>
      <thead>
        <tr><th scope="col">Token</th><th scope="col">Light</th><th scope="col">Dark</th><th scope="col">For</th></tr>
      </thead>
      <tbody>${tokens.map(
        (token) => html`<tr>
          <td><code>${token.name}</code></td>
          ${
            isColor(token)
              ? (['light', 'dark'] as const).map((theme) => {
                  const color = tokenColor(token.name, theme);
                  return html`<td class="color">${swatch(color)} <code>${color}</code></td>`;
                })
              : html`<td colspan="2"><code>${token.default}</code></td>`
          }
          <td>${token.description}</td>
        </tr>`,
      )}</tbody>
    </table>
    <h2>Contrast of what windows show</h2>
    <table>
      <thead>
        <tr>
          <th scope="col">Carries</th><th scope="col">Colour</th><th scope="col">on</th>
          ${shown.map((theme) => html`<th scope="col">${theme === 'forced' ? 'Forced colours' : theme === 'light' ? 'Light' : 'Dark'}</th>`)}
          <th scope="col">Needs</th><th scope="col">Where</th>
        </tr>
      </thead>
      <tbody>${pairs.map(
        (pair) => html`<tr class=${isEnough(pair) ? '' : 'poor'}>
          <td>${pair.carrier}</td>
          <td><code>${pair.front}</code></td>
          <td><code>${pair.back}</code></td>
          ${shown.map((theme) => figure(pair, theme))}
          <td>${needed(pair.carrier)}</td>
          <td>${pair.where.slice(0, 4).join(', ')}${pair.where.length > 4 ? ` and ${pair.where.length - 4} more` : ''}</td>
        </tr>`,
      )}</tbody>
    </table>
  </div>`;
}

function figure({carrier, seen}: Pair, theme: Theme): TemplateResult {
  const one = seen[theme];
  if (!one) return html`<td></td>`;
  const sample = document.createElement('span');
  sample.className = 'sample';
  sample.setAttribute('aria-hidden', 'true');
  sample.style.background = one.back;
  const sign = document.createElement('i');
  sign.style.background = one.front;
  sample.append(sign);
  const enough = one.ratio >= needed(carrier);
  return html`<td class="color">${sample} ${enough ? one.ratio.toFixed(1) : html`<strong>${one.ratio.toFixed(2)} ✗ too little</strong>`}</td>`;
}
