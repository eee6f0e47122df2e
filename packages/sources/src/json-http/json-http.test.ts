import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {createServer as createSecureServer} from 'node:https';
import type {AddressInfo} from 'node:net';
import {after, describe, it} from 'node:test';
import {fileURLToPath} from 'node:url';
import {gzipSync} from 'node:zlib';
import {SourceProblem} from '../connector.js';
import {holdsNumber} from '../http/answer-problems.js';
import {
  bo,
  connectorOf,
  type Handler,
  hyphened,
  ida,
  logged,
  nobody,
  pagesOf,
  type Seen,
  Status,
  serve,
} from './simulators.test.js';
import {nextLink} from './source-client.js';

const row = (id: number | string, more: object = {}) => ({
  id,
  cpr: ida,
  t: `Sag ${id}`,
  s: 'I gang',
  at: '2026-11-01',
  ...more,
});
const map = {id: 'id', title: 't', status: 's', changedAt: 'at'};
const byNumber = {post: 'cases', body: {cpr: '{number}'}, items: 'rows', about: {number: 'cpr'}, map};
const byPath = {get: 'cases', items: 'rows', about: {number: 'cpr'}, map};

/** Asks a server for the cases of Ida. */
async function casesOf(handler: Handler, records: object = byNumber, more: object = {}, number = ida) {
  const {url, seen} = await serve(handler);
  const connector = await connectorOf({baseUrl: `${url}/api`, records: {cases: records}, ...more});
  return {seen, connector, pages: () => pagesOf(connector, 'cases', number)};
}
const idsOf = (pages: readonly {items: readonly unknown[]}[]): string[] =>
  pages.flatMap(({items}) => items.map((item) => (item as {ref: {id: string}}).ref.id));

/** The problem that a read ends in. Nothing of an answer, and no number, may be in it. */
async function problemOf(reading: () => Promise<unknown>): Promise<SourceProblem> {
  try {
    await reading();
  } catch (thrown) {
    assert(thrown instanceof SourceProblem, String(thrown));
    const text = JSON.stringify([thrown.message, thrown.problem, thrown.stack]);
    for (const secret of ['hemmelig', ida, hyphened(ida), bo, hyphened(bo)])
      assert(!text.includes(secret), 'a problem tells');
    return thrown;
  }
  return assert.fail('nothing was thrown');
}
const problemTo = async (handler: Handler, records?: object, more?: object) =>
  problemOf((await casesOf(handler, records, more)).pages);

describe('whom an answer of json-http is about', () => {
  const person = {post: 'find', body: {cpr: '{number}'}, number: 'cpr', values: {id: 'id'}};
  const requested = {get: 'people/{id}/cases', about: 'requested-id', map};
  const lookup =
    (answer: unknown, list: unknown = [row(1)]): Handler =>
    ({path}) =>
      path === '/api/find' ? answer : list;

  it('is what stands in each record', async () => {
    const {pages} = await casesOf(() => ({rows: [row(1), row(2, {cpr: hyphened(ida)}), row(3, {cpr: Number(ida)})]}));
    assert.deepEqual(idsOf(await pages()), ['1', '2', '3']);
  });

  it('is a problem where one record is about somebody else', async () => {
    const {status, problem} = await problemTo(() => ({rows: [row(1), row(2, {cpr: bo, t: 'hemmelig'})]}));
    assert.deepEqual([status, problem.code], ['invalid', 'wrong-subject']);
  });

  it('counts a record that does not say', async () => {
    const {pages} = await casesOf(() => ({rows: [row(1), row(2, {cpr: undefined}), row(3, {cpr: 'x'}), 'text', null]}));
    const [page] = await pages();
    assert.deepEqual([idsOf([page!]), page!.invalid], [['1'], 4]);
  });

  it('is never taken from the question', async () => {
    for (const number of ['$number', '$numberWithHyphen', '$question.number', '$person.cpr', '$parent.cpr']) {
      const {pages} = await casesOf(() => ({rows: [row(1, {cpr: undefined})]}), {...byNumber, about: {number}});
      assert.deepEqual(
        (await pages()).map(({items, invalid}) => [items.length, invalid]),
        [[0, 1]],
      );
    }
  });

  it('does not mix two records of a list within a list', async () => {
    const {pages} = await casesOf(() => ({rows: [[{cpr: ida}, {id: 9, t: 'hemmelig', s: 's', at: '2026-11-01'}]]}));
    assert.deepEqual(
      (await pages()).map(({items, invalid}) => [items.length, invalid]),
      [[0, 1]],
    );
    for (const answer of [
      [[{cpr: ida}, {id: 7}]],
      [{cpr: ida}, {id: 7}],
      [
        {cpr: ida, id: 1},
        {cpr: ida, id: 2},
      ],
    ]) {
      const {problem} = await problemTo(lookup(answer), requested, {person});
      assert.equal(problem.code, 'protocol');
    }
  });

  it('is the id of the person that was looked up', async () => {
    const {pages} = await casesOf(
      lookup({cpr: ida, id: 7}, [row(1, {owner: 7}), row(2, {owner: '7'})]),
      {
        ...requested,
        about: {id: 'owner'},
      },
      {person},
    );
    assert.deepEqual(idsOf(await pages()), ['1', '2']);
    const wrong = await problemTo(
      lookup({cpr: ida, id: 7}, [row(1, {owner: 8})]),
      {...requested, about: {id: 'owner'}},
      {person},
    );
    assert.equal(wrong.problem.code, 'wrong-subject');
  });

  it('is asked for by that id where records name nobody, and only if the lookup names the person', async () => {
    const {pages, seen} = await casesOf(lookup({cpr: hyphened(ida), id: 'a/../b?c'}), requested, {person});
    assert.deepEqual(idsOf(await pages()), ['1']);
    assert.deepEqual(
      seen.map(({url}) => url),
      ['/api/find', '/api/people/a%2F..%2Fb%3Fc/cases'],
    );
    assert.equal((await problemTo(lookup({cpr: bo, id: 7}), requested, {person})).problem.code, 'wrong-subject');
    for (const answer of [
      {id: 7},
      {cpr: 'hemmelig', id: 7},
      {cpr: null, id: 7},
      'text',
      {cpr: ida},
      {cpr: ida, id: ''},
      {cpr: ida, id: [7]},
    ])
      assert.equal((await problemTo(lookup(answer), requested, {person})).problem.code, 'protocol');
  });

  it('takes no id that lost its last digits as a number', async () => {
    const raw =
      (find: string, rows: string): Handler =>
      ({path}) =>
        new Status(200, {'content-type': 'application/json'}, path === '/api/find' ? find : rows);
    const long = raw(`{"cpr": "${ida}", "id": 9007199254740993}`, '[]');
    assert.equal((await problemTo(long, requested, {person})).problem.code, 'protocol');
    const rows = '[{"owner": 9007199254740993, "id": 1, "t": "hemmelig", "s": "s", "at": "2026-11-01"}]';
    const like = raw(`{"cpr": "${ida}", "id": "9007199254740992"}`, rows);
    const {pages} = await casesOf(like, {...requested, about: {id: 'owner'}}, {person});
    assert.deepEqual(
      (await pages()).map(({items, invalid}) => [items.length, invalid]),
      [[0, 1]],
    );
  });

  it('takes no id that climbs out of the path', async () => {
    for (const id of ['..', '.', 'x'.repeat(3_000)])
      assert.equal((await problemTo(lookup({cpr: ida, id}), requested, {person})).problem.code, 'protocol');
  });

  it('is nobody: by 404, by 204, by an empty list, or as the configuration says', async () => {
    for (const [answer, more] of [
      [new Status(404), {}],
      [new Status(404, {'content-type': 'application/problem+json'}, '{}'), {}],
      [new Status(204), {}],
      [[], {}],
      [{hits: []}, {items: 'hits'}],
      [{total: 0}, {nobody: 'total = 0'}],
    ] as const) {
      const {pages} = await casesOf(lookup(answer), requested, {person: {...person, ...more}});
      assert.deepEqual(await pages(), [{about: {type: 'cpr', value: ida}, items: []}]);
    }
  });

  it('is not nobody where the source only failed to say', async () => {
    for (const [answer, more] of [
      [new Status(404, {'content-type': 'text/html'}, '<html>'), {}],
      [new Status(200, {'content-type': 'application/json'}), {}],
      [null, {}],
      [{}, {items: 'hits'}],
      [{}, {nobody: 'total = 0', items: 'hits'}],
      [{}, {nobody: 'total'}],
    ] as const)
      assert.equal((await problemTo(lookup(answer), requested, {person: {...person, ...more}})).status, 'invalid');
    const {status} = await problemTo(lookup({visible: false}), requested, {
      person: {...person, forbidden: 'visible = false'},
    });
    assert.equal(status, 'forbidden');
  });
});

describe('what json-http says of a bad answer', () => {
  const json = {'content-type': 'application/json'};
  for (const [what, answer, status, code] of [
    ['401', new Status(401), 'forbidden', 'forbidden'],
    ['403', new Status(403, json, '{"hemmelig": 1}'), 'forbidden', 'forbidden'],
    ['404 for a list', new Status(404), 'invalid', 'protocol'],
    ['400', new Status(400, json, '{"hemmelig": 1}'), 'invalid', 'protocol'],
    ['408', new Status(408), 'timeout', 'timeout'],
    ['504', new Status(504), 'timeout', 'timeout'],
    ['500', new Status(500, json, '{"hemmelig": 1}'), 'unavailable', 'unavailable'],
    ['503', new Status(503), 'unavailable', 'unavailable'],
    ['a page', new Status(200, {'content-type': 'text/html'}, '<p>hemmelig'), 'invalid', 'protocol'],
    ['no JSON', new Status(200, json, '{"rows": [hemmelig'), 'invalid', 'protocol'],
    ['nothing', new Status(200, json), 'invalid', 'protocol'],
    ['no list', {hemmelig: 1}, 'invalid', 'protocol'],
    ['a text for a list', {rows: 'hemmelig'}, 'invalid', 'protocol'],
    ['null for a list', {rows: null}, 'invalid', 'protocol'],
    ['half a gzip', new Status(200, {...json, 'content-encoding': 'gzip'}, 'hemmelig'), 'invalid', 'protocol'],
    ['a redirect of a search', new Status(302, {location: '/api/hemmelig'}), 'invalid', 'protocol'],
    ['a redirect to nowhere', new Status(307), 'invalid', 'protocol'],
    ['a redirect elsewhere', new Status(307, {location: 'https://hemmelig.example/'}), 'invalid', 'protocol'],
  ] as const)
    it(`${what}: ${status}`, async () => {
      const {status: said, problem} = await problemTo(() => answer);
      assert.deepEqual([said, problem.code], [status, code]);
    });

  it('bytes that are no UTF-8: invalid', async () => {
    const {status} = await problemTo((_, response) => {
      response.writeHead(200, json).end(Buffer.from('{"rows": ["\xe6"]}', 'latin1'));
    });
    assert.equal(status, 'invalid');
  });

  it('a source that is not there: unavailable', async () => {
    const {url, server} = await serve(() => ({}));
    server.close();
    const connector = await connectorOf({baseUrl: url, records: {cases: byNumber}});
    const {status, problem} = await problemOf(() => pagesOf(connector, 'cases', ida));
    assert.deepEqual([status, problem.detail], ['unavailable', 'ECONNREFUSED']);
  });

  it('an answer that breaks off, or is no HTTP: not data', async () => {
    const half = await problemTo((_, response) => {
      response.writeHead(200, {...json, 'content-length': '1000'});
      response.write('{"rows": []}');
      setTimeout(() => response.destroy(), 20);
    });
    assert.equal(half.status, 'unavailable');
    const noise = await problemTo((_, response) => {
      response.socket?.end('hemmelig\r\n\r\n');
    });
    assert.equal(noise.status, 'invalid');
  });

  it('too many requests: when to come back', async () => {
    const {status, problem} = await problemTo(() => new Status(429, {'retry-after': '17'}));
    assert.deepEqual([status, problem.retryAfter], ['unavailable', 17]);
  });

  it('takes a packed answer, and counts what is in it', async () => {
    const packed =
      (bytes: Buffer): Handler =>
      (_, response) => {
        response.writeHead(200, {...json, 'content-encoding': 'gzip'}).end(gzipSync(bytes));
      };
    const good = await casesOf(packed(Buffer.from(JSON.stringify({rows: [row(1)]}))));
    assert.deepEqual(idsOf(await good.pages()), ['1']);
    const bomb = await problemTo(packed(Buffer.alloc(50_000_000, ' ')), byNumber, {maxBytes: 1_000_000});
    assert.equal(bomb.problem.code, 'too-large');
  });

  it('stops at maxBytes in an answer without end, counted over all pages', async () => {
    let sent = 0;
    const endless = await problemTo(
      (_, response) => {
        response.writeHead(200, json);
        const chunk = Buffer.alloc(65_536, ' ');
        const more = (): void => {
          while (!response.destroyed && response.write(chunk)) sent += chunk.length;
        };
        response.on('drain', more);
        more();
      },
      byNumber,
      {maxBytes: 100_000},
    );
    assert.equal(endless.problem.code, 'too-large');
    assert(sent < 50_000_000);
    const pad = 'x'.repeat(40_000);
    const pages = await problemTo(
      () => ({rows: [row(1, {pad})]}),
      {
        ...byPath,
        get: 'cases?page={page}',
        paging: {by: 'page', size: 1},
      },
      {maxBytes: 100_000},
    );
    assert.equal(pages.problem.code, 'too-large');
  });

  it('stops when nobody waits any more', async () => {
    const {connector} = await casesOf((_, response) => {
      response.writeHead(200, json).write('{');
    });
    const stop = new AbortController();
    const reading = pagesOf(connector, 'cases', ida, {signal: stop.signal});
    setTimeout(() => stop.abort(), 30);
    await assert.rejects(reading, {name: 'AbortError'});
  });
});

describe('second tries of json-http', () => {
  const failing = (times: number, status = 503): Handler => {
    let left = times;
    return () => (left-- > 0 ? new Status(status) : {rows: [row(1)]});
  };

  it('are for GET, and few', async () => {
    const once = await casesOf(failing(1), byPath);
    assert.deepEqual(idsOf(await once.pages()), ['1']);
    const often = await casesOf(failing(9), byPath);
    assert.equal((await problemOf(often.pages)).status, 'unavailable');
    assert.equal(often.seen.length, 3);
  });

  it('are a share of what is asked, when a source is down for everybody', async () => {
    const {pages, seen} = await casesOf(failing(999), byPath, {retryPercent: 50});
    for (let read = 0; read < 40; read++) await problemOf(pages);
    // Ten that were saved up, and one for every second read, but not two in a read any more.
    assert(seen.length <= 40 + 10 + 20, `${seen.length}`);
    const never = await casesOf(failing(1), byPath, {retryPercent: 0});
    await problemOf(never.pages);
    assert.equal(never.seen.length, 1);
  });

  it('are not for POST', async () => {
    const {pages, seen} = await casesOf(failing(1));
    assert.equal((await problemOf(pages)).status, 'unavailable');
    assert.equal(seen.length, 1);
  });

  it('are not for what will not change', async () => {
    for (const status of [400, 403, 500]) {
      const {pages, seen} = await casesOf(failing(1, status), byPath);
      await problemOf(pages);
      assert.equal(seen.length, 1);
    }
  });

  it('follow a redirect within the source, with the body where there is one', async () => {
    const moved =
      (status: number): Handler =>
      ({path}) =>
        path === '/api/cases' ? new Status(status, {location: '/elsewhere'}) : {rows: [row(1)]};
    for (const status of [301, 302, 303, 307, 308])
      assert.deepEqual(idsOf(await (await casesOf(moved(status), byPath)).pages()), ['1']);
    const {pages, seen} = await casesOf(moved(307));
    assert.deepEqual(idsOf(await pages()), ['1']);
    assert.deepEqual(
      seen.map(({method, path, body}) => [method, path, body]),
      [
        ['POST', '/api/cases', {cpr: ida}],
        ['POST', '/elsewhere', {cpr: ida}],
      ],
    );
    const circle = await casesOf(() => new Status(302, {location: '/api/cases'}), byPath);
    assert.equal((await problemOf(circle.pages)).status, 'invalid');
    assert.equal(circle.seen.length, 4);
  });

  it('send credentials and numbers to the configured origin only', async () => {
    const {url, seen} = await serve(() => ({rows: [row(1)]}));
    for (const records of [byNumber, byPath])
      assert.equal((await problemTo(() => new Status(308, {location: url}), records)).status, 'invalid');
    assert.equal(seen.length, 0);
  });
});

describe('the pages of json-http', () => {
  const all = Array.from({length: 7}, (_, index) => row(index));
  const part = (from: number, count: number) => all.slice(from, from + count);

  it('by number: until a page is empty, or as the answer says', async () => {
    const list = {...byPath, get: 'cases?p={page}&n={size}', paging: {by: 'page', first: 0, size: 3}};
    const answer = ({query}: Seen) => ({rows: part(Number(query.get('p')) * 3, 3), total: 7});
    const without = await casesOf(answer, list);
    assert.equal(idsOf(await without.pages()).length, 7);
    assert.equal(without.seen.length, 4);
    const told = await casesOf(answer, {...list, paging: {...list.paging, more: '$seen < total'}});
    assert.equal(idsOf(await told.pages()).length, 7);
    assert.equal(told.seen.length, 3);
  });

  it('by offset: a server that gives fewer than asked for loses nothing', async () => {
    const list = {...byPath, get: 'cases?o={offset}&n={size}', paging: {by: 'offset', size: 1000}};
    const {pages} = await casesOf(({query}) => ({rows: part(Number(query.get('o')), 2)}), list);
    assert.deepEqual(idsOf(await pages()), ['0', '1', '2', '3', '4', '5', '6']);
  });

  it('by cursor, in the body', async () => {
    const list = {...byNumber, body: {cpr: '{number}', after: '{cursor}'}, paging: {by: 'cursor', next: 'next'}};
    const {pages, seen} = await casesOf(({body}) => {
      const from = Number((body as {after?: string}).after ?? 0);
      return {rows: part(from, 3), ...(from + 3 < 7 ? {next: from + 3} : {next: null})};
    }, list);
    assert.equal(idsOf(await pages()).length, 7);
    assert.deepEqual(
      seen.map(({body}) => body),
      [{cpr: ida}, {cpr: ida, after: '3'}, {cpr: ida, after: '6'}],
    );
  });

  it('by the header Link, and by a link in the answer', async () => {
    const linked: Handler = ({query, headers}, response) => {
      const from = Number(query.get('from'));
      if (from + 3 < 7)
        response.setHeader(
          'link',
          `<http://${headers.host}/api/cases?from=0>; rel="first", </api/cases?from=${from + 3}>; rel=next`,
        );
      return {rows: part(from, 3), ...(from + 3 < 7 ? {links: {next: `/api/cases?from=${from + 3}`}} : {})};
    };
    for (const paging of [{by: 'link'}, {by: 'link', next: 'links.next'}]) {
      const {pages} = await casesOf(linked, {...byPath, paging});
      assert.equal(idsOf(await pages()).length, 7);
    }
    assert.equal(nextLink('<a>; rel="prev next"'), 'a');
    assert.equal(nextLink('<a>; title="rel=next"; rel=prev'), undefined);
    assert.equal(nextLink(undefined), undefined);
  });

  it('are told of where the header Link names a next one and none is configured', async () => {
    const linked: Handler = ({query, url}, response) => {
      const from = Number(query.get('from'));
      if (from + 3 < 7) response.setHeader('link', `</api/cases?from=${from + 3}>; rel="next"`);
      else response.setHeader('link', `<${url}>; rel="next self"`);
      return {rows: part(from, 3)};
    };
    const {connector, pages} = await casesOf(linked, byPath);
    const [first, ...more] = await pages();
    assert.deepEqual([idsOf([first!]), more], [['0', '1', '2'], []]);
    assert.notEqual(first?.next, undefined);
    const [second] = await pagesOf(connector, 'cases', ida, {cursor: first!.next!});
    assert.deepEqual(idsOf([second!]), ['3', '4', '5']);
    const [last] = await pagesOf(connector, 'cases', ida, {cursor: second!.next!});
    assert.deepEqual([idsOf([last!]), last!.next], [['6'], undefined]);
  });

  it('never lead elsewhere, nor in a circle', async () => {
    const to =
      (next: unknown): Handler =>
      () => ({rows: [row(1)], next});
    const link = {...byPath, paging: {by: 'link', next: 'next'}};
    for (const next of [
      'https://hemmelig.example/',
      'http://127.0.0.1:1/',
      '/api/cases',
      7,
      'http://[',
      `/api/cases?cpr=${ida}`,
    ])
      assert.equal((await problemTo(to(next), link)).status, 'invalid');
    const cursor = {...byPath, get: 'cases?c={cursor}', paging: {by: 'cursor', next: 'next'}};
    for (const next of ['same', {a: 1}, true, ida]) assert.equal((await problemTo(to(next), cursor)).status, 'invalid');
    const offset = {...byPath, get: 'cases?o={offset}', paging: {by: 'offset', size: 5, more: 'next'}};
    assert.equal((await problemTo(() => ({rows: [], next: true}), offset)).status, 'invalid');
    assert.equal((await problemTo(() => ({rows: []}), offset)).status, 'invalid', 'that it does not say is no "no"');
  });

  it('are as many as allowed, and then the reader may ask for more', async () => {
    const list = {...byPath, get: 'cases?p={page}', paging: {by: 'page', size: 2, maxPages: 2}};
    const {connector, pages, seen} = await casesOf(
      ({query}) => ({rows: part((Number(query.get('p')) - 1) * 2, 2)}),
      list,
    );
    const first = await pages();
    assert.deepEqual(idsOf(first), ['0', '1', '2', '3']);
    assert.equal(seen.length, 2);
    assert.equal(first[0]!.next, undefined);
    const cursor = first[1]!.next;
    assert(cursor);
    const second = await pagesOf(connector, 'cases', ida, {cursor});
    assert.deepEqual(idsOf(second), ['4', '5', '6']);
    for (const bad of ['', 'x', '{}}', '{"page": -1}', '{"page": 1e99}', '{"page": 1, "x": 1}', 'null'])
      assert.equal((await problemOf(() => pagesOf(connector, 'cases', ida, {cursor: bad}))).status, 'invalid');
  });

  it('are no longer than a frame', async () => {
    const {pages} = await casesOf(() => ({rows: [...Array.from({length: 1201}, (_, index) => row(index)), null]}));
    const given = await pages();
    assert.deepEqual(
      given.map(({items, invalid}) => [items.length, invalid]),
      [
        [500, 1],
        [500, undefined],
        [201, undefined],
      ],
    );
  });
});

describe('the credentials of json-http', () => {
  process.env.JSON_HTTP_TEST_SECRET = 'hemmelig';
  process.env.JSON_HTTP_TEST_ODD = 'hæmmelig\n';
  after(() => {
    delete process.env.JSON_HTTP_TEST_SECRET;
    delete process.env.JSON_HTTP_TEST_ODD;
  });
  const secret = {env: 'JSON_HTTP_TEST_SECRET'};
  const answer: Handler = () => ({rows: [row(1)]});

  for (const [auth, header, value] of [
    [{kind: 'bearer', token: secret}, 'authorization', 'Bearer hemmelig'],
    [{kind: 'basic', user: 'bsp', password: secret}, 'authorization', `Basic ${btoa('bsp:hemmelig')}`],
    [{kind: 'api-key', header: 'X-Api-Key', value: secret}, 'x-api-key', 'hemmelig'],
    [{kind: 'none'}, 'authorization', undefined],
  ] as const)
    it(`sends ${auth.kind}`, async () => {
      const {pages, seen} = await casesOf(answer, byNumber, {auth, headers: {'X-Origin': 'bsp'}});
      await pages();
      assert.deepEqual([seen[0]!.headers[header], seen[0]!.headers['x-origin']], [value, 'bsp']);
    });

  it('says at the start which variable is not set or not usable, and never its value', async () => {
    const config = (auth: object) => connectorOf({baseUrl: 'https://x.example', auth, records: {cases: byNumber}});
    await assert.rejects(
      config({kind: 'bearer', token: {env: 'JSON_HTTP_NOT_SET'}}),
      /"auth\.token".*JSON_HTTP_NOT_SET, which is not set/,
    );
    await assert.rejects(config({kind: 'bearer', token: {env: 'JSON_HTTP_TEST_ODD'}}), (error: Error) => {
      assert.match(error.message, /"authorization" holds something that a header cannot/);
      assert.doesNotMatch(error.message, /mmelig/);
      return true;
    });
  });

  const tokens = (seconds: number, service: Handler = answer) => {
    let given = 0;
    const handler: Handler = (seen, response) => {
      if (seen.path === '/token') return {access_token: `t${++given}`, expires_in: seconds};
      return service(seen, response);
    };
    return handler;
  };
  const oauth = async (handler: Handler, now?: () => Date, more: object = {}) => {
    const {url, seen} = await serve(handler);
    const auth = {kind: 'oauth2', tokenUrl: `${url}/token`, clientId: 'id', clientSecret: secret, ...more};
    const connector = await connectorOf({baseUrl: url, auth, records: {cases: byNumber}}, now);
    return {seen, connector, asked: () => seen.filter(({path}) => path === '/token').length};
  };

  it('fetches one access token for all who wait, and renews it before it runs out', async () => {
    let time = Date.parse('2026-11-20T12:00:00Z');
    const {connector, seen, asked} = await oauth(tokens(600), () => new Date(time));
    await Promise.all([ida, ida, ida].map((number) => pagesOf(connector, 'cases', number)));
    time += 530_000;
    await pagesOf(connector, 'cases', ida);
    assert.equal(asked(), 1);
    time += 15_000;
    await pagesOf(connector, 'cases', ida);
    assert.equal(asked(), 2);
    assert.equal(seen.at(-1)!.headers.authorization, 'Bearer t2');
    assert.equal(
      seen.find(({path}) => path === '/token')!.body,
      'grant_type=client_credentials&client_id=id&client_secret=hemmelig',
    );
  });

  it('renews it once when it is refused, and then says forbidden', async () => {
    const once = await oauth(
      tokens(600, ({headers}) => (headers.authorization === 'Bearer t1' ? new Status(401) : {rows: [row(1)]})),
    );
    assert.deepEqual(idsOf(await pagesOf(once.connector, 'cases', ida)), ['1']);
    assert.equal(once.asked(), 2);
    const never = await oauth(tokens(600, () => new Status(401)));
    assert.equal((await problemOf(() => pagesOf(never.connector, 'cases', ida))).status, 'forbidden');
    assert.equal(never.asked(), 2);
  });

  it('sends the client as the service wants it', async () => {
    const {connector, seen} = await oauth(tokens(600), undefined, {
      clientAuth: 'basic',
      scope: 'read',
      clientId: 'a:b',
    });
    await pagesOf(connector, 'cases', ida);
    assert.equal(seen[0]!.headers.authorization, `Basic ${btoa('a%3Ab:hemmelig')}`);
    assert.equal(seen[0]!.body, 'grant_type=client_credentials&scope=read');
  });

  it('without a token nobody is asked, and the source is unavailable', async () => {
    for (const given of [
      new Status(500),
      new Status(401),
      {},
      {access_token: 'a\nb'},
      {access_token: ''},
      new Status(200, {}, 'hemmelig'),
      {access_token: 'x'.repeat(200_000)},
    ]) {
      const {connector, seen} = await oauth(({path}) => (path === '/token' ? given : {rows: []}));
      assert.equal((await problemOf(() => pagesOf(connector, 'cases', ida))).status, 'unavailable');
      assert(seen.every(({path}) => path === '/token'));
    }
  });

  it('shows a client certificate where one is asked for', async () => {
    const file = (name: string) => fileURLToPath(new URL(`../../fixtures/json-http/${name}`, import.meta.url));
    const [certFile, keyFile] = [file('test-cert.pem'), file('test-key.pem')];
    const [cert, key] = [readFileSync(certFile), readFileSync(keyFile)];
    const server = createSecureServer(
      {cert, key, ca: cert, requestCert: true, rejectUnauthorized: true},
      (_, response) => response.end(JSON.stringify({rows: [row(1)]})),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    after(() => server.close());
    const baseUrl = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const records = {cases: byNumber};
    const known = await connectorOf({baseUrl, records, tls: {certFile, keyFile, caFile: certFile}});
    assert.deepEqual(idsOf(await pagesOf(known, 'cases', ida)), ['1']);
    for (const tls of [{caFile: certFile}, {certFile, keyFile}]) {
      const stranger = await connectorOf({baseUrl, records, tls});
      assert.equal((await problemOf(() => pagesOf(stranger, 'cases', ida))).status, 'unavailable');
    }
    await assert.rejects(
      connectorOf({baseUrl, records, tls: {certFile: '/not/there.pem'}}),
      /"tls\.certFile" is .* cannot be read \(ENOENT\)/,
    );
    await assert.rejects(connectorOf({baseUrl, records, tls: {certFile: keyFile, keyFile}}), /"tls" cannot be used/);
  });
});

describe('a CPR number in an address', () => {
  it('is seen however it is written', () => {
    for (const address of [
      `/x?cpr=${ida}`,
      `/x/${hyphened(ida)}`,
      `/x?a=${ida.slice(0, 6)}%2D${ida.slice(6)}`,
      `/x?u=%2Fy%253Fcpr%253D${ida}`,
      `/${[...ida].map((digit) => `%3${digit}`).join('')}`,
    ])
      assert(holdsNumber(address, ida), 'not seen');
    assert(!holdsNumber('/x?id=4711', ida));
  });

  it('is sent only where the configuration insists, with a warning at the start', async () => {
    const list = {...byPath, get: 'cases?cpr={number}'};
    logged.length = 0;
    const {pages, seen} = await casesOf(() => ({rows: [row(1)]}), list, {numberInUrl: true});
    assert.deepEqual(idsOf(await pages()), ['1']);
    assert.equal(seen[0]!.query.get('cpr'), ida);
    assert.match(logged[0] ?? '', /test: sends CPR numbers in URLs/);
    assert(logged.every((line) => !line.includes(ida)));
  });

  it('does not get there by what the source gives', async () => {
    const person = {post: 'find', body: {cpr: '{number}'}, number: 'cpr', values: {id: 'id'}};
    const {pages, seen} = await casesOf(
      () => ({cpr: ida, id: hyphened(ida)}),
      {get: 'people/{id}', about: 'requested-id', map},
      {person},
    );
    assert.equal((await problemOf(pages)).status, 'invalid');
    assert.equal(seen.length, 1);
  });
});

describe('the records of json-http', () => {
  const mapped = async (entry: object, more: object = {}, words: object = {}) => {
    const {pages} = await casesOf(() => ({rows: [row(1, entry)]}), {...byNumber, map: {...map, ...more}, words});
    const [page] = await pages();
    return {record: page!.items[0] as Record<string, unknown> | undefined, invalid: page!.invalid};
  };

  it('count what cannot be read, and keep the rest', async () => {
    for (const entry of [
      {id: 2 ** 60},
      {id: null},
      {id: ''},
      {id: {}},
      {t: undefined},
      {t: ['a', 'b']},
      {s: ''},
      {at: 'i morgen'},
      {at: undefined},
      {id: true},
    ])
      assert.deepEqual(await mapped(entry), {record: undefined, invalid: 1});
    const {pages} = await casesOf(() => ({rows: [row(1), row(2, {at: 'x'}), row(3)]}));
    const [page] = await pages();
    assert.deepEqual([idsOf([page!]), page!.invalid], [['1', '3'], 1]);
    assert.deepEqual((await mapped({n: 'ja'}, {title: '$number(n)'})).invalid, 1, 'an expression that fails');
  });

  it('leave out what is not there', async () => {
    const all = {'responsible.unit': 'unit', 'kle.number': 'kle', closedAt: 'end', number: 'no'};
    for (const end of [
      '0001-01-01T00:00:00',
      '01-01-0001 00:00:00',
      '/Date(-62135596800000)/',
      '/Date(-62135600400000+0100)/',
      '9999-12-31T23:59:59.9999999',
      '31-12-9999',
      '/Date(253402297199999)/',
      253_402_300_799_999,
    ]) {
      const {record} = await mapped({unit: 'Job', kle: 'ingen', end, no: null}, all);
      assert.deepEqual(
        Object.keys(record ?? {}).sort(),
        ['changedAt', 'ref', 'sensitivity', 'status', 'title'],
        `${end}`,
      );
    }
  });

  it('keep the word of the source, and are the most sensitive where theirs is unknown', async () => {
    const words = {status: {'I gang': 'informed', constructor: 'closed'}, sensitivity: {Lav: 'ordinary'}};
    assert.deepEqual((await mapped({}, {}, words)).record?.status, {native: 'I gang', phase: 'informed'});
    assert.deepEqual((await mapped({s: 'toString'}, {}, words)).record?.status, {native: 'toString'});
    for (const [word, sensitivity] of [
      ['Lav', 'ordinary'],
      ['vip', 'vip'],
      ['__proto__', 'unknown'],
      ['Ny', 'unknown'],
      [undefined, 'unknown'],
    ])
      assert.equal((await mapped({x: word}, {sensitivity: 'x'}, words)).record?.sensitivity, sensitivity);
  });

  it('of a person come from the lookup, and a protected address stays there', async () => {
    const personMap = {
      id: 'id',
      name: 'name',
      status: 'state',
      sex: 'gender',
      birthDate: 'born',
      'address.lines': '[street, city]',
      'address.protected': 'hidden',
      'address.municipality': 'town',
    };
    const answer = {
      cpr: ida,
      id: 7,
      name: 'Ida Bæk',
      state: 'aktiv',
      gender: 'K',
      born: '04-05-1985',
      street: 'Hemmelig Vej 1',
      city: '9999 Korsbæk',
      town: 'Korsbæk',
    };
    const read = async (hidden: unknown) => {
      const {url} = await serve(() => ({...answer, hidden}));
      const connector = await connectorOf({
        baseUrl: url,
        person: {post: 'find', body: {cpr: '{number}'}, number: 'cpr'},
        records: {person: {map: personMap, words: {status: {aktiv: 'active'}, sex: {K: 'female', M: 'male'}}}},
      });
      const [page] = await pagesOf(connector, 'person', ida);
      return page!.items[0];
    };
    assert.deepEqual(await read(false), {
      ref: {source: '', id: '7'},
      subject: {type: 'cpr', value: ida},
      name: 'Ida Bæk',
      status: {native: 'aktiv', kind: 'active'},
      sex: 'female',
      birthDate: '1985-05-04',
      address: {lines: ['Hemmelig Vej 1', '9999 Korsbæk'], protected: false, municipality: 'Korsbæk'},
    });
    for (const hidden of [true, undefined, null]) {
      const {address} = (await read(hidden)) as {address: unknown};
      assert.deepEqual(address, {protected: true});
    }
  });

  it('of a person tell no municipality beside an address that is, or may be, protected', async () => {
    const map = {id: 'id', name: 'name', status: 'state', 'address.municipality': 'town'};
    for (const [hidden, address] of [
      ['true', {protected: true}],
      ['gone', {protected: true}],
      ['false', {municipality: 'Korsbæk', protected: false}],
    ] as const) {
      const {url} = await serve(() => ({cpr: ida, id: 7, name: 'Ida Bæk', state: 'aktiv', town: 'Korsbæk'}));
      const connector = await connectorOf({
        baseUrl: url,
        person: {post: 'find', body: {cpr: '{number}'}, number: 'cpr'},
        records: {person: {map: {...map, 'address.protected': hidden}}},
      });
      const [page] = await pagesOf(connector, 'person', ida);
      assert.deepEqual((page!.items[0] as {address: unknown}).address, address);
    }
  });

  it('of other resources and of others than persons: a problem, for to find none would be a claim', async () => {
    const {connector, seen} = await casesOf(() => ({rows: [row(1)]}));
    assert.deepEqual(connector.subjects, ['cpr']);
    assert.equal((await problemOf(() => pagesOf(connector, 'journal', ida))).problem.code, 'not-applicable');
    const company = {subject: {type: 'cvr', value: '90000004'}} as const;
    assert.equal((await problemOf(() => pagesOf(connector, 'cases', '', company))).problem.code, 'not-applicable');
    assert.equal((await problemOf(() => pagesOf(connector, 'cases', '3102851002'))).problem.code, 'invalid-subject');
    assert.equal(seen.length, 0);
  });

  it('of each entry of another list: all of them, or a problem', async () => {
    const each = {
      post: 'cases',
      body: {cpr: '{number}'},
      items: 'rows',
      about: {number: 'cpr'},
      values: {case: 'id'},
      max: 9,
    };
    const notes = {
      each,
      get: 'cases/{case}/notes',
      about: 'requested-id',
      map: {...map, title: "$parent.t & ': ' & t"},
    };
    const parents =
      (count: number, more: object = {}): Handler =>
      ({path}) =>
        path === '/api/cases' ? {rows: Array.from({length: count}, (_, index) => row(index, more))} : [row(path)];
    const {pages, seen} = await casesOf(parents(9), notes);
    const given = await pages();
    assert.deepEqual(
      idsOf(given),
      Array.from({length: 9}, (_, index) => `/api/cases/${index}/notes`),
    );
    assert.match((given[3]!.items[0] as {title: string}).title, /^Sag 3: Sag/);
    assert.equal(seen.length, 10);
    assert.equal((await problemTo(parents(10), notes)).problem.code, 'protocol');
    assert.equal((await problemTo(parents(2, {cpr: bo}), notes)).problem.code, 'wrong-subject');
    assert.equal((await problemTo(parents(2, {cpr: null}), notes)).problem.code, 'protocol');
    const none = await casesOf(parents(0), notes, {}, nobody);
    assert.deepEqual(await none.pages(), [{about: {type: 'cpr', value: nobody}, items: []}]);
  });
});
