import {fieldList, fieldListStyles, pill} from '@bsp/ui';
import type {Meta} from '@storybook/web-components-vite';
import {partOf} from './part-story.js';

export default {
  title: 'Parts/Field list',
  parameters: {
    docs: {description: {component: 'Labels and values as a definition list; what has no value is left out.'}},
  },
} satisfies Meta;

const part = partOf(fieldListStyles);

export const Ordinary = part(({say}) =>
  fieldList([
    {label: say('Adresse', 'Address'), value: 'Jernbanealléen 9, 4978 Korsbæk'},
    {label: say('Kommune', 'Municipality'), value: 'Korsbæk'},
    {label: say('Civilstand', 'Civil status'), value: say('Gift', 'Married')},
    {label: say('Status', 'Status'), value: pill('error', say('Død', 'Dead'))},
  ]),
);
export const LongValues = part(({say}) =>
  fieldList([
    {
      label: say('Adresse', 'Address'),
      value: 'Speciallægepraksisplanlægningsstabiliseringsperiodensvej 1000, st. th, 4978 Korsbæk og omegn',
    },
    {label: say('Kommune', 'Municipality'), value: undefined},
    {
      label: say('Bemærkning', 'Remark'),
      value: say('Uden kommune: den er ikke oplyst.', 'Without a municipality: none is given.'),
    },
  ]),
);
