// Types of the kit's elements in Svelte 5's markup: `import type {} from '@bsp/embed/svelte'`, or `types` in tsconfig.json.
import type {HTMLAttributes} from 'svelte/elements';
import type {KitElements} from './elements.js';

/** What a kit element takes in markup: `on` and an event's name is its handler. */
export type KitElementProps<Tag extends keyof KitElements> = HTMLAttributes<KitElements[Tag]['element']> & {
  [Name in KitElements[Tag]['properties']]?:
    | KitElements[Tag]['element'][Name & keyof KitElements[Tag]['element']]
    | undefined;
} & {
  [Name in keyof KitElements[Tag]['attributes']]?: KitElements[Tag]['attributes'][Name] | undefined;
} & {
  [Name in KitElements[Tag]['events'] as `on${Name}`]?: ((event: HTMLElementEventMap[Name]) => void) | undefined;
};

type SvelteElements = {[Tag in keyof KitElements]: KitElementProps<Tag>};

declare module 'svelte/elements' {
  interface SvelteHTMLElements extends SvelteElements {}
}
