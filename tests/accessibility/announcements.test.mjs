// What the live regions say, read from the accessibility tree: whatever is about a person names that person, masked, and
// nothing of it outlives a switch.
import assert from 'node:assert/strict';
import {after, describe, it} from 'node:test';
import {accessibilityTreeOf} from './focus.mjs';
import {openStage} from './stage.mjs';

const stage = await openStage();
const {page, goOn, turnTo} = stage;
const tree = await accessibilityTreeOf(page);
after(() => stage.close());

const press = (name) => page.getByRole('button', {name, exact: true}).first().click();

/** Waits until one of the live regions says this, alone or after what stood there. */
async function says(expected) {
  let found = [];
  for (let turn = 0; turn < 40; turn++) {
    found = await tree.announced();
    if (found.some((text) => text.endsWith(expected))) return;
    await page.waitForTimeout(25);
  }
  assert.fail(`Nobody says “${expected}”, but ${JSON.stringify(found)}`);
}

// A search is about nobody yet.
const isAboutSomebody = ({window}) => window !== 'search';

describe('whatever is said in any state names the person, masked', () => {
  for (const shown of stage.scenes.filter(isAboutSomebody))
    it(`${shown.window}, ${shown.scene}`, async () => {
      for (const lang of ['da', 'en']) {
        await stage.show(shown, {lang});
        const names = await page.evaluate(() => {
          const {subject} = document.querySelector('fake-provider').session ?? {};
          return subject ? [subject.masked, subject.label].filter(Boolean) : undefined;
        });
        const said = await tree.announced();
        const unnamed = said.filter(
          (text) =>
            !/^(Skifter person|Changing person)/.test(text) &&
            // Nobody is open any more, and whoever comes by shall not hear who was.
            !(shown.window === 'idle' && shown.scene === 'closed' && /^(Oplysningerne|The details) /.test(text)) &&
            // While somebody is opened, nobody knows yet who it is.
            !(names ? names.some((name) => text.includes(name)) : /^[^,:]+: (Henter|Fetching) [^,:]+$/.test(text)) &&
            // An outcome names whom it was about, a pinned window whom it keeps: not whom the page has turned to.
            !(['outcome', 'pinned'].includes(shown.scene) && text.includes('Maude Agerlund, 641284-••••')),
        );
        assert.deepEqual(unnamed, [], lang);
      }
    });
});

describe('whatever is said of a search names nobody', () => {
  for (const shown of stage.scenes.filter((scene) => !isAboutSomebody(scene)))
    it(shown.scene, async () => {
      await stage.show(shown);
      assert.doesNotMatch((await tree.announced()).join(), /Maude|641284|••••/);
    });
});

const who = 'Maude Agerlund, 641284-••••';
const standing = {
  loading: `Sager, ${who}: Henter sager`,
  'some-waiting': `Sager, ${who}: Henter sager`,
  ready: `Sager, ${who}: 6 åbne af 8. 6 af 6 kilder`,
  partial: `Sager, ${who}: 5 åbne af 6. Noget mangler eller er forældet: KMD Sag og Momentum`,
  stale: `Sager, ${who}: 6 åbne af 8. Noget mangler eller er forældet: KMD Nexus`,
  empty: `Sager, ${who}: Ingen sager registreret i de 6 kilder, der svarede`,
  'partial-empty': `Sager, ${who}: Ingen sager i det, der kom fra de 5 kilder, der svarede`,
  error: `Sager, ${who}: Sager kan ikke vises: ingen kilder svarede`,
  forbidden: `Sager, ${who}: Du har ikke adgang til sager om denne person`,
  'needs-purpose': `Sager, ${who}: Formålet med opslaget skal oplyses, før sager kan vises`,
  unsupported: `Sager, ${who}: Ingen af de tilsluttede systemer leverer sager`,
  offline: `Sager, ${who}: Der er ingen forbindelse. Vinduet henter selv, når den er tilbage.`,
};

describe('how it stands is said', () => {
  for (const [scene, expected] of Object.entries(standing))
    it(scene, async () => {
      await stage.show({window: 'case-list', scene});
      await says(expected);
    });

  it('and again whenever it changes', async () => {
    await stage.show({window: 'case-list', scene: 'loading'});
    for (const scene of ['ready', 'partial', 'error', 'ready']) {
      await goOn(scene);
      await says(standing[scene]);
    }
  });
});

/** What a user does, and what is said of it: after the standing where it is said in the same region. */
const deeds = [
  ['a filter', 'case-list', 'ready', () => page.getByRole('radio', {name: 'Afsluttede'}).check(), 'Viser 2 af 8'],
  ['more rows', 'case-list', 'more', () => press('Vis 3 flere'), 'Viser 6 af 8'],
  [
    'a mark that is not set',
    'events',
    'ready',
    () => press('Kvittér: Flytning registreret i CPR'),
    'Det blev ikke gemt. Prøv igen.',
  ],
  ['a number', 'person', 'protected', () => press('Vis hele CPR-nummeret'), 'CPR-nummeret vises i 30 sekunder'],
  ['an address', 'person', 'protected', () => press('Vis den beskyttede adresse'), 'Adressen vises i 30 sekunder'],
  [
    'a number covered again',
    'person',
    'number-revealed',
    () => press('Skjul CPR-nummeret'),
    'CPR-nummeret er skjult igen',
  ],
  ['a note', 'journal', 'compose-written', () => press('Gem notat'), `Notatet er gemt på ${who}`],
];

describe('what came of it is said', () => {
  for (const [title, window, scene, act, expected] of deeds)
    it(title, async () => {
      await stage.show({window, scene});
      await act();
      await says(`${who}: ${expected}`);
    });

  it('the number itself, with its person', async () => {
    await stage.show({window: 'person', scene: 'number-revealed'});
    await says('Maude Agerlund, CPR-nummer 641284-1002');
  });
  it('a note that was not saved', async () => {
    await stage.show({window: 'journal', scene: 'compose-refused'});
    await says(
      `${who}: Det blev ikke gemt. Der er for mange forsøg lige nu. Prøv igen om 30 sekunder. Teksten er her stadig.`,
    );
  });
  it('a number that can’t be shown', async () => {
    await stage.show({window: 'person', scene: 'reveal-failed'});
    await says(`${who}: CPR-nummeret kan ikke vises lige nu: kilden svarede ikke. Prøv igen.`);
  });
});

describe('nothing of it outlives a switch', () => {
  for (const [window, scene, next] of [
    ['case-list', 'ready', 'loading'],
    ['events', 'not-saved', 'ready'],
    ['journal', 'compose-saved', 'ready'],
    ['journal', 'compose-refused', 'loading'],
    ['person', 'number-revealed', 'loading'],
    ['person', 'reveal-failed', 'ordinary'],
  ])
    it(`${window}, ${scene}`, async () => {
      await stage.show({window, scene});
      assert.match((await tree.announced()).join(), /Maude Agerlund/);
      await turnTo(next);
      const said = (await tree.announced()).join('\n');
      assert.doesNotMatch(said, /Maude|641284/);
      assert.match(said, /Holger Skjern, 770571-••••/);
    });
});
