// The limit of the gateway: a server that reads the request and sends bytes that it has. It asks nobody and logs nothing.
import {createServer} from 'node:http';

let bytes;
const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => response.writeHead(200, {'content-type': 'application/x-ndjson'}).end(bytes));
});
server.listen(0, '127.0.0.1', () => {
  process.on('message', ({body}) => {
    bytes = Buffer.from(body);
    process.send({ready: true});
  });
  process.on('disconnect', () => process.exit());
  process.send({url: `http://127.0.0.1:${server.address().port}/bsp`});
});
