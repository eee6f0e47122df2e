import * as windowedRows from './windowed-rows.js';
import {provideWindowedRows} from './windowed-rows-arrival.js';

provideWindowedRows(windowedRows);
