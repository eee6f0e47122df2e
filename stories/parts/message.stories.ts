import {emptyIcon, lockIcon, message, offlineIcon, personIcon, warningIcon} from '@bsp/ui';
import type {Meta} from '@storybook/web-components-vite';
import {html} from 'lit';
import {partOf} from './part-story.js';

export default {
  title: 'Parts/Message',
  parameters: {
    docs: {
      description: {component: 'What stands in a body that has no rows: why, and a next step where there is one.'},
    },
  },
} satisfies Meta;

const part = partOf();

export const NobodyChosen = part(({say}) => message(personIcon(), say('Vælg en borger.', 'Choose a citizen.')));
export const Empty = part(({say}) =>
  message(emptyIcon(), say('Ingen sager. Alle 6 kilder har svaret.', 'No cases. All 6 sources answered.')),
);
export const Forbidden = part(({say}) =>
  message(lockIcon(), say('Du har ikke adgang til sager.', 'You have no access to cases.')),
);
export const Offline = part(({say}) =>
  message(offlineIcon(), say('Der er ingen forbindelse.', 'There is no connection.')),
);
export const WithNextStep = part(({say}) =>
  message(
    warningIcon(),
    say('Ingen kilder svarede.', 'No source answered.'),
    html`<button class="button">${say('Prøv igen', 'Try again')}</button>`,
  ),
);
