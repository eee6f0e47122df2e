import {define} from '@bsp/core';
import {BspSearch} from './bsp-search.js';

define('bsp-search', BspSearch);
