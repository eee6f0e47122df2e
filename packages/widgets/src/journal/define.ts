import {define} from '@bsp/core';
import {BspJournal} from './bsp-journal.js';

define('bsp-journal', BspJournal);
