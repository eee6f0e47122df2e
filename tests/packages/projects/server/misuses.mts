import {createGateway} from '@bsp/gateway';
import '@bsp/sources/cpr-direct';

export const gateway = await createGateway({sources: 'none'});
export const listening: number = await gateway.listen();
