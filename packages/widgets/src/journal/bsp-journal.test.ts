import {journalResource, type Note} from '@bsp/contract';
import {formatsFor} from '@bsp/core';
import {aTimeout, expect, oneEvent} from '@open-wc/testing';
import {sendKeys} from '@web/test-runner-commands';
import {describeEveryScene} from '../../../../tests/browser/fixtures/every-scene.js';
import {fakeSession, sourceOf, viewOf} from '../../../../tests/browser/fixtures/fake-session.js';
import {withinOneTask} from '../../../../tests/browser/fixtures/one-task.js';
import {type Scene, settled, stage} from '../../../../tests/browser/fixtures/scene.js';
import * as journalScenes from '../../../../tests/browser/scenes/journal.js';
import type {BspJournal} from './bsp-journal.js';
import type {JournalConfig} from './journal.config.js';
import {journalEnglish} from './journal.strings.en.js';
import {journalDanish} from './journal.strings.js';
import {toolsEnglish} from './journal-tools.strings.en.js';
import {toolsDanish} from './journal-tools.strings.js';

const {notes, noteOf, journalView, writer, scenes, tooled} = journalScenes;

async function show(scene: Scene, options?: Parameters<typeof stage>[2]) {
  const {element, session, provider} = await stage('bsp-journal', scene, options);
  const journal = element as BspJournal;
  await tooled(journal);
  await settled(journal);
  const root = journal.shadowRoot as ShadowRoot;
  return {
    journal,
    session: session ?? fakeSession(),
    provider,
    root,
    entries: () => [...root.querySelectorAll<HTMLElement>('.entry')],
    headings: () => [...root.querySelectorAll<HTMLElement>('.entry > .what')].map((heading) => heading.innerText),
    days: () => [...root.querySelectorAll<HTMLElement>('.day')].map((day) => day.innerText),
    text: () => root.querySelector('section')?.innerText ?? '',
    button: (name: string | RegExp) =>
      [...root.querySelectorAll('button')].find((one) =>
        typeof name === 'string' ? one.innerText.trim() === name : name.test(one.innerText),
      ) as HTMLButtonElement,
    filter: async (text: string) => {
      const input = root.querySelector<HTMLInputElement>('input[type=search]') as HTMLInputElement;
      input.value = text;
      input.dispatchEvent(new Event('input'));
      await settled(journal);
    },
    choose: async (label: string, value: string) => {
      const select = root.querySelector<HTMLSelectElement>(`select[aria-label="${label}"]`) as HTMLSelectElement;
      select.value = value;
      select.dispatchEvent(new Event('change'));
      await settled(journal);
    },
  };
}

const shown = (items: readonly Note[], more: Partial<Scene> = {}): Scene => ({
  views: {journal: journalView(items)},
  ...more,
});

const numbered = (count: number): Note[] =>
  Array.from({length: count}, (_, index) => noteOf('ky', String(index), `Notat ${index}`));

const on = (occurredAt: string, heading: string, source = 'ky') => noteOf(source, heading, heading, {occurredAt});

describe('<bsp-journal>', () => {
  afterEach(() => {
    for (const provider of document.querySelectorAll('fake-provider')) provider.remove();
  });

  describe('the time line', () => {
    it('has the notes of all systems, newest first by when it happened, under their days', async () => {
      const {headings, days} = await show(
        shown([
          on('2025-03-02T23:30:00Z', 'B', 'nexus'),
          on('2025-03-01T08:00:00+01:00', 'A'),
          on('2025-03-03T14:00:00+01:00', 'C', 'sbsys'),
        ]),
      );
      expect(headings()).to.eql(['C', 'B', 'A']);
      // 23.30 UTC is the next day in Denmark.
      expect(days()).to.have.length(2);
      expect(days()[0]).to.match(/^Mandag .*3\. marts 2025$/);
      expect(days()[1]).to.match(/^Lørdag .*1\. marts 2025$/);
    });

    it('shows time, heading, source, body, author with unit, case and KLE', async () => {
      const {entries} = await show(shown([notes[0] as Note]));
      const text = entries()[0]?.innerText ?? '';
      for (const part of [
        formatsFor('da').time(notes[0]?.occurredAt ?? ''),
        'Telefonsamtale',
        'Journal',
        'flyttet fra sin ægtefælle',
        'Karla Bruun',
        'Jobcenter Korsbæk',
        'Kontanthjælp, nyansøgning',
        '32.24.04 Kontanthjælp',
      ])
        expect(text).to.contain(part);
      expect(entries()[0]?.querySelector('time')?.dateTime).to.equal(notes[0]?.occurredAt);
    });

    it('says when it was written down much later, and only then', async () => {
      const {text} = await show(
        shown([
          noteOf('ky', '1', 'A', {occurredAt: '2025-03-01T08:00:00+01:00', recordedAt: '2025-03-04T10:00:00+01:00'}),
        ]),
      );
      expect(text()).to.contain('Skrevet ned 04.03.2025');
      document.querySelector('fake-provider')?.remove();
      const prompt = await show(
        shown([
          noteOf('ky', '1', 'A', {occurredAt: '2025-03-01T08:00:00+01:00', recordedAt: '2025-03-01T16:00:00+01:00'}),
        ]),
      );
      expect(prompt.text()).not.to.contain('Skrevet ned');
    });

    it('says in plain words how far a note of ours has come, and why it was rejected', async () => {
      const states = {
        kept: 'Gemt i Journal',
        queued: 'Gemt, venter på at blive sendt til fagsystemet',
        received: 'Modtaget til fordeling',
        delivered: 'Afleveret til fagsystemet',
        accepted: 'Journaliseret i fagsystemet',
        rejected: 'Afvist af fagsystemet',
        failed: 'Kunne ikke afleveres',
      } as const;
      const {entries} = await show(
        shown(
          Object.keys(states).map((state, index) =>
            noteOf('bsp', String(index), state, {
              delivery: {state: state as keyof typeof states, reason: `Grund ${index}, 641284-1236`},
            }),
          ),
        ),
      );
      for (const [index, words] of Object.values(states).entries())
        expect(entries()[index]?.innerText).to.contain(words).and.to.contain(`Grund ${index}, 641284-••••`);
    });

    it('shows addenda beneath their note with author and time', async () => {
      const {root} = await show(shown([notes[3] as Note]));
      const addendum = root.querySelector<HTMLElement>('.addenda > li')?.innerText;
      expect(addendum).to.contain('Tillæg\n19.11.2026').and.to.contain('09.12').and.to.contain('Karla Bruun');
      expect(addendum).to.contain('Rettelse: virksomhedsbesøget er i uge 49.');
    });

    it('keeps line breaks, and shows hostile text as text with CPR numbers masked', async () => {
      const attack = '<img src=x onerror="globalThis.attacked = true"><script>globalThis.attacked = true</script>';
      const hostile = `${attack}\nlinje to om 641284-1236`;
      const {text, root} = await show(
        shown([
          noteOf('ky', '1', hostile, {
            body: hostile,
            author: {name: attack, unit: '6412841236'},
            case: {ref: {source: 'ky', id: '1'}, title: hostile},
            kle: {number: '1', title: attack},
            delivery: {state: 'rejected', reason: hostile},
            addenda: [{at: '2026-11-19T09:12:00+01:00', author: {name: attack}, body: hostile}],
          }),
          noteOf('ky', '2', 'B', {case: {ref: {source: 'ky', id: '2'}, title: '641284-1236'}}),
        ]),
      );
      expect(text()).to.contain('\nlinje to om 641284-••••');
      expect(root.innerHTML).not.to.match(/641284-?1236/);
      expect(root.querySelector('img, script')).to.equal(null);
      expect('attacked' in globalThis).to.equal(false);
    });

    it('folds a long body, all of it in the page for find and print, and unfolds it', async () => {
      const {root, button, journal} = await show(shown([notes[2] as Note]));
      const body = root.querySelector('.folded') as HTMLElement;
      expect(body.textContent).to.contain('ved næste opfølgning');
      expect(body.scrollHeight).to.be.above(body.clientHeight);
      button('Vis hele notatet').focus();
      await sendKeys({press: 'Enter'});
      await settled(journal);
      expect(root.querySelector('.folded')).to.equal(null);
      expect((root.activeElement as HTMLElement).innerText.trim()).to.equal('Vis mindre');
      expect(root.activeElement?.getAttribute('aria-expanded')).to.equal('true');
      await sendKeys({press: 'Enter'});
      await settled(journal);
      expect(root.querySelector('.folded')).not.to.equal(null);
    });

    it('says that there is no heading or no text', async () => {
      const {text} = await show(shown([notes[5] as Note]));
      expect(text()).to.contain('Notat uden overskrift').and.to.contain('Notatet har ingen tekst');
    });

    it('names a source by its id when the plan does not', async () => {
      const {root} = await show({views: {journal: viewOf([noteOf('ukendt', '1', 'A')], [sourceOf('ky', 'KY')])}});
      expect(root.querySelector<HTMLElement>('.entry .pill')?.innerText).to.equal('ukendt');
    });

    it('has nothing that deletes', async () => {
      const {root} = await show(scenes.ready as Scene);
      expect(root.textContent).not.to.match(/slet|fjern/i);
    });
  });

  describe('filters', () => {
    it('find text in heading, body, author, case, KLE, source and addenda, whatever the case of its letters', async () => {
      const {headings, filter} = await show(shown(notes));
      const found: Record<string, string[]> = {
        'TELEFON samtale': ['Telefonsamtale'],
        'signe HOLT': ['Ansøgning modtaget'],
        badebænk: ['Hjemmebesøg'],
        'uge 49': ['Samtale i jobcenter'],
        'åge ægtefælle': [],
        '32.24.04': ['Telefonsamtale', 'Ansøgning modtaget'],
        arbejdsstol: ['Hjemmebesøg'],
        momentum: ['Notat uden overskrift'],
      };
      for (const [text, expected] of Object.entries(found)) {
        await filter(text);
        expect(headings(), text).to.eql(expected);
      }
    });

    it('do not find a masked number', async () => {
      const {headings, filter} = await show(shown(notes));
      await filter('0001');
      expect(headings()).to.eql([]);
    });

    it('show one source, or one case', async () => {
      const {headings, choose, text} = await show(shown(notes));
      await choose('Vis notater fra', 'bsp');
      expect(headings()).to.eql(['Telefonsamtale', 'Samtale i jobcenter', 'Partshøring']);
      await choose('Vis notater på sagen', 'ky\u00001');
      expect(headings()).to.eql(['Telefonsamtale']);
      expect(text()).to.contain('Viser 1 af 1');
    });

    it('that hide everything say so and offer to clear them: that is not the state empty', async () => {
      const {journal, headings, filter, text, button} = await show(shown(notes));
      await filter('findes ikke');
      expect(journal.state).to.equal('ready');
      expect(text()).to.contain('Ingen af de hentede notater passer').and.not.to.contain('Ingen notater registreret');
      button('Vis alle notater').click();
      await settled(journal);
      expect(headings()).to.have.length(6);
    });

    it('start where the config says', async () => {
      const {headings} = await show(shown(notes, {config: {source: 'nexus'} satisfies Partial<JournalConfig>}));
      expect(headings()).to.eql(['Hjemmebesøg']);
    });

    it('say which source is chosen, also one that has no notes', async () => {
      const config = {source: 'dubu'} satisfies Partial<JournalConfig>;
      const view = journalView(notes);
      const {root, text} = await show({
        views: {journal: {...view, sources: [...view.sources, sourceOf('dubu', 'DUBU')]}},
        config,
      });
      expect(text()).to.contain('Ingen af de hentede notater passer');
      const chosen = [...root.querySelectorAll('select')].map(({selectedOptions: [option]}) => option?.label);
      expect(chosen).to.include('DUBU').and.not.to.include('Alle kilder');
    });
  });

  it('filters by no case that has gone from the list: the choice could not say so', async () => {
    const {journal, session, headings, choose} = await show(shown(notes));
    await choose('Vis notater på sagen', 'ky\u00001');
    expect(headings()).to.eql(['Telefonsamtale', 'Ansøgning modtaget']);
    const others = notes.filter((note) => note.case?.ref.source !== 'ky');
    session.show(journalResource, journalView(others));
    await settled(journal);
    expect(headings()).to.have.length(others.length);
  });

  describe('many notes', () => {
    it('shows 200, then more', async () => {
      const {headings, button, journal, text} = await show(shown(numbered(450)));
      expect(headings()).to.have.length(200);
      expect(text()).to.contain('450 notater').and.to.contain('Viser 200 af 450');
      button('Vis 200 flere').click();
      await settled(journal);
      button('Vis 50 flere').click();
      await settled(journal);
      expect(headings()).to.have.length(450);
      expect(button(/flere/)).to.equal(undefined);
    });

    it('asks a source for what it did not give, and counts with care', async () => {
      const {button, session, text} = await show({views: {journal: journalView(notes, {sbsys: {next: 'cursor'}})}});
      expect(text()).to.contain('mindst 6 notater');
      button('Hent flere fra SBSYS').click();
      expect(session.calls).to.eql([{resource: 'journal', call: 'more', source: 'sbsys'}]);
    });

    it('keeps the focus on the same note when others arrive above it', async () => {
      const {journal, session, button, root} = await show(shown([notes[2] as Note]));
      button('Vis hele notatet').focus();
      session.show(journalResource, journalView(notes));
      await settled(journal);
      expect((root.activeElement as HTMLElement)?.closest('.entry')?.textContent).to.contain('Hjemmebesøg');
    });
  });

  it('asks the host to open a case: composed and cancelable', async () => {
    const {journal, button} = await show(shown(notes));
    setTimeout(() => button('Åbn sagen').click());
    const event = (await oneEvent(document.body, 'bsp-case-open')) as unknown as HTMLElementEventMap['bsp-case-open'];
    expect(event.target).to.equal(journal);
    expect(event.cancelable).to.equal(true);
    expect(event.detail).to.eql({ref: {source: 'sbsys', id: '4'}});
  });

  describe('a draft', () => {
    const drafts = viewOf(
      [{window: 'journal', savedAt: '2025-11-19T14:02:00+01:00', content: {body: 'Hemmeligt'}}],
      [],
    );

    it('is told of to who may write, with its time and nothing of its text', async () => {
      const me = writer('act:note.create', 'act:draft.save');
      const {text} = await show({session: {me}, views: {journal: journalView(notes), drafts}});
      expect(text()).to.contain('Du har en kladde fra 19.11.2025').and.not.to.contain('Hemmeligt');
    });

    it('is nothing to who may not', async () => {
      const {text, button} = await show({session: {me: writer()}, views: {journal: journalView(notes), drafts}});
      expect(text()).not.to.contain('kladde');
      expect(button('Skriv notat')).to.equal(undefined);
    });
  });

  describe('writing', () => {
    it('is offered only where the backend lets the user, whatever the sources say', async () => {
      const {journal, session, button} = await show(scenes.error as Scene);
      expect(button('Skriv notat')).not.to.equal(undefined);
      session.change({me: writer()});
      await settled(journal);
      expect(button('Skriv notat')).to.equal(undefined);
    });

    it('adds only to notes that were written here by the same user', async () => {
      const mine = {delivery: {state: 'accepted'}} as const;
      const {entries} = await show({
        session: {me: writer('act:note.addendum')},
        views: {
          journal: journalView([
            noteOf('bsp', '1', 'Min', mine),
            noteOf('bsp', '2', 'Kollegas', {...mine, author: {name: 'Signe Holt'}}),
            noteOf('ky', '3', 'Min i et andet system'),
          ]),
        },
      });
      const offering = entries().filter((entry) => entry.innerText.includes('Tilføj til notatet'));
      expect(offering.map((entry) => entry.querySelector<HTMLElement>('.what')?.innerText)).to.eql(['Min']);
    });
  });

  it('blanks everything within the same task as a switch', async () => {
    const {journal, provider, root, filter, headings} = await show(shown(notes));
    await filter('maude');
    const next = fakeSession({subject: {type: 'cpr', masked: '710390-••••'}, name: 'Holger Skjern'});
    await withinOneTask(() => {
      provider.session = next;
    });
    expect(headings()).to.eql([]);
    expect(root.textContent).not.to.contain('Maude').and.not.to.contain('641284');
    next.show(journalResource, journalView(notes));
    await settled(journal);
    expect(headings()).to.have.length(6);
    expect(root.querySelector<HTMLInputElement>('input[type=search]')?.value).to.equal('');
  });

  it('says the same in English', async () => {
    const {text} = await show({...(scenes.ready as Scene)}, {lang: 'en'});
    await aTimeout(0);
    for (const part of [
      '6 notes',
      'Write note',
      'Saved, waiting to be sent to the case system',
      'Show the whole note',
      'Addendum',
    ])
      expect(text()).to.contain(part);
    expect(Object.keys(journalEnglish).sort()).to.eql(Object.keys(journalDanish).sort());
    expect(Object.keys(toolsEnglish).sort()).to.eql(Object.keys(toolsDanish).sort());
  });
});

describeEveryScene(journalScenes);
