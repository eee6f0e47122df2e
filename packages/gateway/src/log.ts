/** The operational log, as the rooms use it: pino's signatures. Never person data, never bodies. */
export interface Log {
  debug(details: object, message: string): void;
  info(details: object, message: string): void;
  warn(details: object | string, message?: string): void;
  error(details: object, message: string): void;
}

/**
 * Blanks whatever might be a CPR number, also inside words and URLs. For text from elsewhere that has to be logged or
 * told: rather blank too much than too little.
 */
export const scrub = (text: string): string =>
  text.replace(/\d{6}[^\S\n]?[-\u2010-\u2015\u2212]?[^\S\n]?[\dA-Za-z]{4}/g, '••••••••••');

/** What may be logged of an error from elsewhere. */
export function errorDetails(thrown: unknown): {error: string; code?: string; message?: string} {
  if (!(thrown instanceof Error)) return {error: typeof thrown};
  const code = (thrown as {code?: unknown}).code;
  return {
    error: thrown.name,
    ...(typeof code === 'string' ? {code} : {}),
    message: scrub(thrown.message).slice(0, 300),
  };
}
