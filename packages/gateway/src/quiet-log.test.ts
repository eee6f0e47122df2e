import type {Log} from './log.js';

/** A log that nobody reads. */
export const quiet: Log = {debug() {}, info() {}, warn() {}, error() {}};
