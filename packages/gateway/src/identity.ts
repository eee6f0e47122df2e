import type {Me} from '@bsp/contract';
import {type Access, unboundedAccess} from './access/access.js';
import type {GatewayConfig} from './config.js';

/** Who asks, and on behalf of which tenant. Every room takes it as an argument; none keeps one. */
export interface Identity {
  readonly tenant: {readonly id: string; readonly name: string};
  readonly user: Me['user'];
  /** The system that calls on the user's behalf, where it is known. */
  readonly system?: string;
  readonly access: Access;
  /** The log-in, where it is known: another after each. */
  readonly session?: string;
  /** When the token that says so ends. */
  readonly expiresAt?: Date;
}

/** The only identity there is without authentication. */
export const demoIdentity = (config: GatewayConfig): Identity => ({
  tenant: config.tenant,
  user: config.demoUser,
  access: unboundedAccess(config.demoUser.id),
});
