import {sql} from 'kysely';
import type {Storage} from '../storage/database.js';
import {migrations} from '../storage/migrations.js';

/** What an orchestrator asks: neither tells more than which part is wrong. */
export interface Health {
  /** Whether requests should come here, and what speaks against it. */
  ready(): Promise<Readiness>;
  /** From now on they should go elsewhere. */
  drain(): void;
}

/** The parts, each in a word. */
export interface Readiness {
  readonly ready: boolean;
  readonly gateway: 'serving' | 'draining';
  /** A code, e.g. `ECONNREFUSED` or `57P03`, where the database told one. */
  readonly database: string;
  readonly migrations: 'applied' | 'due' | 'newer' | 'unknown';
}

const patienceMs = 2_000;
/** How long a look at the database holds: whoever asks often must not cost it anything. */
const holdsMs = 1_000;

/** Looks after whether a gateway can serve. */
export function healthOf({database}: Storage): Health {
  let gateway: Readiness['gateway'] = 'serving';
  let looked = Number.NEGATIVE_INFINITY;
  let found: Promise<Pick<Readiness, 'database' | 'migrations'>> | undefined;

  async function look(): Promise<Pick<Readiness, 'database' | 'migrations'>> {
    let timer: NodeJS.Timeout | undefined;
    try {
      const asked = sql<{name: string}>`select name from kysely_migration`.execute(database);
      const {rows} = await Promise.race([
        asked,
        new Promise<never>((_, reject) => {
          timer = setTimeout(() => reject(new Error('too late')), patienceMs);
        }),
      ]);
      const applied = rows.map(({name}) => name);
      const due = Object.keys(migrations).some((name) => !applied.includes(name));
      const newer = applied.some((name) => !(name in migrations));
      return {database: 'answers', migrations: due ? 'due' : newer ? 'newer' : 'applied'};
    } catch (thrown) {
      const {code} = thrown as {code?: unknown};
      const told = typeof code === 'string' && /^[A-Z0-9_]{3,30}$/.test(code) ? code : 'does not answer';
      return {database: told, migrations: 'unknown'};
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    async ready() {
      if (!found || performance.now() - looked > holdsMs) {
        looked = performance.now();
        found = look();
      }
      const parts = await found;
      // A newer version may have migrated first: its tables serve this one too.
      const isMigrated = parts.migrations === 'applied' || parts.migrations === 'newer';
      return {ready: gateway === 'serving' && parts.database === 'answers' && isMigrated, gateway, ...parts};
    },
    drain() {
      gateway = 'draining';
    },
  };
}
