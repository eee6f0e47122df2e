// What the suite says of a vendor's own backend: nothing of one that is lawful in its own way, and of each fault by name.
import assert from 'node:assert/strict';
import {Readable, Writable} from 'node:stream';
import {describe, it} from 'node:test';
import {runCli} from './cli.js';
import {failuresOf, type OwnBackendOptions, ownBackend, people, reportOf, type SuiteOptions} from './harness.test.js';
import {textOf} from './index.js';

const but =
  (...names: string[]) =>
  (capability: string) =>
    !names.some((name) => capability.startsWith(name));

/** All that the suite can be told. */
const everything: SuiteOptions = {
  other: {authorization: 'Bearer token-of-other'},
  down: ['dead'],
  target: {id: 'next', secret: 'secret-of-next'},
};

const lawful: Readonly<Record<string, readonly [OwnBackendOptions, SuiteOptions?]>> = {
  'that can do everything': [{lateMs: 150}, everything],
  'without a live line': [{offers: but('live')}],
  'without search': [{offers: but('act:search')}],
  'that writes nothing, and is not to': [{}, {write: false}],
  'at the root of its host': [{prefix: ''}],
  'behind a long path': [{prefix: '/a/b/c'}],
  'that closes every connection': [{head: (_request, response) => void response.setHeader('connection', 'close')}],
  'that sends no chunks': [
    {head: (_request, response) => Object.assign(response, {useChunkedEncodingByDefault: false})},
  ],
  'that asks for the proof of a page': [{faults: ['asks for the proof of a page']}],
  'that opens three contexts a second, and no more': [{perSecond: 3}, {only: ['contexts']}],
  'that wants a purpose': [{purpose: 'p1'}, {purpose: 'p1'}],
  'that writes its JSON with spaces': [
    {faults: ['writes its JSON with spaces']},
    {only: ['person.reveal', 'privacy.no-number']},
  ],
  'that numbers its problems': [{faults: ['numbers every problem']}, {only: ['contexts', 'errors']}],
  'without writes': [{offers: but('act:')}],
  'of cases only': [{offers: (one) => one === 'read:cases'}],
  'that has been tested before': [{olderNotes: 20}, {only: ['actions']}],
  'that does one action at a time': [{faults: ['does one action at a time']}, {only: ['actions']}],
  'that closes the line on what is too large': [{faults: ['closes the line on what is too large']}, {only: ['errors']}],
  'that tells late what has changed': [{tellMs: 1_500}, {only: ['live'], timeoutMs: 1_000}],
  'that ends its live lines now and then': [{tellMs: 800, lineMs: 500}, {only: ['live']}],
  'far away, with sources that answer at once': [{farMs: 80}, {only: ['reads.streams']}],
  'that begins its streams with a byte-order mark': [{faults: ['begins with a byte-order mark']}],
};

describe('the suite faults no lawful backend', () => {
  it('and looks at everything that one can do', async () => {
    const {results, leftOut} = await reportOf({lateMs: 150}, everything);
    assert.deepEqual(
      [...results.filter(({outcome}) => outcome === 'not-applicable'), ...leftOut].map(({id}) => id),
      [],
    );
  });

  it('and says what it left out', async () => {
    const text = textOf(await reportOf({}, {only: ['users']}));
    assert.match(text, /\nleft out\n {2}– The second user .*\n {6}not looked at: No second user was named/);
  });

  for (const [what, [backend, asks]] of Object.entries(lawful))
    it(what, async () => assert.deepEqual(failuresOf(await reportOf(backend, asks)), []));
});

describe('the suite says what is to be mended, and where, when a backend', () => {
  const says: Readonly<Record<string, readonly [id: string, message: RegExp]>> = {
    'tells days where there are to be moments': [
      'reads.records',
      /own\/cases: 3 of 3 records are not .*: \/items\/0\/changedAt must be a moment with its offset/,
    ],
    'counts records by person': ['person.never-mixed', /records stand in both .*: of own\/person, own\/cases/],
    'says cases, not read:cases': ['reads.grammar', /GET \/me names no capability that begins with "read:"/],
    'says no more than too much': ['contexts', /POST \/contexts answered 429 without Retry-After/],
    'breaks off in the middle': ['reads.grammar', /read broke off after \d+ lines/],
  };

  for (const [fault, [id, message]] of Object.entries(says))
    it(fault, async () => {
      const [failed = ''] = failuresOf(await reportOf({faults: [fault], lateMs: 60, perSecond: 4}, {only: [id]}));
      assert.match(failed, message);
    });
});

const faults: Readonly<Record<string, string>> = {
  'says in a notice whom it is about': 'live.tells-of-a-change',
  'tells everybody of everything': 'live.nobody-elses',
  'reads for who does not say who they are': 'contexts.one-users-own',
  'takes any token': 'contexts.one-users-own',
  "shows another user's context": 'users.contexts',
  "reads another user's context": 'users.contexts',
  "acts in another user's context": 'users.contexts',
  "gives documents of another user's context": 'users.contexts',
  "tells of another user's context": 'users.contexts',
  "closes another user's context": 'users.contexts',
  "opens another user's handle": 'users.handles',
  "shows another user's drafts": 'users.drafts',
  'leaves the journal out of its plan': 'reads.everybody-answers',
  'reads on by any cursor': 'reads.pages',
  'finds nothing by a cursor that is none': 'reads.pages',
  'does not answer when it is read on': 'reads.pages',
  'tells a source that is down as empty': 'down.is-no-emptiness',
  'searches a source that is down in vain': 'down.is-no-emptiness',
  'keeps keys by context': 'actions.key-makes-a-retry-safe',
  'keeps keys by user': 'actions.key-makes-a-retry-safe',
  'adds to any note': 'actions.foreign-notes-and-events-are-refused',
  'marks any event': 'actions.foreign-notes-and-events-are-refused',
  'reveals whatever the record': 'person.reveal',
  'gives any document': 'documents.are-the-persons',
  'shows documents as pages': 'documents.downloads',
  'finds somebody else': 'search.by-number',
  'leads to somebody else': 'search.by-number',
  'makes handles of numbers': 'privacy.no-number',
  "tells relatives' numbers": 'privacy.masked',
  'lets every page ask as the user': 'privacy.nobody-elses-pages',
  'takes JSON as plain text': 'errors.broken-json',
  'counts only what is announced': 'errors.too-much',
  'redeems a code twice': 'hop.once',
  'launches with somebody else': 'hop.once',
  'masks nothing': 'contexts.opens',
  'shows a closed context': 'contexts.closed-is-closed',
  'tells of a closed context': 'contexts.closed-is-closed',
  'gives documents of a closed context': 'contexts.closed-is-closed',
  'opens as plain text': 'contexts.opens',
  'answers actions as plain text': 'actions.note-is-kept',
  'holds its answer back': 'reads.streams',
};

describe('the suite sees that a backend', () => {
  for (const [fault, seenBy] of Object.entries(faults))
    it(fault, async () => {
      // What looks at all that went over the line needs something that did.
      const only = seenBy.startsWith('privacy.') ? ['contexts.opens', 'reads.records', seenBy] : [seenBy];
      const report = await reportOf({faults: [fault], lateMs: 150}, {...everything, only});
      assert.ok(
        failuresOf(report).some((line) => line.startsWith(`${seenBy}: `) && !line.includes('itself broke')),
        `${seenBy} does not see it: ${JSON.stringify(report.results)}`,
      );
      for (const number of Object.values(people))
        assert.doesNotMatch(JSON.stringify(report), new RegExp(`${number.slice(0, 6)}.?${number.slice(6)}`));
    });
});

describe('the command', () => {
  const run = async (args: readonly string[], env: Record<string, string>): Promise<{code: number; said: string}> => {
    let said = '';
    const into = new Writable({
      write(chunk: Buffer, _encoding, done) {
        said += String(chunk);
        done();
      },
    });
    const input = Readable.from([Object.values(people).join('\n')]);
    return {code: await runCli(args, {out: into, err: into, in: input, env}), said};
  };
  const env = {ONE: 'token-of-one', OTHER: 'token-of-other', TARGET: 'next:secret-of-next', NONE: 'next'};

  it('takes a second user, a source that is down and a target', async () => {
    const {url, close} = await ownBackend();
    const who = ['--token-env', 'ONE', '--other-token-env', 'OTHER', '--down', 'dead', '--target-env', 'TARGET'];
    const only = ['users', 'down', 'hop'].flatMap((part) => ['--only', part]);
    try {
      const {code, said} = await run([url.href, '--cpr-file', '-', '--write', ...who, ...only], env);
      assert.equal(code, 0, said);
      assert.match(said, /\n6 passed, 0 failed, 0 not applicable\n$/);
    } finally {
      close();
    }
  });

  it('says what a target is named by', async () => {
    const {code, said} = await run(['http://127.0.0.1:1', '--cpr-file', '-', '--target-env', 'NONE'], env);
    assert.deepEqual([code, said], [2, 'The environment variable NONE is not ID:SECRET of a target.\n']);
  });
});
