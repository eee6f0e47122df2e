/**
 * What every window is made of: one base class, template functions, shared styles.
 *
 * @packageDocumentation
 */
export * from './bsp-window.js';
export * from './config.js';
export * from './controls.styles.js';
export * from './data-table.js';
export * from './dialog.js';
export * from './field-list.js';
export * from './field-list.styles.js';
export * from './free-text.js';
export * from './icons.js';
export * from './language-controller.js';
export * from './late-icons.js';
export * from './late-window.styles.js';
export * from './mark.styles.js';
export * from './message.js';
export * from './notice.js';
export * from './pill.js';
export * from './search-field.js';
export * from './segmented.js';
export * from './skeleton.js';
export * from './table.styles.js';
export * from './timeline.js';
export * from './timeline.styles.js';
export * from './window.styles.js';
