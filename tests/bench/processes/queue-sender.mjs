// Puts messages of Beskedfordeler into a queue, faster than anybody fetches them, and waits until none is left there: what is
// still in hand then is a few.
import {setTimeout as sleep} from 'node:timers/promises';
import {connect} from 'amqplib';
import {messageAbout, numbersOf} from '../beskedfordeler-message.mjs';

const numbers = numbersOf(500);
const channel = await (await connect(process.argv[2])).createConfirmChannel();

process.on('message', async ({queue, count}) => {
  await channel.assertQueue(queue, {durable: true});
  const begun = performance.now();
  for (let sent = 0; sent < count; sent++) {
    const body = Buffer.from(messageAbout(numbers[Math.floor(Math.random() * numbers.length)]));
    if (!channel.sendToQueue(queue, body, {persistent: true})) await new Promise((go) => channel.once('drain', go));
  }
  await channel.waitForConfirms();
  while ((await channel.checkQueue(queue)).messageCount > 0) await sleep(5);
  process.send({seconds: (performance.now() - begun) / 1_000});
});
process.on('disconnect', () => process.exit());
process.send({});
