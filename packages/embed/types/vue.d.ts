// Types of the kit's elements in Vue's templates: `import type {} from '@bsp/embed/vue'`, or `types` in tsconfig.json.
import type {EmitFn, HTMLAttributes, PublicProps} from 'vue';
import type {KitElements} from './elements.js';

/** What a kit element takes in a template. An attribute with a hyphen is checked as its property. */
export type KitElementProps<Tag extends keyof KitElements> = {
  [Name in KitElements[Tag]['properties']]?:
    | KitElements[Tag]['element'][Name & keyof KitElements[Tag]['element']]
    | (KitElements[Tag]['element'][Name & keyof KitElements[Tag]['element']] extends number ? `${number}` : never)
    | undefined;
};

type Emits<Tag extends keyof KitElements> = {
  [Name in KitElements[Tag]['events']]: (event: HTMLElementEventMap[Name]) => void;
};

type VueElements = {
  [Tag in keyof KitElements]: new () => KitElements[Tag]['element'] & {
    /** Only for the check of templates. */
    $props: HTMLAttributes & KitElementProps<Tag> & PublicProps;
    /** Only for the check of templates. */
    $emit: EmitFn<Emits<Tag>>;
  };
};

declare module 'vue' {
  interface GlobalComponents extends VueElements {}
}
