// Sends messages of Beskedfordeler over kept connections, as many at a time as it is told; each must be taken.
import {Agent, request} from 'node:http';
import {messageAbout, numbersOf} from '../beskedfordeler-message.mjs';

const numbers = numbersOf(500);

const send = (agent, url, body) =>
  new Promise((resolve, reject) => {
    const sent = request(url, {agent, method: 'POST', headers: {'content-type': 'application/xml'}}, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () => {
        const text = Buffer.concat(parts).toString();
        if (text.includes('<StatusKode>20<')) resolve();
        else reject(new Error(`A message was not taken: ${response.statusCode} ${text.slice(0, 200)}`));
      });
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });

process.on('message', async ({origin, connections, count}) => {
  const agent = new Agent({keepAlive: true, maxSockets: connections});
  const url = `${origin}/beskedfordeler/modtag`;
  const begun = performance.now();
  const one = async () => {
    for (let sent = 0; sent < count / connections; sent++)
      await send(agent, url, messageAbout(numbers[Math.floor(Math.random() * numbers.length)]));
  };
  await Promise.all(Array.from({length: connections}, one));
  agent.destroy();
  process.send({seconds: (performance.now() - begun) / 1_000});
});
process.on('disconnect', () => process.exit());
process.send({});
