// The limit of messages that are fetched: takes each from its queue, reads it as the gateway does, keeps nothing, and
// acknowledges it.
import beskedfordeler from '@bsp/sources/beskedfordeler';
import {connect} from 'amqplib';

const [url, queue, prefetch] = process.argv.slice(2);
const log = {info() {}, warn() {}};
const environment = {sourceId: 'post', sourceName: 'Post', configDirectory: '/', log};
const {intake} = await beskedfordeler.create({}, environment);
const channel = await (await connect(url)).createChannel();
await channel.assertQueue(queue, {durable: true});
await channel.prefetch(Number(prefetch));
await channel.consume(queue, async (message) => {
  await intake.handle(message.content, () => Promise.resolve('kept'));
  channel.ack(message);
});
process.on('message', () => process.send({cpu: process.cpuUsage()}));
process.on('disconnect', () => process.exit());
process.send({});
