import {type PillKind, pill} from '@bsp/ui';
import type {Meta} from '@storybook/web-components-vite';
import {html} from 'lit';
import {partOf} from './part-story.js';

export default {
  title: 'Parts/Pill',
  parameters: {
    docs: {description: {component: 'A short status. The colour never says it alone: the words say the same.'}},
  },
} satisfies Meta;

const part = partOf();
const only = (kind: PillKind, danish: string, english: string) =>
  part(({say}) => html`<p class="tools">${pill(kind, say(danish, english))}</p>`);

export const Neutral = only('neutral', 'Bestilt', 'Ordered');
export const Accent = only('accent', 'Oplyst', 'Informed');
export const Ok = only('ok', 'Afgjort', 'Decided');
export const Warning = only('warning', 'Ingen ansvarlig', 'Nobody responsible');
const error = only('error', 'Afvist af fagsystemet', 'Refused by the system');

export {error as Error};
export const Unknown = only('unknown', 'Ukendt fase', 'Unknown phase');
export const LongText = only(
  'warning',
  'Afventer partshøring, som borgeren har fået udsat to gange og derfor først svarer på i det nye år',
  'Waits for a hearing that the citizen has had put off twice and will therefore answer only in the new year',
);
