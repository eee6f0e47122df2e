import assert from 'node:assert/strict';
import {randomBytes} from 'node:crypto';
import {afterEach, it} from 'node:test';
import {setTimeout as sleep} from 'node:timers/promises';
import {context, metrics, trace} from '@opentelemetry/api';
import {AsyncLocalStorageContextManager} from '@opentelemetry/context-async-hooks';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import {anna, bo, caseOf, gateways, numbers, onEachStorage, type Started, scripted} from '../harness.test.js';
import {labelNames} from './metrics.js';

// As an operations team would set it up, but that nothing leaves the process.
const spans = new InMemorySpanExporter();
const measured = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const reader = new PeriodicExportingMetricReader({exporter: measured, exportIntervalMillis: 3_600_000});
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
trace.setGlobalTracerProvider(new BasicTracerProvider({spanProcessors: [new SimpleSpanProcessor(spans)]}));
metrics.setGlobalMeterProvider(new MeterProvider({readers: [reader]}));
afterEach(() => spans.reset());

const told = ({name, attributes, events, links, status, resource}: ReadableSpan): string =>
  JSON.stringify([name, attributes, events, links, status, resource.attributes]);

const names = ['Asta Nygaard', 'Nygaard', 'Bertil', 'Karla Kolding', 'karla-the-user'];

const post = (title: string) =>
  scripted('post', {
    resources: [],
    intake: {
      path: '/push',
      maxBytes: 1_000,
      async handle(_body, keep) {
        const id = `BESKED-${anna.value}-${randomBytes(4).toString('hex')}`;
        const event = {id, type: 'cpr.moved', title, occurredAt: new Date(Date.now() - 90_000).toISOString()};
        const outcome = await keep({...event, subject: anna});
        return {status: 200, mediaType: 'text/plain', body: outcome, outcome};
      },
    },
  });

const sources = () => [
  scripted('kmd', {
    resources: ['cases', 'person', 'documents'],
    async *read({subject, resource}) {
      if (resource === 'cases')
        yield {about: subject, items: [caseOf(`SAG-${anna.value}`, {title: 'Bertil søger hjælp'})]};
      const children = [{relation: 'child', subject: bo, name: 'Bertil'}];
      const person = {
        ref: {source: '', id: anna.value},
        subject,
        name: 'Asta Nygaard',
        status: {kind: 'active'},
        children,
      };
      if (resource === 'person') yield {about: subject, items: [person]};
      if (resource === 'documents') yield {about: subject, items: []};
    },
    content: () => Promise.reject(new Error(`Dokument om ${anna.value} Nygaard mangler`)),
  }),
  scripted('leaks', {
    // biome-ignore lint/correctness/useYield: it only throws
    async *read() {
      throw Object.assign(new Error(`CPR ${anna.value} findes ikke`), {code: anna.value});
    },
  }),
  scripted(
    'slow',
    {
      async *read({signal}) {
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
      },
    },
    {deadlineMs: 30},
  ),
  post('Flytning for Asta Nygaard'),
];

const config = {
  demoUser: {id: 'karla-the-user', name: 'Karla Kolding', unit: 'Jobcenter'},
  operations: {port: 0},
  targets: [{id: 'old', name: 'Arkiv', kind: 'form', url: 'https://archive.example/cgi', fields: {CPRNR: '{cpr}'}}],
};

const operationsOf = ({log}: Started): string => {
  const [, address] = /"address":"(http:[^"]+)"/.exec(log.join('')) ?? [];
  assert(address, 'the log does not say where the operations port is');
  return address;
};

/** All that a caseworker, and a client with mistakes, may send. Gives what must be told nowhere. */
async function traffic({client}: Started): Promise<string[]> {
  const opened = await client.open(anna, {reason: 'Asta Nygaard ringede'});
  const {contextId} = opened;
  const live = await client.live([contextId]);
  await client.request(client.base.replace('/bsp/v1', '/push'), {method: 'POST', body: anna.value});
  await live.next();
  const frames = await client.frames(contextId, 'cases', 'person', 'events', 'journal', 'drafts', 'targets');
  const person = frames.find(({resource}) => resource === 'person')!.items[0] as {
    ref: {id: string};
    children: {subject: {value: string}}[];
  };
  const handle = person.children[0]!.subject.value;
  const relative = await client.open({type: 'ref', value: handle});
  assert.equal((await client.act(contextId, 'note.create', {heading: 'Nygaard', body: 'Bertil'})).status, 200);
  await client.act(contextId, 'reveal', {ref: person.ref, field: 'cpr'});
  await client.act(contextId, 'launch', {target: 'old'});
  await client.request(`/contexts/${contextId}/content/kmd/${person.ref.id}`);
  // Mistakes of a client: what must not be there, in every place of a request.
  await client.post('/contexts', `{"subject": {"type": "cpr", "value": "${anna.value}"`);
  await client.request(`/contexts/${anna.value}`);
  await client.request(`/persons/${anna.value}/Nygaard?cpr=${anna.value}`);
  await client.request('/me', {method: 'PROPFIND'});
  await client.post(`/contexts/${contextId}/read`, {reads: [{resource: anna.value}]});
  await client.post(`/contexts/${contextId}/read`, {reads: [{resource: 'cases', source: anna.value}]});
  await client.request('/me', {
    headers: {
      traceparent: `00-${anna.value.padStart(32, 'a')}-${anna.value.padStart(16, 'b')}-01`,
      tracestate: `cpr=${anna.value}`,
      baggage: `cpr=${anna.value}`,
      'user-agent': `Nygaard ${anna.value}`,
    },
  });
  live.close();
  return [...numbers, ...names, contextId, relative.contextId, handle, opened.handle ?? handle, person.ref.id];
}

onEachStorage('what operations see', (storageFor) => {
  const {run} = gateways(storageFor);

  it('tells what happens, and nothing of whom it is about', async () => {
    const one = await run(sources(), config);
    const secrets = await traffic(one);
    await sleep(50);
    await reader.forceFlush();
    const text = await (await fetch(`${operationsOf(one)}/metrics`)).text();
    const places = {
      spans: spans.getFinishedSpans().map(told).join('\n'),
      traces: spans
        .getFinishedSpans()
        .map((span) => `${span.spanContext().traceId} ${span.spanContext().traceState?.serialize() ?? ''}`)
        .join('\n'),
      measured: JSON.stringify(measured.getMetrics()),
      metrics: text,
      log: one.log.join(''),
    };
    for (const [place, content] of Object.entries(places)) {
      assert(content.length > 500, place);
      for (const secret of secrets) assert(!content.includes(secret), `${place} tells ${secret}`);
    }

    const count = (line: string): number =>
      Number(
        text
          .split('\n')
          .find((one) => one.startsWith(`${line} `))
          ?.split(' ')
          .at(-1),
      );
    assert.equal(count('bsp_contexts_opened_total{tenant="demo"}'), 2);
    assert.equal(count('bsp_reads_total{tenant="demo",outcome="ok"}'), 2);
    assert.equal(count('bsp_frames_total{tenant="demo",source="kmd",resource="person",status="ok"}'), 1);
    assert.equal(count('bsp_frames_total{tenant="demo",source="leaks",resource="cases",status="unavailable"}'), 1);
    assert.equal(count('bsp_frames_total{tenant="demo",source="slow",resource="cases",status="timeout"}'), 1);
    assert.equal(count('bsp_source_duration_seconds_count{tenant="demo",source="leaks",outcome="failed"}'), 1);
    assert.equal(count('bsp_source_duration_seconds_bucket{tenant="demo",source="slow",outcome="left",le="0.01"}'), 0);
    assert.equal(count('bsp_source_duration_seconds_bucket{tenant="demo",source="slow",outcome="left",le="+Inf"}'), 1);
    assert.equal(count('bsp_lookup_log_writes_total{tenant="demo",kind="read",outcome="ok"}'), 2);
    assert.equal(count('bsp_events_total{tenant="demo",source="post",outcome="kept"}'), 1);
    assert.equal(count('bsp_event_lag_seconds_bucket{tenant="demo",source="post",le="10"}'), 0);
    assert.equal(count('bsp_event_lag_seconds_count{tenant="demo",source="post"}'), 1);
    assert.equal(count('bsp_outbox_depth{tenant="demo"}'), 0);
    assert.equal(count('bsp_source_waiting{tenant="demo",source="kmd"}'), 0);
    assert(count('bsp_database_transaction_duration_seconds_count{outcome="ok"}') >= 2);
    assert(count('nodejs_eventloop_delay_seconds{quantile="0.99"}') >= 0);
    assert.match(
      text,
      /^http_server_request_duration_seconds_count\{method="POST",route="\/bsp\/v1\/contexts\/:id\/read",code="200"\} 2$/m,
    );
    assert.match(text, /route="\(none\)",code="404"/);
    assert.match(text, /method="other"/);
  });

  it('shows a read as one trace: request, read and its sources; and transactions', async () => {
    const one = await run(sources(), config);
    const {contextId} = await one.client.open(anna);
    spans.reset();
    await one.client.frames(contextId, 'cases');
    await sleep(50);
    const all = spans.getFinishedSpans();
    const request = all.find(({name}) => name === 'POST /bsp/v1/contexts/:id/read');
    assert(request);
    const read = all.find(({name}) => name === 'read');
    assert.equal(read?.parentSpanContext?.spanId, request.spanContext().spanId);
    const asked = all.filter(({name}) => name === 'source');
    assert.deepEqual(
      asked.map(({attributes}) => `${attributes[labelNames.source]} ${attributes[labelNames.outcome]}`).sort(),
      ['kmd ok', 'leaks failed', 'slow left'],
    );
    for (const {parentSpanContext} of asked) assert.equal(parentSpanContext?.spanId, read.spanContext().spanId);

    await one.client.act(contextId, 'note.create', {heading: 'H', body: 'B'});
    await sleep(50);
    const {traceId} = spans
      .getFinishedSpans()
      .find(({name}) => name.endsWith('/actions'))!
      .spanContext();
    const inIt = spans.getFinishedSpans().filter((span) => span.spanContext().traceId === traceId);
    assert(
      inIt.some(({name}) => name === 'transaction'),
      'the note is kept in a transaction of its trace',
    );
  });

  it('has as many series after a hundred persons as after one', async () => {
    const one = await run(sources(), config);
    const series = async () => {
      const text = await (await fetch(`${operationsOf(one)}/metrics`)).text();
      return text
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'))
        .map((line) => line.replace(/ \S+$/, ''))
        .sort();
    };
    const drive = async (times: number) => {
      for (let time = 0; time < times; time++) {
        const {contextId} = await one.client.open(time % 2 === 0 ? anna : bo);
        await one.client.frames(contextId, {resource: 'person'});
        await one.client.post(`/contexts/${contextId}/read`, {reads: [{resource: `made-up-${time}`}]});
        await one.client.request(`/made-up/${time}`);
        await one.client.request('/me', {method: `MADEUP${time}`.slice(0, 6)}).catch(() => undefined);
      }
      await sleep(50);
    };
    await drive(2);
    const before = await series();
    await drive(100);
    assert.deepEqual(await series(), before);
    assert(before.length < 400, `${before.length} series`);
  });

  it('counts live streams while they are open', async () => {
    const one = await run(sources(), config);
    const {contextId} = await one.client.open(anna);
    const open = async () => {
      const text = await (await fetch(`${operationsOf(one)}/metrics`)).text();
      return /^bsp_live_streams\{tenant="demo"\} (\d+)$/m.exec(text)?.[1];
    };
    assert.equal(await open(), '0');
    const streams = [await one.client.live([contextId]), await one.client.live([contextId])];
    assert.equal(await open(), '2');
    for (const stream of streams) stream.close();
    while ((await open()) !== '0') await sleep(20);
  });
});
