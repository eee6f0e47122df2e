// A gateway as a vendor starts it; says where it listens, and ends when asked to.
import {createGateway, loadConfig} from '@bsp/gateway';

const gateway = await createGateway(loadConfig('gateway.json'));
console.log(`listening at ${await gateway.listen()}`);
process.once('SIGTERM', () => gateway.close());
