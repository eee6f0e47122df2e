import {define} from '@bsp/core';
import {BspCaseList} from './bsp-case-list.js';

/** So that who only registers it has the types of its tag and events. */
export type {BspCaseList} from './bsp-case-list.js';

define('bsp-case-list', BspCaseList);
