/**
 * The reference backend: contexts, fan-out, lookup log, live, journal and storage.
 *
 * @packageDocumentation
 */
export {
  type ConfigEnvironment,
  type GatewayConfig,
  loadConfig,
  type SourceConfig,
  type StorageConfig,
} from './config.js';
export {ConfigError, type ConfigFault} from './config-error.js';
export {createGateway, type Gateway} from './gateway.js';
export {FolderInUseError} from './storage/folder-lock.js';
