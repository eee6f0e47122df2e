import {casesResource, type Notice, type Problem, type ProblemError, type StreamMessage} from '@bsp/contract';
import {expect} from '@open-wc/testing';
import {settled} from '../../../tests/browser/fixtures/scripted-backend.js';
import {secondCopy} from '../../../tests/browser/fixtures/second-copy.js';
import {httpBackend} from './http-backend.js';
import {SubjectSession} from './subject-session.js';

const json = (value: unknown, init: ResponseInit = {}) =>
  new Response(JSON.stringify(value), {headers: {'content-type': 'application/json'}, ...init});

const {signal} = new AbortController();
const context = {
  contextId: 'c 1',
  subject: {type: 'cpr', masked: '641284-••••'},
  openedAt: '2026-11-20T09:00:00Z',
  expiresAt: '2026-11-20T17:00:00Z',
};

/** A stream of these pieces; text as UTF-8. */
const streamOf = (pieces: readonly (string | Uint8Array)[], type: string, onCancel?: () => void) =>
  new Response(
    new ReadableStream({
      start(controller) {
        for (const piece of pieces)
          controller.enqueue(typeof piece === 'string' ? new TextEncoder().encode(piece) : piece);
        if (!onCancel) controller.close();
      },
      cancel: () => onCancel?.(),
    }),
    {headers: {'content-type': type}},
  );

async function problemOf(promise: Promise<unknown>): Promise<Problem> {
  try {
    await promise;
  } catch (thrown) {
    return (thrown as ProblemError).problem;
  }
  throw new Error('It did not fail.');
}

async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of stream) values.push(value);
  return values;
}

describe('httpBackend', () => {
  const {fetch} = globalThis;
  let requests: {url: string; init: RequestInit; headers: Headers; body: unknown}[] = [];
  const answerWith = (answer: (url: string, init: RequestInit) => Response | Promise<Response>) => {
    requests = [];
    globalThis.fetch = async (url, init = {}) => {
      const body: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : undefined;
      requests.push({url: String(url), init, headers: new Headers(init.headers), body});
      return answer(String(url), init);
    };
  };
  afterEach(() => {
    globalThis.fetch = fetch;
  });

  it('opens, adopts, acts, asks who and closes where the contract says, with the number in one body only', async () => {
    const backend = httpBackend('/bsp/', {headers: () => Promise.resolve({authorization: 'Bearer t'})});
    answerWith((url, {method}) =>
      method === 'DELETE'
        ? new Response(null, {status: 204})
        : url.endsWith('/me')
          ? json({user: {id: 'u', name: 'M'}, tenant: {id: 't', name: 'K'}, capabilities: [], purposes: []})
          : url.endsWith('/actions')
            ? json({key: 'key-0001', type: 'reveal', at: '2026-11-20T09:00:00Z'})
            : json(context),
    );
    const {contextId} = await backend.openContext({type: 'cpr', value: '6412840001'}, {signal, purpose: 'p'});
    await backend.adoptContext?.(contextId, {signal});
    await backend.act(contextId, {type: 'reveal', key: 'key-0001', payload: {}}, {signal});
    await backend.me({signal});
    await backend.closeContext(contextId);
    expect(requests.map(({url, init: {method = 'GET'}}) => `${method} ${url}`)).to.deep.equal([
      'POST /bsp/v1/contexts',
      'GET /bsp/v1/contexts/c%201',
      'POST /bsp/v1/contexts/c%201/actions',
      'GET /bsp/v1/me',
      'DELETE /bsp/v1/contexts/c%201',
    ]);
    expect(requests[0]?.body).to.deep.equal({subject: {type: 'cpr', value: '6412840001'}, purpose: 'p'});
    for (const {headers, init} of requests) {
      expect(headers.get('authorization')).to.equal('Bearer t');
      expect(init).to.include({cache: 'no-store', referrerPolicy: 'no-referrer', credentials: 'same-origin'});
    }
    expect(requests.filter(({init}) => JSON.stringify([init.body]).includes('6412840001'))).to.have.length(1);
    expect(requests.filter(({init}) => init.body).every(({init}) => init.redirect === 'error')).to.equal(true);
  });

  it('breaks the glass in the body of the opening, and nowhere else', async () => {
    const reason = 'Barnet er i akut fare';
    answerWith(() => json({...context, breakGlass: true}));
    const opened = await httpBackend('/bsp').openContext({type: 'ref', value: 'p'}, {signal, breakGlass: true, reason});
    expect(opened.breakGlass).to.equal(true);
    expect(requests[0]?.body).to.deep.equal({subject: {type: 'ref', value: 'p'}, breakGlass: true, reason});
    expect(requests.map(({url}) => url)).to.deep.equal(['/bsp/v1/contexts']);
  });

  it('sends a write so that it goes on when the page is left, as far as browsers allow', async () => {
    const backend = httpBackend('/bsp');
    answerWith((url) =>
      json(url.endsWith('/actions') ? {key: 'key-0001', type: 'x', at: '2026-11-20T09:00:00Z'} : context),
    );
    await backend.openContext({type: 'cpr', value: '6412840001'}, {signal});
    for (const body of ['kort', 'l'.repeat(20_000)])
      await backend.act('c', {type: 'draft.save', key: 'key-0001', payload: {body}}, {signal});
    expect(requests.map(({init}) => init.keepalive ?? false)).to.deep.equal([false, true, false]);
  });

  for (const [status, code] of [
    [400, 'invalid-request'],
    [401, 'unauthorized'],
    [403, 'forbidden'],
    [404, 'not-found'],
    [409, 'context-closed'],
    [413, 'too-large'],
    [422, 'key-reused'],
    [429, 'rate-limited'],
    [500, 'internal'],
    [502, 'unavailable'],
    [418, 'internal'],
    [503, 'unavailable'],
    [504, 'timeout'],
  ] as const)
    it(`reads ${status} as ${code}, whatever the answer says`, async () => {
      answerWith(() => new Response('<h1>Ida Holm 641284</h1>', {status, headers: {'retry-after': '7'}}));
      const problem = await problemOf(httpBackend('/bsp').openContext({type: 'self'}, {signal}));
      expect(problem).to.deep.include({code, status, retryAfter: 7});
      expect(JSON.stringify(problem)).not.to.include('Ida');
    });

  it('knows a refusal for one even where the chunk with the details can not be had', async () => {
    const copy = await secondCopy(new URL('./http-backend.ts', import.meta.url), 'http-rare');
    const make = copy.httpBackend as typeof httpBackend;
    for (const [status, code] of [
      [401, 'unauthorized'],
      [403, 'forbidden'],
      [409, 'context-closed'],
      [500, 'unavailable'],
    ] as const) {
      answerWith(() => new Response('', {status}));
      expect(await problemOf(make('/bsp').me({signal}))).to.include({code, status});
    }
  });

  it('asks for headers once more when they are refused, and gives up when those are too', async () => {
    const asked: (boolean | undefined)[] = [];
    const backend = httpBackend('/bsp', {
      headers: (refused) => {
        asked.push(refused);
        return {authorization: refused ? 'Bearer new' : 'Bearer old'};
      },
    });
    let good = 'Bearer new';
    const fresh = () => requests.at(-1)!.headers.get('authorization') === good;
    const body = {...context};
    answerWith(() => (fresh() ? json(body, {status: 201}) : json({}, {status: 401})));
    const opened = await backend.openContext({type: 'ref', value: 'p'}, {signal: new AbortController().signal});
    expect(opened.contextId).to.equal(context.contextId);
    expect(asked).to.deep.equal([undefined, true]);
    expect(requests.map((one) => one.body)).to.deep.equal([requests[0]!.body, requests[0]!.body]);
    expect(requests[0]!.headers.get('x-requested-with')).to.equal('bsp');
    good = 'another';
    const problem = await backend.me({signal: new AbortController().signal}).catch((thrown: unknown) => thrown);
    expect((problem as ProblemError).problem.code).to.equal('unauthorized');
    expect(asked).to.have.length(4);
  });

  it('takes a problem as the backend told it', async () => {
    const told = {type: 'urn:x', title: 'Formål mangler', status: 403, code: 'needs-purpose', pointer: '/purpose'};
    answerWith(() => json(told, {status: 403, headers: {'content-type': 'application/problem+json; charset=utf-8'}}));
    expect(await problemOf(httpBackend('/bsp').me({signal}))).to.deep.equal(told);
    answerWith(() => new Response('{', {status: 403, headers: {'content-type': 'application/problem+json'}}));
    expect(await problemOf(httpBackend('/bsp').me({signal}))).to.include({code: 'forbidden'});
    answerWith(() => json({code: 'x'}, {status: 409, headers: {'content-type': 'application/problem+json'}}));
    expect(await problemOf(httpBackend('/bsp').me({signal}))).to.include({code: 'context-closed'});
  });

  it('is not taken in by a login page or another shape', async () => {
    const page = () => new Response('<html>Log ind</html>', {headers: {'content-type': 'text/html'}});
    answerWith(page);
    const backend = httpBackend('/bsp');
    for (const failing of [
      backend.me({signal}),
      backend.openContext({type: 'self'}, {signal}),
      backend.act('c', {type: 'x', key: 'key-0001', payload: {}}, {signal}),
      all(backend.read('c', [], {signal})),
      all(backend.live({contexts: ['c'], signal})),
    ])
      expect((await problemOf(failing as Promise<unknown>)).code).to.equal('protocol');
    for (const answer of [{}, {...context, contextId: ''}, null, [], 'x']) {
      answerWith(() => json(answer));
      expect((await problemOf(backend.openContext({type: 'self'}, {signal}))).code).to.equal('protocol');
    }
    answerWith(() => new Response('{', {headers: {'content-type': 'application/json'}}));
    expect((await problemOf(backend.me({signal}))).code).to.equal('protocol');
    answerWith(() => new Response(JSON.stringify(context), {headers: {'content-type': 'Application/JSON'}}));
    expect((await backend.openContext({type: 'self'}, {signal})).contextId).to.equal('c 1');
  });

  it('says "unavailable" where there is no network, and stays an abort where it was aborted', async () => {
    answerWith(() => Promise.reject(new TypeError('Failed to fetch')));
    expect((await problemOf(httpBackend('/bsp').me({signal}))).code).to.equal('unavailable');
    const abort = new AbortController();
    answerWith((_, init) => {
      abort.abort();
      return Promise.reject(init.signal?.reason as Error);
    });
    const thrown = await httpBackend('/bsp')
      .me({signal: abort.signal})
      .catch((reason: unknown) => reason);
    expect((thrown as Error).name).to.equal('AbortError');
  });

  const lines = [
    {kind: 'end', readId: 'æøå 🙂'},
    {kind: 'end', readId: '2'},
  ];
  const bytes = new TextEncoder().encode(`${lines.map((line) => JSON.stringify(line)).join('\r\n')}\n\n`);

  for (const size of [1, 2, 3, 7, 1_000])
    it(`reads lines from chunks of ${size} bytes`, async () => {
      const pieces = Array.from({length: Math.ceil(bytes.length / size)}, (_, index) =>
        bytes.slice(index * size, (index + 1) * size),
      );
      answerWith(() => streamOf(pieces, 'application/x-ndjson'));
      expect(await all<unknown>(httpBackend('/bsp').read('c', [{resource: 'cases'}], {signal}))).to.deep.equal(lines);
      expect(requests[0]).to.deep.include({url: '/bsp/v1/contexts/c/read', body: {reads: [{resource: 'cases'}]}});
    });

  it('reads a last line without its end', async () => {
    answerWith(() => streamOf(['{"a":1}\n{"b"', ':2}'], 'application/x-ndjson'));
    expect(await all<unknown>(httpBackend('/bsp').read('c', [], {signal}))).to.deep.equal([{a: 1}, {b: 2}]);
  });

  it('gives the lines before a malformed one, then a problem', async () => {
    for (const bad of ['<html>', '{"a":1', '{"a":1}{"b":2}']) {
      answerWith(() => streamOf([`{"a":1}\n${bad}\n{"c":3}\n`], 'application/x-ndjson'));
      const got: unknown[] = [];
      const problem = await problemOf(
        (async () => {
          for await (const line of httpBackend('/bsp').read('c', [], {signal})) got.push(line);
        })(),
      );
      expect([got, problem.code]).to.deep.equal([[{a: 1}], 'protocol']);
    }
  });

  it('gives together the messages that came in one piece, up to a malformed one', async () => {
    answerWith(() => streamOf(['{"a":1}\n{"b":2}\n{"c"', ':3}\n\n', '{"d":4}\n<'], 'application/x-ndjson'));
    const {together = []} = httpBackend('/bsp').read('c', [], {signal});
    const got: unknown[] = [];
    const problem = await problemOf(
      (async () => {
        for await (const piece of together) got.push(piece);
      })(),
    );
    expect([got, problem.code]).to.deep.equal([[[{a: 1}, {b: 2}], [{c: 3}], [{d: 4}], []], 'protocol']);
  });

  it('lets go of the stream when the reader stops', async () => {
    let cancelled = false;
    answerWith(() =>
      streamOf(['{"kind":"end","readId":"1"}\n'], 'application/x-ndjson', () => {
        cancelled = true;
      }),
    );
    const got: StreamMessage[] = [];
    for await (const message of httpBackend('/bsp').read('c', [], {signal})) {
      got.push(message);
      break;
    }
    await Promise.resolve();
    expect([got.length, cancelled]).to.deep.equal([1, true]);
  });

  it('is not cancelled by a Session that has the whole answer', async () => {
    let cancelled = false;
    let ending!: ReadableStreamDefaultController<Uint8Array>;
    const send = (message: object) => ending.enqueue(new TextEncoder().encode(`${JSON.stringify(message)}\n`));
    answerWith((url) =>
      url.endsWith('/read')
        ? new Response(
            new ReadableStream<Uint8Array>({
              start: (controller) => {
                ending = controller;
              },
              cancel: () => {
                cancelled = true;
              },
            }),
            {headers: {'content-type': 'application/x-ndjson'}},
          )
        : json(context),
    );
    const session = new SubjectSession();
    const store = session.resource(casesResource);
    store.subscribe(() => undefined);
    await session.open(
      httpBackend('/bsp'),
      () => httpBackend('/bsp').openContext({type: 'self'}, {signal}),
      () => true,
    );
    await settled();
    send({kind: 'plan', readId: 'r', contextId: 'c 1', resources: {cases: {sources: [], deadlineMs: 1_000}}});
    send({kind: 'end', readId: 'r'});
    await settled();
    const read = requests.find(({url}) => url.endsWith('/read'));
    expect([store.view.busy, cancelled, read?.init.signal?.aborted]).to.deep.equal([false, false, false]);
    ending.close();
    await settled();
    expect(cancelled).to.equal(false);
    session.close();
  });

  it('gives the bytes of a document', async () => {
    answerWith(() => new Response(new Uint8Array([1, 2]), {headers: {'content-type': 'application/pdf'}}));
    const content = await httpBackend('/bsp').content('c', {source: 'a/b', id: '1 2'}, {signal});
    expect(requests[0]?.url).to.equal('/bsp/v1/contexts/c/content/a%2Fb/1%202');
    expect([content.mediaType, [...content.bytes]]).to.deep.equal(['application/pdf', [1, 2]]);
  });

  it('hears notices with their cursors, and passes over what is none', async () => {
    const notice = {kind: 'notice', contextId: 'c', resource: 'events', source: 'post'};
    const piece = `: hello\n\nid: 5\ndata: ${JSON.stringify(notice)}\n\ndata: {\n\nid: 6\ndata: ${JSON.stringify({kind: 'reset', contextId: 'c'})}\n\n`;
    answerWith(() => streamOf([piece.slice(0, 40), piece.slice(40)], 'text/event-stream'));
    let opened = 0;
    const notices: Notice[] = await all(
      httpBackend('/bsp').live({
        contexts: ['c', 'd e'],
        lastEventId: '4',
        signal,
        onOpen: () => {
          opened++;
        },
      }),
    );
    expect(notices).to.deep.equal([
      {...notice, cursor: '5'},
      {kind: 'reset', contextId: 'c', cursor: '6'},
    ]);
    expect(opened).to.equal(1);
    expect(requests[0]?.url).to.equal('/bsp/v1/live?context=c&context=d+e');
    expect(requests[0]?.headers.get('last-event-id')).to.equal('4');
  });

  it('hears the same notices whatever ends the lines and wherever the stream is cut', async () => {
    const notice = {kind: 'notice', contextId: 'c', resource: 'events', source: 'post'};
    const lines = [
      ': kept alive',
      'retry: 10',
      'id:7',
      ...JSON.stringify(notice, null, 1)
        .split('\n')
        .map((part) => `data:${part}`),
      'event: notice',
      '',
      '',
      'data: "no cursor, and not an object"',
      '',
      'id: 8',
      'data: {"kind":"reset","contextId":"\u2028: c"}',
      '',
      'id: 9',
      'data: {"kind":"reset","contextId":"broken off"}',
    ];
    for (const end of ['\n', '\r\n', '\r']) {
      const text = `\uFEFF${lines.join(end)}${end}`;
      for (let cut = 1; cut < text.length; cut += 7) {
        answerWith(() => streamOf([text.slice(0, cut), text.slice(cut)], 'text/event-stream'));
        const notices: Notice[] = await all(httpBackend('/bsp').live({contexts: ['c'], signal}));
        expect(
          notices.filter(({cursor}) => cursor),
          `${JSON.stringify(end)}, cut at ${cut}`,
        ).to.deep.equal([
          {...notice, cursor: '7'},
          {kind: 'reset', contextId: '\u2028: c', cursor: '8'},
        ]);
      }
    }
  });
});
