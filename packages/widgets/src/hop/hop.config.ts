import {type ConfigField, type ConfigShape, wholeNumber} from '@bsp/ui';

/** Config of `<bsp-hop>`. */
export interface HopConfig {
  /** Ids of the targets to offer, in this order; empty for all that there are. */
  targets: readonly string[];
  /** From how many targets on they stand in a menu. */
  menuFrom: number;
}

const ids: ConfigField<readonly string[]> = {
  fallback: [],
  expected: 'a list of ids of targets',
  accepts: (value) => Array.isArray(value) && value.every((id) => typeof id === 'string'),
};

/** See {@link HopConfig}. */
export const hopConfig: ConfigShape<HopConfig> = {
  targets: ids,
  menuFrom: wholeNumber(1, 100, 4),
};
