// The three browser engines: what they are called, where they are on this machine, and what brings them. Only Node's own
// modules.
import {existsSync, readdirSync} from 'node:fs';
import {delimiter, join} from 'node:path';

/** WebKitGTK keeps its small browser apart from the path, in a folder of the machine's architecture. */
function webkitPlaces() {
  const folders = ['/usr/libexec', '/usr/lib64', '/usr/lib', ...foldersIn('/usr/lib')];
  return folders.flatMap((folder) =>
    ['webkit2gtk-4.1', 'webkitgtk-6.0', 'webkit2gtk-4.0'].map((library) => join(folder, library, 'MiniBrowser')),
  );
}

function foldersIn(folder) {
  try {
    return readdirSync(folder)
      .filter((name) => name.includes('-linux-'))
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

export const engines = {
  chromium: {
    title: 'Chromium',
    variable: 'CHROMIUM_BIN',
    names: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'],
    places: () => [
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
      'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
      'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
    ],
    companions: [],
    packages: ['chromium'],
  },
  firefox: {
    title: 'Firefox',
    variable: 'FIREFOX_BIN',
    names: ['firefox-esr', 'firefox'],
    places: () => [
      '/Applications/Firefox.app/Contents/MacOS/firefox',
      'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
    ],
    companions: [],
    packages: ['firefox-esr'],
  },
  webkit: {
    title: 'WebKit',
    variable: 'WEBKIT_BIN',
    names: ['MiniBrowser'],
    places: webkitPlaces,
    companions: ['WebKitWebDriver', 'Xvfb'],
    packages: ['webkit2gtk-driver', 'xvfb'],
  },
};

/** What keeps a Chromium quiet that runs as root, without a screen: it draws without a graphics card and fetches nothing of its own. */
export const quietChromium = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Where a command is, or undefined. */
export function findCommand(name) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** The browser of an engine on this machine; undefined where it, or what drives it, is not there. */
export function findEngine(engine) {
  const {variable, names, places, companions} = engines[engine];
  const chosen = process.env[variable];
  if (chosen && !existsSync(chosen)) throw new Error(`${variable} is ${chosen}, which is not there.`);
  if (!companions.every(findCommand)) return undefined;
  return chosen ?? names.map(findCommand).find(Boolean) ?? places().find((path) => existsSync(path));
}

/** The engines that BROWSERS names (`chromium,webkit`), else undefined. */
export function askedEngines() {
  const asked = process.env.BROWSERS?.split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  const unknown = asked?.find((name) => !(name in engines));
  if (unknown) throw new Error(`BROWSERS names “${unknown}”; there are ${Object.keys(engines).join(', ')}.`);
  return asked?.length ? asked : undefined;
}
