import {maskCprInText, ProblemError, problemOf} from '@bsp/contract';
import type {JWTPayload} from 'jose';
import * as z from 'zod/mini';
import {accessOf} from '../access/access.js';
import {type OfficeName, officeNames, officesOf} from '../access/offices.js';
import {type Privileges, privilegesOf} from '../access/privileges.js';
import {type Right, rightSchema, rightsOf} from '../access/rights.js';
import type {Identity} from '../identity.js';
import type {Log} from '../log.js';
import type {Rooms} from '../rooms.js';
import type {AuthConfig} from './auth-config.js';
import {type TokenRequest, tokenOf} from './token-of.js';
import {TokenRefused, type TokenVerifier, tokenVerifierOf} from './verifier.js';

/** Who asks, and the rooms of their tenant. */
export interface Asker {
  readonly identity: Identity;
  readonly rooms: Rooms;
}

/** Finds out who asks. */
export interface Authentication {
  /**
   * @throws TokenRefused
   * @throws ProblemError `forbidden` - the token holds, but nothing follows from it.
   */
  askerOf(request: TokenRequest): Promise<Asker>;
}

const shortText = z.string().check(z.trim(), z.minLength(1), z.maxLength(200));

/** Makes the room that knows users from their tokens. The tenant comes from the token and from nothing else. */
export function authenticationOf(
  config: AuthConfig,
  all: readonly Rooms[],
  log: Log,
  verifier: TokenVerifier = tokenVerifierOf(config, log),
): Authentication {
  const {claims} = config;
  const byClaim = new Map(all.map((rooms) => [rooms.config.tenant.claim ?? rooms.config.tenant.id, rooms]));
  const systems = new Map(config.systems.map((system) => [system.id, system]));

  function roomsIn(payload: JWTPayload): Rooms {
    if (claims.tenant === undefined) return all[0]!;
    const named = payload[claims.tenant];
    const rooms = typeof named === 'string' ? byClaim.get(named) : undefined;
    if (rooms) return rooms;
    log.info({reason: 'tenant'}, 'a token was refused');
    throw new TokenRefused('The token is not accepted.');
  }

  function systemIn(payload: JWTPayload) {
    const named = payload[claims.system] ?? (claims.system === 'azp' ? payload.client_id : undefined);
    const system = typeof named === 'string' ? systems.get(named) : undefined;
    if (!system) throw nothingFollows('The calling system has no agreement here.');
    return system;
  }

  function officeIn(payload: JWTPayload): OfficeName {
    const named = payload[claims.office] ?? config.defaultOffice;
    const office = officeNames.find((name) => name === named);
    if (!office) throw nothingFollows('The token names no office that is known here.');
    return office;
  }

  function privilegesIn(payload: JWTPayload, cvr: string | undefined): {rights: Right[]; breakGlass: boolean} {
    const given = payload[claims.rights];
    const listed = config.privileges && payload[claims.privileges];
    const rights = given === undefined ? undefined : z.array(rightSchema).safeParse(given);
    if (rights?.success === false || (listed !== undefined && typeof listed !== 'string'))
      throw nothingFollows('The rights in the token are not written as rights.');
    let list: Privileges = {rights: [], breakGlass: []};
    try {
      if (listed !== undefined) list = privilegesOf(listed, config.privileges!);
    } catch {
      throw nothingFollows('The privilege list in the token can not be read.');
    }
    return {
      rights: [...rightsOf(rights?.data ?? [], cvr), ...list.rights],
      // What is broken is this tenant's glass: another authority's privilege does not reach it.
      breakGlass: payload[claims.breakGlass] === true || (cvr !== undefined && list.breakGlass.includes(cvr)),
    };
  }

  return {
    async askerOf(request) {
      const payload = await verifier.verify(tokenOf(config, request));
      const rooms = roomsIn(payload);
      const user = shortText.safeParse(payload[claims.user]);
      if (!user.success) throw new TokenRefused('The token names no user.');
      const {tenant} = rooms.config;
      // A login that is a number must not stand in tables and lists as one.
      const id =
        maskCprInText(user.data) === user.data
          ? user.data
          : `u-${rooms.storage.secrets.fingerprint('user', [tenant.id, user.data])}`;
      const name = shortText.safeParse(payload[claims.name]);
      const unit = shortText.safeParse(payload[claims.unit]);
      const office = officeIn(payload);
      const system = systemIn(payload);
      const {rights, breakGlass} = privilegesIn(payload, tenant.cvr);
      const bounds = officesOf(rooms.config.offices)[office];
      return {
        rooms,
        identity: {
          tenant,
          user: {id, name: name.success ? name.data : id, ...(unit.success ? {unit: unit.data} : {}), office},
          system: system.name ?? system.id,
          access: accessOf(id, {user: rights, system: rightsOf(system.rights, tenant.cvr)}, bounds, breakGlass),
          ...(typeof payload.sid === 'string' ? {session: payload.sid} : {}),
          expiresAt: new Date((payload.exp! + config.clockToleranceSeconds) * 1_000),
        },
      };
    },
  };
}

const nothingFollows = (title: string) => new ProblemError(problemOf('forbidden', title));
