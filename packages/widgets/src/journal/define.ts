import {define} from '@bsp/core';
import {BspJournal} from './bsp-journal.js';

/** So that who only registers it has the types of its tag and events. */
export type {BspJournal} from './bsp-journal.js';

define('bsp-journal', BspJournal);
