import type {ResourceStore, SourceView} from '@bsp/core';

/** A source and the store that can ask it again. */
export interface AskedSource {
  readonly source: SourceView;
  readonly store: ResourceStore<unknown>;
}

/** Whether asking again may help. */
export const worthRetrying = ({status}: SourceView): boolean =>
  status === 'timeout' || status === 'unavailable' || status === 'invalid';
