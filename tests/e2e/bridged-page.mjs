// A program that bundles the windows itself, and shows whom the user's other programs show. Bundled by bridges.test.mjs.
import '@bsp/core/define';
import '@bsp/widgets/case-list/define';
import '@bsp/widgets/events/define';
import '@bsp/widgets/journal/define';
import '@bsp/widgets/person/define';
import {connectBridge} from '@bsp/core/bridge';
import {fhircast} from '@bsp/core/bridge/fhircast';
import {tabs} from '@bsp/core/bridge/tabs';

const transports = {tabs, fhircast};
const {transport, name} = document.documentElement.dataset;

globalThis.program = {
  follows: true,
  bridge: connectBridge(document.querySelector('bsp-provider'), transports[transport](), {
    name,
    follow: () => globalThis.program.follows,
  }),
};
