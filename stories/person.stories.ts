import type {Meta} from '@storybook/web-components-vite';
import * as person from '../tests/browser/scenes/person.js';
import {anatomyOf} from './blocks/anatomy.js';
import WindowPage from './blocks/window-page.mdx';
import {scenesOf, type WindowArgs} from './scene-story.js';

const scene = scenesOf(person);

export default {
  title: 'Windows/Person',
  component: 'bsp-person',
  parameters: {docs: {page: WindowPage}, states: {ready: 'protected', empty: 'unknown', busy: 'some-waiting'}},
} satisfies Meta<WindowArgs>;

export const Anatomy = anatomyOf(person, ['stale', 'dead']);
export const Protected = scene('protected');
export const Ordinary = scene('ordinary');
export const Child = scene('child');
export const Dead = scene('dead');
export const Emigrated = scene('emigrated');
export const Missing = scene('missing');
export const ChangedNumber = scene('changed-number');
export const Annulled = scene('annulled');
export const Inactive = scene('inactive');
export const Hostile = scene('hostile');
export const NumberRevealed = scene('number-revealed');
export const AddressRevealed = scene('address-revealed');
export const RevealFailed = scene('reveal-failed');
export const NoReveal = scene('no-reveal');
export const Full = scene('full');
export const FullEverything = scene('full-everything');
export const FullOrdinary = scene('full-ordinary');
export const FullChild = scene('full-child');
export const FullDead = scene('full-dead');
export const FullHostile = scene('full-hostile');
export const Disagreement = scene('disagreement');
export const AnotherName = scene('another-name');
export const Partial = scene('partial');
export const Stale = scene('stale');
export const Loading = scene('loading');
export const LoadingFull = scene('loading-full');
export const SomeWaiting = scene('some-waiting');
export const Opening = scene('opening');
export const Unknown = scene('unknown');
export const PartialEmpty = scene('partial-empty');
const error = scene('error');

export {error as Error};
export const Forbidden = scene('forbidden');
export const NeedsPurpose = scene('needs-purpose');
export const Unsupported = scene('unsupported');
export const Offline = scene('offline');
export const OfflineKept = scene('offline-kept');
export const NoSubject = scene('no-subject');
export const Veiled = scene('veiled');
export const Kept = scene('kept');
export const BadConfig = scene('bad-config');
export const Compact = scene('compact');
