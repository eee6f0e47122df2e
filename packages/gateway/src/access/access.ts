import {createHash} from 'node:crypto';
import {names, type Office} from './offices.js';
import {type Facts, type Level, levels, opens, type Right, type Rights} from './rights.js';

/** What one request may see and do. Every room asks it; none looks at rights itself. */
export interface Access {
  /** There are no bounds: the demo identity, on a machine that nobody else reaches. */
  readonly unbounded: boolean;
  readonly userId: string;
  /** The same for the same rights: what was found out with others does not hold. */
  readonly mark: string;
  reads(resource: string): boolean;
  acts(type: string): boolean;
  readonly mayBreakGlass: boolean;
  /** There is no record whatever that may be seen by rights: the user, or the calling system, has none. */
  readonly rightless: boolean;
  /** Whether a record with these facts may be seen: by the user *and* by the calling system. */
  sees(facts: Facts): boolean;
  /** Whether the calling system may see it: for what the user wrote. */
  systemSees(facts: Facts): boolean;
  /** The same user where the glass is broken: every subject of the owner, up to a sensitivity. */
  broken(owner: string, level: Level): Access;
}

/** Access without bounds. */
export const unboundedAccess = (userId: string): Access => ({
  unbounded: true,
  userId,
  mark: '',
  reads: () => true,
  acts: () => true,
  mayBreakGlass: false,
  rightless: false,
  sees: () => true,
  systemSees: () => true,
  broken: () => unboundedAccess(userId),
});

/** Access by rights, narrowed by the user's office. */
export function accessOf(userId: string, rights: Rights, office: Office, mayBreakGlass: boolean): Access {
  const user = rights.user.map(
    (right): Right => ({...right, sensitivity: lower(right.sensitivity, office.sensitivity)}),
  );
  const systemSees = (facts: Facts) => rights.system.some((right) => opens(right, facts));
  return {
    unbounded: false,
    userId,
    mark: createHash('sha256')
      .update(JSON.stringify([rights, office]))
      .digest('base64url'),
    reads: (resource) => names(office.resources, resource),
    acts: (type) => names(office.actions, type),
    mayBreakGlass: mayBreakGlass && office.breakGlass,
    rightless: rights.user.length === 0 || rights.system.length === 0,
    sees: (facts) => user.some((right) => opens(right, facts)) && systemSees(facts),
    systemSees,
    broken(owner, level) {
      const all: Right[] = [{owner, kle: ['*'], sensitivity: level}];
      return accessOf(userId, {user: all, system: all}, {...office, sensitivity: level}, false);
    },
  };
}

const lower = (left: Level, right: Level): Level => (levels.indexOf(left) < levels.indexOf(right) ? left : right);
