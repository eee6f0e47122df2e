/**
 * The browser side without pixels: the provider, Sessions and their stores, the backends.
 *
 * @packageDocumentation
 */
export * from './bsp-provider.js';
export * from './contexts.js';
export * from './define-element.js';
export * from './formats.js';
export * from './function-backend.js';
export * from './http-backend.js';
export * from './longest-timer.js';
export * from './session.js';
export * from './session-controller.js';
export * from './strings.js';
export {type ActionSettled, problemFrom, randomKey} from './subject-session.js';
export * from './window-state.js';
