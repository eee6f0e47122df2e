import {daySchema} from '@bsp/contract';
import {danishDay, rfc3339} from '../danish-time.js';
import {withoutUndefined} from '../without-undefined.js';
import {textIn, type XmlElement} from '../xml.js';

const momentOf = (written: string): string | undefined =>
  rfc3339(/^\d{4}-\d\d-\d\d$/.test(written) ? `${written}T00:00:00` : written);

const checked = (day: string): string | undefined => (daySchema.safeParse(day).success ? day : undefined);

/** The first day of a period. */
export function firstDay(written: string | undefined): string | undefined {
  const moment = written === undefined ? undefined : momentOf(written);
  return moment === undefined ? undefined : checked(danishDay(new Date(moment)));
}

/** The last day of a period: its end does not belong to it (Vejledning til anvisninger, section 11). */
function lastDay(written: string | undefined): string | undefined {
  const moment = written === undefined ? undefined : momentOf(written);
  return moment === undefined ? undefined : checked(danishDay(new Date(Date.parse(moment) - 1)));
}

/** First and last day of what something holds. */
export interface Period {
  readonly from?: string;
  readonly to?: string;
}

/**
 * The period between two elements of a parent. An end that is not filled in, or `true`, is none (Vejledning til anvisninger, section
 * 11); undefined where one is written otherwise than can be read, for without it the period would run on.
 */
export function periodIn(parent: XmlElement, namespace: string, from: string, to: string): Period | undefined {
  const [begin, end] = [textIn(parent, namespace, from), textIn(parent, namespace, to)];
  const period = withoutUndefined({from: firstDay(begin), to: lastDay(end)});
  const isBegun = begin === undefined || period.from !== undefined;
  const isEnded = end === undefined || end === 'true' || period.to !== undefined;
  return isBegun && isEnded ? period : undefined;
}
