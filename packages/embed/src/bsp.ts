/**
 * The one script tag: registers `<bsp-provider>`, and loads each window when its tag occurs in the page.
 *
 * ```html
 * <script type="module" src="/bsp/cdn/bsp.js"></script>
 * ```
 *
 * @packageDocumentation
 */
import '@bsp/core/define';
import {autoload} from './autoload.js';

export {functionBackend, httpBackend} from '@bsp/core';

/**
 * Loads the windows that a root uses, now and later. The page itself is watched from the start; call this for a shadow
 * root that holds windows.
 */
export const discover = autoload({
  'bsp-person': () => import('@bsp/widgets/person/define'),
  'bsp-case-list': () => import('@bsp/widgets/case-list/define'),
  'bsp-journal': () => import('@bsp/widgets/journal/define'),
  'bsp-events': () => import('@bsp/widgets/events/define'),
  'bsp-idle': () => import('@bsp/widgets/idle/define'),
  'bsp-hop': () => import('@bsp/widgets/hop/define'),
  'bsp-search': () => import('@bsp/widgets/search/define'),
});

discover(document);
