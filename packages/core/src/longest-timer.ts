/** In milliseconds; an engine that is told to wait for longer does not wait at all. */
export const longestTimerMs = 2 ** 31 - 1;
