import type {Meta} from '@storybook/web-components-vite';
import * as caseList from '../tests/browser/scenes/case-list.js';
import {anatomyOf} from './blocks/anatomy.js';
import WindowPage from './blocks/window-page.mdx';
import {scenesOf, type WindowArgs} from './scene-story.js';

const scene = scenesOf(caseList);

export default {
  title: 'Windows/Case list',
  component: 'bsp-case-list',
  parameters: {docs: {page: WindowPage}, states: {busy: 'some-waiting'}},
} satisfies Meta<WindowArgs>;

export const Anatomy = anatomyOf(caseList, ['partial', 'windowed-few']);
export const Ready = scene('ready');
export const Partial = scene('partial');
export const Stale = scene('stale');
export const Loading = scene('loading');
export const SomeWaiting = scene('some-waiting');
export const Opening = scene('opening');
export const Empty = scene('empty');
export const PartialEmpty = scene('partial-empty');
const error = scene('error');

export {error as Error};
export const Forbidden = scene('forbidden');
export const NeedsPurpose = scene('needs-purpose');
export const GlassOffered = scene('glass-offered');
export const GlassAsked = scene('glass-asked');
export const GlassFault = scene('glass-fault');
export const GlassBroken = scene('glass-broken');
export const PurposeOffered = scene('purpose-offered');
export const PurposeAsked = scene('purpose-asked');
export const PurposeSome = scene('purpose-some');
export const Unsupported = scene('unsupported');
export const Offline = scene('offline');
export const OfflineKept = scene('offline-kept');
export const NoSubject = scene('no-subject');
export const Veiled = scene('veiled');
export const Kept = scene('kept');
export const More = scene('more');
export const BadConfig = scene('bad-config');
export const OnlyClosed = scene('only-closed');
export const Compact = scene('compact');
export const FewColumns = scene('few-columns');
export const Windowed = scene('windowed');
// Where rows stand after scrolling is not the same every time: no pictures.
export const WindowedMiddle = {...scene('windowed-middle'), tags: ['moving']};
export const WindowedEnd = {...scene('windowed-end'), tags: ['moving']};
export const WindowedFew = scene('windowed-few');
export const Sources = scene('sources');
export const SourcesGlass = scene('sources-glass');
