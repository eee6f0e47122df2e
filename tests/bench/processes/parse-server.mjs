// The limit of the intake: takes and reads a message as the gateway does, and says that it is taken without keeping it.
import {createServer} from 'node:http';
import beskedfordeler from '@bsp/sources/beskedfordeler';

const log = {info() {}, warn() {}};
const environment = {sourceId: 'post', sourceName: 'Post', configDirectory: '/', log};
const {intake} = await beskedfordeler.create({}, environment);
const server = createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', async () => {
    const answer = await intake.handle(Buffer.concat(parts), () => Promise.resolve('kept'));
    response.writeHead(answer.status, {'content-type': answer.mediaType}).end(answer.body);
  });
});
server.listen(0, '127.0.0.1', () => {
  process.on('message', () => process.send({cpu: process.cpuUsage()}));
  process.on('disconnect', () => process.exit());
  process.send({origin: `http://127.0.0.1:${server.address().port}`});
});
