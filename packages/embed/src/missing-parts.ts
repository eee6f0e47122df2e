import type {BspProvider} from '@bsp/core';
import {connectedProviders} from '@bsp/core';

/** Says in the console, to whoever puts windows into a page, what they lack so that they could show anybody. */
export function warnOfMissingParts(root: ParentNode, windows: readonly string[]): void {
  const providers = [...connectedProviders()] as BspProvider[];
  for (const {id, backend} of providers)
    if (backend === undefined)
      console.warn(
        `<bsp-provider${id && ` id="${id}"`}> has no backend: give it one by its attribute or property "backend".`,
      );
  for (const element of root.querySelectorAll<HTMLElement & {for?: string}>(windows.join())) {
    const told = whyWithout(element, providers);
    if (told) console.warn(`<${element.localName}> follows no <bsp-provider>: ${told}`);
  }
}

function whyWithout(element: HTMLElement & {for?: string}, providers: readonly BspProvider[]): string | undefined {
  if (element.for)
    return providers.some(({id}) => id === element.for)
      ? undefined
      : `none in the page has the id "${element.for}" that its "for" names.`;
  if (providers.some((provider) => provider.contains(element)) || providers.length === 1) return undefined;
  return providers.length === 0
    ? 'there is none in the page.'
    : 'it stands in none, and the page has several. Name one by "for".';
}
