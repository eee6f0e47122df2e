import {closeDialog, dialog, dialogStyles} from '@bsp/ui';
import type {Meta} from '@storybook/web-components-vite';
import {html} from 'lit';
import {expect, waitFor} from 'storybook/test';
import {type PartContext, partOf, partRoot} from './part-story.js';

export default {
  title: 'Parts/Dialog',
  parameters: {
    docs: {
      // A modal dialog would stand over the page that describes it.
      story: {inline: false, height: '260px'},
      description: {
        component: 'A question that must be answered. It names the person, and Escape is the careful answer.',
      },
    },
  },
} satisfies Meta;

const part = partOf(dialogStyles);
const question = ({say}: PartContext, person: string | undefined, onClose: () => void) =>
  dialog({
    heading: say('Du har skrevet noget, der ikke er gemt', 'You have written something that is not saved'),
    person,
    body: say('Det bliver liggende som kladde.', 'It stays as a draft.'),
    actions: html`<button class="button">${say('Skift borger', 'Change citizen')}</button
      ><button class="button primary">${say('Bliv', 'Stay')}</button>`,
    onClose,
  });

export const AboutAPerson = part((context) => question(context, 'Maude Agerlund, 641284-••••', () => undefined));
export const AboutNobody = part((context) => question(context, undefined, () => undefined));
const closable = () => {
  let open = true;
  return part((context) =>
    open
      ? question(context, 'Maude Agerlund, 641284-••••', () => {
          open = false;
          context.draw();
        })
      : html`<p class="tools">${context.say('Lukket', 'Closed')}</p>`,
  );
};
export const Closed = {
  ...closable(),
  play: async ({canvasElement}: {canvasElement: HTMLElement}) => {
    const root = partRoot(canvasElement);
    await waitFor(() => expect(root.querySelector('dialog')?.open).toBe(true));
    closeDialog(root.querySelector('.dialog-actions')!);
    await waitFor(() => expect(root.querySelector('dialog')).toBe(null));
  },
};
