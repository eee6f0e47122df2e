// json-http under spoiled answers: records of the person or company that was asked for, or a problem that tells nothing.
import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {casesResource, journalResource} from '@bsp/contract';
import fc from 'fast-check';
import {assertNoNumber, bites, fuzz, type Target} from '../../../../tests/fuzz/fuzz.js';
import {type Connector, type SourcePage, SourceProblem} from '../connector.js';
import {recordPastTheBorder} from '../connector-conformance.js';
import {holdsNumber} from '../http/answer-problems.js';
import {
  bakery,
  connectorOf,
  type ExampleName,
  exampleAt,
  exampleNames,
  examples,
  type Handler,
  hyphened,
  ida,
  logged,
  pagesOf,
  type Seen,
  Status,
  serve,
  setEnvironment,
} from './simulators.test.js';
import {type SpoiledAnswer, sendSpoiled, spoiledAnswer} from './spoiled-answers.test.js';

setEnvironment();

const resources = {cases: casesResource, journal: journalResource} as const;

/** How the answer to one of the requests is spoiled. */
interface Spoiled extends SpoiledAnswer {
  readonly example: ExampleName;
  readonly resource: keyof typeof resources;
  /** Which of the requests, the token's left out. */
  readonly request: number;
  /** The answer is the one about the other. */
  readonly aboutOther: boolean;
}

const spoiledOf = (names: readonly ExampleName[]): fc.Arbitrary<Spoiled> =>
  fc.record({
    example: fc.constantFrom(...names),
    resource: fc.constantFrom('cases' as const, 'journal' as const),
    request: fc.nat(3),
    aboutOther: fc.boolean(),
    ...spoiledAnswer,
  });

/** Stands in everything of the other's, Bo's or another company's, that would be read as a title. */
const mark = 'KUN-FOR-DEN-ANDEN';
/** Requests whose answer says by itself whom it is about; the others are known by an id that was looked up. */
const saysWhose = /\/(?:search|soeg|tasks\/citizen)$|\/journals\//;

/** What the system would answer if the other had been asked for. */
function answerAboutOther(name: ExampleName, seen: Seen, response: Parameters<Handler>[1]): unknown {
  const {
    system,
    known: [own, other],
  } = examples[name];
  const asked = JSON.stringify({path: seen.path, body: seen.body})
    .replaceAll(own, other)
    .replaceAll(hyphened(own), hyphened(other))
    .replaceAll('000000000001', '000000000002');
  return system({...seen, ...(JSON.parse(asked) as {path: string; body: unknown})}, response);
}

/** The ids that the systems have given Bo. */
const idsOfBo = /000000000002|\b4712\b|00000000000b/;

function marked(answer: unknown): unknown {
  if (answer instanceof Status) return answer;
  const text = JSON.stringify(answer).replace(/"(title|name|SagsTitel|sagstype|heading)":"[^"]*"/g, `"$1":"${mark}"`);
  return JSON.parse(text) as unknown;
}

/** A system whose answers can be spoiled one by one. */
class SpoiledSystem {
  readonly connector: Connector;
  spoiled: Spoiled | undefined;
  requests = 0;
  readonly seen: Seen[];

  private constructor(connector: Connector, seen: Seen[]) {
    this.connector = connector;
    this.seen = seen;
  }

  static async start(name: ExampleName, change: (config: Record<string, unknown>) => object): Promise<SpoiledSystem> {
    // The server asks the system that is made after it.
    const made: {system?: SpoiledSystem} = {};
    const {url, seen} = await serve((one, response) => made.system!.answer(name, one, response));
    made.system = new SpoiledSystem(await connectorOf(change(exampleAt(name, url))), seen);
    return made.system;
  }

  private answer(name: ExampleName, seen: Seen, response: Parameters<Handler>[1]): unknown {
    const {spoiled} = this;
    const handler = examples[name].system;
    if (seen.path === '/token' || !spoiled) return handler(seen, response);
    const isSpoiled = this.requests++ === spoiled.request;
    const isOfBo = idsOfBo.test(seen.url + JSON.stringify(seen.body));
    if (!isSpoiled) return isOfBo ? marked(handler(seen, response)) : handler(seen, response);
    const answer =
      spoiled.aboutOther && saysWhose.test(seen.path)
        ? marked(answerAboutOther(name, seen, response))
        : handler(seen, response);
    if (answer instanceof Status) return answer;
    sendSpoiled(answer, spoiled, response);
    return undefined;
  }
}

const started = new Map<string, Promise<SpoiledSystem>>();
const unchanged = (config: Record<string, unknown>): object => config;

/** @param change - puts a fault into the configuration. */
const answers = (fault: string, change = unchanged, names: readonly ExampleName[] = exampleNames): Target<Spoiled> => ({
  inputs: spoiledOf(names),
  async check(spoiled) {
    const start = `${fault} ${spoiled.example}`;
    if (!started.has(start)) started.set(start, SpoiledSystem.start(spoiled.example, change));
    const system = await started.get(start)!;
    const {
      key: type,
      known: [value],
    } = examples[spoiled.example];
    system.spoiled = spoiled;
    system.requests = 0;
    system.seen.length = 0;
    logged.length = 0;
    const pages: SourcePage[] = [];
    let problem: SourceProblem | undefined;
    try {
      pages.push(...(await pagesOf(system.connector, spoiled.resource, value, {subject: {type, value}})));
    } catch (thrown) {
      assert(thrown instanceof SourceProblem, `a read throws ${String(thrown)}`);
      problem = thrown;
      const said = JSON.stringify([thrown.message, thrown.problem]);
      assertNoNumber(said, 'a problem');
      assert(!said.includes(mark) && !/Ida|Karla|Mette|Lund|Kj.r/.test(said), 'a problem tells of the answer');
    }
    for (const {about, items} of pages) {
      assert.deepEqual(about, {type, value});
      for (const item of items) {
        assert(!JSON.stringify(item).includes(mark), 'a record of somebody else');
        assert(resources[spoiled.resource].parse(recordPastTheBorder(item, 'test')), 'no record of the contract');
      }
    }
    for (const {url} of system.seen) assert(!holdsNumber(url, value), 'a number in an address');
    for (const line of logged)
      assert(/^test: \d+ words are not in "records\.\w+\.words" \{"unknownWords":\d+\}$/.test(line), line);
    assert.deepEqual(Object.keys(Object.prototype), []);
    assert.equal(Object.getPrototypeOf({}), Object.prototype);
    return problem === undefined ? 'taken' : 'refused';
  },
});

describe('json-http under spoiled answers', () => {
  it('gives records of whom was asked for, or a problem that tells nothing', () => fuzz('json-http', answers('none')));

  it('is found out where it believes its question', async () => {
    const believing = (config: Record<string, unknown>): object => ({
      ...config,
      ...(config.person ? {person: {...config.person, number: `'${ida}'`}} : {}),
    });
    await bites('the lookup is believed', answers('the lookup is believed', believing), answers('none'));
  });

  it('is found out where it believes its question for a company', async () => {
    const companies = ['sbsys-companies'] as const;
    const believing = (config: Record<string, unknown>): object => {
      const {cases, ...rest} = config.records as {cases: object};
      return {...config, records: {...rest, cases: {...cases, about: {number: `'${bakery}'`}}}};
    };
    const fault = 'records of a company are believed';
    await bites(fault, answers(fault, believing, companies), answers('none', unchanged, companies));
  });
});

describe('json-http under hostile bodies', () => {
  const map = {id: 'id', title: '$string(t)', status: 's', changedAt: 'at'};
  const read = async (
    handler: Handler,
    signal = new AbortController().signal,
  ): Promise<SourcePage[] | SourceProblem> => {
    const {url} = await serve(handler);
    const records = {cases: {post: 'x', body: {cpr: '{number}'}, items: 'rows', about: {number: 'cpr'}, map}};
    const connector = await connectorOf({baseUrl: url, records});
    return pagesOf(connector, 'cases', ida, {signal}).catch((thrown: unknown) => {
      if (thrown instanceof SourceProblem) return thrown;
      throw thrown;
    });
  };
  const body =
    (...chunks: readonly string[]): Handler =>
    (_, response) => {
      response.writeHead(200, {'content-type': 'application/json'});
      for (const chunk of chunks) response.write(chunk);
      response.end();
    };

  it('takes in no 100 MB', async () => {
    const chunk = 'x'.repeat(1_000_000);
    const answer = await read(body('{"rows": ["', ...Array.from({length: 100}, () => chunk), '"]}'));
    assert(answer instanceof SourceProblem);
    assert.equal(answer.problem.code, 'too-large');
  });

  it('survives depth wherever it stands', async () => {
    const deep = '['.repeat(1_000_000) + ']'.repeat(1_000_000);
    const rest = `"cpr": "${ida}", "s": "x", "at": "2026-11-01"`;
    for (const [text, invalid] of [
      [`{"rows": ${deep}}`, 1],
      [`{"rows": [{${rest}, "id": 1, "t": ${deep}}]}`, 1],
      [`{"rows": [{${rest}, "id": ${deep}, "t": 1}]}`, 1],
      [`{"rows": [{"cpr": ${deep}, "id": 1, "t": 1}]}`, 1],
    ] as const) {
      const answer = await read(body(text));
      assert(!(answer instanceof SourceProblem));
      assert.deepEqual(
        answer.map((page) => [page.items.length, page.invalid]),
        [[0, invalid]],
      );
    }
    assert(((await read(body(deep))) as SourceProblem).status === 'invalid');
  });

  it('lets nothing into every object', async () => {
    const row = `"cpr": "${ida}", "id": 1, "t": "x", "s": "x", "at": "2026-11-01"`;
    const poison = '"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}';
    // What JSONata takes for a function has no fields.
    const lambda = `{"_jsonata_lambda": true, ${row}}`;
    const answer = await read(
      body(`{"rows": [{${poison}, ${row}}, {"__proto__": {${row}}}, ${lambda}], "__proto__": {"rows": []}}`),
    );
    assert(!(answer instanceof SourceProblem));
    assert.deepEqual(
      answer.map(({items, invalid}) => [items.length, invalid]),
      [[1, 2]],
    );
    assert.equal((Object.prototype as {polluted?: unknown}).polluted, undefined);
  });

  it('does not wait for a body that never ends, once nobody does', async () => {
    const stop = new AbortController();
    const reading = read((_, response) => {
      response.writeHead(200, {'content-type': 'application/json'});
      const timer = setInterval(() => response.write(' '), 5);
      response.on('close', () => clearInterval(timer));
      setTimeout(() => stop.abort(), 40);
    }, stop.signal);
    await assert.rejects(reading, {name: 'AbortError'});
  });

  it('is stopped between records too', async (test) => {
    const row = {cpr: ida, id: 1, t: Array.from({length: 2_000}, () => 'x'), s: 'x', at: '2026-11-01'};
    const text = JSON.stringify({rows: Array.from({length: 500}, () => row)});
    const stop = new AbortController();
    const parse = JSON.parse.bind(JSON);
    // Once it is parsed, all that is left to do happens in microtasks, unless others are given a turn.
    test.mock.method(JSON, 'parse', (json: string): unknown => {
      if (json === text) setImmediate(() => stop.abort());
      return parse(json);
    });
    // By an id that was looked up, so that nothing but the mapping takes long.
    const {url} = await serve(({path}, response) => {
      if (path === '/find') return {cpr: ida, id: 7};
      response.writeHead(200, {'content-type': 'application/json'}).end(text);
      return undefined;
    });
    const connector = await connectorOf({
      baseUrl: url,
      person: {post: 'find', body: {cpr: '{number}'}, number: 'cpr', values: {id: 'id'}},
      records: {cases: {get: 'people/{id}', items: 'rows', about: 'requested-id', map}},
    });
    const reading = pagesOf(connector, 'cases', ida, {signal: stop.signal});
    await assert.rejects(reading, {name: 'AbortError'});
  });
});
