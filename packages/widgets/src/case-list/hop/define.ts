import {moreColumns} from '../more-columns.js';
import {hopColumns} from './hop-columns.js';

moreColumns.of = hopColumns;
