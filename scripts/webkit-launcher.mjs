// Runs the component tests in WebKitGTK. It starts the driver when the first test file wants it, and stops it at the end.
import {WebdriverLauncher} from '@web/test-runner-webdriver';
import {startWebKitDriver} from './webkit-driver.mjs';

/** WebDriver's code points of the keys that have a name. */
const keys = {
  Backspace: '\uE003',
  Tab: '\uE004',
  Enter: '\uE007',
  Shift: '\uE008',
  Control: '\uE009',
  Alt: '\uE00A',
  Escape: '\uE00C',
  Space: ' ',
  PageUp: '\uE00E',
  PageDown: '\uE00F',
  End: '\uE010',
  Home: '\uE011',
  ArrowLeft: '\uE012',
  ArrowUp: '\uE013',
  ArrowRight: '\uE014',
  ArrowDown: '\uE015',
  Delete: '\uE017',
};

class WebKitLauncher extends WebdriverLauncher {
  // A page of its own for each file, and no frames: keys then go where the focus is.
  concurrency = 1;

  async initialize(config) {
    await super.initialize({...config, concurrency: 1});
    this.name = 'WebKit';
  }

  async startSession(id, url) {
    this.starting ??= startWebKitDriver();
    this.options.port = (await this.starting).port;
    return super.startSession(id, url);
  }

  /** The next file's page takes this one's place; an empty one between them would cost a process. */
  async stopSession(id) {
    this.driverManager.urlMap.delete(id);
    return {};
  }

  async stop() {
    await super.stop();
    await (await this.starting)?.stop();
    this.starting = undefined;
  }

  /** One key after the other, as they are typed. */
  sendKeys(sessionId, names) {
    const actions = names.flatMap((name) => {
      const value = keys[name] ?? name;
      return [
        {type: 'keyDown', value},
        {type: 'keyUp', value},
      ];
    });
    return this.#press(sessionId, actions);
  }

  /** Keys that are held down together. */
  pressTogether(sessionId, names) {
    const values = names.map((name) => keys[name] ?? name);
    return this.#press(sessionId, [
      ...values.map((value) => ({type: 'keyDown', value})),
      ...values.toReversed().map((value) => ({type: 'keyUp', value})),
    ]);
  }

  #press(sessionId, actions) {
    return this.driverManager.performActions(sessionId, [{type: 'key', id: 'keyboard', actions}]);
  }
}

/** @param binary - WebKitGTK's MiniBrowser */
export const webkitLauncher = (binary) =>
  new WebKitLauncher({
    automationProtocol: 'webdriver',
    hostname: '127.0.0.1',
    path: '/',
    logLevel: 'error',
    capabilities: {
      browserName: 'MiniBrowser',
      // A short test is over before its page has loaded; a navigation that waited for that would wait for ever.
      pageLoadStrategy: 'none',
      'wdio:enforceWebDriverClassic': true,
      'webkitgtk:browserOptions': {binary, args: ['--automation']},
    },
  });
