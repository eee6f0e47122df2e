import {notice} from '@bsp/ui';
import type {Meta} from '@storybook/web-components-vite';
import {html} from 'lit';
import {partOf} from './part-story.js';

export default {
  title: 'Parts/Notice',
  parameters: {
    docs: {
      description: {
        component: 'A line between header and body: what is missing or wrong, and at most one way out of it.',
      },
    },
  },
} satisfies Meta;

const part = partOf();

export const Info = part(({say}) => notice('info', say('Du ser kun åbne sager.', 'You see open cases only.')));
export const Warning = part(({say}) =>
  notice(
    'warning',
    html`<strong>KMD Sag</strong> ${say('svarede ikke. Sager derfra mangler.', 'did not answer. Cases from there are missing.')}`,
    html`<button class="button">${say('Prøv igen', 'Try again')}</button>`,
  ),
);
const error = part(({say}) =>
  notice('error', say('Du ser stadig Maude Agerlund, 641284-••••.', 'You still see Maude Agerlund, 641284-••••.')),
);

export {error as Error};
export const SeveralLines = part(({say}) =>
  notice(
    'warning',
    html`<p>${say('KY svarede ikke. Notater derfra mangler.', 'KY did not answer. Notes from there are missing.')}</p>
      <p>${say('2 poster fra SBSYS kan ikke læses og mangler.', '2 records from SBSYS can’t be read and are missing.')}</p>`,
    html`<button class="button">${say('Prøv igen', 'Try again')}</button>`,
  ),
);
