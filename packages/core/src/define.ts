import {BspProvider} from './bsp-provider.js';
import {define} from './define-element.js';

define('bsp-provider', BspProvider);
