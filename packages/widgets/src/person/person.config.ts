import {type ConfigShape, oneOf, wholeNumber} from '@bsp/ui';

/** How much is shown: who it is in a few lines, or all that is known. */
export type PersonForm = 'banner' | 'full';

/** Config of `<bsp-person>`. */
export interface PersonConfig {
  /** A few lines, or all that is known. */
  form: PersonForm;
  /** Seconds until a revealed number or address is covered again. */
  revealSeconds: number;
}

/** See {@link PersonConfig}. */
export const personConfig: ConfigShape<PersonConfig> = {
  form: oneOf(['banner', 'full'], 'banner'),
  revealSeconds: wholeNumber(5, 300, 30),
};
