import {danishDay, rfc3339} from '../danish-time.js';

/** `DateTime.MinValue` and `MaxValue` of .NET: how its systems write that there is no date, also in UTC. Others end on the same day. */
const isNever = (iso: string): boolean => /^(?:000[01]-|9999-12-31)/.test(iso);

const pad = (digits: string): string => digits.padStart(2, '0');

/** A local time without parts that may be missing, or undefined. */
function isoText(text: string): string | undefined {
  const iso = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d(?:\.\d+)?)?\s?(Z|[+-]\d\d(?::?\d\d)?)?)?$/i.exec(text);
  if (iso) {
    const [, day, minutes = '00:00', seconds = ':00', zone = ''] = iso;
    const shift = /^[+-]/.test(zone)
      ? `${zone.slice(0, 3)}:${zone.slice(3).replace(':', '') || '00'}`
      : zone.toUpperCase();
    return `${day}T${minutes}${seconds}${shift}`;
  }
  const danish = /^(\d{1,2})[-./](\d{1,2})[-./](\d{4})(?:[T ,]+(\d{1,2})[:.](\d\d)(?:[:.](\d\d))?)?$/.exec(text);
  if (!danish) return undefined;
  const [, day, month, year, hour = '00', minute = '00', second = '00'] = danish;
  return `${year}-${pad(month!)}-${pad(day!)}T${pad(hour)}:${minute}:${second}`;
}

const ofMillis = (millis: number): string | undefined => {
  const moment = new Date(millis);
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
};

/** What may be a moment, however it is written, as ISO 8601 with or without zone. */
function writtenOf(value: unknown): string | undefined {
  if (typeof value === 'number') return Math.abs(value) >= 1e11 ? ofMillis(value) : undefined;
  if (typeof value !== 'string' || value.length > 64) return undefined;
  const text = value.trim();
  const net = /^\/Date\((-?\d{1,15})(?:[+-]\d{4})?\)\/$/.exec(text);
  return net ? ofMillis(Number(net[1])) : isoText(text);
}

/**
 * A moment as source systems write it, as RFC 3339; undefined when it is none. Read are ISO 8601 with or without zone
 * (without: Danish time), days alone, `20-11-2026 09.42` and its like, .NET's `/Date(…)/`, and milliseconds since 1970.
 */
export function momentOf(value: unknown): string | undefined {
  const written = writtenOf(value);
  return written === undefined || isNever(written) ? undefined : rfc3339(written);
}

/** Whether a value says in the source's own way that there is no date. */
export function isNoMoment(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  const written = writtenOf(value);
  return written !== undefined && isNever(written);
}

/** The Danish calendar day of what {@link momentOf} reads. */
export function dayOf(value: unknown): string | undefined {
  const moment = momentOf(value);
  return moment === undefined ? undefined : danishDay(new Date(moment));
}
