// One page of a real browser that shows any scene of any window, in any theme and language.
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {launchBrowser} from '../look/browser.mjs';
import {serveScenes} from '../look/scene-server.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Whom the page turns to. */
const holger = {name: 'Holger Skjern', subject: {type: 'cpr', masked: '770571-••••', label: 'Holger Skjern'}};

/** How a user may have set up the machine. */
export const themes = {
  light: {colorScheme: 'light', forcedColors: 'none'},
  dark: {colorScheme: 'dark', forcedColors: 'none'},
  'forced colours': {colorScheme: 'dark', forcedColors: 'active'},
};

/**
 * Starts it, and says which scenes there are: `[{window, scene}]`.
 *
 * @param options - Playwright's options of a browser context.
 */
export async function openStage(options = {}) {
  const [server, browser] = await Promise.all([serveScenes(), launchBrowser()]);
  const context = await browser.newContext({
    viewport: {width: 1200, height: 900},
    locale: 'da-DK',
    timezoneId: 'Europe/Copenhagen',
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(server.url);
  await page.waitForFunction(() => 'sceneNames' in window);
  await page.evaluate(axe);
  await page.evaluate(readForcedTextColour);
  const names = await page.evaluate(() => window.sceneNames);
  const scenes = Object.entries(names).flatMap(([window, some]) => some.map((scene) => ({window, scene})));

  /** Puts a scene on the page as a user with this theme, language and width of screen has it. */
  async function show({window, scene}, {theme = 'light', lang = 'da', width = 1200, height = 900} = {}) {
    await page.setViewportSize({width, height});
    await page.emulateMedia({...themes[theme], reducedMotion: 'reduce'});
    const {colorScheme} = themes[theme];
    await page.evaluate((options) => globalThis.showScene(...options), [window, scene, {lang, theme: colorScheme}]);
    if (errors.length > 0) throw new Error(errors.splice(0).join('\n'));
  }

  /** The window goes on to what another scene holds. */
  const goOn = (scene) => page.evaluate((name) => window.goOn(name), scene);

  /** The page turns to another person, of whom there is what a scene holds. */
  const turnTo = (scene) => page.evaluate((given) => window.turnTo(...given), [scene, holger]);

  async function close() {
    await browser.close();
    server.close();
  }
  return {page, scenes, show, goOn, turnTo, close};
}

/**
 * axe reads the colour of text from `-webkit-text-fill-color`, for which Chromium tells what the author wrote even where
 * colours are forced; nobody here sets it, so it is `color`.
 */
function readForcedTextColour() {
  const {getPropertyValue} = CSSStyleDeclaration.prototype;
  CSSStyleDeclaration.prototype.getPropertyValue = function (name) {
    return getPropertyValue.call(this, name === '-webkit-text-fill-color' ? 'color' : name);
  };
}
