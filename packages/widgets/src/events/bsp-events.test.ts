import {type Action, type ActionResult, type EventRecord, eventsResource, ProblemError, problemOf} from '@bsp/contract';
import type {Session} from '@bsp/core';
import {expect, oneEvent} from '@open-wc/testing';
import fc from 'fast-check';
import {describeEveryScene} from '../../../../tests/browser/fixtures/every-scene.js';
import {fakeSession, todayAt} from '../../../../tests/browser/fixtures/fake-session.js';
import {type Scene, settled, stage, until} from '../../../../tests/browser/fixtures/scene.js';
import * as eventsScenes from '../../../../tests/browser/scenes/events.js';
import type {BspEvents} from './bsp-events.js';
import {groupsOf, newestFirst} from './event-groups.js';

const {eventOf, events, eventsView, me} = eventsScenes;

async function show(scene: Scene) {
  const {element, session, provider} = await stage('bsp-events', scene);
  const root = element.shadowRoot as ShadowRoot;
  return {
    element: element as BspEvents,
    session: session ?? fakeSession(),
    provider,
    root,
    text: () => root.querySelector('section')?.innerText ?? '',
    entries: () => [...root.querySelectorAll<HTMLElement>('.days > section > ol > .entry')],
    titles: () => [...root.querySelectorAll<HTMLElement>('.what')].map((one) => one.innerText),
    button: (name: string) =>
      [...root.querySelectorAll('button')].find(
        (one) => one.innerText.trim() === name || one.ariaLabel === name,
      ) as HTMLButtonElement,
    choose: async (label: string) => {
      [...root.querySelectorAll('label')]
        .find((one) => one.innerText.trim() === label)
        ?.querySelector('input')
        ?.click();
      await settled(element);
    },
  };
}

const given = (items: readonly EventRecord[], more: Partial<Scene> = {}): Scene => ({
  session: {me},
  views: {events: eventsView(items)},
  ...more,
});

const done = (type: string, key: string): ActionResult => ({type, key, at: '2026-11-20T09:00:00Z'});

/** A Session that records its writes and answers them as told. */
function writing(answer: (action: Action) => Promise<ActionResult>, capabilities = me.capabilities) {
  const actions: Action[] = [];
  const session: Partial<Session> = {
    me: {...me, capabilities},
    act: (type, payload, {key = 'none'} = {}) => {
      const action = {type, payload, key};
      actions.push(action);
      return answer(action);
    },
  };
  return {actions, session};
}

describe('<bsp-events>', () => {
  afterEach(() => {
    for (const provider of document.querySelectorAll('fake-provider')) provider.remove();
  });

  it('shows the newest first, by day, with who sent it', async () => {
    const {titles, text} = await show(given(events, {config: {group: false}}));
    expect(titles()).to.deep.equal(newestFirst(events).map(({title}) => title));
    expect(text()).to.contain('I dag').and.to.contain('Beskedfordeler').and.to.contain('Mandag 16. november');
  });

  it('says in words where the post is, the source’s own word, and the error', async () => {
    const {text} = await show(given(events.slice(0, 1)));
    expect(text()).to.contain('Digital Post: Kunne ikke leveres ”Fejlet”');
    expect(text()).to.contain('Modtageren er ikke tilmeldt Digital Post ·\u00a0Fejl 1104');
  });

  it('shows hostile text as text, and masks a CPR number in it', async () => {
    const attack = '<img src=x onerror="globalThis.attacked = true"> 641284-1236';
    const {text, root} = await show(
      given([
        eventOf('ky', '1', attack, {
          text: attack,
          about: {
            kind: 'case',
            ref: {source: 'ky', id: '9'},
            title: attack,
            case: {ref: {source: 'ky', id: '9'}, title: attack},
          },
          delivery: {channel: attack, state: 'failed', native: attack, error: {text: attack}},
          done: {at: '2026-11-14T09:30:00Z', by: attack},
        }),
      ]),
    );
    expect(root.querySelector('img')).to.equal(null);
    expect(text()).to.contain('<img').and.not.to.contain('1236');
  });

  describe('what belongs together', () => {
    it('stands as one entry at its newest event, the earlier ones folded', async () => {
      const {titles, button, element, text} = await show(given(events));
      expect(titles()).to.not.contain('Digital Post sendt');
      button('1 tidligere om det samme').click();
      await settled(element);
      expect(titles().slice(0, 2)).to.deep.equal(['Digital Post kunne ikke leveres', 'Digital Post sendt']);
      expect(text()).to.contain('Skjul tidligere');
      button('Skjul tidligere').click();
      await settled(element);
      expect(titles()).to.not.contain('Digital Post sendt');
    });

    it('keeps every event exactly once, groups by what it is about, and puts the newest first', () => {
      const event = fc
        .record({id: fc.uuid(), day: fc.integer({min: 1, max: 28}), about: fc.option(fc.constantFrom('a', 'b', 'c'))})
        .map(({id, day, about}) =>
          eventOf('ky', id, id, {
            occurredAt: `2026-11-${String(day).padStart(2, '0')}T10:00:00Z`,
            ...(about ? {about: {kind: 'document', ref: {source: 'sbsys', id: about}}} : {}),
          }),
        );
      fc.assert(
        fc.property(fc.uniqueArray(event, {selector: ({ref}) => ref.id}), (list) => {
          const groups = groupsOf(newestFirst(list), true);
          const flat = groups.flatMap(({newest, earlier}) => [newest, ...earlier]);
          expect(flat.map(({ref}) => ref.id).sort()).to.deep.equal(list.map(({ref}) => ref.id).sort());
          for (const {newest, earlier} of groups)
            for (const one of earlier) {
              expect(one.about?.ref.id).to.equal(newest.about?.ref.id);
              expect(Date.parse(one.occurredAt)).to.be.at.most(Date.parse(newest.occurredAt));
            }
          const order = groups.map(({newest}) => Date.parse(newest.occurredAt));
          expect(order).to.deep.equal([...order].sort((one, other) => other - one));
        }),
      );
    });
  });

  describe('new, seen, acknowledged and done', () => {
    it('counts what is new, and tells the four apart in words', async () => {
      const {root, entries} = await show(given(events));
      expect(root.querySelector<HTMLElement>('.count')?.innerText).to.equal('2 nye af 5');
      expect(entries().map((entry) => entry.querySelector<HTMLElement>('.pill')?.innerText)).to.deep.equal([
        'Fejlet',
        'Ny',
        'Kvitteret',
        'Færdig',
      ]);
    });

    it('filters new and unfinished ones; a filter that hides all says so and is no empty state', async () => {
      const {choose, titles, text, element, button} = await show(given([events[4] as EventRecord]));
      await choose('Ikke færdige');
      expect(titles()).to.deep.equal([]);
      expect(text()).to.contain('Ingen af de hentede hændelser passer til det valgte');
      expect(element.state).to.equal('ready');
      button('Vis alle hændelser').click();
      await settled(element);
      expect(titles()).to.have.length(1);
    });

    it('acknowledges one event once, however often it is pressed, and reads its source again', async () => {
      let finish: (result: ActionResult) => void = () => undefined;
      const {actions, session} = writing(
        () =>
          new Promise((resolve) => {
            finish = resolve;
          }),
      );
      const staged = await show(given(events.slice(0, 1), {session}));
      const button = staged.button('Kvittér: Digital Post kunne ikke leveres');
      button.click();
      button.click();
      await settled(staged.element);
      button.click();
      expect(actions).to.have.length(1);
      expect(actions[0]?.payload).to.deep.equal({events: [{source: 'beskedfordeler', id: '1'}]});
      expect(staged.text()).to.contain('Gemmer …');
      finish(done('event.acknowledge', actions[0]?.key ?? ''));
      await settled(staged.element);
      expect(staged.session.calls).to.deep.include({resource: 'events', call: 'refresh', source: 'beskedfordeler'});
    });

    it('says that a mark was not saved, and tries again with the same key', async () => {
      const {actions, session} = writing(() => Promise.reject(new ProblemError(problemOf('unavailable', 'Away'))));
      const {button, text, element} = await show(given(events.slice(0, 1), {session}));
      button('Færdig: Digital Post kunne ikke leveres').click();
      await settled(element);
      expect(text()).to.contain('Det blev ikke gemt. Prøv igen.');
      button('Færdig: Digital Post kunne ikke leveres').click();
      await settled(element);
      expect(actions).to.have.length(2);
      expect(actions[1]?.key).to.equal(actions[0]?.key);
    });

    it('offers no marks that the user may not set', async () => {
      const {root} = await show(given(events, {session: {me: {...me, capabilities: []}}}));
      expect(root.querySelectorAll('.do .button')).to.have.length(0);
    });

    it('tells the backend what has stood on the screen, and keeps it highlighted', async () => {
      const {actions, session} = writing(({type, key}) => Promise.resolve(done(type, key)), ['act:event.seen']);
      const {entries} = await show(given(events, {session}));
      const seen = await until(() => actions.find(({type}) => type === 'event.seen'));
      expect(seen.payload).to.deep.equal({
        events: [
          {source: 'beskedfordeler', id: '1'},
          {source: 'cpr', id: '2'},
        ],
      });
      expect(entries()[0]?.classList.contains('new')).to.equal(true);
    });

    it('tells what stands on the screen again where it could not be told', async () => {
      let fails = true;
      const {actions, session} = writing(
        ({type, key}) =>
          fails ? Promise.reject(new ProblemError(problemOf('unavailable', 'x'))) : Promise.resolve(done(type, key)),
        ['act:event.seen'],
      );
      const {element} = await show(given(events, {session}));
      await until(() => actions.length === 1);
      fails = false;
      await settled(element);
      element.requestUpdate();
      await until(() => actions.length === 2);
      expect(actions[1]?.payload).to.eql(actions[0]?.payload);
    });

    it('tells of an event that is higher than the screen, and not of one that is below it', async () => {
      const {actions, session} = writing(({type, key}) => Promise.resolve(done(type, key)), ['act:event.seen']);
      const text = Array.from({length: 200}, (_, line) => `Linje ${line}`).join('\n');
      const of = {seenAt: undefined, about: {kind: 'document', ref: {source: 'sbsys', id: 'd'}}};
      const {button} = await show(
        given(
          [
            eventOf('ky', '1', 'Lang', {...of, text, occurredAt: todayAt('09:00:00Z')}),
            eventOf('ky', '2', 'Tidligere', {...of, occurredAt: todayAt('08:00:00Z')}),
          ],
          {session},
        ),
      );
      button('1 tidligere om det samme').click();
      await until(() => actions.length === 1);
      expect(actions[0]?.payload).to.eql({events: [{source: 'ky', id: '1'}]});
    });

    for (const live of [true, false])
      it(`leaves it to ${live ? 'the line’s notice' : 'itself'} to read again what was seen, a logged lookup`, async () => {
        const writer = writing(({type, key}) => Promise.resolve(done(type, key)), ['act:event.seen']);
        const {session} = await show(given(events, {session: {...writer.session, live}}));
        await until(() => writer.actions.find(({type}) => type === 'event.seen'));
        await new Promise((resolve) => setTimeout(resolve));
        expect(session.calls.map(({source}) => source)).to.deep.equal(live ? [] : ['beskedfordeler', 'cpr']);
      });

    it('marks all as seen with a button where the config wants that', async () => {
      const {actions, session} = writing(({type, key}) => Promise.resolve(done(type, key)), ['act:event.seen']);
      const {button, element} = await show(given(events, {session, config: {markSeen: 'manual'}}));
      button('Markér alle som set').click();
      await settled(element);
      expect(actions.map(({payload}) => payload)).to.deep.equal([
        {
          events: [
            {source: 'beskedfordeler', id: '1'},
            {source: 'cpr', id: '2'},
          ],
        },
      ]);
    });
  });

  describe('live', () => {
    it('says whether it is live, and nothing where the backend has no live line', async () => {
      const {text, session, element} = await show(given(events));
      expect(text()).to.contain('Direkte').and.not.to.contain('Ikke direkte');
      session.change({live: false});
      await settled(element);
      expect(text()).to.contain('Ikke direkte');
      session.change({me: {...me, capabilities: []}});
      await settled(element);
      expect(text()).not.to.match(/direkte/i);
    });

    it('puts a later event on top and announces it with the person’s name', async () => {
      const {session, element, titles, root} = await show(given(events));
      const arrived = eventOf('ky', 'new', 'Afgørelse sendt', {
        occurredAt: todayAt('09:12:00Z'),
        seenAt: undefined,
      });
      session.show(eventsResource, eventsView([...events, arrived]));
      await settled(element);
      expect(titles()[0]).to.equal('Afgørelse sendt');
      expect(root.querySelector('section > [role=status]')?.textContent).to.match(
        /Maude Agerlund.*Ny hændelse: Afgørelse sendt/,
      );
    });

    it('leaves the focus where it was when an event about something else goes to the top', async () => {
      const about = (id: string) => ({about: {kind: 'document', ref: {source: 'sbsys', id}}});
      const given3 = ['a', 'b', 'c'].map((id, place) =>
        eventOf('ky', id, `Hændelse ${id}`, {occurredAt: todayAt(`0${3 - place}:00:00Z`), ...about(id)}),
      );
      const {session, element, titles, button, root} = await show(given(given3));
      expect(titles()).to.eql(['Hændelse a', 'Hændelse b', 'Hændelse c']);
      button('Kvittér: Hændelse a').focus();
      const later = eventOf('ky', 'd', 'Hændelse d', {occurredAt: todayAt('04:00:00Z'), ...about('c')});
      session.show(eventsResource, eventsView([...given3, later]));
      await settled(element);
      expect(titles()).to.eql(['Hændelse d', 'Hændelse a', 'Hændelse b']);
      expect(root.activeElement?.ariaLabel).to.equal('Kvittér: Hændelse a');
    });

    it('announces two events with the same title, one after the other', async () => {
      const {session, element, root} = await show(given(events));
      const letters = ['n1', 'n2'].map((id) =>
        eventOf('ky', id, 'Nyt brev', {occurredAt: todayAt('09:12:00Z'), seenAt: undefined}),
      );
      session.show(eventsResource, eventsView([...events, ...letters.slice(0, 1)]));
      await settled(element);
      const said = root.querySelector('section > [role=status] > :last-child');
      const first = said?.textContent;
      session.show(eventsResource, eventsView([...events, ...letters]));
      await settled(element);
      expect(said?.textContent).to.contain('Nyt brev').and.not.to.equal(first);
    });

    it('does not announce what the first answers bring', async () => {
      const {root} = await show(given(events));
      expect(root.querySelector('section > [role=status]')?.textContent).not.to.contain('Ny hændelse');
    });
  });

  it('opens the case that an event belongs to through the host', async () => {
    const {button, element} = await show(given(events.slice(0, 1)));
    setTimeout(() => button('Kontanthjælp, nyansøgning').click());
    const event = await oneEvent(element, 'bsp-case-open');
    expect(event.detail).to.deep.equal({ref: {source: 'ky', id: '1'}});
    expect(event.cancelable && event.composed && event.bubbles).to.equal(true);
  });

  it('blanks rows, choices and what it said in the same task as a switch', async () => {
    const {provider, button, element, titles, root} = await show(given(events));
    button('1 tidligere om det samme').click();
    await settled(element);
    provider.session = fakeSession({state: 'opening', subject: undefined, name: undefined});
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    expect(titles()).to.deep.equal([]);
    expect(root.textContent).not.to.contain('Digital Post').and.not.to.contain('Maude');
  });

  it('does not let a late outcome touch the next person', async () => {
    let fail: (problem: Error) => void = () => undefined;
    const {session} = writing(
      () =>
        new Promise((_, reject) => {
          fail = reject;
        }),
    );
    const {provider, button, element, text} = await show(given(events.slice(0, 1), {session}));
    button('Kvittér: Digital Post kunne ikke leveres').click();
    const next = fakeSession({me, name: 'Holger Skjern', subject: {type: 'cpr', masked: '710161-••••'}});
    next.show(eventsResource, eventsView(events.slice(0, 1)));
    provider.session = next;
    await settled(element);
    fail(new ProblemError(problemOf('unavailable', 'Away')));
    await settled(element);
    expect(text()).not.to.contain('Det blev ikke gemt');
  });
});

describeEveryScene(eventsScenes);
