import {type ConfigField, type ConfigShape, flag, wholeNumber} from '@bsp/ui';

/** Config of `<bsp-journal>`. */
export interface JournalConfig {
  /** Standard headings of a new note, in order, of at most 200 characters; empty: the kit's own. */
  headings: readonly string[];
  /** A heading may also be written freely. */
  freeHeading: boolean;
  /** Id of the source whose notes are shown at first; empty: all. */
  source: string;
  /** Notes before "show more". */
  pageSize: number;
}

const headingList: ConfigField<readonly string[]> = {
  fallback: [],
  expected: 'a list of texts',
  accepts: (value) => Array.isArray(value) && value.every((one) => typeof one === 'string'),
};

/** See {@link JournalConfig}. */
export const journalConfig: ConfigShape<JournalConfig> = {
  headings: headingList,
  freeHeading: flag(true),
  source: {fallback: '', expected: 'the id of a source', accepts: (value) => typeof value === 'string'},
  pageSize: wholeNumber(1, 2000, 200),
};
