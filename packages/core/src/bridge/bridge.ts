/**
 * Bridges: pages of one user that show the same person, over tabs, frames and programs. Nothing of this is loaded or
 * happens until a host asks for it.
 *
 * @packageDocumentation
 */
import {type BridgeMessage, type BridgeStatus, bridgeMessageOf, greatestBridgeVersion} from '@bsp/contract';
import type {BspProvider, SubjectSurveyAnswer, SwitchOutcome} from '../bsp-provider.js';
import {providersChanged} from '../contexts.js';
import {httpBackend} from '../http-backend.js';
import type {Session, SessionBridge} from '../session.js';
import {randomKey, SubjectSession} from '../subject-session.js';
import {type BridgeQuestion, BridgeSurvey, type Said} from './bridge-survey.js';
import {LocalChanges} from './local-changes.js';
import {type BridgedProgram, compareTurns, Programs, type Turn} from './programs.js';
import type {BridgeTransport} from './transport.js';

export type {BridgeQuestion} from './bridge-survey.js';
export type {BridgedProgram} from './programs.js';
export type {BridgeLink, BridgeTransport} from './transport.js';

/** Options of {@link connectBridge}. */
export interface BridgeOptions {
  /** What the user knows this program by: others say it where this one does not follow. */
  readonly name?: string;
  /**
   * The host's consent: without it the page tells others of its changes and follows none. Called before each; `false` keeps
   * the person. The survey of this page's own windows comes after it.
   */
  readonly follow?: (change: {readonly to: 'person' | 'nobody'}) => boolean | undefined;
  /**
   * Asked before another program of the user leaves the person whom this one shows too: a reason to stay is shown there, and
   * the change does not happen. It may take its time and ask the user; without an answer the change goes on after the other
   * page's `surveyTimeout`. Not asked through a hub: FHIRcast has no such question.
   */
  readonly survey?: (question: BridgeQuestion) => SubjectSurveyAnswer | Promise<SubjectSurveyAnswer>;
  /** How many milliseconds the others have to follow before they are told of as out of step. */
  readonly patience?: number;
}

/**
 * Where a bridge stands. `unreachable`: nobody knows what the others show · `alone`: there is nobody, or only programs that do
 * not follow: nothing is claimed of whom they show · `in-step`: those that follow show the same · `asking`: a change is on its
 * way · `apart`: a program, or this one, shows somebody else, or may · `closed`.
 */
export type BridgeState = 'unreachable' | 'alone' | 'in-step' | 'asking' | 'apart' | 'closed';

/** Detail of `bsp-bridge-change`, fired on the provider. */
export interface BridgeChangeDetail {
  readonly bridge: Bridge;
  readonly state: BridgeState;
  /** Where this page stands itself. */
  readonly own: BridgeStatus;
  readonly programs: readonly BridgedProgram[];
  /** The user has logged out in another program: the host should do so here. */
  readonly loggedOut: boolean;
}

declare global {
  interface HTMLElementEventMap {
    'bsp-bridge-change': CustomEvent<BridgeChangeDetail>;
  }
}

/**
 * Joins a provider to the user's other pages. The bridge ends when the provider leaves the page or gets another backend, at
 * a refused log-in, and by {@link Bridge.close}.
 *
 * ```ts
 * const bridge = connectBridge(provider, tabs(), {name: 'Jobcenteret', follow: () => true});
 * ```
 */
export function connectBridge(provider: BspProvider, transport: BridgeTransport, options: BridgeOptions = {}): Bridge {
  return new Bridge(provider, transport, options);
}

/** Where programs stand that show somebody else, or may. */
const partings: ReadonlySet<BridgedProgram['state']> = new Set(['kept', 'failed', 'apart', 'silent']);

/** How to follow is the same each time. */
const isSame = (one: SessionBridge, other: SessionBridge | undefined): boolean =>
  JSON.stringify(one) === JSON.stringify(other) && !one.follow === !other?.follow;

interface KnownTurn extends Turn {
  readonly id?: string | undefined;
}

/** One end of a bridge: see {@link connectBridge}. */
export class Bridge {
  readonly #provider: BspProvider;
  readonly #transport: BridgeTransport;
  readonly #options: BridgeOptions;
  readonly #backend: BspProvider['backend'];
  readonly #from = randomKey();
  readonly #programs = new Programs();
  readonly #changes: LocalChanges;
  readonly #survey: BridgeSurvey;
  readonly #ended = new AbortController();
  /** Of the line: there is another after the page was put away and came back. */
  #line = new AbortController();
  #send: (message: BridgeMessage) => void = () => undefined;
  #reachable = false;
  /** The last change that this end knows of. */
  #turn: KnownTurn = {version: 0, by: this.#from};
  /** The last version that it made itself, also before its page was put away: what it says then is never said twice. */
  #made = 0;
  #own: BridgeStatus = 'in-step';
  /** What it is on its way to. */
  #following: Turn | undefined;
  /** No other end was heard yet. What the page has `changed` meanwhile is later than what it is about to hear. */
  #unheard: 'unchanged' | 'changed' | undefined = 'unchanged';
  /** The others had time to follow. */
  #late = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #told = '';
  #loggedOut = false;
  /** Who was brought here last, and by which program. */
  #brought: {readonly session: Session; readonly program: string} | undefined;
  /** What the windows are told. */
  #standing: SessionBridge | undefined;

  constructor(provider: BspProvider, transport: BridgeTransport, options: BridgeOptions) {
    this.#provider = provider;
    this.#transport = transport;
    this.#options = options;
    this.#backend = provider.backend;
    const {signal} = this.#ended;
    this.#survey = new BridgeSurvey((said) => this.#say(said), options.survey);
    this.#changes = new LocalChanges(provider, {
      signal,
      onSurvey: (detail) =>
        this.#survey.ask(detail, this.#programs.surveyedAt(this.#turn), this.#provider.surveyTimeout),
      onLocal: () => this.#local(),
      onEnd: () => this.#endOrHangUp(),
    });
    // Told also where the provider showed nobody any more.
    document.addEventListener(providersChanged, () => this.#fits() || this.close(), {signal});
    addEventListener('pagehide', () => this.#hangUp(), {signal});
    addEventListener('pageshow', ({persisted}) => persisted && this.#connect(), {signal});
    this.#connect();
  }

  get state(): BridgeState {
    if (this.#ended.signal.aborted) return 'closed';
    if (!this.#reachable) return 'unreachable';
    if (this.#own === 'asking') return 'asking';
    if (this.#own !== 'in-step') return 'apart';
    const states = new Set(this.programs.map(({state}) => state));
    if ([...states].some((state) => partings.has(state))) return 'apart';
    if (states.has('asking')) return 'asking';
    return states.has('in-step') ? 'in-step' : 'alone';
  }

  /** Where this page stands itself. */
  get own(): BridgeStatus {
    return this.#own;
  }

  get programs(): readonly BridgedProgram[] {
    return this.#programs.at(this.#turn, this.#late);
  }

  /** Follows the others after all, e.g. once the user has saved. */
  follow(): void {
    if (this.#own !== 'in-step' && this.#fits()) this.#follow();
  }

  /** Has the others follow this page. Where they can't be told whom it shows, nothing happens. */
  lead(): void {
    const {session} = this.#provider;
    if (this.#fits() && (!session || session.handle !== undefined)) this.#publish(session?.handle);
  }

  /** Ends the bridge here, and tells the other ends that the user has logged out. */
  logout(): void {
    this.#say({kind: 'logout'});
    this.close();
  }

  /** Ends the bridge here. The others go on. */
  close(): void {
    if (this.#ended.signal.aborted) return;
    this.#hangUp();
    clearTimeout(this.#timer);
    this.#ended.abort();
    this.#tell();
  }

  #connect(): void {
    const line = new AbortController();
    this.#line = line;
    const backend = typeof this.#backend === 'string' ? httpBackend(this.#backend) : this.#backend;
    if (!backend) {
      this.close();
      return;
    }
    const whileUp = (call: () => void): void => {
      if (line.signal.aborted) return;
      if (this.#fits()) call();
      else this.close();
    };
    this.#send = this.#transport.connect({
      from: this.#from,
      name: this.#options.name,
      backend,
      signal: line.signal,
      heard: (raw) => whileUp(() => this.#heard(raw)),
      // Some know at once, before they can send.
      reached: (reachable) => queueMicrotask(() => whileUp(() => this.#reached(reachable))),
    });
  }

  /** The provider is where the bridge was made for it: in a page, with the same user behind the same backend. */
  #fits(): boolean {
    return this.#provider.isConnected && this.#provider.backend === this.#backend;
  }

  #reached(reachable: boolean): void {
    this.#reachable = reachable;
    if (!reachable) this.#programs.clear();
    else {
      this.#say({kind: 'hello', ...this.#manners()});
      if (this.#turn.version > 0) this.#introduce();
      else this.#sayStatus();
    }
    this.#tell();
  }

  #hangUp(): void {
    this.#say({kind: 'bye'});
    this.#line.abort();
    this.#survey.end();
    this.#reachable = false;
    this.#programs.clear();
    this.#tell();
  }

  /** Leaving closes nobody's person elsewhere. A page that is put away may come back; any other end is one for good. */
  #endOrHangUp(): void {
    if (!this.#fits()) {
      this.close();
      return;
    }
    this.#hangUp();
    // It comes back as one who knows of nobody: whom it showed before is nothing to tell the others of.
    this.#turn = {version: 0, by: this.#from};
    this.#own = 'in-step';
    this.#following = undefined;
    this.#unheard = 'unchanged';
  }

  #heard(raw: unknown): void {
    const message = bridgeMessageOf(raw);
    if (!message || message.from === this.#from) return;
    switch (message.kind) {
      case 'hello':
        this.#programs.hello(message);
        this.#unheard = undefined;
        this.#introduce();
        break;
      case 'open':
      case 'close':
        this.#change(message);
        break;
      case 'status':
        this.#programs.status(message);
        // It knows of nothing that is later.
        if (compareTurns(message, this.#turn) > 0) break;
        this.#unheard = undefined;
        // Where nobody knows of anybody, the person shown here is the first.
        if (this.#turn.version === 0 && this.#provider.session?.handle !== undefined) this.#introduce();
        break;
      case 'survey':
        // Who shows somebody else, or nobody, has no say.
        if (this.#programs.knows(message.from))
          void this.#survey.answer(message, {
            concerned: this.#own === 'in-step' && this.#provider.session !== undefined,
            program: this.#programs.nameOf(message.from),
          });
        break;
      case 'survey-answer':
        this.#survey.answered(message);
        break;
      case 'survey-over':
        this.#survey.over(message);
        break;
      case 'bye':
        this.#programs.drop(message.from);
        this.#survey.drop(message.from);
        break;
      case 'logout':
        this.#loggedOut = true;
        this.close();
    }
    this.#tell();
  }

  #change(message: Extract<BridgeMessage, {kind: 'open' | 'close'}>): void {
    const turn = {version: message.version, by: message.by, id: message.kind === 'open' ? message.id : undefined};
    const own = this.#unheard === 'changed';
    this.#unheard = undefined;
    const order = compareTurns(turn, this.#turn);
    if (own && order !== 0) {
      this.#make(this.#turn.id, turn.version);
      this.#introduce();
    } else if (order > 0) {
      this.#take(turn);
      this.#follow();
    } else if (order < 0) this.#introduce();
  }

  /** The page shows somebody else by its own doing. */
  #local(): void {
    if (!this.#fits()) this.close();
    if (this.#line.signal.aborted) return;
    const {session} = this.#provider;
    if (!session || session.handle !== undefined) this.#publish(session?.handle);
    else this.#stand(session.state === 'failed' ? 'failed' : 'apart');
  }

  #publish(id: string | undefined): void {
    if (this.#unheard) this.#unheard = 'changed';
    if (this.#turn.version === 0 || this.#turn.id !== id) this.#make(id);
    this.#own = 'in-step';
    this.#introduce();
    this.#tell();
  }

  /**
   * A change of this end's own, later than what it knows of. Where a program has lied of the last change that there can be, none can
   * be said after it, and nobody would follow.
   */
  #make(id: string | undefined, than = 0): void {
    this.#made = Math.max(this.#made, this.#turn.version, than) + 1;
    if (this.#made > greatestBridgeVersion) this.close();
    else this.#take({version: this.#made, by: this.#from, id});
  }

  #take(turn: KnownTurn): void {
    this.#turn = turn;
    this.#survey.settle();
    this.#late = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#late = true;
      this.#tell();
    }, this.#options.patience ?? 10_000);
  }

  #follow(): void {
    const turn = this.#turn;
    // A switch that is on its way to somebody else is overtaken by one more.
    if (!this.#following && this.#shows(turn.id)) this.#stand('in-step');
    else if (!this.#options.follow) this.#stand('apart');
    else if (!this.#agreed(turn.id)) this.#stand('kept');
    else {
      this.#stand('asking');
      this.#following = turn;
      void this.#changes.follow(turn.id).then((outcome) => {
        if (this.#following === turn) this.#following = undefined;
        if (this.#turn === turn && !this.#ended.signal.aborted) this.#followed(turn.id, outcome);
      });
    }
  }

  #agreed(id: string | undefined): boolean {
    try {
      return this.#options.follow?.({to: id === undefined ? 'nobody' : 'person'}) !== false;
    } catch (thrown) {
      reportError(thrown);
      return false;
    }
  }

  #followed(id: string | undefined, {outcome, problem}: SwitchOutcome): void {
    if (outcome === 'committed' && !this.#shows(id)) {
      // The backend took the handle for somebody else's: nobody is better than that.
      void this.#changes.follow(undefined);
      this.#stand('failed');
    } else if (outcome === 'committed') {
      const {session} = this.#provider;
      this.#brought = session && {session, program: this.#programs.nameOf(this.#turn.by)};
      this.#stand('in-step');
    } else if (outcome === 'superseded') this.#stand('apart');
    else this.#stand(outcome);
    if (problem?.code !== 'unauthorized') return;
    this.#loggedOut = true;
    this.close();
  }

  #shows(id: string | undefined): boolean {
    const {session} = this.#provider;
    return id === undefined ? !session : session?.handle === id;
  }

  #stand(status: BridgeStatus): void {
    this.#own = status;
    this.#sayStatus();
    this.#tell();
  }

  /** Says what this end knows of, and where it stands with it. Who knows of nothing yet begins with the person shown. */
  #introduce(): void {
    const id = this.#turn.version > 0 ? this.#turn.id : this.#provider.session?.handle;
    if (this.#turn.version === 0 && id !== undefined) this.#make(id);
    const {version, by} = this.#turn;
    if (version > 0) this.#say(id === undefined ? {kind: 'close', version, by} : {kind: 'open', version, by, id});
    this.#sayStatus();
  }

  #sayStatus(): void {
    const {version, by} = this.#turn;
    this.#say({kind: 'status', version, by, status: this.#own, ...this.#manners()});
  }

  /** What the others are to know of this program. */
  #manners(): {follows: boolean; surveyed?: true; name?: string} {
    const {name, follow, survey} = this.#options;
    return {follows: !!follow, ...(survey ? {surveyed: true} : {}), ...(name === undefined ? {} : {name})};
  }

  /** What could not be read on the other side, a number in a name above all, is not said at all. */
  #say(said: Said): void {
    const message = bridgeMessageOf({bridge: 1, from: this.#from, ...said});
    if (message && !this.#line.signal.aborted) this.#send(message);
  }

  /** The windows say it, each to its own person. */
  #tellWindows(): void {
    const {session} = this.#provider;
    if (!(session instanceof SubjectSession)) return;
    const programs = this.#own === 'in-step' ? this.programs : [];
    const standing: SessionBridge = {
      broughtBy: this.#brought?.session === session ? this.#brought.program : undefined,
      apart: programs.flatMap(({name, state}) => (partings.has(state) ? (name ?? '') : [])),
      follow: this.state === 'apart' && this.#own !== 'in-step' ? () => this.follow() : undefined,
    };
    const others = session.bridges.filter((one) => one !== this.#standing);
    const isNew = others.length === session.bridges.length;
    const saysNothing = standing.broughtBy === undefined && !standing.follow && standing.apart.length === 0;
    if (isNew ? saysNothing : isSame(standing, this.#standing)) return;
    this.#standing = standing;
    session.set({bridges: [...others, standing]});
  }

  #tell(): void {
    this.#tellWindows();
    const {state, own, programs} = this;
    const detail: BridgeChangeDetail = {bridge: this, state, own, programs, loggedOut: this.#loggedOut};
    const told = JSON.stringify([state, own, programs]);
    if (told === this.#told) return;
    this.#told = told;
    this.#provider.dispatchEvent(new CustomEvent('bsp-bridge-change', {detail, bubbles: true, composed: true}));
  }
}
