import {caseSchema, parseCpr, type Backend} from '@bsp/contract';
import {functionBackend, httpBackend, type BspProvider} from '@bsp/core';
import '@bsp/core/define';
import {characters, korsbaekBackend} from '@bsp/korsbaek';
import {BspWindow, dataTable} from '@bsp/ui';
import {BspCaseList} from '@bsp/widgets/case-list';
import '@bsp/widgets/case-list/define';
import {discover} from '@bsp/embed';

const provider: BspProvider = document.querySelector('bsp-provider')!;
const backends: Backend[] = [
  korsbaekBackend(),
  httpBackend('/bsp', {credentials: 'include'}),
  functionBackend({cases: async (subject, {signal}) => (signal.aborted ? [] : [subject])}),
];
provider.backend = backends[0];
const {outcome} = await provider.setSubject({type: 'cpr', value: characters[0]!.cpr});
export const settled: 'committed' | 'kept' | 'superseded' | 'failed' = outcome;

const list = document.createElement('bsp-case-list');
list.config = {pageSize: 20, columns: ['status', 'changed']};
list.addEventListener('bsp-case-open', (event) => console.log(event.detail.ref.id));
export const isWindow: boolean = list instanceof BspCaseList && list instanceof BspWindow;
discover(document);

const parsed = parseCpr('641284-1002');
export const title: string | undefined = caseSchema.safeParse({}).data?.title;
export const birthDate = parsed.ok ? parsed.value : parsed.reason;
export {dataTable};
