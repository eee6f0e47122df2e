#!/usr/bin/env node
import {runCli} from './cli.js';

// Whoever reads has had enough, as `head` has.
process.stdout.on('error', () => process.exit(1));

process.exitCode = await runCli(process.argv.slice(2), {
  out: process.stdout,
  err: process.stderr,
  in: process.stdin,
  env: process.env,
});
// Everything is closed: a connector that does not heed its end must not keep the process.
setTimeout(() => process.exit(), 1_000).unref();
