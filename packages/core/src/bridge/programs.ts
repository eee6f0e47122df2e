import type {BridgeMessage, BridgeStatus} from '@bsp/contract';

/** Another end of a bridge, as a page may tell of it. */
export interface BridgedProgram {
  /** What the user knows it by, where it said so. Text of somebody else's making. */
  readonly name: string | undefined;
  /**
   * `silent`: it has not said where it stands since the last change. `not-following`: its host has not asked for changes, so
   * none is expected of it.
   */
  readonly state: BridgeStatus | 'silent' | 'not-following';
}

/** Another end, by the name that it made for itself, and what the user knows it by. */
export interface ProgramEnd {
  readonly from: string;
  readonly name: string | undefined;
}

/** A change of who is open: the greater version is the later one. */
export interface Turn {
  readonly version: number;
  readonly by: string;
}

/** Greater than 0: `one` is the later change; 0: they are the same. Version 0 is no change yet, whoever says it. */
export const compareTurns = (one: Turn, other: Turn): number =>
  one.version - other.version || (one.version === 0 || one.by === other.by ? 0 : one.by > other.by ? 1 : -1);

/** No user has more; what comes beyond is not listened to. */
const mostPrograms = 30;

interface Known {
  readonly name: string | undefined;
  readonly follows: boolean;
  readonly surveyed: boolean;
  readonly turn: Turn;
  readonly status: BridgeStatus;
}

/** The other ends, and where each said that it stands. */
export class Programs {
  readonly #known = new Map<string, Known>();

  get size(): number {
    return this.#known.size;
  }

  hello({from, name, follows, surveyed = false}: Extract<BridgeMessage, {kind: 'hello'}>): void {
    const {turn = {version: 0, by: ''}, status = 'asking'} = this.#known.get(from) ?? {};
    this.#put(from, {name, follows, surveyed, turn, status});
  }

  status(said: Extract<BridgeMessage, {kind: 'status'}>): void {
    const {from, name, follows, surveyed = false, version, by, status} = said;
    const turn = {version, by};
    const before = this.#known.get(from);
    // What is said of an earlier change comes late.
    if (!before || compareTurns(turn, before.turn) >= 0) this.#put(from, {name, follows, surveyed, turn, status});
  }

  /** Those that show the person of this change, and want to be asked before the next. */
  surveyedAt(turn: Turn): readonly ProgramEnd[] {
    return [...this.#known].flatMap(([from, {name, surveyed, status, turn: said}]) =>
      surveyed && status === 'in-step' && compareTurns(said, turn) === 0 ? [{from, name}] : [],
    );
  }

  knows(from: string): boolean {
    return this.#known.has(from);
  }

  /** What the user knows an end by; empty where it has not said. */
  nameOf(from: string): string {
    return this.#known.get(from)?.name ?? '';
  }

  drop(from: string): void {
    this.#known.delete(from);
  }

  clear(): void {
    this.#known.clear();
  }

  /** Where they stand with a change. @param late - they had time to say. */
  at(turn: Turn, late: boolean): readonly BridgedProgram[] {
    return [...this.#known.values()].map(({name, follows, turn: said, status}) => {
      const order = compareTurns(said, turn);
      if (order === 0) {
        if (!follows && status !== 'in-step') return {name, state: 'not-following'};
        return {name, state: status === 'asking' && late ? 'silent' : status};
      }
      // Whose change is later than what this page has heard of may show anybody, whether or not it follows.
      return {name, state: follows || order > 0 ? (late ? 'silent' : 'asking') : 'not-following'};
    });
  }

  #put(from: string, known: Known): void {
    if (this.#known.has(from) || this.#known.size < mostPrograms) this.#known.set(from, known);
  }
}
