// The built Storybook in a browser: which stories stand still, and pictures of them.
import {createReadStream, existsSync, readFileSync, statSync} from 'node:fs';
import {createServer} from 'node:http';
import {extname, join, normalize, sep} from 'node:path';
import {chromium} from 'playwright-core';
import {quietChromium} from '../../scripts/engines.mjs';

const contentTypes = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
};

/** Serves a folder on a free port of this machine. */
export async function serveFolder(folder) {
  const server = createServer((request, response) => {
    const {pathname} = new URL(request.url, 'http://localhost');
    const path = join(folder, normalize(decodeURIComponent(pathname)));
    if (!path.startsWith(folder + sep) || !existsSync(path) || !statSync(path).isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.setHeader('content-type', contentTypes[extname(path)] ?? 'application/octet-stream');
    createReadStream(path).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close()};
}

/** The stories that stand still, in the order of the book. Those tagged `moving` have no picture. */
export function stillStories(folder) {
  const {entries} = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8'));
  return Object.values(entries)
    .filter(({type, tags}) => type === 'story' && !tags.includes('moving'))
    .map(({id, title, name}) => ({id, title, name}));
}

export const languages = ['da', 'en'];
export const themes = ['light', 'dark'];
export const widths = [360, 1200];

const height = 900;

/** Each theme and width. */
export const sheets = themes.flatMap((theme) => widths.map((width) => ({theme, width})));

/** The name of each view that a story is pictured in. */
export const views = languages.flatMap((lang) => sheets.map(({theme, width}) => `${lang}-${theme}-${width}`));

/**
 * Draws alike on every machine and every time: no hints of the screen in letters, and never a part of a tile anew, since a
 * rounded corner that the edge of such a part cuts is mixed by another rule, one shade off.
 */
export const launchForPictures = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM_BIN ?? '/usr/bin/chromium',
    args: [
      ...quietChromium,
      '--disable-lcd-text',
      '--font-render-hinting=none',
      '--force-color-profile=srgb',
      '--hide-scrollbars',
      '--disable-partial-raster',
    ],
  });

/** Two pages, one a language, that show one story after the other. */
export async function openBook(browser, url) {
  const pages = await Promise.all(
    languages.map(async (lang) => {
      const context = await browser.newContext({
        viewport: {width: 1200, height},
        deviceScaleFactor: 1,
        locale: 'da-DK',
        timezoneId: 'Europe/Copenhagen',
        reducedMotion: 'reduce',
      });
      const page = await context.newPage();
      await page.addInitScript(hideTextCursor);
      return {lang, page, devTools: await context.newCDPSession(page)};
    }),
  );

  /** Loads the page with a story: nothing is left of the stories before. axe, which has its own test, stays out. */
  async function load({lang, page}, story) {
    const globals = encodeURIComponent(`lang:${lang};theme:auto;font:source-sans-3;a11y.manual:!true`);
    await page.goto(`${url}iframe.html?id=${story.id}&viewMode=story&globals=${globals}`);
  }

  /** Turns to a story in the page that is there: ten times as fast. */
  async function turnTo(opened, story) {
    if (opened.page.url() === 'about:blank') await load(opened, story);
    else await opened.page.evaluate(chooseStory, story.id);
  }

  async function settled(page) {
    await page.waitForFunction(isSettled, undefined, {timeout: 60_000});
    const trouble = await page.evaluate(storyError);
    if (trouble) throw new Error(trouble);
  }

  async function picturesOnPage(opened, story, show) {
    const {lang, page, devTools} = opened;
    await page.setViewportSize({width: 1200, height});
    await page.emulateMedia({colorScheme: 'light', reducedMotion: 'reduce'});
    await show(opened, story);
    await settled(page);
    // Nobody hovers.
    await page.mouse.move(0, 0);
    const moves = await page.evaluate(hasOpenPopover);
    const pictures = [];
    for (const {theme, width} of sheets) {
      await page.setViewportSize({width, height});
      await page.emulateMedia({colorScheme: theme, reducedMotion: 'reduce'});
      if (moves) {
        await page.evaluate(showAnew, story.id);
        await settled(page);
      }
      const needed = Math.max(height, await page.evaluate(heightAfterTwoFrames));
      const {data} = await devTools.send('Page.captureScreenshot', {
        format: 'png',
        optimizeForSpeed: true,
        captureBeyondViewport: needed > height,
        clip: {x: 0, y: 0, width, height: needed, scale: 1},
      });
      pictures.push([`${lang}-${theme}-${width}`, Buffer.from(data, 'base64')]);
    }
    return pictures;
  }

  /** Pictures of a story in every view: `Map<name of the view, PNG>`. A story that fails throws. */
  async function picturesOf(story, show = turnTo) {
    return new Map((await Promise.all(pages.map((opened) => picturesOnPage(opened, story, show)))).flat());
  }
  return {
    picturesOf,
    picturesAfterLoading: (story) => picturesOf(story, load),
    close: () => Promise.all(pages.map(({page}) => page.context().close())),
  };
}

/** A text cursor that blinks is not part of the picture. The colour is inherited, into shadow roots too. */
const hideTextCursor = () => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(':root { caret-color: transparent; }');
  document.adoptedStyleSheets.push(sheet);
};

const chooseStory = (storyId) => {
  document.documentElement.dataset.settled = 'no';
  globalThis.__STORYBOOK_ADDONS_CHANNEL__.emit('setCurrentStory', {storyId, viewMode: 'story'});
};

const showAnew = (storyId) => {
  document.documentElement.dataset.settled = 'no';
  globalThis.__STORYBOOK_ADDONS_CHANNEL__.emit('forceRemount', {storyId});
};

/** A popover has its place where it was opened: on a page of another width it is to be opened anew. */
const hasOpenPopover = () => {
  const isOpenIn = (root) =>
    root.querySelector(':popover-open') !== null ||
    [...root.querySelectorAll('*')].some(({shadowRoot}) => shadowRoot && isOpenIn(shadowRoot));
  return isOpenIn(document);
};

const isSettled = () =>
  document.documentElement.dataset.settled === 'yes' || document.body.classList.contains('sb-show-errordisplay');

const storyError = () =>
  document.body.classList.contains('sb-show-errordisplay')
    ? document.querySelector('#error-message')?.textContent || 'The story failed.'
    : undefined;

const heightAfterTwoFrames = () =>
  new Promise((resolve) =>
    requestAnimationFrame(() =>
      requestAnimationFrame(() => setTimeout(() => resolve(document.documentElement.scrollHeight), 0)),
    ),
  );
