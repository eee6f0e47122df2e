// Thousands of live streams, and the messages that some of them hear of, from one process. How long it takes is counted from
// the moment at which a message was due to be sent until its notice is here: what waits, waits within it.
import {Agent} from 'node:http';
import {connect} from 'node:net';
import {setTimeout as sleep} from 'node:timers/promises';
import {messageAbout, numbersOf} from '../beskedfordeler-message.mjs';
import {posted} from '../post.mjs';

const watchersEach = 3;

const agent = new Agent({keepAlive: true, maxSockets: 50});

/** Sends a request over a kept connection of few. */
async function post(url, body, type) {
  const {status, text} = await posted(agent, url, body, type);
  if (status >= 300) throw new Error(`The server answered ${status}: ${text.slice(0, 200)}`);
  return text;
}

/** Does something for each of many, some at a time. */
async function each(list, lanes, work) {
  const rest = list.entries();
  await Promise.all(
    Array.from({length: lanes}, async () => {
      for (const [index, one] of rest) await work(one, index);
    }),
  );
}

async function measure({origin, streams, perSecond, warmUp, seconds}) {
  const numbers = numbersOf(Math.ceil(streams / watchersEach));
  /** When what each person's watchers have not heard of yet was due; each hears of all, in order. */
  const due = numbers.map(() => []);
  let delays = [];
  const sockets = [];
  const {hostname, port} = new URL(origin);
  const persons = Array.from({length: streams}, (_, index) => index % numbers.length);
  await each(persons, 40, async (person) => {
    const subject = {type: 'cpr', value: numbers[person]};
    const {contextId} = JSON.parse(
      await post(`${origin}/bsp/v1/contexts`, JSON.stringify({subject}), 'application/json'),
    );
    const socket = connect(Number(port), hostname);
    sockets.push(socket);
    let heard = 0;
    await new Promise((open, reject) => {
      socket.on('error', reject);
      socket.on('data', (part) => {
        const text = part.toString();
        if (text.includes(': open')) open();
        for (let at = text.indexOf('data: '); at >= 0; at = text.indexOf('data: ', at + 1))
          delays.push(performance.now() - due[person][heard++]);
      });
      socket.write(`GET /bsp/v1/live?context=${contextId} HTTP/1.1\r\nhost: ${hostname}:${port}\r\n\r\n`);
    });
  });
  const watchers = numbers.map((_, index) => persons.filter((one) => one === index).length);
  const failures = [];

  /** Sends messages at their rate for so long, and waits for the last answer. Gives how many notices there will be of them. */
  async function load(duration) {
    const under = new Set();
    const begun = performance.now();
    let [sent, expected] = [0, 0];
    while (sent < perSecond * duration) {
      const owed = Math.min(perSecond * duration, Math.floor(((performance.now() - begun) / 1_000) * perSecond));
      for (; sent < owed; sent++) {
        const person = Math.floor(Math.random() * numbers.length);
        due[person].push(begun + (sent / perSecond) * 1_000);
        expected += watchers[person];
        const sending = post(`${origin}/beskedfordeler/modtag`, messageAbout(numbers[person]), 'application/xml')
          .catch((error) => failures.push(error))
          .finally(() => under.delete(sending));
        under.add(sending);
      }
      await sleep(5);
    }
    await Promise.all(under);
    for (let patience = 0; delays.length < expected && patience < 200; patience++) await sleep(50);
    return {expected, took: (performance.now() - begun) / 1_000};
  }

  // A server that has run for a while: its hot paths are compiled.
  await load(warmUp);
  delays = [];
  const {expected, took} = await load(seconds);
  for (const socket of sockets) socket.destroy();
  if (failures.length > 0) throw failures[0];
  return {delays, expected, took};
}

process.on('message', async (question) => process.send(await measure(question)));
process.on('disconnect', () => process.exit());
process.send({});
