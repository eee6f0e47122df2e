import {characters, korsbaekBackend} from '/kit/korsbaek.js';

const provider = document.querySelector('bsp-provider');
provider.backend = korsbaekBackend();
await provider.setSubject({type: 'cpr', value: characters[0].cpr});
