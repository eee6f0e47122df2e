// A gateway in a process of its own.
import {createGateway, loadConfig} from '@bsp/gateway';

const gateway = await createGateway(loadConfig(process.argv[2]));
await gateway.listen({port: 0, host: '127.0.0.1'});
const {port} = gateway.app.server.address();
process.on('disconnect', () => process.exit());
process.send({url: `http://127.0.0.1:${port}/bsp`});
