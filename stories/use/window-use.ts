import {expect, fn, userEvent, waitFor, within} from 'storybook/test';
import {letTimeStand} from '../../.storybook/still-time.js';
import {stagedWindow} from '../scene-story.js';

/** A window as a user meets it: by the names and roles of what is in it. */
export async function windowUsed(canvas: Element) {
  const element = await stagedWindow(canvas);
  letTimeStand(false);
  const {getByRole, findByRole, getAllByRole} = within(element.shadowRoot!.querySelector<HTMLElement>('.panel')!);
  return {
    element,
    root: element.shadowRoot!,
    /** Presses a button with this name. */
    press: async (name: RegExp, role: 'button' | 'radio' = 'button') => userEvent.click(await findByRole(role, {name})),
    /** What the cells of a column say. */
    column: (key: string) =>
      [...element.shadowRoot!.querySelectorAll(`td.${key}`)].map(({textContent}) => textContent.trim()),
    getByRole,
    findByRole,
    getAllByRole,
  };
}

/** Listens to an event on the page; gives what was heard. */
export function heard(type: string) {
  const listener = fn();
  document.addEventListener(type, (event) => listener((event as CustomEvent).detail), {once: true});
  return listener;
}

export {expect, userEvent, waitFor};
