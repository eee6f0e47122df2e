import {daySchema} from '@bsp/contract';
import {danishDay, rfc3339} from '../danish-time.js';

const momentOf = (written: string): string | undefined =>
  rfc3339(/^\d{4}-\d\d-\d\d$/.test(written) ? `${written}T00:00:00` : written);

const checked = (day: string): string | undefined => (daySchema.safeParse(day).success ? day : undefined);

/** The first day of a period. */
export function firstDay(written: string | undefined): string | undefined {
  const moment = written === undefined ? undefined : momentOf(written);
  return moment === undefined ? undefined : checked(danishDay(new Date(moment)));
}

/** The last day of a period: its end does not belong to it (Vejledning til anvisninger, section 11). */
export function lastDay(written: string | undefined): string | undefined {
  const moment = written === undefined ? undefined : momentOf(written);
  return moment === undefined ? undefined : checked(danishDay(new Date(Date.parse(moment) - 1)));
}
