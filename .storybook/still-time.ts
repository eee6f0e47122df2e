/**
 * In stories it is always the same morning, so that a picture of one can be compared with yesterday's. Imported before
 * anything that looks at the clock.
 */
const morning = Date.parse('2026-11-20T09:42:00Z');

globalThis.Date = new Proxy(Date, {
  construct: (date, given, newTarget) => Reflect.construct(date, given.length > 0 ? given : [morning], newTarget),
  apply: () => new Date(morning).toString(),
  get: (date, key) => (key === 'now' ? () => morning : Reflect.get(date, key)),
});

const longMs = 1000;
const {setTimeout: realSetTimeout} = globalThis;
let stands = false;

/** While time stands, nothing happens that takes a second or more: no draft is saved, no number is covered again. */
export function letTimeStand(still: boolean): void {
  stands = still;
}

globalThis.setTimeout = ((run: () => void, milliseconds = 0, ...given: []) =>
  stands && milliseconds >= longMs
    ? realSetTimeout(() => undefined)
    : realSetTimeout(run, milliseconds, ...given)) as typeof setTimeout;
