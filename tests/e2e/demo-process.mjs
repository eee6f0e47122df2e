// A demo in a process of its own, so that a test can read all that it writes, and kill it. Asked, it tells what it has of memory.
import {startDemo} from '../../demo/server.mjs';

const [port, configFile] = process.argv.slice(2);
try {
  const {url, careUrl} = await startDemo({port: Number(port), configFile});
  process.send({url, careUrl});
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
process.on('message', () => process.send({resident: process.memoryUsage.rss()}));
process.on('disconnect', () => process.exit());
