import {define} from '@bsp/core';
import {BspIdle} from './bsp-idle.js';

define('bsp-idle', BspIdle);
