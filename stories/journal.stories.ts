import type {Meta} from '@storybook/web-components-vite';
import * as journal from '../tests/browser/scenes/journal.js';
import {anatomyOf} from './blocks/anatomy.js';
import WindowPage from './blocks/window-page.mdx';
import {scenesOf, type WindowArgs} from './scene-story.js';

const scene = scenesOf(journal);

export default {
  title: 'Windows/Journal',
  component: 'bsp-journal',
  parameters: {docs: {page: WindowPage}, states: {busy: 'some-waiting'}},
} satisfies Meta<WindowArgs>;

export const Anatomy = anatomyOf(journal, ['partial', 'compose-empty'], {dialog: 'Question', outcome: 'Outcome'});
export const Ready = scene('ready');
export const ReadOnly = scene('read-only');
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
export const Unsupported = scene('unsupported');
export const Offline = scene('offline');
export const NoSubject = scene('no-subject');
export const Veiled = scene('veiled');
export const Kept = scene('kept');
export const KeptFor = scene('kept-for');
export const CutOff = scene('cut-off');
export const More = scene('more');
export const FilteredAway = scene('filtered-away');
export const BadConfig = scene('bad-config');
export const Compact = scene('compact');
export const DraftWaiting = scene('draft-waiting');
export const ComposeEmpty = scene('compose-empty');
export const ComposeWritten = scene('compose-written');
export const ComposeOwnHeading = scene('compose-own-heading');
export const ComposeDraftFailed = scene('compose-draft-failed');
export const ComposeDraftTooLarge = scene('compose-draft-too-large');
export const ComposeDraftChanged = scene('compose-draft-changed');
export const ComposeDraftGone = scene('compose-draft-gone');
export const ComposeNoDrafts = scene('compose-no-drafts');
export const ComposeFaults = scene('compose-faults');
export const ComposeTooLong = scene('compose-too-long');
export const ComposeSaving = scene('compose-saving');
export const ComposeRefused = scene('compose-refused');
export const ComposeUncertain = scene('compose-uncertain');
export const ComposeClosed = scene('compose-closed');
export const ComposeRenewable = scene('compose-renewable');
export const Closed = scene('closed');
export const ComposeDiscard = scene('compose-discard');
export const ComposeSaved = scene('compose-saved');
export const Addendum = scene('addendum');
export const Question = scene('question');
export const QuestionKeeping = scene('question-keeping');
export const QuestionLost = scene('question-lost');
export const Pinned = scene('pinned');
export const Outcome = scene('outcome');
