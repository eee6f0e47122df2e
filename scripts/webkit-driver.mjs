// WebKit without a screen: Xvfb on a display that is free, and WebKitWebDriver on a free port. What it starts, it stops.
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {createServer} from 'node:net';
import {findCommand} from './engines.mjs';

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const {port} = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Waits for a child's sign of life; rejects when it ends first. */
async function until(child, ready) {
  const ended = new AbortController();
  const end = once(child, 'exit', {signal: ended.signal}).then(([code, signal]) => {
    throw new Error(`${child.spawnfile} ended at once (${code ?? signal}).`);
  });
  try {
    return await Promise.race([ready(ended.signal), end]);
  } finally {
    ended.abort();
    end.catch(() => undefined);
  }
}

/** Xvfb takes the first free display and writes its number to the pipe. */
async function startDisplay() {
  const child = spawn(findCommand('Xvfb'), ['-displayfd', '3', '-screen', '0', '1400x1100x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  let said = '';
  const number = await until(child, async () => {
    for await (const chunk of child.stdio[3]) {
      said += chunk;
      if (said.includes('\n')) break;
    }
    return said.trim();
  });
  return {child, display: `:${number}`};
}

async function startDriver(display) {
  const port = await freePort();
  const child = spawn(findCommand('WebKitWebDriver'), [`--port=${port}`], {
    stdio: 'ignore',
    env: {
      ...process.env,
      DISPLAY: display,
      GDK_BACKEND: 'x11',
      LIBGL_ALWAYS_SOFTWARE: '1',
      NO_AT_BRIDGE: '1',
      WEBKIT_DISABLE_COMPOSITING_MODE: '1',
      // Its sandbox needs user namespaces, which root and containers have not; the pages are our own.
      WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
    },
  });
  await until(child, async (ended) => {
    while (!ended.aborted) {
      const answer = await fetch(`http://127.0.0.1:${port}/status`).catch(() => undefined);
      if (answer?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });
  return {child, port};
}

async function stopChild(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill();
  await once(child, 'exit');
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Stops a child with this process, however it ends. Gives what lets go of it. */
function stopWithThisProcess(child) {
  const kill = () => child.kill();
  const killAndEnd = (signal) => {
    kill();
    // Nobody else wants to tidy up first.
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  process.once('exit', kill);
  for (const signal of signals) process.once(signal, killAndEnd);
  return () => {
    process.removeListener('exit', kill);
    for (const signal of signals) process.removeListener(signal, killAndEnd);
  };
}

/** Gives the driver's port, and what stops both. They stop with this process too. */
export async function startWebKitDriver() {
  const {child: screen, display} = await startDisplay();
  const letGoOfScreen = stopWithThisProcess(screen);
  const {child: driver, port} = await startDriver(display).catch(async (error) => {
    letGoOfScreen();
    await stopChild(screen);
    throw error;
  });
  const letGoOfDriver = stopWithThisProcess(driver);
  return {
    port,
    async stop() {
      letGoOfDriver();
      await stopChild(driver);
      letGoOfScreen();
      await stopChild(screen);
    },
  };
}
