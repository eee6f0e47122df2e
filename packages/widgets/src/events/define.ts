import {define} from '@bsp/core';
import {BspEvents} from './bsp-events.js';

define('bsp-events', BspEvents);
