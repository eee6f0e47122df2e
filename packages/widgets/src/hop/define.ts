import {define} from '@bsp/core';
import {BspHop} from './bsp-hop.js';

/** So that who only registers it has the types of its tag and events. */
export type {BspHop} from './bsp-hop.js';

define('bsp-hop', BspHop);
