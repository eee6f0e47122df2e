import {chromium} from 'playwright-core';
import {quietChromium} from '../../scripts/engines.mjs';

/** A Chromium without a window, which fetches nothing of its own. */
export const launchBrowser = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM_BIN ?? '/usr/bin/chromium',
    args: quietChromium,
  });
