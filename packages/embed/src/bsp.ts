/**
 * The one script tag: registers `<bsp-provider>`, and loads each window when its tag occurs in the page.
 *
 * ```html
 * <script type="module" src="/kit/bsp.js"></script>
 * ```
 *
 * @packageDocumentation
 */
import {type BspProvider, connectedProviders} from '@bsp/core';
import '@bsp/core/define';
import {autoload} from './autoload.js';

export {functionBackend, httpBackend} from '@bsp/core';

const windows = {
  'bsp-person': () => import('@bsp/widgets/person/define'),
  'bsp-case-list': () => import('@bsp/widgets/case-list/define'),
  'bsp-journal': () => import('@bsp/widgets/journal/define'),
  'bsp-events': () => import('@bsp/widgets/events/define'),
  'bsp-idle': () => import('@bsp/widgets/idle/define'),
  'bsp-hop': () => import('@bsp/widgets/hop/define'),
  'bsp-search': () => import('@bsp/widgets/search/define'),
};

/** What registers each window; with it come the types of their tags and events. */
export type Windows = typeof windows;

/**
 * Loads the windows that a root uses, now and later. The page itself is watched from the start; call this for a shadow
 * root that holds windows.
 */
export const discover = autoload(windows);

discover(document);

/** A host may set things in any order, and late: only what still lacks then is told of. */
const lateMs = 5_000;
setTimeout(() => {
  const tags = Object.keys(windows);
  const [provider, ...others] = connectedProviders() as Set<BspProvider>;
  // A page as most are: nothing more is loaded for it.
  if (provider?.backend && others.length === 0 && !document.querySelector(tags.map((tag) => `${tag}[for]`).join()))
    return;
  import('./missing-parts.js').then(
    ({warnOfMissingParts}) => warnOfMissingParts(document, tags),
    // Without it the page is as it is.
    () => undefined,
  );
}, lateMs);
