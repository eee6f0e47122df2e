// Our own gateway must pass what vendors' backends are held to; and each check must bite: a proxy in front of the gateway
// breaks one rule at a time.
import assert from 'node:assert/strict';
import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {Readable, Writable} from 'node:stream';
import {after, before, describe, it} from 'node:test';
import {checks, peopleOf, type Report, runAcceptance} from '@bsp/acceptance';
import {runCli} from '@bsp/acceptance/cli';
import {createGateway, loadConfig} from '@bsp/gateway';
import {characters} from '@bsp/korsbaek';

const cprOf = (key: string): string => characters.find((one) => one.key === key)!.cpr;
const people = {first: cprOf('maude'), second: cprOf('bente'), unknown: '6101019999'};
const file = [people.first, people.second, people.unknown].join('\n');

const configuration = {
  storage: {memory: true},
  logLevel: 'silent',
  contextRate: {perMinute: 100_000, burst: 100_000},
  sources: [
    {id: 'cpr', name: 'CPR', connector: '@bsp/korsbaek/connector', system: 'cpr'},
    {id: 'ky', name: 'KY', connector: '@bsp/korsbaek/connector', system: 'ky', latencyMs: 150},
    {id: 'nexus', name: 'Nexus', connector: '@bsp/korsbaek/connector', system: 'nexus'},
    {id: 'sbsys', name: 'SBSYS', connector: '@bsp/korsbaek/connector', system: 'sbsys'},
  ],
};

let gateway: Awaited<ReturnType<typeof createGateway>>;
let url: URL;
before(async () => {
  gateway = await createGateway(loadConfig(configuration));
  url = new URL('/bsp', await gateway.listen({port: 0}));
});
after(() => gateway.close());

const failuresOf = ({results}: Report): string[] =>
  results.flatMap(({id, outcome, detail}) => (outcome === 'failed' ? `${id}: ${detail}` : []));

describe('the acceptance suite', () => {
  it('passes our own gateway, and looks at everything that it can be looked at', async () => {
    const report = await runAcceptance({url, people, write: true});
    assert.deepEqual(failuresOf(report), []);
    assert.deepEqual(
      report.results.flatMap(({id, outcome}) => (outcome === 'not-applicable' ? id : [])),
      // The demo identity needs no token, and Korsbæk's sources give all that they have at once.
      ['contexts.one-users-own', 'reads.pages'],
    );
    assert.equal(report.passed + report.notApplicable, checks.length);
  });

  it('writes nothing unless it is told to', async () => {
    const {results} = await runAcceptance({url, people, only: ['actions', 'live']});
    const writing = results.filter(({detail}) => detail === 'It writes, and --write was not given.');
    assert.ok(writing.length >= 8);
    assert.equal(results.filter(({outcome}) => outcome === 'failed').length, 0);
  });
});

/** What a proxy does to an answer before it passes it on. */
interface Fault {
  /** The check that must see it. */
  readonly seenBy: string;
  readonly head?: (request: IncomingMessage, status: number, headers: Headers) => number | undefined;
  readonly body?: (text: string, request: IncomingMessage, sent: string) => string;
  readonly request?: (sent: string, request: IncomingMessage) => string;
}

const isRead = ({url: path = ''}: IncomingMessage): boolean => path.endsWith('/read');
const lines = (change: (messages: string[]) => readonly string[]) => (text: string, request: IncomingMessage) =>
  isRead(request) ? change(text.trimEnd().split('\n')).join('\n') : text;
const json = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;
const frames = (change: (frame: Record<string, unknown>) => void) =>
  lines((messages) =>
    messages.map((text) => {
      const message = json(text);
      if (message.kind === 'frame') change(message);
      return JSON.stringify(message);
    }),
  );
let other: string | undefined;

const faults: Readonly<Record<string, Fault>> = {
  'tells the whole number when a context opens': {
    seenBy: 'privacy.no-number',
    body: (text, {method, url: path}, sent) =>
      method === 'POST' && path?.endsWith('/contexts') && text.includes('contextId')
        ? text.replace('{', `{"number":${JSON.stringify((json(sent).subject as {value?: string}).value ?? '')},`)
        : text,
  },
  'writes the number into a header': {
    seenBy: 'privacy.no-number-in-headers',
    head: (_request, _status, headers) => void headers.set('x-subject', people.first),
  },
  'lets answers be kept': {
    seenBy: 'privacy.nothing-is-kept-on-the-way',
    head: (_request, _status, headers) => void headers.set('cache-control', 'private, max-age=60'),
  },
  'lets browsers guess': {
    seenBy: 'privacy.nothing-is-guessed',
    head: (_request, _status, headers) => headers.delete('x-content-type-options') as undefined,
  },
  'ends a stream without an end': {seenBy: 'reads.grammar', body: lines((all) => all.slice(0, -1))},
  'begins a stream without a plan': {seenBy: 'reads.grammar', body: lines((all) => all.slice(1))},
  'sends a frame of another context': {
    seenBy: 'reads.grammar',
    body: frames((frame) => {
      frame.contextId = 'another';
    }),
  },
  'leaves a source out that does not answer': {
    seenBy: 'reads.everybody-answers',
    body: lines((all) => all.filter((text) => !/"kind":"frame".*"id":"ky"/.test(text))),
  },
  'appends to nothing': {
    seenBy: 'reads.modes',
    body: frames((frame) => {
      frame.mode = 'append';
    }),
  },
  'gives records beside a refusal': {
    seenBy: 'reads.refusals-are-empty',
    body: frames((frame) => {
      frame.status = 'unavailable';
    }),
  },
  'gives records that are none': {
    seenBy: 'reads.records',
    body: frames((frame) => {
      frame.items = (frame.items as object[]).map((item) => ({...item, title: undefined, name: undefined, body: 7}));
    }),
  },
  'names another source in its references': {
    seenBy: 'reads.references',
    body: frames((frame) => {
      frame.items = (frame.items as object[]).map((item) => ({...item, ref: {source: 'x', id: '1'}}));
    }),
  },
  'plans by person': {
    seenBy: 'reads.plan-says-nothing-of-the-person',
    body: lines((all) =>
      all.map((text) =>
        /"kind":"plan"/.test(text) ? text.replace(/"deadlineMs":\d+/, `"deadlineMs":${++turn}`) : text,
      ),
    ),
  },
  'answers a read of one source with all': {
    seenBy: 'reads.one-source',
    request: (sent, request) => (isRead(request) ? sent.replace(/,"source":"[^"]*"/g, '') : sent),
  },
  'breaks down over what nobody has': {
    seenBy: 'reads.what-nobody-has',
    head: (request, status) => (isRead(request) && request.headers['x-sent']?.includes('no-such') ? 500 : status),
  },
  'holds the answer back until it is whole': {seenBy: 'reads.streams'},
  'takes any read': {
    seenBy: 'reads.asks-are-checked',
    head: (request, status) => (isRead(request) && status === 400 ? 200 : status),
  },
  'gives everybody the same context': {
    seenBy: 'contexts.never-reused',
    body: (text, {method, url: path}) => {
      if (method !== 'POST' || !path?.endsWith('/contexts') || !text.includes('contextId')) return text;
      other ??= text;
      return other;
    },
  },
  'says not found for a context that is closed': {
    seenBy: 'contexts.closed-is-closed',
    head: (_request, status) => (status === 409 ? 404 : status),
  },
  'says what was wrong by saying it again': {
    seenBy: 'errors.say-nothing-again',
    body: (text, {url: path}, sent) =>
      /"status":4\d\d/.test(text)
        ? text.replace('"title":"', `"title":${JSON.stringify(`${path} ${sent}`)},"was":"`)
        : text,
  },
  'answers errors with a page': {
    seenBy: 'errors.unknown-places',
    head: (_request, status, headers) => void (status >= 400 && headers.set('content-type', 'text/html')),
  },
  'takes any body': {
    seenBy: 'errors.broken-json',
    head: (_request, status) => (status === 400 || status === 415 ? 201 : status),
  },
  'mixes two persons': {
    seenBy: 'person.never-mixed',
    body: frames((frame) => {
      if (frame.resource !== 'cases') return;
      frame.items = [...(frame.items as object[]), {ref: {source: (frame.source as {id: string}).id, id: 'same'}}];
    }),
  },
  'answers about another person': {
    seenBy: 'person.is-who-was-asked-for',
    body: frames((frame) => {
      if (frame.resource === 'person')
        frame.items = (frame.items as object[]).map((item) => ({...item, masked: '700101-••••', previousNumbers: []}));
    }),
  },
  'reveals the wrong number': {
    seenBy: 'person.reveal',
    body: (text) => (text.includes('"type":"reveal"') ? text.replace(/\d{6}-\d{4}/, '700101-0001') : text),
  },
  'does an action again under the same key': {
    seenBy: 'actions.key-makes-a-retry-safe',
    request: (sent, request) =>
      request.url?.endsWith('/actions') ? sent.replace(/"key":"[^"]*"/, `"key":"${crypto.randomUUID()}"`) : sent,
  },
  'takes another payload under the same key': {
    seenBy: 'actions.key-is-one-payloads',
    request: (sent, request) =>
      request.url?.endsWith('/actions') ? sent.replace(/"key":"[^"]*"/, `"key":"${crypto.randomUUID()}"`) : sent,
  },
  'writes on any case': {
    seenBy: 'actions.foreign-items-are-refused',
    request: (sent, request) =>
      request.url?.endsWith('/actions') ? sent.replace(/,"case":\{"ref":\{[^}]*\}\}/, '') : sent,
  },
  'lets the last draft win': {
    seenBy: 'actions.drafts',
    head: (request, status) => (request.url?.endsWith('/actions') && status === 409 ? 200 : status),
  },
  'knows every action': {
    seenBy: 'actions.what-nobody-offers',
    head: (request, status) => (request.url?.endsWith('/actions') && status >= 400 ? 200 : status),
  },
  'cuts a note off': {
    seenBy: 'actions.too-long-is-told',
    request: (sent, request) => (request.url?.endsWith('/actions') ? sent.replace(/æ{100,}/, 'æ') : sent),
  },
  'tells no change': {
    seenBy: 'live.opens',
    head: (request, status) => (request.url?.includes('/live') ? 404 : status),
  },
};
let turn = 0;

/** A backend that is the gateway, but for one fault. */
function faulty({head, body, request: rewrite}: Fault): Promise<Server> {
  const proxy = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const given: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) given.push(chunk);
    const sent = Buffer.concat(given).toString();
    request.headers['x-sent'] = sent;
    const {'content-type': type, 'last-event-id': last} = request.headers;
    const answer = await fetch(new URL(request.url ?? '', url), {
      method: request.method ?? 'GET',
      headers: {...(type ? {'content-type': type} : {}), ...(typeof last === 'string' ? {'last-event-id': last} : {})},
      ...(sent ? {body: rewrite ? rewrite(sent, request) : sent} : {}),
    });
    const headers = new Headers(answer.headers);
    for (const name of ['content-length', 'transfer-encoding', 'connection']) headers.delete(name);
    const status = head?.(request, answer.status, headers) ?? answer.status;
    if (request.url?.includes('/live') && status === 200) {
      response.writeHead(status, Object.fromEntries(headers));
      Readable.fromWeb(answer.body as never)
        .on('error', () => response.end())
        .pipe(response);
      return;
    }
    const text = await answer.text();
    response.writeHead(status, Object.fromEntries(headers)).end(body ? body(text, request, sent) : text);
  };
  const server = createServer((request, response) => {
    proxy(request, response).catch(() => response.destroy());
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

describe('a check of the acceptance suite bites when a backend', () => {
  for (const [what, fault] of Object.entries(faults))
    it(what, async () => {
      const server = await faulty(fault);
      const {port} = server.address() as AddressInfo;
      try {
        const only = fault.seenBy.startsWith('privacy') ? ['contexts.opens', fault.seenBy] : [fault.seenBy];
        const report = await runAcceptance({url: new URL(`http://127.0.0.1:${port}/bsp`), people, write: true, only});
        const failed = failuresOf(report);
        assert.ok(
          failed.some((line) => line.startsWith(fault.seenBy)),
          `${fault.seenBy} does not see it: ${JSON.stringify(report.results)}`,
        );
        for (const number of Object.values(people)) assert.ok(!JSON.stringify(report).includes(number));
      } finally {
        server.closeAllConnections();
        server.close();
      }
    });
});

describe('test persons', () => {
  it('are two or three numbers, one to a line', () => {
    assert.deepEqual(peopleOf(`# persons\n\n${file.replace('6101', '6101')}\r\n`), people);
    assert.deepEqual(Object.keys(peopleOf(`${people.first}\n${people.second}`)), ['first', 'second']);
  });

  for (const [text, says] of [
    ['', /Give two test persons/],
    [people.first, /Give two test persons/],
    [`${people.first}\n${people.first}`, /different ones/],
    [`${people.first}\n${people.first.slice(0, 6)}9998`, /different birth dates/],
    [`${file}\n7006900126`, /three test persons at most/],
    [`${people.first}\nMaude`, /Line 2 is no CPR number/],
  ] as const)
    it(`are refused: ${says.source}`, () => {
      assert.throws(
        () => peopleOf(text),
        (thrown: Error) => says.test(thrown.message) && !thrown.message.includes(people.first),
      );
    });
});

describe('bsp-acceptance', () => {
  const run = async (args: readonly string[], input = file) => {
    const said = {out: '', err: ''};
    const into = (name: 'out' | 'err') =>
      new Writable({
        write(chunk: Buffer, _encoding, done) {
          said[name] += String(chunk);
          done();
        },
      });
    const env = {TOKEN: 'not-a-real-token'};
    const code = await runCli(args, {out: into('out'), err: into('err'), in: Readable.from([input]), env});
    return {...said, code};
  };

  it('reads the persons from standard input, and tells what came of each check', async () => {
    const {code, out, err} = await run([url.href, '--cpr-file', '-', '--only', 'contexts']);
    assert.deepEqual([code, err], [0, '']);
    assert.match(out, /\ncontexts\n {2}✓ A context opens about the person/);
    assert.match(out, /\n\d+ passed, 0 failed, 1 not applicable\n$/);
    assert.ok(!out.includes(people.first));
  });

  it('says which checks there are', async () => {
    const {code, out} = await run(['--list']);
    assert.equal(code, 0);
    for (const {id} of checks) assert.ok(out.includes(id));
  });

  for (const [args, says] of [
    [[], /Name one backend/],
    [['http://127.0.0.1:1/bsp'], /Name the test persons/],
    [['ftp://x', '--cpr-file', '-'], /named by its address/],
    [['http://a:b@127.0.0.1/', '--cpr-file', '-'], /Leave who asks out/],
    [['http://127.0.0.1:1', '--cpr-file', '-', '--only', 'nothing'], /No check begins with nothing/],
    [['http://127.0.0.1:1', '--cpr-file', '-', '--token-env', 'NONE'], /NONE is empty/],
    [['http://127.0.0.1:1', '--cpr-file', '-', '--header', 'x'], /Name: value/],
    [['http://127.0.0.1:1', '--cpr-file', '-', '--timeout', '0'], /number of seconds/],
    [['http://127.0.0.1:1', '--cpr-file', '/no/such/file'], /ENOENT/],
    [['--no-such-option'], /no-such-option/],
  ] as const)
    it(`can't be used so: ${says.source}`, async () => {
      const {code, err} = await run(args);
      assert.equal(code, 2);
      assert.match(err, says);
    });

  it('says so when nobody answers, or when it is no backend', async () => {
    for (const address of ['http://127.0.0.1:1', new URL('/elsewhere', url).href]) {
      const {code, err} = await run([address, '--cpr-file', '-']);
      assert.equal(code, 1);
      assert.match(err, /GET \/me/);
    }
  });
});
