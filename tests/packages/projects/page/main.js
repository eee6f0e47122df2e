import '@bsp/core/define';
import '@bsp/widgets/case-list/define';
import {characters, korsbaekBackend} from '@bsp/korsbaek';

const provider = document.querySelector('bsp-provider');
provider.backend = korsbaekBackend();
await provider.setSubject({type: 'cpr', value: characters[0].cpr});
