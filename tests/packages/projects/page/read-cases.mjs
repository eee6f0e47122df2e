// Reads a person's cases in Node, and holds them against the contract.
import {caseSchema} from '@bsp/contract';
import {characters, korsbaekBackend} from '@bsp/korsbaek';

const {signal} = new AbortController();
const backend = korsbaekBackend();
const {contextId} = await backend.openContext({type: 'cpr', value: characters[0].cpr}, {signal});
const counts = {readable: 0, unreadable: 0};
for await (const message of backend.read(contextId, [{resource: 'cases'}], {signal}))
  for (const item of message.kind === 'frame' ? message.items : [])
    if (!('ask' in item)) counts[caseSchema.safeParse(item).success ? 'readable' : 'unreadable']++;
console.log(`${counts.readable} readable cases of ${characters[0].name}, ${counts.unreadable} unreadable`);
