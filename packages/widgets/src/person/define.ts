import {define} from '@bsp/core';
import {BspPerson} from './bsp-person.js';

/** So that who only registers it has the types of its tag and events. */
export type {BspPerson} from './bsp-person.js';

define('bsp-person', BspPerson);
