import {define} from '@bsp/core';
import {BspPerson} from './bsp-person.js';

define('bsp-person', BspPerson);
