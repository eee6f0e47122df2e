// A gateway in a process of its own. Asked, it tells what it has used of the processor and of memory.
import {createGateway, loadConfig} from '@bsp/gateway';

const gateway = await createGateway(loadConfig(process.argv[2]));
await gateway.listen({port: 0, host: '127.0.0.1'});
const {port} = gateway.app.server.address();
process.on('message', () => process.send({cpu: process.cpuUsage(), rss: process.memoryUsage.rss()}));
process.on('disconnect', () => process.exit());
process.send({url: `http://127.0.0.1:${port}/bsp`, origin: `http://127.0.0.1:${port}`});
