// The focus after every change of a window: it stays with what has it; when that goes, it goes to what takes its place,
// never to nowhere. Real keys, from outside the page.
import assert from 'node:assert/strict';
import {after, describe, it} from 'node:test';
import {accessibilityTreeOf} from './focus.mjs';
import {openStage} from './stage.mjs';

const stage = await openStage();
const {page, goOn, turnTo} = stage;
const tree = await accessibilityTreeOf(page);
after(() => stage.close());

const changeSession = (change) => page.evaluate((changed) => window.changeSession(changed), change);

/** Puts the focus on a control as a user of the keyboard does. */
async function focusOn(role, name, options = {}) {
  const control = page.getByRole(role, {name, exact: true, ...options}).first();
  await control.focus();
  // From here on the browser knows that the keyboard is in use.
  await page.keyboard.press('Shift');
  return control;
}

/** Waits until this has the focus. */
async function hasFocus(expected) {
  let found = '';
  for (let turn = 0; turn < 40 && found !== expected; turn++) {
    found = await tree.focused();
    if (found !== expected) await page.waitForTimeout(25);
  }
  assert.equal(found, expected);
}

/** Every moment at which nothing has the focus while the page is looked at, in the order of frames. */
const watchFocus = () =>
  page.evaluate(() => {
    globalThis.lost = 0;
    globalThis.watching = true;
    const look = () => {
      if (!globalThis.watching) return;
      if (document.activeElement === document.body) globalThis.lost += 1;
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
const framesWithoutFocus = () =>
  page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    globalThis.watching = false;
    return globalThis.lost;
  });

/** Shows a scene, puts the focus somewhere, lets something happen, and says where the focus must be then. */
const moves = [
  ['rows come', 'case-list', 'loading', ['button', 'Hent sager igen'], () => goOn('ready'), 'button “Hent sager igen”'],
  [
    'a source fails',
    'case-list',
    'ready',
    ['searchbox', 'Filtrér sager'],
    () => goOn('partial'),
    'searchbox “Filtrér sager”',
  ],
  [
    'rows are read again',
    'case-list',
    'ready',
    ['button', 'Boligstøtte 2026'],
    () => goOn('stale'),
    'button “Boligstøtte 2026”',
  ],
  [
    'a row goes',
    'case-list',
    'ready',
    ['button', 'Boligstøtte 2026'],
    () => goOn('partial'),
    'heading “Sager, Maude Agerlund, 641284-••••”',
  ],
  [
    'an error is tried again',
    'case-list',
    'error',
    ['button', 'Prøv igen'],
    () => goOn('ready'),
    'heading “Sager, Maude Agerlund, 641284-••••”',
  ],
  [
    'an error follows',
    'case-list',
    'ready',
    ['button', 'Boligstøtte 2026'],
    () => goOn('error'),
    'heading “Sager, Maude Agerlund, 641284-••••”',
  ],
  [
    'another person, rows',
    'case-list',
    'ready',
    ['button', 'Boligstøtte 2026'],
    () => turnTo('ready'),
    'heading “Sager, Holger Skjern, 770571-••••”',
  ],
  [
    'another person, none yet',
    'case-list',
    'ready',
    ['searchbox', 'Filtrér sager'],
    () => turnTo('loading'),
    'heading “Sager, Holger Skjern, 770571-••••”',
  ],
  [
    'another person, events',
    'events',
    'ready',
    ['radio', 'Alle'],
    () => turnTo('ready'),
    'heading “Hændelser, Holger Skjern, 770571-••••”',
  ],
  [
    'another person, journal',
    'journal',
    'ready',
    ['button', 'Vis hele notatet'],
    () => turnTo('loading'),
    'heading “Journal, Holger Skjern, 770571-••••”',
  ],
  [
    'another person, person',
    'person',
    'protected',
    ['button', 'Vis hele CPR-nummeret'],
    () => turnTo('ordinary'),
    'heading “Holger Skjern, 770571-••••”',
  ],
  [
    'the veil falls',
    'case-list',
    'ready',
    ['button', 'Boligstøtte 2026'],
    () => changeSession({veiled: true}),
    'status “”',
  ],
  [
    'the veil falls and is lifted',
    'case-list',
    'ready',
    ['button', 'Boligstøtte 2026'],
    async () => {
      await changeSession({veiled: true});
      await changeSession({veiled: false, kept: true});
    },
    'button “Boligstøtte 2026”',
  ],
  [
    'the veil falls, and another person comes',
    'case-list',
    'ready',
    ['button', 'Boligstøtte 2026'],
    async () => {
      await changeSession({veiled: true});
      await turnTo('ready');
    },
    'heading “Sager, Holger Skjern, 770571-••••”',
  ],
  ['sorting', 'case-list', 'ready', ['button', 'Sag'], () => page.keyboard.press('Enter'), 'button “Sag”'],
  ['a filter', 'case-list', 'ready', ['radio', 'Åbne'], () => page.keyboard.press('ArrowRight'), 'radio “Afsluttede”'],
  [
    'more rows, and still more',
    'events',
    'more',
    ['button', 'Vis 2 flere'],
    () => page.keyboard.press('Enter'),
    'button “Færdig: Digital Post afleveret”',
  ],
  [
    'the last rows',
    'case-list',
    'more',
    ['button', 'Vis 3 flere'],
    async () => {
      await page.keyboard.press('Enter');
      await page.keyboard.press('Enter');
    },
    'button “Aktindsigt efter forvaltningsloven”',
  ],
  [
    'the filter is given up',
    'journal',
    'filtered-away',
    ['button', 'Vis alle notater'],
    () => page.keyboard.press('Enter'),
    'heading “Journal, Maude Agerlund, 641284-••••”',
  ],
  [
    'a note begins',
    'journal',
    'ready',
    ['button', 'Skriv notat'],
    () => page.keyboard.press('Enter'),
    'combobox “Overskrift”',
  ],
  [
    'a note is saved',
    'journal',
    'compose-written',
    ['textbox', 'Notat'],
    () => page.keyboard.press('Control+Enter'),
    'button “Skriv notat”',
  ],
  [
    'a note is saved from a list',
    'journal',
    'compose-written',
    ['combobox', 'Overskrift'],
    () => page.keyboard.press('Control+Enter'),
    'button “Skriv notat”',
  ],
  [
    'a note can’t be sent',
    'journal',
    'compose-empty',
    ['button', 'Gem notat'],
    () => page.keyboard.press('Enter'),
    'combobox “Overskrift”',
  ],
  [
    'a note is on its way',
    'journal',
    'compose-saving',
    ['button', 'Gemmer …'],
    () => page.keyboard.press('Enter'),
    'button “Gemmer …”',
  ],
  [
    'a note is to be discarded',
    'journal',
    'compose-written',
    ['button', 'Kassér'],
    () => page.keyboard.press('Enter'),
    'button “Behold”',
  ],
  [
    'a note is not discarded',
    'journal',
    'compose-discard',
    ['button', 'Behold'],
    () => page.keyboard.press('Escape'),
    'textbox “Notat”',
  ],
  [
    'what was saved is read',
    'journal',
    'compose-saved',
    ['button', 'Luk beskeden'],
    () => page.keyboard.press('Enter'),
    'button “Skriv notat”',
  ],
  [
    'a draft is gone on with',
    'journal',
    'draft-waiting',
    ['button', 'Fortsæt'],
    () => page.keyboard.press('Enter'),
    'textbox “Notat”',
  ],
  [
    'the user stays',
    'journal',
    'question',
    ['button', 'Bliv hos Maude Agerlund'],
    async () => {
      // As the provider does it: the veil is lifted as soon as the question is answered.
      await page
        .getByRole('dialog')
        .evaluate((dialog) =>
          dialog.addEventListener('close', () => void window.changeSession({veiled: false, kept: true})),
        );
      await page.keyboard.press('Escape');
    },
    'combobox “Overskrift”',
  ],
  [
    'a late outcome is read',
    'journal',
    'outcome',
    ['button', 'Luk beskeden'],
    () => page.keyboard.press('Enter'),
    'heading “Journal”',
  ],
  [
    'an event is acknowledged',
    'events',
    'not-saved',
    ['button', 'Kvittér: Flytning registreret i CPR'],
    () => page.keyboard.press('Space'),
    'button “Kvittér: Flytning registreret i CPR”',
  ],
  [
    'earlier events',
    'events',
    'ready',
    ['button', '1 tidligere om det samme'],
    () => page.keyboard.press('Enter'),
    'button “Skjul tidligere”',
  ],
  [
    'a number is shown',
    'person',
    'protected',
    ['button', 'Vis hele CPR-nummeret'],
    () => page.keyboard.press('Enter'),
    'button “Skjul CPR-nummeret”',
  ],
  [
    'a number can’t be shown',
    'person',
    'reveal-failed',
    ['button', 'Vis hele CPR-nummeret'],
    () => page.keyboard.press('Enter'),
    'button “Vis hele CPR-nummeret”',
  ],
  [
    'an address is shown',
    'person',
    'protected',
    ['button', 'Vis den beskyttede adresse'],
    () => page.keyboard.press('Enter'),
    'button “Skjul den beskyttede adresse”',
  ],
  [
    'the sources open',
    'case-list',
    'ready',
    ['button', '6 af 6 kilder'],
    () => page.keyboard.press('Enter'),
    'dialog “Kilder”',
  ],
  [
    'the sources close',
    'case-list',
    'sources',
    ['button', 'Luk'],
    () => page.keyboard.press('Enter'),
    'button “Venter på 1 af 6”',
  ],
  [
    'Escape closes the sources',
    'case-list',
    'sources',
    ['button', 'Luk'],
    () => page.keyboard.press('Escape'),
    'button “Venter på 1 af 6”',
  ],
  [
    'a source answers that was asked again',
    'case-list',
    'sources',
    ['button', 'Prøv igen: KMD Sag'],
    () => goOn('ready'),
    'listitem “KMD Sag Svarede · 2 hentet · data fra i dag 10.14”',
  ],
];

describe('the focus never falls to nowhere', () => {
  for (const [title, window, scene, control, happen, expected] of moves)
    it(`${title}: ${window}, ${scene}`, async () => {
      await stage.show({window, scene});
      await focusOn(...control);
      await watchFocus();
      await happen();
      await hasFocus(expected);
      assert.equal(await framesWithoutFocus(), 0, 'frames without focus');
    });

  it('the sources open again, by key and by click', async () => {
    await stage.show({window: 'case-list', scene: 'ready'});
    const sources = await focusOn('button', '6 af 6 kilder');
    for (const press of [
      () => page.keyboard.press('Enter'),
      () => page.keyboard.press('Space'),
      () => sources.click(),
    ]) {
      await press();
      await hasFocus('dialog “Kilder”');
      await page.keyboard.press('Escape');
      await hasFocus('button “6 af 6 kilder”');
      await page.getByRole('button', {name: '6 af 6 kilder', expanded: false}).waitFor();
    }
    await sources.click();
    await sources.click();
    assert.equal(await page.getByRole('dialog').count(), 0, 'a second click closes it');
  });

  it('a user who is elsewhere stays there', async () => {
    await stage.show({window: 'case-list', scene: 'error'});
    await page.evaluate(() =>
      document.body.append(Object.assign(document.createElement('button'), {textContent: 'Vært'})),
    );
    await focusOn('button', 'Prøv igen');
    await focusOn('button', 'Vært');
    await goOn('ready');
    await turnTo('ready');
    await hasFocus('button “Vært”');
  });

  it('a user who has left for nowhere is not called back', async () => {
    await stage.show({window: 'case-list', scene: 'ready'});
    await focusOn('button', 'Boligstøtte 2026');
    await page.mouse.click(600, 880);
    await page.waitForTimeout(50);
    await goOn('error');
    await hasFocus('nothing');
  });
});
