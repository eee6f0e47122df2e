import '@bsp/core/define';
import {functionBackends} from '@bsp/core';
import '@bsp/widgets/case-list/define';
import '@bsp/widgets/journals';

export {functionBackends};
const provider = document.querySelector('bsp-provider')!;
provider.backend = 5;
await provider.setSubject({type: 'cvv', value: '1'});
const list = document.createElement('bsp-case-list');
list.config = {pageSize: 'many'};
list.addEventListener('bsp-case-open', (event) => console.log(event.detail.title));
