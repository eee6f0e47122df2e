// npm start: sets up what is missing, then runs the gateway and the demo on one port.
//   npm start [-- --config FILE]     PORT chooses the port
import {existsSync} from 'node:fs';
import {resolve} from 'node:path';
import {parseArgs} from 'node:util';
import {checkNode, ensureBuilt, ensureInstalled, fail} from './setup.mjs';

checkNode();
let configFile;
try {
  configFile = parseArgs({options: {config: {type: 'string'}}}).values.config;
} catch (error) {
  fail(`${error.message}\nUsage: npm start -- --config FILE`);
}
if (configFile !== undefined) {
  // npm runs scripts in the repository; the file is meant from where npm was called.
  configFile = resolve(process.env.INIT_CWD ?? process.cwd(), configFile);
  if (!existsSync(configFile)) fail(`There is no config file ${configFile}.`);
}
const port = process.env.PORT === undefined ? undefined : Number(process.env.PORT);
if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port < 65536))
  fail(`PORT is “${process.env.PORT}”; it must be a number from 0 to 65535.`);

ensureInstalled();
ensureBuilt();
const {startDemo} = await import('../demo/server.mjs');
let demo;
try {
  demo = await startDemo({port, configFile});
} catch (error) {
  // What the user can mend has a message to read; anything else is ours, and its stack tells where.
  const mendable = error.name === 'Error' || error.name === 'ConfigError';
  fail(mendable ? error.message : error.stack);
}
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => {
    demo.close().finally(() => process.exit(0));
  });
