// The one file of the page that the kit's first load is held beside: the rows by hand.
import {HandWrittenCaseList} from './hand-written-case-list.mjs';
import {readCases} from './read-cases.mjs';

const list = new HandWrittenCaseList(document.querySelector('bsp-limit'));
list.show(await readCases('6412841002'));
