import {define} from '@bsp/core';
import {BspCaseList} from './bsp-case-list.js';

define('bsp-case-list', BspCaseList);
