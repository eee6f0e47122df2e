// The load, in a process of its own: reads over a few kept connections, and when the first frame of each came.
import {Agent, request} from 'node:http';

const resources = ['person', 'cases', 'journal', 'events'].map((resource) => ({resource}));

/** Sends one request; tells its body and after how many milliseconds the first frame had come. */
const send = (agent, url, body, accept) =>
  new Promise((resolve, reject) => {
    const started = performance.now();
    const sent = request(
      url,
      {agent, method: 'POST', headers: {'content-type': 'application/json', accept}},
      (response) => {
        let text = '';
        let firstFrame;
        response.setEncoding('utf8');
        response.on('data', (part) => {
          text += part;
          if (firstFrame === undefined && text.includes('"kind":"frame"')) firstFrame = performance.now() - started;
        });
        response.on('end', () =>
          response.statusCode < 300
            ? resolve({text, firstFrame})
            : reject(new Error(`The server answered ${response.statusCode}: ${text.slice(0, 200)}`)),
        );
        response.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end(JSON.stringify(body));
  });

/** Opens a context and keeps what a read of it brought. */
async function record(url) {
  const agent = new Agent({keepAlive: true});
  const subject = {type: 'cpr', value: '6412841002'};
  const opened = JSON.parse((await send(agent, `${url}/v1/contexts`, {subject}, 'application/json')).text);
  const {text} = await send(
    agent,
    `${url}/v1/contexts/${opened.contextId}/read`,
    {reads: resources},
    'application/x-ndjson',
  );
  agent.destroy();
  if (!text.trim().endsWith('}') || !text.includes('"kind":"end"')) throw new Error('The recorded read is not whole.');
  return {contextId: opened.contextId, body: text};
}

async function load({url, context, connections, reads}) {
  const agent = new Agent({keepAlive: true, maxSockets: connections});
  const firstFrames = [];
  const started = performance.now();
  const one = async (count) => {
    for (let read = 0; read < count; read++) {
      const {firstFrame} = await send(
        agent,
        `${url}/v1/contexts/${context}/read`,
        {reads: resources},
        'application/x-ndjson',
      );
      if (firstFrame === undefined) throw new Error('A read brought no frame.');
      firstFrames.push(firstFrame);
    }
  };
  await Promise.all(Array.from({length: connections}, () => one(reads / connections)));
  agent.destroy();
  return {seconds: (performance.now() - started) / 1000, firstFrames};
}

process.on('message', async (question) => {
  process.send(await (question.record ? record(question.record) : load(question)));
});
process.on('disconnect', () => process.exit());
process.send({});
