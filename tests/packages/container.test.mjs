// The Containerfile, without an engine: what it says is held to the workspace, and its last stage is made in a folder and run.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join, posix} from 'node:path';
import {after, before, describe, it} from 'node:test';
import {setTimeout as wait} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {isSent, stagesOf} from './containerfile.mjs';
import {startProcess} from './start-process.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path) => readFileSync(join(root, path), 'utf8');
const readJson = (path) => JSON.parse(read(path));
const stages = stagesOf(read('Containerfile'));
const image = stages.at(-1);
const copies = image.steps.filter(({kind}) => kind === 'copy');

/** Our packages that a package needs, itself included, as folders. */
function ours(folder, found = new Set()) {
  if (found.has(folder)) return found;
  found.add(folder);
  for (const name of Object.keys(readJson(`packages/${folder}/package.json`).dependencies))
    if (name.startsWith('@bsp/')) ours(name.slice('@bsp/'.length), found);
  return found;
}

/** Where a step of the last stage puts what it copies. */
const placeOf = ({paths, to, folder}) =>
  posix.join(folder, to.endsWith('/') ? posix.join(to, posix.basename(paths[0])) : to);

const compare = (one, other) =>
  one.map((part, index) => part - other[index]).find((difference) => difference !== 0) ?? 0;

describe('the Containerfile', () => {
  it('builds and runs on one pinned, slim Node that the packages take', () => {
    assert.equal(new Set(stages.map((stage) => stage.image)).size, 1);
    const [, ...version] =
      /^docker\.io\/library\/node:(\d+)\.(\d+)\.(\d+)-\w+-slim$/.exec(image.image) ?? assert.fail(image.image);
    for (const path of ['package.json', 'packages/gateway/package.json']) {
      const [, ...least] = /^>=(\d+)\.(\d+)$/.exec(readJson(path).engines.node);
      assert.ok(compare(version.map(Number), [...least.map(Number), 0]) >= 0, path);
    }
  });

  it('sends what it builds from, and neither what was installed or built, nor what lies about', () => {
    const rules = read('.dockerignore');
    const sources = ['contract', 'sources', 'gateway'].flatMap((name) =>
      readdirSync(join(root, 'packages', name, 'src'), {recursive: true}).map((path) => `packages/${name}/src/${path}`),
    );
    for (const path of [
      ...['package.json', 'package-lock.json', '.npmrc', 'LICENSE', 'tsconfig.base.json'],
      ...readdirSync(join(root, 'packages')).map((name) => `packages/${name}/package.json`),
      ...['contract', 'sources', 'gateway'].map((name) => `packages/${name}/tsconfig.json`),
      ...sources.filter((path) => !path.endsWith('.test.ts')),
    ]) {
      assert.ok(existsSync(join(root, path)), path);
      assert.ok(isSent(rules, path), path);
    }
    for (const path of [
      ...['.git/config', '.env', 'var/packages', 'gateway.json', 'demo/gateway.json', 'node_modules/zod/index.js'],
      ...[
        'packages/gateway/node_modules/ws/index.js',
        'packages/gateway/dist/bin.js',
        'packages/gateway/src/cli.test.ts',
      ],
    ])
      assert.ok(!isSent(rules, path), path);
  });

  it('holds the gateway and the packages it needs, and nothing of the browser or of Korsbæk', () => {
    const places = copies.map(placeOf);
    const wanted = [...ours('gateway')].flatMap((name) => [
      `/app/packages/${name}/package.json`,
      `/app/packages/${name}/dist`,
      // What the lock could not put into the root's.
      ...(Object.keys(readJson('package-lock.json').packages).some((path) =>
        path.startsWith(`packages/${name}/node_modules/`),
      )
        ? [`/app/packages/${name}/node_modules`]
        : []),
    ]);
    assert.deepEqual(places.sort(), ['/app/LICENSE', '/app/node_modules', ...wanted].sort());
  });

  it('copies from a stage that there is, out of its own folder', () => {
    for (const {from, paths} of copies.filter((step) => step.from)) {
      const stage = stages.find(({name}) => name === from);
      assert.ok(stage, from);
      for (const path of paths) assert.ok(path.startsWith(`${stage.folder}/`), path);
    }
  });

  it('is run by a user who is not root, named by number', () => {
    const [user, group] = image.user.split(':').map(Number);
    assert.ok(user > 0 && group > 0, image.user);
  });

  it('exposes the port that the gateway takes, and starts its command', () => {
    assert.deepEqual(image.ports, [Number(image.environment.PORT)]);
    assert.deepEqual(image.entrypoint, Object.keys(readJson('packages/gateway/package.json').bin));
    assert.deepEqual(image.command, ['start']);
    assert.equal(image.environment.PATH.split(':')[0], '/app/node_modules/.bin');
    assert.match(image.healthCommand.join(' '), /\$\{process\.env\.PORT\}\/healthz/);
  });
});

/** Where a path of a container stands in a folder of this machine. */
const inside = (container, path) => join(container, ...path.split('/'));

/** What lies in a folder, with sizes and times. */
const contents = (folder) =>
  readdirSync(folder, {recursive: true})
    .map((name) => {
      const {size, mtimeMs} = statSync(join(folder, name));
      return `${name} ${size} ${mtimeMs}`;
    })
    .sort();

const freePort = async () => {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const {port} = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
};

// Posix alone: the image is Linux.
describe('what the Containerfile makes', {skip: process.platform === 'win32'}, () => {
  const folder = mkdtempSync(join(tmpdir(), 'bsp-container-'));
  const container = join(folder, 'image');
  const configFile = join(folder, 'gateway.json');
  const [user, group] = image.user.split(':').map(Number);
  let port;
  let environment;
  before(async () => {
    port = await freePort();
    const [build] = stages;
    const built = join(folder, build.name);
    // The first stage builds as `npm run build` has: only what it prunes to is made anew.
    for (const name of ['package.json', 'package-lock.json', '.npmrc']) {
      mkdirSync(inside(built, build.folder), {recursive: true});
      cpSync(join(root, name), join(inside(built, build.folder), name));
    }
    for (const name of readdirSync(join(root, 'packages')))
      for (const part of ['package.json', ...(ours('gateway').has(name) ? ['dist'] : [])])
        cpSync(join(root, 'packages', name, part), join(inside(built, build.folder), 'packages', name, part), {
          recursive: true,
        });
    const {command} = build.steps.findLast(({kind}) => kind === 'run');
    const {status, stderr} = spawnSync(command, {
      cwd: inside(built, build.folder),
      shell: true,
      encoding: 'utf8',
      env: {...process.env, npm_config_prefer_offline: 'true'},
    });
    assert.equal(status, 0, stderr);
    for (const step of copies)
      for (const path of step.paths)
        cpSync(step.from ? inside(built, path) : join(root, path), inside(container, placeOf(step)), {
          recursive: true,
          verbatimSymlinks: true,
        });
    chmodSync(folder, 0o755);
    // What an image has at /app stands elsewhere here.
    const moved = (value) =>
      value.replaceAll('/app/', `${inside(container, '/app')}/`).replace(/\$\{PATH\}/, process.env.PATH);
    environment = {
      ...Object.fromEntries(Object.entries(image.environment).map(([key, value]) => [key, moved(value)])),
      BSP_CONFIG: configFile,
      // The one thing that a container has to itself.
      PORT: String(port),
    };
    writeFileSync(
      configFile,
      JSON.stringify({
        tenant: {id: 'korsbaek', name: 'Korsbæk', cvr: '11111111'},
        auth: {
          issuer: 'https://login.korsbaek.example',
          audience: 'bsp',
          systems: [{id: 'jobcenter', name: 'Jobcentersystemet', rights: [{kle: ['*'], sensitivity: 'sensitive'}]}],
        },
        storage: {memory: true, anyAddress: true},
        sources: [{id: 'cpr', connector: 'cpr-direkte', directory: '.'}],
      }),
    );
  });
  after(() => rmSync(folder, {recursive: true, force: true}));

  const run = ([command, ...args]) => {
    // Only root may become another.
    const as = process.getuid() === 0 ? {uid: user, gid: group} : {};
    return startProcess(command, args, {cwd: inside(container, image.folder), env: environment, ...as});
  };

  it('holds only packages that run', () => {
    const names = readdirSync(inside(container, '/app/node_modules'));
    for (const tool of ['typescript', 'playwright-core', 'lit', 'rollup']) assert.ok(!names.includes(tool), tool);
    assert.deepEqual(readdirSync(inside(container, '/app/node_modules/@bsp')).sort(), [...ours('gateway')].sort());
  });

  it('checks its configuration', async () => {
    const checked = run([...image.entrypoint, 'check']);
    assert.equal((await checked.ended).status, 0, checked.output);
  });

  it('starts, is healthy, lets nobody in without a token, writes nothing in its folder, and ends when told', async () => {
    const before = contents(inside(container, '/app'));
    const gateway = run([...image.entrypoint, ...image.command]);
    try {
      const deadline = Date.now() + 60_000;
      while (!/The gateway answers at/.test(gateway.output) && gateway.child.exitCode === null && Date.now() < deadline)
        await wait(50);
      assert.match(gateway.output, /The gateway answers at/);
      assert.equal((await run(image.healthCommand).ended).status, 0);
      assert.equal((await fetch(`http://127.0.0.1:${port}/bsp/v1/me`)).status, 401);
      gateway.child.kill('SIGTERM');
      assert.equal((await gateway.ended).status, 0, gateway.output);
      assert.equal((await run(image.healthCommand).ended).status, 1);
      assert.deepEqual(contents(inside(container, '/app')), before);
    } finally {
      gateway.child.kill('SIGKILL');
    }
  });
});
