// npm run test:services: the gateway on real PostgreSQL, RabbitMQ and NATS, which the tests start for themselves.
//   npm run test:services [-- --long] [-- path fragment …]
// --long kills more often. Root with apt installs what is missing; elsewhere the suite says what is, and is skipped, or
// fails with BSP_REQUIRE_SERVICES=1.
import {spawnSync} from 'node:child_process';
import {readdirSync} from 'node:fs';
import {findCommand} from './engines.mjs';
import {findService, services} from './services.mjs';
import {checkNode, ensureBuilt, ensureInstalled, fail, root, run} from './setup.mjs';
import {tellCounts} from './test-counts.mjs';

checkNode();
ensureInstalled();

const missing = () => Object.keys(services).filter((name) => findService(name) === undefined);
if (missing().length > 0 && process.getuid?.() === 0 && findCommand('apt-get')) {
  const options = {env: {...process.env, DEBIAN_FRONTEND: 'noninteractive'}, stdio: ['ignore', 'ignore', 'inherit']};
  const packages = missing().map((name) => services[name].package);
  run('apt-get update', 'apt-get', ['update', '-qq'], options);
  run(
    `apt-get install ${packages.join(' ')}`,
    'apt-get',
    ['install', '-yqq', '--no-install-recommends', ...packages],
    options,
  );
}
if (missing().length > 0) {
  const what = missing().map((name) => services[name].title);
  const how = `apt-get install ${missing()
    .map((name) => services[name].package)
    .join(' ')}`;
  if (process.env.BSP_REQUIRE_SERVICES === '1') fail(`Not on this machine: ${what.join(', ')}. ${how}`);
  console.log(`Skipped: not on this machine: ${what.join(', ')}. ${how}`);
  tellCounts({passed: 0, failed: 0, skipped: 1});
  process.exit(0);
}

ensureBuilt();
const given = process.argv.slice(2);
const fragments = given.filter((argument) => argument !== '--long');
const files = readdirSync(`${root}tests/services`)
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => `tests/services/${name}`)
  .filter((name) => fragments.length === 0 || fragments.some((part) => name.includes(part)));
if (files.length === 0) fail(`No test file matches ${fragments.join(', ')}.`);
const {status} = spawnSync(
  process.execPath,
  [
    '--import',
    'tsx',
    '--test',
    '--test-concurrency=1',
    '--test-reporter=./scripts/test-reporter.mjs',
    '--test-reporter-destination=stdout',
    ...files,
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: {...process.env, ...(given.includes('--long') ? {BSP_LONG: '1'} : {})},
  },
);
process.exit(status ?? 1);
