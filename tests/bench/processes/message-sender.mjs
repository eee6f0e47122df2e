// Sends messages of Beskedfordeler over kept connections, as many at a time as it is told; each must be taken.
import {Agent} from 'node:http';
import {messageAbout, numbersOf} from '../beskedfordeler-message.mjs';
import {posted} from '../post.mjs';

const numbers = numbersOf(500);

async function send(agent, url, body) {
  const {status, text} = await posted(agent, url, body, 'application/xml');
  if (!text.includes('<StatusKode>20<')) throw new Error(`A message was not taken: ${status} ${text.slice(0, 200)}`);
}

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
