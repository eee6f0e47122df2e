import type {BackendClient} from './client.js';
import type {TestPeople} from './people.js';

/** A target whose secret the vendor has. */
export interface TargetSecret {
  /** By which its server says who it is, in HTTP Basic. */
  readonly id: string;
  readonly secret: string;
  /** Id in the target's reference, where that is another. */
  readonly ref?: string;
}

/** What a check has to work with. */
export interface CheckContext {
  readonly client: BackendClient;
  /** The same backend, asked by another user. */
  readonly other?: BackendClient;
  readonly people: TestPeople;
  /** What the backend says that it can do: `read:cases`, `act:note.create`, `live`. */
  readonly capabilities: ReadonlySet<string>;
  /** Ids of sources that are down, as the vendor says. */
  readonly down: readonly string[];
  readonly target?: TargetSecret;
  /** It may write: drafts, and notes that nobody can delete again. */
  readonly mayWrite: boolean;
}

/** One thing that a backend must do. */
export interface Check {
  /** Stable: `contexts.closed-is-closed`. */
  readonly id: string;
  /** What must be so, as a sentence. */
  readonly says: string;
  /** @throws Unmet | NotApplicable */
  readonly run: (context: CheckContext) => Promise<void> | void;
}

/** The backend does not do what it must. The message says what was expected and what was seen, and holds no person data. */
export class Unmet extends Error {}

/** The check has nothing to look at; the message says why. */
export class NotApplicable extends Error {}

/** @throws Unmet unless the condition holds. */
export function expect(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Unmet(message);
}

/** @throws Unmet unless both are the same. */
export function expectSame(seen: unknown, expected: unknown, what: string): void {
  if (seen !== expected) throw new Unmet(`${what}: expected ${String(expected)}, saw ${String(seen)}.`);
}

/** @throws NotApplicable unless the backend can do this. */
export function requireCapability({capabilities}: CheckContext, capability: string): void {
  if (!capabilities.has(capability)) throw new NotApplicable(`The backend does not offer ${capability}.`);
}

/** @throws NotApplicable unless the check may write. */
export function requireWriting({mayWrite}: CheckContext): void {
  if (!mayWrite) throw new NotApplicable('It writes, and --write was not given.');
}
