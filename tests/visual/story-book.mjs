// The built Storybook in a browser: which stories stand still, and pictures of them.
import {createReadStream, existsSync, readFileSync, statSync} from 'node:fs';
import {createServer} from 'node:http';
import {extname, join, normalize} from 'node:path';
import {fileURLToPath} from 'node:url';
import {chromium} from 'playwright-core';
import {quietChromium} from '../../scripts/engines.mjs';

export const storybookFolder = fileURLToPath(new URL('../../storybook-static/', import.meta.url));

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
    if (!path.startsWith(folder) || !existsSync(path) || !statSync(path).isFile()) {
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
export function stillStories(folder = storybookFolder) {
  const {entries} = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8'));
  return Object.values(entries)
    .filter(({type, tags}) => type === 'story' && !tags.includes('moving'))
    .map(({id, title, name}) => ({id, title, name}));
}

export const languages = ['da', 'en'];
export const themes = ['light', 'dark'];
export const widths = [360, 1200];

/** Each view that a story is pictured in, by the name of its picture. */
export const views = languages.flatMap((lang) =>
  themes.flatMap((theme) => widths.map((width) => ({lang, theme, width, name: `${lang}-${theme}-${width}`}))),
);

/** Draws letters alike on every machine: no hints of the screen in them. */
export const launchForPictures = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM_BIN ?? '/usr/bin/chromium',
    args: [
      ...quietChromium,
      '--disable-lcd-text',
      '--font-render-hinting=none',
      '--force-color-profile=srgb',
      '--hide-scrollbars',
    ],
  });

/** Two pages, one a language, that show one story after the other. */
export async function openBook(browser, url) {
  const pages = new Map();
  for (const lang of languages) {
    const context = await browser.newContext({
      viewport: {width: 1200, height: 900},
      deviceScaleFactor: 1,
      locale: 'da-DK',
      timezoneId: 'Europe/Copenhagen',
      reducedMotion: 'reduce',
    });
    pages.set(lang, await context.newPage());
  }

  /** Loads the page with a story: nothing is left of the stories before. */
  async function load(page, lang, story) {
    const globals = encodeURIComponent(`lang:${lang};theme:auto;font:source-sans-3`);
    await page.goto(`${url}iframe.html?id=${story.id}&viewMode=story&globals=${globals}`);
  }

  /** Turns to a story in the page that is there: ten times as fast. */
  async function turnTo(page, lang, story) {
    if (page.url() === 'about:blank') await load(page, lang, story);
    else await page.evaluate(chooseStory, story.id);
  }

  /** Pictures of a story in every view: `Map<name of the view, PNG>`. A story that fails throws. */
  async function picturesOf(story, show = turnTo) {
    const pictures = new Map();
    for (const [lang, page] of pages) {
      await page.setViewportSize({width: 1200, height: 900});
      await page.emulateMedia({colorScheme: 'light', reducedMotion: 'reduce'});
      await show(page, lang, story);
      await page.waitForFunction(isSettled, undefined, {timeout: 60_000});
      const trouble = await page.evaluate(storyError);
      if (trouble) throw new Error(trouble);
      // Nobody hovers.
      await page.mouse.move(0, 0);
      for (const theme of themes) {
        await page.emulateMedia({colorScheme: theme, reducedMotion: 'reduce'});
        for (const width of widths) {
          await page.setViewportSize({width, height: 900});
          await page.evaluate(twoFrames);
          // A text cursor that blinks is not part of the picture.
          const picture = await page.screenshot({fullPage: true, caret: 'hide', animations: 'disabled'});
          pictures.set(`${lang}-${theme}-${width}`, picture);
        }
      }
    }
    return pictures;
  }
  return {
    picturesOf,
    picturesAfterLoading: (story) => picturesOf(story, load),
    close: () => Promise.all([...pages.values()].map((page) => page.context().close())),
  };
}

const chooseStory = (storyId) => {
  document.documentElement.dataset.settled = 'no';
  globalThis.__STORYBOOK_ADDONS_CHANNEL__.emit('setCurrentStory', {storyId, viewMode: 'story'});
};

const isSettled = () =>
  document.documentElement.dataset.settled === 'yes' || document.body.classList.contains('sb-show-errordisplay');

const storyError = () =>
  document.body.classList.contains('sb-show-errordisplay')
    ? document.querySelector('#error-message')?.textContent || 'The story failed.'
    : undefined;

const twoFrames = () =>
  new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 0))));
