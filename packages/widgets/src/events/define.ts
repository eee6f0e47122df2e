import {define} from '@bsp/core';
import {BspEvents} from './bsp-events.js';

/** So that who only registers it has the types of its tag and events. */
export type {BspEvents} from './bsp-events.js';

define('bsp-events', BspEvents);
