/**
 * The browser side without pixels.
 *
 * @packageDocumentation
 */
export * from './formats.js';
export * from './session.js';
export * from './strings.js';
export * from './window-state.js';
