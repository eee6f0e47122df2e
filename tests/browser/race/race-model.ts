/** What a page of the race consists of, and what the script remembers of it. */
import {casesResource, draftsResource, eventsResource, journalResource, personResource} from '@bsp/contract';
import type {BspProvider, Session, SessionController} from '@bsp/core';
import type {Bridge} from '@bsp/core/bridge';
import type {Person} from './people.js';
import type {wireKinds} from './race-bridges.js';

export const resources = {
  person: personResource,
  cases: casesResource,
  journal: journalResource,
  events: eventsResource,
  drafts: draftsResource,
};
export type ResourceName = keyof typeof resources;
export const resourceNames = Object.keys(resources) as ResourceName[];

/** What the script knows of a provider, from what it did alone. */
export interface ProviderModel {
  readonly element: BspProvider;
  /** Whose data may be on screen. */
  current: Person | undefined;
  /** The last call was about an invalid number. */
  invalid: boolean;
  /** A switch that windows are being asked about. */
  pending:
    | {
        person: Person | undefined;
        invalid: boolean;
        before: Session | undefined;
        /** Another program alone was asked, and has answered that the person stays. */
        mustStay?: boolean;
      }
    | undefined;
  /** The Session after the last step, to see a commit. */
  seen: Session | undefined;
  /** What a program of the host says to the next survey. */
  says: ProgramSaying;
  /** It has just objected, or not answered at once. */
  objected: boolean;
  /** What it has just asked another program, and has not heard an answer to. */
  question: string | undefined;
  /** The screen is shared: nobody may be told by its windows until this is called. */
  show: (() => void) | undefined;
  /** How many switches and ends there were: who is overtaken says nothing of who is open. */
  turn: number;
  bridge: ProviderBridge | undefined;
}

/** A provider's end of a bridge, and what the script knows of it. */
export interface ProviderBridge {
  readonly bridge: Bridge;
  readonly wire: (typeof wireKinds)[number];
  /** The host has asked for changes. */
  readonly follows: boolean;
  /** The latest change that it has told of or followed: nothing earlier may move it. */
  latest: {readonly version: number; readonly by: string};
  /** The hub's date of the last one. */
  latestAt: number;
}

/** How long a page waits for the answer of another on its bridge. */
export const bridgedSurveyMs = 200;

/** `leave` and `call`: it takes the provider out of the page, or calls for another person, while it is being asked. */
export const programSayings = [
  'agree',
  'prevent',
  'stay',
  'later',
  'never',
  'fail',
  'leave',
  'call',
  'leave-later',
] as const;
export type ProgramSaying = (typeof programSayings)[number];

/** Whom a window may show, and the Session that it may show them from. */
export interface Shown {
  readonly person: Person | undefined;
  readonly session: Session | undefined;
  /** They were asked for by a number that is none. */
  readonly invalid: boolean;
}

/** What the script did in one context. */
export interface ContextModel {
  readonly person: Person;
  /** Something was refused, broken or unreadable: a window may say so. */
  troubled: boolean;
  /** `resource` → planned sources of each whole read. */
  readonly plans: Map<string, string[][]>;
  /** `resource/source` that answered with an empty list. */
  readonly answeredEmpty: Set<string>;
  /** `resource/source` → the newest read that gave a list. */
  readonly newest: Map<string, number>;
}

/** What the script did in one read. */
export interface ReadModel {
  over: boolean;
  readonly planned: Map<string, string[]>;
  /** `resource/source` that gave a list. */
  readonly answered: Set<string>;
  /** What lists that came before the plan will mean. */
  readonly early: (() => void)[];
  lastFrame: unknown;
}

export const pick = <T>(list: readonly T[], index: number): T | undefined => list[index % Math.max(1, list.length)];

/** Windows of the kit that the page has; they must be registered. */
export const windowTags = ['bsp-person', 'bsp-case-list', 'bsp-journal', 'bsp-events', 'bsp-idle'] as const;
export const resourceOfTag: Readonly<Record<string, ResourceName>> = {
  'bsp-person': 'person',
  'bsp-case-list': 'cases',
  'bsp-journal': 'journal',
  'bsp-events': 'events',
};

/** A window of the kit says itself that it is pinned; of the smallest one its controller does. */
export type Window = HTMLElement & {
  for?: string | undefined;
  pinned?: boolean;
  session?: Session | undefined;
  controller?: SessionController;
  pin?(): void;
};

export const isPinned = (window: Window): boolean => window.controller?.pinned ?? window.pinned === true;

export const atNoChange = {latest: {version: 0, by: ''}, latestAt: Number.NEGATIVE_INFINITY};

export const isLater = (
  one: {readonly version: number; readonly by: string},
  other: {readonly version: number; readonly by: string},
): boolean => one.version > other.version || (one.version === other.version && one.by > other.by);

export const handleOf = ({marker}: Person): string => `p-${marker}`;
