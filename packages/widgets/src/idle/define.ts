import {define} from '@bsp/core';
import {BspIdle} from './bsp-idle.js';

/** So that who only registers it has the types of its tag and events. */
export type {BspIdle} from './bsp-idle.js';

define('bsp-idle', BspIdle);
