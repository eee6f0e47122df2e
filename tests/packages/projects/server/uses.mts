import type {Plan} from '@bsp/contract';
import {createGateway, type GatewayConfig, loadConfig} from '@bsp/gateway';
import {type Connector, type ConnectorModule, SourceProblem} from '@bsp/sources';
import {connectorFindings} from '@bsp/sources/conformance';
import cprDirekte from '@bsp/sources/cpr-direkte';
import korsbaek from '@bsp/korsbaek/connector';

const config: GatewayConfig = loadConfig('gateway.json');
const gateway = await createGateway(config);
gateway.app.get('/hello', async () => 'hello');
const address: string = await gateway.listen();
export const extracts: ConnectorModule<{directory: string}> = cprDirekte;
export const planOf = (plan: Plan): string => plan.readId;
export type Own = Connector;
export {address, connectorFindings, korsbaek, SourceProblem};
