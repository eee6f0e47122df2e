import {casesResource, ProblemError, problemOf} from '@bsp/contract';
import type {SurveyAnswer} from '@bsp/core';
import {hidePersons} from '@bsp/core/screen-sharing';
import type {BspIdle} from '@bsp/widgets/idle';
import {ProbeWindow} from '../fixtures/probe-window.js';
import {personOf, recordOf} from './people.js';
import {wireKinds} from './race-bridges.js';
import {atNoChange, bridgedSurveyMs, handleOf, pick, programSayings, resourceNames, resources} from './race-model.js';
import type {RacePage} from './race-page.js';

/** One thing that happens: what, and two numbers that choose whom and how. */
export interface Happening {
  readonly what: keyof typeof happenings;
  readonly which: number;
  readonly how: number;
}

/** A name is defined once in a page. */
let lateWindows = 0;

const codes = ['unavailable', 'forbidden', 'unauthorized', 'not-found', 'context-closed', 'internal'] as const;

/** How a thing came out, where there are several ways; false: there was nothing to do it to. */
type Done = string | false | undefined;

/** What can happen, by name. A script's numbers choose among what there is. */
export const happenings = {
  setSubject(page: RacePage, which: number, how: number): Done {
    const provider = pick(page.providers, which);
    if (!provider) return false;
    const again = how % 4 === 0;
    const subject = page.numberOf(again ? how % page.persons : page.persons++);
    page.calls(() => void provider.element.setSubject(subject));
    return again ? 'again' : 'new';
  },
  setInvalid(page: RacePage, which: number, how: number): Done {
    const provider = pick(page.providers, which);
    if (!provider) return false;
    const bad: unknown[] = [{type: 'cpr', value: '310285-0001'}, undefined, {type: 'dog'}, {type: 'cpr', value: 7}];
    page.calls(() => void provider.element.setSubject(pick(bad, how) as never));
  },
  clearSubject(page: RacePage, which: number): Done {
    const provider = pick(page.providers, which);
    if (!provider) return false;
    page.calls(() => void provider.element.clearSubject());
  },
  openContext(page: RacePage, which: number, how: number): Done {
    const pending = pick(page.pendingOpens, which);
    if (!pending) return false;
    page.answerOpen(pending.open, how % 2 === 0);
  },
  /** The backend has closed the context, and the user opens it again. */
  renew(page: RacePage, which: number, how: number): undefined {
    const window = pick(page.windows, how);
    void (window && page.shownIn(window).session)?.renew();
    if (which % 2 === 0) happenings.openContext(page, 0, how);
  },
  failContext(page: RacePage, which: number, how: number): Done {
    const pending = pick(page.pendingOpens, which);
    if (!pending) return false;
    const {open} = pending;
    const way = how % 5 === 0 ? 'garbage' : how % 5 === 1 && page.canTellWhom(open) ? 'foreign' : 'failed';
    page.failedOpens.add(open.signal);
    if (way === 'garbage') open.answer({contextId: 7});
    else if (way === 'foreign') open.accept({subject: {masked: personOf(page.persons + 5).masked}});
    else open.fail(new ProblemError(problemOf(pick(codes, how) ?? 'internal', 'x')));
    return way;
  },
  plan(page: RacePage, which: number, how: number): undefined {
    const read = pick(page.openReads, which);
    if (read) page.plan(read, how % 4 === 0 ? ['a'] : ['a', 'b']);
  },
  planForeign(page: RacePage, which: number, how: number): undefined {
    const read = pick(page.openReads, which);
    if (read && page.modelOf(read).planned.size === 0)
      read.plan(
        {cases: ['a']},
        {
          contextId:
            pick(
              [...page.contexts.keys()].filter((id) => id !== read.contextId),
              how,
            ) ?? 'another',
        },
      );
  },
  list(page: RacePage, which: number, how: number): Done {
    const read = pick(page.openReads, which);
    const asked = read && pick(read.reads, how);
    if (!read || !asked) return false;
    const source = asked.source ?? pick(['a', 'b'], how >> 2) ?? 'a';
    const count = (how >> 3) % 3;
    const variants = [{}, {}, {}, {mode: 'append'}, {cached: true}, {next: 'more'}, {invalid: 1}];
    const early = page.modelOf(read).planned.size === 0;
    page.list(read, asked.resource, source, count, pick(variants, how >> 5));
    return early ? 'before its plan' : page.openReads[0] === read ? 'in order' : 'after a later read';
  },
  repeat(page: RacePage, which: number): Done {
    const read = pick(page.openReads, which);
    const frame =
      read && (page.modelOf(read).lastFrame as {resource: string; source: string; items: unknown[]; change: object});
    if (!frame) return false;
    read.frame(frame.resource, frame.source, frame.items, frame.change);
    return 'duplicate';
  },
  refuse(page: RacePage, which: number, how: number): Done {
    const read = pick(page.openReads, which);
    const asked = read && pick(read.reads, how);
    if (!read || !asked) return false;
    const statuses = ['forbidden', 'needs-purpose', 'not-applicable', 'timeout', 'unavailable', 'invalid'];
    const status = pick(statuses, how >> 3);
    const source = asked.source ?? pick(['a', 'b'], how >> 2) ?? 'a';
    page.contextOf(read).troubled = true;
    // A source that does not have such a thing has said that there is nothing.
    if (status === 'not-applicable') page.contextOf(read).answeredEmpty.add(`${asked.resource}/${source}`);
    read.frame(asked.resource, source, [], {status});
  },
  /** Another person's records, in a stream where they do not belong. */
  foreign(page: RacePage, which: number, how: number): Done {
    const read = pick(page.openReads, which);
    const asked =
      (how % 2 && read?.reads.find(({resource}) => resource === 'person')) || (read && pick(read.reads, how));
    if (!read || !asked) return false;
    const others = [...page.contexts].filter(([id]) => id !== read.contextId);
    const [contextId, {person}] = pick(others, how) ?? ['elsewhere', {person: personOf(page.persons + 3)}];
    const items = [recordOf(asked.resource, person.marker, person, 'a', 0)];
    const kinds = [{contextId}, {contextId, status: 'forbidden'}, {contextId, mode: 'append'}, {readId: 'another'}];
    read.frame(asked.resource, 'a', items, pick(kinds, how >> 2));
    if (asked.resource === 'person') {
      // In the right context, about the wrong person.
      page.contextOf(read).troubled = true;
      read.frame('person', 'a', items);
    }
  },
  garbage(page: RacePage, which: number, how: number): Done {
    const read = pick(page.openReads, which);
    if (!read) return false;
    page.contextOf(read).troubled = true;
    const values = [null, 'x', {}, {kind: 'end'}, {kind: 'frame', contextId: read.contextId, readId: read.readId}];
    if (how % 6 === 5) read.frame(read.reads[0]?.resource ?? '', 'a', [null, {}, 'x'], {mode: 'append'});
    else read.push(pick(values, how));
  },
  end(page: RacePage, which: number, how: number): Done {
    const read = pick(page.openReads, which);
    if (!read) return false;
    const model = page.modelOf(read);
    const whole = [...model.planned].every(([resource, sources]) =>
      sources.every((source) => model.answered.has(`${resource}/${source}`)),
    );
    if (model.planned.size === 0 || !whole || how % 4 < 2) page.contextOf(read).troubled = true;
    model.over = true;
    if (how % 4 === 0) read.break();
    else if (how % 4 === 1) read.break(new ProblemError(problemOf(pick(codes, how >> 2) ?? 'internal', 'x')));
    else read.end();
    return (['broken', 'failing'] as const)[how % 4] ?? 'whole';
  },
  live(page: RacePage, which: number, how: number): Done {
    const line = pick(page.backends, which)?.lines.at(-1 - (how % 2));
    if (!line) return false;
    const contextId = pick([...page.contexts.keys()].slice(-4), how) ?? 'none';
    line.stand();
    if (how % 5 === 0) line.reset(contextId, `${how}`);
    else if (how % 5 === 1) line.break();
    else line.notice(contextId, pick(resourceNames, how >> 3) ?? 'cases', how % 3 ? 'a' : 'b', `${how}`);
    return (['reset', 'broken'] as const)[how % 5] ?? 'notice';
  },
  write(page: RacePage, which: number, how: number): Done {
    // A pinned window writes to its own person.
    const pinned = how % 3 === 0 ? pick([...page.pins.values()], which) : undefined;
    const {session, person} = pinned ?? {
      session: pick(page.providers, which)?.element.session,
      person: pick(page.providers, which)?.current,
    };
    if (!session || !person) return false;
    session.act('note.create', {heading: 'h', body: person.marker}).catch(() => undefined);
    return pinned ? 'pinned' : 'open';
  },
  settleWrite(page: RacePage, which: number, how: number): Done {
    const act = pick(
      page.backends.flatMap(({acts}) => acts).filter(({settled}) => !settled),
      which,
    );
    const person = act && page.contexts.get(act.contextId)?.person;
    if (!act || !person) return false;
    if (how % 3 === 0) act.fail(new ProblemError(problemOf(pick(codes, how >> 2) ?? 'internal', 'x')));
    else act.accept({value: person.number, lines: [person.marker], ref: {source: 'a', id: person.marker}});
  },
  readAgain(page: RacePage, which: number, how: number): Done {
    const session = pick(page.providers, which)?.element.session;
    const store = session?.resource<unknown>(resources[pick(resourceNames, how) ?? 'cases']);
    const source = how % 2 ? 'a' : 'b';
    if (how % 3 === 0) store?.reload();
    else if (how % 3 === 1) store?.refresh(source);
    else store?.more(source);
    return session ? undefined : false;
  },
  object(page: RacePage, which: number, how: number): Done {
    const provider = pick(page.providers, which);
    const {session} = provider?.element ?? {};
    const windows = page.windows.filter(
      (window) => !page.pins.has(window) && page.boundTo(window) === provider && (window.controller ?? window.pin),
    );
    const window = pick(windows, how);
    const answers: Partial<Record<string, SurveyAnswer>> = {
      pin: {
        pin: () => {
          // It may have gone elsewhere since it was asked.
          if ((window?.controller ?? window)?.session === session) (window?.controller ?? window)?.pin?.();
        },
      },
      agree: 'agree',
    };
    if (!session) return false;
    // Who comes while others are being asked is behind the veil, and is not.
    const objector = {asked: provider?.pending?.before === session};
    const objectors = page.objectors.get(session) ?? new Set();
    page.objectors.set(session, objectors.add(objector));
    const withdraw = session.survey(
      (signal) =>
        new Promise((resolve, reject) => {
          objector.asked = true;
          const question: RacePage['questions'][number] = (answer) =>
            answer === 'throw' ? reject(new Error('x')) : resolve(answers[answer] ?? {stay: 'Nej'});
          page.questions.push(question);
          signal.addEventListener('abort', () => {
            resolve('stay');
            const place = page.questions.indexOf(question);
            if (place >= 0) page.questions.splice(place, 1);
          });
        }),
    );
    const leave = (): void => {
      objectors.delete(objector);
      withdraw();
    };
    if (how % 3 === 0) page.questions.push((answer) => answer === 'throw' && leave());
    return undefined;
  },
  answer(page: RacePage, which: number, how: number): Done {
    const [question] = page.questions.length > 0 ? page.questions.splice(which % page.questions.length, 1) : [];
    const answer = pick(['agree', 'stay', 'pin', 'throw', 'pin'] as const, how) ?? 'agree';
    question?.(answer);
    return question ? answer : false;
  },
  /** A pinned window follows the page again. */
  rejoin(page: RacePage, which: number): Done {
    const window = pick([...page.pins.keys()], which);
    if (!window) return false;
    if (window.controller) window.controller.rejoin();
    else window.shadowRoot?.querySelector<HTMLElement>('#rejoin')?.click();
    return undefined;
  },
  /** A program of the host changes its mind. */
  program(page: RacePage, which: number, how: number): Done {
    const provider = pick(page.providers, which);
    if (provider) provider.says = pick(programSayings, how) ?? 'agree';
    return provider?.says;
  },
  attach(page: RacePage, which: number, how: number): Done {
    const provider = pick(page.providers, which);
    if (!provider) return false;
    if (how % 4 === 0) {
      page.removeProvider(provider);
      return provider.pending ? 'removed in a switch' : 'removed';
    }
    const was = provider.element.isConnected;
    const nested = page.providers.filter(
      ({element}) => element !== provider.element && provider.element.contains(element),
    );
    const [home1, home2] = page.homes;
    const around = pick(page.providers, which + 1)?.element;
    const into = how % 4 === 1 && around && !provider.element.contains(around) ? around : how % 4 === 2 ? home1 : home2;
    into?.append(provider.element);
    if (was) for (const one of [provider, ...nested]) page.ended(one);
    return into === around ? 'into another provider' : was ? 'moved' : 'put back';
  },
  moveWindow(page: RacePage, which: number, how: number): Done {
    const window = pick(page.windows, which);
    const homes = [...page.homes, ...page.providers.map(({element}) => element)];
    if (how % 7 === 0) window?.remove();
    else if (window) pick(homes, how)?.append(window);
    return how % 7 === 0 ? 'removed' : 'moved';
  },
  name(page: RacePage, which: number, how: number): undefined {
    const window = pick(page.windows, which);
    if (window) window.for = pick([undefined, 'one', 'two', undefined, 'nobody', 'home-1'], how);
  },
  changeBackend(page: RacePage, which: number, how: number): Done {
    const provider = pick(page.providers, which);
    if (!provider) return false;
    const {session, backend} = provider.element;
    const next = how % 5 === 0 ? undefined : pick(page.backends, how);
    provider.element.backend = next;
    if (next === backend) return;
    if (session && provider.element.session === session && session.state === 'open')
      page.faults.push('A Session outlives its backend.');
    if (provider.element.session !== session) page.ended(provider);
  },
  /** A window stands in the page before its element is defined. */
  comeLate(page: RacePage, which: number, how: number): undefined {
    const name = `late-window-${++lateWindows}`;
    const window = document.createElement(name);
    pick([...page.homes, ...page.providers.map(({element}) => element)], how)?.append(window);
    page.windows.push(window);
    page.late.push(name);
    if (which % 2 === 0) happenings.defineLate(page);
  },
  defineLate(page: RacePage): undefined {
    const name = page.late.pop();
    if (name)
      customElements.define(
        name,
        class extends ProbeWindow {
          constructor() {
            super();
            this.resources = [casesResource];
          }
        },
      );
  },
  /** The user shares the screen, or no longer. */
  share(page: RacePage, which: number): Done {
    const provider = pick(page.providers, which);
    if (!provider) return false;
    provider.show?.();
    provider.show = provider.show ? undefined : hidePersons(provider.element);
    return provider.show ? 'begun' : 'ended';
  },
  logout(page: RacePage, which: number): Done {
    const provider = pick(page.providers, which);
    if (!provider) return false;
    const {session} = provider.element;
    provider.element.logout();
    page.ended(provider);
    return session ? 'somebody' : 'nobody';
  },
  /** Nobody has used the page for a while: the user is asked, is there after all, or is not. */
  idle(page: RacePage, which: number, how: number): Done {
    const idle = page.windows.find((window): window is BspIdle => window.localName === 'bsp-idle');
    if (!idle || !page.shownIn(idle).session) return false;
    const buttons = [...(idle.shadowRoot?.querySelectorAll<HTMLElement>('dialog button') ?? [])];
    if (buttons.length === 0) {
      idle.ask();
      return 'asked';
    }
    if (which % 3 === 0) idle.keep();
    else pick(buttons, how)?.click();
    return 'answered';
  },
  /** The pages of the two providers are joined, as tabs, host and guest, or through a hub; or one of them leaves. */
  bridge(page: RacePage, which: number, how: number): Done {
    const open = page.providers.filter(({bridge}) => bridge && bridge.bridge.state !== 'closed');
    const left = pick(open, which);
    if (left?.bridge && how % 3 === 0) {
      left.bridge.bridge.close();
      return 'left';
    }
    const wire = left?.bridge?.wire ?? pick(wireKinds, how) ?? 'tabs';
    for (const {element} of page.providers) if (!element.isConnected) page.homes[1]?.append(element);
    const joining = page.providers.filter((provider) => !open.includes(provider));
    for (const provider of joining) {
      const follows = (how >> 3) % 5 !== 0;
      const {element} = provider;
      const surveyed = (how >> 4) % 2 === 0;
      // Long enough for some answers to come through, and others not.
      element.surveyTimeout = surveyed ? bridgedSurveyMs : 0;
      // Told of before it can say anything.
      const bridge = page.wires.connect(element, wire, {
        name: element.id,
        follows,
        ...(surveyed ? {survey: () => page.answerBridge()} : {}),
      });
      provider.bridge = {bridge, wire, follows, ...atNoChange};
    }
    return joining.length > 0 && wire;
  },
  /** What is under way between programs comes through, late, twice, not at all, or in another order. */
  carry(page: RacePage, which: number, how: number): Done {
    return page.wires.carry(which, how);
  },
  /** A program, a tab or a hub that lies. */
  forge(page: RacePage, which: number, how: number): Done {
    const wire = page.providers.find(({bridge}) => bridge)?.bridge?.wire;
    if (!wire) return false;
    // Of one version it tells one lie.
    const version = pick([which, 999_999_999, -1, 0.5], how >> 4) ?? 0;
    const lie = wire === 'hub' ? how : Math.trunc(Math.abs(version));
    const person = personOf(lie % 2);
    const value = pick([handleOf(person), 'p-nobody', person.number, person.number.replace('-', '')], lie >> 2) ?? '';
    const from = 'a-program-that-lies';
    const lies: unknown[] =
      wire === 'hub'
        ? ['dk.bsp.subject_open', 'dk.bsp.subject_close', 'Patient-open', 'SyncError'].map((name) => ({
            timestamp: '',
            id: `lie-${which}-${how}`,
            event: {
              'hub.topic': how % 7 === 0 ? 'another-topic' : 'the-topic-of-this-log-in',
              'hub.event': name,
              context: [{key: 'subject', reference: {identifier: {value}}}],
            },
          }))
        : (['open', 'close', 'status', 'hello', 'bye'] as const).map((kind) => ({
            bridge: how % 7 === 0 ? 2 : 1,
            from,
            kind,
            version,
            by: from,
            id: value,
            status: 'in-step',
            follows: true,
          }));
    return page.wires.forge(wire, pick([...lies, ...lies, 'x', null, {kind: 'open'}], how), how % 4 === 0) && wire;
  },
  /** The hub refuses, stalls, tells nobody, or drops its lines. */
  turnHub(page: RacePage, _which: number, how: number): Done {
    return page.providers.some(({bridge}) => bridge?.wire === 'hub') && page.wires.turnHub(how);
  },
  /** A host has its page follow the others after all, or them follow it; the user logs out. */
  useBridge(page: RacePage, which: number, how: number): Done {
    const {bridge} = pick(page.providers, which) ?? {};
    if (!bridge || bridge.bridge.state === 'closed') return false;
    if (how % 8 === 0) bridge.bridge.logout();
    else if (how % 2 === 0) bridge.bridge.lead();
    else bridge.bridge.follow();
    return how % 8 === 0 ? 'log-out' : how % 2 === 0 ? 'lead' : 'follow';
  },
  /** The tab goes behind another one, or comes back. */
  sleep(page: RacePage): Done {
    page.asleep = !page.asleep;
    document.dispatchEvent(new Event('visibilitychange'));
    return page.asleep ? 'asleep' : 'awake';
  },
  /** The page is left, and comes back as it was. */
  returnToPage(page: RacePage): undefined {
    dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}));
    for (const provider of page.providers) if (provider.element.isConnected) page.ended(provider);
    dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}));
  },
  leavePage(page: RacePage, which: number): Done {
    if (which % 3 !== 0) return false;
    dispatchEvent(new PageTransitionEvent('pagehide'));
    for (const provider of page.providers) if (provider.element.isConnected) page.ended(provider);
  },
  /** The user clicks, types and chooses in a window. */
  use(page: RacePage, which: number, how: number): Done {
    const window = pick(page.windows, which);
    const person = window && page.shownIn(window).person;
    const controls: HTMLElement[] = [];
    const collect = (root: ParentNode): void => {
      for (const element of root.querySelectorAll<HTMLElement>('*')) {
        if (element.matches('button, input, textarea, select, summary')) controls.push(element);
        if (element.shadowRoot) collect(element.shadowRoot);
      }
    };
    if (window?.shadowRoot) collect(window.shadowRoot);
    const control = pick(controls, how);
    if (!control || control.closest('[inert]')) return false;
    if (control instanceof HTMLTextAreaElement || (control instanceof HTMLInputElement && control.type !== 'radio')) {
      if (!person || page.isShared(window)) return false;
      control.value = person.marker;
      control.dispatchEvent(new InputEvent('input', {bubbles: true, composed: true}));
      control.dispatchEvent(new Event('change', {bubbles: true}));
      return 'typed';
    }
    if (control instanceof HTMLSelectElement) {
      control.selectedIndex = how % Math.max(1, control.options.length);
      control.dispatchEvent(new Event('change', {bubbles: true}));
      return 'chosen';
    }
    control.click();
    return 'clicked';
  },
};

export const happeningNames = Object.keys(happenings) as (keyof typeof happenings)[];
