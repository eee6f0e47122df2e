import {maskCprInText} from '@bsp/contract';

/** Days from which to which something holds. */
export interface Period {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Whether it holds on a day; it does on its first and its last too. */
export const holds = ({from, to}: Period, day: string): boolean => (!from || from <= day) && (!to || to >= day);

/** A source's text on one line, CPR numbers masked. */
export const oneLine = (text: string): string => maskCprInText(text).replace(/\s+/g, ' ').trim();
