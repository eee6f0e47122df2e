/**
 * A line of CSV after RFC 4180, separated by semicolons as Danish Excel and KOMBIT's report expect. A cell that a spreadsheet
 * would take for a formula gets an apostrophe in front.
 */
export const csvLine = (cells: readonly string[]): string => `${cells.map(csvCell).join(';')}\r\n`;

/** Excel takes a file for UTF-8 by this mark. */
export const byteOrderMark = '\uFEFF';

function csvCell(text: string): string {
  const harmless = /^[\s\u00a0]*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r]/.test(text) ? `'${text}` : text;
  return /[";\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
