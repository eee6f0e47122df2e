// The load, in a process of its own: reads over a few kept connections, and when the first frame of each came.
import {Agent, request} from 'node:http';

const frameMark = Buffer.from('"kind":"frame"');

/** Sends one request; tells its body and after how many milliseconds the first frame had come. */
const send = (agent, url, body, headers = {}) =>
  new Promise((resolve, reject) => {
    const started = performance.now();
    const sent = request(
      url,
      {agent, method: 'POST', headers: {'content-type': 'application/json', ...headers}},
      (response) => {
        const parts = [];
        let firstFrame;
        let cameAt;
        response.on('data', (part) => {
          if (firstFrame === undefined && part.includes(frameMark)) {
            cameAt = process.hrtime.bigint();
            firstFrame = performance.now() - started;
          }
          parts.push(part);
        });
        response.on('end', () => {
          const bytes = Buffer.concat(parts);
          if (response.statusCode < 300) resolve({bytes, firstFrame, cameAt});
          else reject(new Error(`The server answered ${response.statusCode}: ${bytes.toString().slice(0, 200)}`));
        });
        response.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end(JSON.stringify(body));
  });

async function open(agent, url, headers) {
  const subject = {type: 'cpr', value: '6412841002'};
  return JSON.parse((await send(agent, `${url}/v1/contexts`, {subject}, headers)).bytes).contextId;
}

/** Opens a context and keeps what a read of it brought. */
async function record({url, reads}) {
  const agent = new Agent({keepAlive: true});
  const contextId = await open(agent, url);
  const {bytes} = await send(agent, `${url}/v1/contexts/${contextId}/read`, {reads});
  agent.destroy();
  const body = bytes.toString();
  if (!body.trim().endsWith('}') || !body.includes('"kind":"end"')) throw new Error('The recorded read is not whole.');
  return {contextId, body};
}

async function load({url, context, connections, count, reads, length}) {
  const agent = new Agent({keepAlive: true, maxSockets: connections});
  const firstFrames = [];
  const started = performance.now();
  const one = async (share) => {
    for (let read = 0; read < share; read++) {
      const {firstFrame, bytes} = await send(agent, `${url}/v1/contexts/${context}/read`, {reads});
      if (firstFrame === undefined || Math.abs(bytes.length - length) > length / 20)
        throw new Error(`A read brought ${bytes.length} bytes instead of ${length}.`);
      firstFrames.push(firstFrame);
    }
  };
  await Promise.all(Array.from({length: connections}, () => one(count / connections)));
  agent.destroy();
  return {seconds: (performance.now() - started) / 1000, firstFrames};
}

/** Milliseconds from the moment that a source says it answered until its frame is here: both clocks are the machine's. */
async function delays({url, headers, connections, count}) {
  const agent = new Agent({keepAlive: true, maxSockets: connections});
  const context = await open(agent, url, headers);
  const found = [];
  const one = async (share) => {
    for (let read = 0; read < share; read++) {
      const body = {reads: [{resource: 'documents'}]};
      const {bytes, cameAt} = await send(agent, `${url}/v1/contexts/${context}/read`, body, headers);
      found.push(Number(cameAt - BigInt(/"title":"(\d+)"/.exec(bytes.toString())[1])) / 1e6);
    }
  };
  await Promise.all(Array.from({length: connections}, () => one(count / connections)));
  agent.destroy();
  return {delays: found};
}

const answers = {record, load, delays};
process.on('message', async ({what, ...question}) => process.send(await answers[what](question)));
process.on('disconnect', () => process.exit());
process.send({});
