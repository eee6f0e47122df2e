// Types of the kit's elements in JSX with React 19: `import type {} from '@bsp/embed/react'`, or `types` in tsconfig.json.
import type {DetailedHTMLProps, HTMLAttributes} from 'react';
import type {KitElements} from './elements.js';

/** What a kit element takes in JSX: `on` and an event's name is its handler. */
export type KitElementProps<Tag extends keyof KitElements> = DetailedHTMLProps<
  HTMLAttributes<KitElements[Tag]['element']>,
  KitElements[Tag]['element']
> & {
  [Name in KitElements[Tag]['properties']]?:
    | KitElements[Tag]['element'][Name & keyof KitElements[Tag]['element']]
    | undefined;
} & {
  [Name in keyof KitElements[Tag]['attributes']]?: KitElements[Tag]['attributes'][Name] | undefined;
} & {
  [Name in KitElements[Tag]['events'] as `on${Name}`]?: ((event: HTMLElementEventMap[Name]) => void) | undefined;
};

type ReactElements = {[Tag in keyof KitElements]: KitElementProps<Tag>};

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements extends ReactElements {}
  }
}
