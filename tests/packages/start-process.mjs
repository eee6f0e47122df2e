import {spawn} from 'node:child_process';

/** Starts a command; `output` is all that it has said, and `ended` its end with that: `{status, output}`. */
export function startProcess(command, args, options) {
  const child = spawn(command, args, options);
  const run = {child, output: ''};
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (bytes) => {
      run.output += bytes;
    });
  run.ended = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status, signal) => resolve({status: status ?? signal, output: run.output}));
  });
  return run;
}
