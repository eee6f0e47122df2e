import {define} from '@bsp/core';
import {BspHop} from './bsp-hop.js';

define('bsp-hop', BspHop);
