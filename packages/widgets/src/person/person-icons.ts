import type {Person} from '@bsp/contract';
import {icon, warningIcon} from '@bsp/ui';
import type {TemplateResult} from 'lit';

/** An icon for each status that must not be missed; a word stands beside it. */
export const statusIcons: Readonly<Record<Person['status']['kind'], () => TemplateResult>> = {
  active: warningIcon,
  inactive: () => icon('M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8ZM4.4 8h7.2'),
  annulled: () => icon('M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8ZM5.6 5.6l4.8 4.8M10.4 5.6l-4.8 4.8'),
  'changed-number': () => icon('M2 5.4h11M10.4 2.6l2.8 2.8-2.8 2.8M14 10.8H3M5.6 8l-2.8 2.8 2.8 2.8'),
  missing: () => icon('M5.4 5.6a2.7 2.7 0 1 1 4.2 2.3c-1 .7-1.6 1.2-1.6 2.4M8 13v.1'),
  emigrated: () => icon('M9.4 2.4H2.6v11.2h6.8M6.4 8h7.8M11.4 5.2 14.2 8l-2.8 2.8'),
  dead: () => icon('M8 1.8v12.4M4.2 5.4h7.6'),
};

/** For the button that covers a revealed number. */
export const coverIcon = (): TemplateResult =>
  icon(
    'M2.4 2.4l11.2 11.2M6.3 3.8A7 7 0 0 1 8 3.6c4.2 0 6.6 4.4 6.6 4.4a12 12 0 0 1-1.9 2.4M4.1 5A11 11 0 0 0 1.4 8S3.8 12.4 8 12.4a7 7 0 0 0 3.4-.9',
  );
