// The rules of dependencies find what they look for, and say who needs it.
import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {licenceFaults, pinFaults} from '../../scripts/dependency-rules.mjs';

/** A lock: the workspace, one published package, a tool; `license` of what each of them needs in turn. */
const lock = ({published = 'MIT', tool = 'MIT'}) => ({
  '': {devDependencies: {tool: '1.0.0'}},
  'packages/core': {name: '@bsp/core', dependencies: {outer: '1.0.0'}},
  'node_modules/@bsp/core': {link: true, resolved: 'packages/core'},
  'node_modules/outer': {version: '1.0.0', license: 'MIT', dependencies: {inner: '^1.0.0'}},
  'node_modules/inner': {version: '2.0.0', license: 'MIT'},
  'node_modules/outer/node_modules/inner': {version: '1.0.0', ...(published && {license: published})},
  'node_modules/tool': {version: '1.0.0', license: tool},
});

describe('the rules of dependencies', () => {
  it('let known licences pass', () => assert.deepEqual(licenceFaults(lock({})), []));

  it('tell who passes on what we may not', () =>
    assert.deepEqual(licenceFaults(lock({published: 'AGPL-3.0-only'})), [
      'inner 1.0.0 has the licence AGPL-3.0-only; needed by @bsp/core → outer → inner',
    ]));

  it('tell what has no licence', () =>
    assert.deepEqual(licenceFaults(lock({published: ''})), [
      'inner 1.0.0 has the licence none; needed by @bsp/core → outer → inner',
    ]));

  it('are wider for tools, and not boundless', () => {
    assert.deepEqual(licenceFaults(lock({tool: 'MPL-2.0'})), []);
    assert.equal(licenceFaults(lock({published: 'MPL-2.0'})).length, 1);
    assert.deepEqual(licenceFaults(lock({tool: 'GPL-3.0'})), [
      'tool 1.0.0 has the licence GPL-3.0; needed by the workspace → tool',
    ]);
  });

  it('read a choice and a sum of licences', () => {
    assert.deepEqual(licenceFaults(lock({published: '(MIT OR GPL-3.0-or-later)'})), []);
    assert.equal(licenceFaults(lock({published: '(MIT AND GPL-3.0-or-later)'})).length, 1);
    assert.equal(licenceFaults(lock({published: '(MIT OR ISC) AND (GPL-2.0 OR GPL-3.0)'})).length, 1);
  });

  it('find every version that is not exact, but for peers', () =>
    assert.deepEqual(
      pinFaults({
        dependencies: {a: '1.2.3', b: '^1.2.3'},
        devDependencies: {c: '1', d: 'latest', e: '1.0.0-rc.1'},
        peerDependencies: {f: '>=1'},
      }),
      [
        'b is “^1.2.3”, which is no exact version',
        'c is “1”, which is no exact version',
        'd is “latest”, which is no exact version',
      ],
    ));
});
