import {define} from '@bsp/core';
import {BspSearch} from './bsp-search.js';

/** So that who only registers it has the types of its tag and events. */
export type {BspSearch} from './bsp-search.js';

define('bsp-search', BspSearch);
