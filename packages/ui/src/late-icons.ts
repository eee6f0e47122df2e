// Icons of what loads after first rows: a module of their own, so that first rows do not carry them.
import type {TemplateResult} from 'lit';
import {icon} from './icons.js';

export const searchIcon = (): TemplateResult =>
  icon('M7 2.4a4.6 4.6 0 1 0 0 9.2 4.6 4.6 0 0 0 0-9.2ZM10.4 10.4l3.4 3.4');
export const closeIcon = (): TemplateResult => icon('M3.8 3.8l8.4 8.4M12.2 3.8l-8.4 8.4');
export const checkIcon = (): TemplateResult => icon('M3 8.6 6.4 12 13 4.6');
export const eyeIcon = (): TemplateResult =>
  icon(
    'M1.4 8S3.8 3.6 8 3.6 14.6 8 14.6 8 12.2 12.4 8 12.4 1.4 8 1.4 8ZM8 6.1a1.9 1.9 0 1 0 0 3.8 1.9 1.9 0 0 0 0-3.8Z',
  );
export const offlineIcon = (): TemplateResult =>
  icon('M2 2l12 12M1.6 6.4a9 9 0 0 1 3-1.9M7.6 3.8a9 9 0 0 1 6.8 2.6M4 9a5.6 5.6 0 0 1 2.4-1.4M10.6 8.2 12 9M8 12v.1');
