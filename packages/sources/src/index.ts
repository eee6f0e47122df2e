/**
 * The connector contract. Each source-system interface is an entry point of its own, e.g. `@bsp/sources/cpr-direkte`.
 *
 * @packageDocumentation
 */
export * from './connector.js';
