import assert from 'node:assert/strict';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {describe, it} from 'node:test';
import {fileURLToPath} from 'node:url';
import ts from 'typescript';

const path = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const scenes = readdirSync(path('tests/browser/scenes')).map((file) => file.replace(/\.ts$/, ''));

/** The names in a module's object of scenes, called `scenes`, or `all` where those are made of it. */
function sceneNames(text: string): string[] {
  const module = ts.createSourceFile('scenes.ts', text, ts.ScriptTarget.ES2022, true);
  const objects = module.statements
    .filter(ts.isVariableStatement)
    .flatMap(({declarationList}) => declarationList.declarations)
    .filter(
      (one) => ['scenes', 'all'].includes(one.name.getText()) && one.type?.getText().includes('Record<string, Scene>'),
    );
  return objects.flatMap(({initializer}) =>
    initializer && ts.isObjectLiteralExpression(initializer)
      ? initializer.properties.map(({name}) => (name && ts.isStringLiteral(name) ? name.text : (name?.getText() ?? '')))
      : [],
  );
}

describe('the stories', () => {
  it('know a window for every file of scenes', () => assert.ok(scenes.length >= 4));

  for (const window of scenes)
    it(`show every scene of ${window}, under its name`, () => {
      const stories = path(`stories/${window}.stories.ts`);
      assert.ok(existsSync(stories), `There is no stories/${window}.stories.ts`);
      const names = sceneNames(readFileSync(path(`tests/browser/scenes/${window}.ts`), 'utf8'));
      assert.ok(names.length > 5);
      const shown = [...readFileSync(stories, 'utf8').matchAll(/const (\w+) = (?:\{\.\.\.)?scene\('([a-z-]+)'\)/g)];
      assert.deepEqual(shown.map(([, , scene]) => scene).sort(), [...names].sort());
      const pascal = (name = '') => name.replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
      for (const [, exported, scene] of shown)
        assert.equal(exported?.toLowerCase(), pascal(scene).toLowerCase(), 'the story is called after its scene');
    });
});
