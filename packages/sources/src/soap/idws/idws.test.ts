import assert from 'node:assert/strict';
import {beforeEach, describe, it} from 'node:test';
import {type Connector, type OutgoingNote, SourceProblem} from '../../connector.js';
import sf1470 from '../../sf1470/index.js';
import * as cases from '../../sf1470/simulator.test.js';
import sf2900 from '../../sf2900/index.js';
import * as notes from '../../sf2900/simulator.test.js';
import {connectorWith, ida, itemsOf, logged} from '../simulator.test.js';
import {fileOf} from './certificates-for-tests.test.js';
import {
  type AnswerParts,
  answerTo,
  assertTaken,
  clock,
  encryptedAnswer,
  faultOf,
  type Given,
  idwsAuth,
  resetClock,
  serveMessages,
  serveTokens,
  service,
  stranger,
  system,
  type Taken,
  type TokenAsked,
  type TokenParts,
  tls,
  tokenAnswer,
} from './simulators.test.js';

const found = cases.answerOf(cases.sagXml({party: `urn:oio:cpr-nr:${ida}`}), '20', {sager: 1});
const casesFor = ({messageId}: Taken, parts: AnswerParts = {}): Given => ({
  text: answerTo('1.2', messageId, found, parts),
});

/** A source with cases, behind a token service. */
async function indexWith({
  issue,
  answer = casesFor,
  auth = {},
}: {
  issue?: (asked: TokenAsked) => Given;
  answer?: (taken: Taken) => Given;
  auth?: object;
} = {}) {
  const sts = await serveTokens(issue);
  const index = await serveMessages('1.2', answer);
  const connector = await connectorWith(sf1470, {endpoint: index.url, tls, auth: idwsAuth(sts.url, auth)}, clock);
  return {connector, sts, index, read: () => itemsOf(connector, 'cases', ida)};
}

const problemOf = async (reads: Promise<unknown>): Promise<SourceProblem> => {
  const thrown: unknown = await reads.then(
    () => assert.fail('no problem'),
    (error: unknown) => error,
  );
  assert(thrown instanceof SourceProblem, String((thrown as Error).stack));
  return thrown;
};

const note: OutgoingNote = {
  subject: {type: 'cpr', value: ida},
  occurredAt: '2026-11-20T09:30:00+01:00',
  recordedAt: '2026-11-20T09:42:00+01:00',
  author: {name: 'Mette Dam'},
  heading: 'Samtale <med> læge & "søn"',
  body: 'En linje\r\nog en til',
  kle: {number: '32.24.04'},
};
const key = '0b8f7a8e-0001-4c1e-9d53-000000000001';

describe('a service with OIO IDWS', () => {
  beforeEach(() => {
    resetClock();
    logged.length = 0;
  });

  it('is shown a token and a signature, and its signed answer is read (sf1470)', async () => {
    const {read, sts, index} = await indexWith();
    assert.equal((await read()).length, 1);
    assert.deepEqual([...sts.errors, ...index.errors], []);
    assert.equal((await read()).length, 1);
    assert.deepEqual([sts.seen.length, index.seen.length], [1, 2]);
  });

  it('takes a note in SOAP 1.1 and says that it is of Liberty (sf2900)', async () => {
    const sts = await serveTokens();
    const component = await serveMessages('1.1', ({messageId, body}) => ({
      text: answerTo('1.1', messageId, notes.answerXml(notes.transactionOf(body), {code: 'MODTAGET'}), {
        prefixes: ['s', 'wsu'],
      }),
    }));
    const connector = await connectorWith(
      sf2900,
      {
        endpoint: component.url,
        tls,
        auth: idwsAuth(sts.url),
        municipality: '11111111',
        system: '0b8f7a8e-00aa-4c1e-9d53-0000000000aa',
      },
      clock,
    );
    const receipt = await connector.deliverNote!(note, {key, signal: new AbortController().signal});
    assert.deepEqual([...sts.errors, ...component.errors], []);
    assert.deepEqual(receipt, {state: 'received'});
  });

  it('is asked with one token by all who ask at once', async () => {
    const {read, sts, index} = await indexWith();
    const answers = await Promise.all(Array.from({length: 8}, read));
    assert(answers.every(({length}) => length === 1));
    assert.deepEqual([sts.seen.length, index.seen.length], [1, 8]);
  });

  it('is shown a new token shortly before the old one ends', async () => {
    const {read, sts} = await indexWith();
    await read();
    clock.setTime(clock.getTime() + 3_530_000);
    await read();
    assert.equal(sts.seen.length, 1);
    clock.setTime(clock.getTime() + 20_000);
    await read();
    assert.equal(sts.seen.length, 2);
  });

  it('is shown a new token once where it refuses the one that was kept', async () => {
    const refused = new Set<string>();
    const {read, sts, index} = await indexWith({
      answer: (taken) => (refused.has(taken.token) ? faultOf('1.2', 'InvalidSecurityToken') : casesFor(taken)),
    });
    await read();
    refused.add('_token-1');
    assert.equal((await read()).length, 1);
    assert.deepEqual([sts.seen.length, index.seen.length], [2, 3]);
    assert.deepEqual(index.errors, [], 'every message has an id of its own');
    for (let one = 0; one < 10; one++) refused.add(`_token-${one}`);
    assert.equal((await problemOf(read())).status, 'forbidden');
    assert.equal(index.seen.length, 5);
  });

  it('that says in a fault that the question is wrong is not asked again', async () => {
    const {read, index} = await indexWith({answer: () => faultOf('1.2', 'NoSuchOperation', `om ${ida}`)});
    const problem = await problemOf(read());
    assert.equal(problem.problem.detail, 'NoSuchOperation');
    assert.equal(index.seen.length, 1);
    assert(!JSON.stringify([problem.problem, logged]).includes(ida));
  });

  const unbelieved: Readonly<Record<string, (taken: Taken) => Given>> = {
    'not at all': (taken) => casesFor(taken, {isSigned: false}),
    'with somebody else’s key': (taken) => casesFor(taken, {key: stranger.key}),
    'without its body': (taken) => casesFor(taken, {ids: ['t', 'r']}),
    'without its time': (taken) => casesFor(taken, {ids: ['b', 'r']}),
    'without what it relates to': (taken) => casesFor(taken, {ids: ['b', 't']}),
    'for another message': (taken) => casesFor({...taken, messageId: 'urn:uuid:another'}),
    'long ago': (taken) => casesFor(taken, {created: '2026-11-20T08:00:00Z', expires: '2026-11-20T08:05:00Z'}),
    'in an hour': (taken) => casesFor(taken, {created: '2026-11-20T10:00:00Z', expires: '2026-11-20T10:05:00Z'}),
    'and changed after': (taken) => {
      const {text} = casesFor(taken);
      assert(text.includes('Sygedag'));
      return {text: text.replace('Sygedag', 'Sygdag')};
    },
    'as another body than is shown': (taken) => {
      const {text} = casesFor(taken);
      const signed = /<s:Body.*<\/s:Body>/s.exec(text)![0];
      const shown = signed.replace('Sygedag', 'Sygdag').replace(' wsu:Id="b"', '');
      return {text: text.replace(signed, shown).replace('</s:Header>', `<w>${signed}</w></s:Header>`)};
    },
    'with one id for two': (taken) => {
      const {text} = casesFor(taken);
      const signed = /<s:Body.*<\/s:Body>/s.exec(text)![0];
      const shown = signed.replace('Sygedag', 'Sygdag');
      return {text: text.replace(signed, shown).replace('</s:Header>', `<w>${signed}</w></s:Header>`)};
    },
    'and says something beside it': (taken) => {
      const {text} = casesFor(taken);
      const signed = /<s:Body.*<\/s:Body>/s.exec(text)![0];
      return {text: text.replace('</s:Header>', `</s:Header>${signed.replace(' wsu:Id="b"', '')}`)};
    },
    'in XML with a document type': (taken) => ({text: `<!DOCTYPE a>${casesFor(taken).text}`}),
    'in another service’s fault that means something': ({messageId}) => ({
      status: 500,
      text: answerTo('1.2', messageId, '<s:Fault><s:Code><s:Value>s:Receiver</s:Value></s:Code></s:Fault>', {
        key: stranger.key,
      }),
    }),
  };
  for (const [how, answer] of Object.entries(unbelieved))
    it(`is not believed where it answers signed ${how}`, async () => {
      const {read, index} = await indexWith({answer});
      const {status, problem} = await problemOf(read());
      assert.deepEqual(index.errors, []);
      assert(['invalid', 'unavailable'].includes(status));
      assert(!/Sygedag|Sygdag|6405851002|_token|saml/.test(JSON.stringify([problem, logged])));
    });

  it('may have a new certificate beside the old one, and sign over all that is in scope', async () => {
    const both = fileOf(`${stranger.certificate.toString()}${service.certificate.toString()}`);
    const {read} = await indexWith({
      auth: {answersSignedBy: both},
      answer: (taken) => casesFor(taken, {prefixes: 'all'}),
    });
    assert.equal((await read()).length, 1);
  });

  it('that need not sign is believed without', async () => {
    const {read} = await indexWith({
      auth: {answersSignedBy: undefined},
      answer: (taken) => casesFor(taken, {isSigned: false}),
    });
    assert.equal((await read()).length, 1);
  });
});

describe('the services of these tests', () => {
  it('refuse a message that was seen, is late, was changed, or is signed with another key', async () => {
    resetClock();
    const {read, index} = await indexWith();
    await read();
    const [message] = index.seen;
    assert(message);
    const taken = (text: string, seen: readonly string[] = []) => assertTaken(text, '1.2', index.url, new Set(seen));
    const {messageId, token} = taken(message);
    assert.throws(() => taken(message, [messageId]), /seen before/);
    for (const [from, to] of [
      ['<sd:FoersteResultatReference>0', '<sd:FoersteResultatReference>1'],
      [messageId, `${messageId}0`],
      ['<saml2:AttributeValue xsi:type="xs:string">3', '<saml2:AttributeValue xsi:type="xs:string">4'],
      [`#SAMLID">${token}`, `#SAMLID">${token}0`],
      ['wsu:Created>2026-11-20T09:00:00', 'wsu:Created>2026-11-20T09:00:01'],
      [system.certificate.raw.toString('base64'), stranger.certificate.raw.toString('base64')],
    ] as const) {
      assert(message.includes(from), from);
      assert.throws(() => taken(message.replaceAll(from, to)), Error, from);
    }
    clock.setTime(clock.getTime() + 301_000);
    assert.throws(() => taken(message), /another time/);
  });
});

describe('a token service', () => {
  beforeEach(() => {
    resetClock();
    logged.length = 0;
  });
  const asIssued =
    (token: TokenParts, answer: AnswerParts = {}) =>
    (asked: TokenAsked): Given => ({text: tokenAnswer(asked, token, answer)});

  for (const [code, status] of [
    ['FailedAuthentication', 'forbidden'],
    ['RequestFailed', 'unavailable'],
    ['InvalidRequest', 'unavailable'],
  ] as const)
    it(`that answers ${code} makes the source ${status}, and nothing is asked`, async () => {
      const {read, index} = await indexWith({issue: () => faultOf('1.2', code, `om ${ida}`)});
      const problem = await problemOf(read());
      assert.deepEqual([problem.status, problem.problem.detail], [status, code]);
      assert(!JSON.stringify([problem.problem, logged]).includes(ida));
      assert.equal(index.seen.length, 0);
    });

  it('may leave its message unsigned where the token is signed, and its clock may be ahead', async () => {
    const {read} = await indexWith({
      issue: asIssued({notBefore: '2026-11-20T09:04:00Z'}, {isSigned: false}),
    });
    assert.equal((await read()).length, 1);
  });

  it('may sign over all that is in scope, as NemLog-in’s does', async () => {
    const {read} = await indexWith({issue: asIssued({}, {prefixes: 'all'})});
    assert.equal((await read()).length, 1);
  });

  const refused: Readonly<Record<string, (asked: TokenAsked) => Given>> = {
    'for another service': asIssued({audience: 'http://entityid.korsbaek.example/other'}),
    'for another key': asIssued({holder: stranger.certificate.raw.toString('base64')}),
    'for whoever has it': asIssued({confirmation: 'bearer'}),
    'of another token service': asIssued({issuer: 'https://saml.other.example'}),
    'signed with another key': asIssued({key: stranger.key}),
    'that nobody signed': asIssued({isSigned: false}),
    'that has ended': asIssued({notBefore: '2026-11-20T07:00:00Z', notOnOrAfter: '2026-11-20T08:59:59Z'}),
    'that begins in an hour': asIssued({notBefore: '2026-11-20T10:00:00Z'}),
    'that says no end': asIssued({notOnOrAfter: ''}),
    'in a message of somebody else': asIssued({}, {key: stranger.key}),
    'in a message whose body is not signed': asIssued({}, {ids: ['t', 'r']}),
    'that was asked for by others': (asked) => ({text: tokenAnswer({...asked, context: 'urn:uuid:another'})}),
    'in a message to others': (asked) => ({text: tokenAnswer({...asked, messageId: 'urn:uuid:another'})}),
    'beside a second one': (asked) => ({
      text: tokenAnswer(asked, {}, {isSigned: false}).replace(
        '</RequestedSecurityToken>',
        '<saml2:Assertion ID="x"/></RequestedSecurityToken>',
      ),
    }),
    'around the one that is signed': (asked) => ({
      text: tokenAnswer(asked, {}, {isSigned: false})
        .replace(
          /(<saml2:Assertion )(ID="[^"]+")(.*?)(<saml2:Issuer>)/s,
          '$1ID="_evil"$3<saml2:Advice><saml2:Assertion $2$3$4',
        )
        .replace('</saml2:Assertion>', '</saml2:Assertion></saml2:Advice></saml2:Assertion>'),
    }),
    'with ids as ours': (asked) => ({text: tokenAnswer({...asked, id: 'bsp-Body'})}),
    'changed after it was signed': (asked) => ({
      text: tokenAnswer(asked, {}, {isSigned: false}).replace('>3<', '>4<'),
    }),
    'in XML with a document type': (asked) => ({text: `<!DOCTYPE a [<!ENTITY e "x">]>${tokenAnswer(asked)}`}),
    'in a bomb': (asked) => ({
      text: tokenAnswer(asked).replace('<saml2:Subject>', `<saml2:Subject>${'<a>'.repeat(100)}`),
    }),
    'in more than is taken in': (asked) => ({text: tokenAnswer(asked) + ' '.repeat(1_100_000)}),
    'with HTTP 500': (asked) => ({status: 500, text: tokenAnswer(asked)}),
    'that is none': ({messageId}) => ({text: answerTo('1.2', messageId, '<x/>')}),
  };
  for (const [which, issue] of Object.entries(refused))
    it(`that gives a token ${which} is told of, and nothing is asked`, async () => {
      const {read, sts, index} = await indexWith({issue});
      const {status, problem} = await problemOf(read());
      assert.deepEqual(sts.errors, []);
      assert(['invalid', 'unavailable'].includes(status), status);
      assert.match(problem.title, /^The token service /);
      assert(!/saml|Assertion|_token/.test(JSON.stringify([problem, logged])), 'the token is told of');
      assert.equal(index.seen.length, 0);
    });

  it('may encrypt its token, which is then shown with the certificate', async () => {
    const {read, index} = await indexWith({issue: (asked) => ({text: encryptedAnswer(asked)})});
    assert.equal((await read()).length, 1);
    assert.deepEqual(index.errors, []);
  });

  it('that encrypts its token must sign what is around it', async () => {
    for (const answer of [{isSigned: false}, {key: stranger.key}, {expires: '2026-11-20T08:00:00Z'}]) {
      const {read, index} = await indexWith({issue: (asked) => ({text: encryptedAnswer(asked, answer)})});
      assert.match((await problemOf(read())).message, /signature does not hold/);
      assert.equal(index.seen.length, 0);
    }
  });

  it('that is not there makes the source unavailable', async () => {
    const {url} = await serveMessages('1.2', casesFor);
    const auth = idwsAuth('https://127.0.0.1:1/sts');
    const connector: Connector = await connectorWith(sf1470, {endpoint: url, tls, auth}, clock);
    assert.equal((await problemOf(itemsOf(connector, 'cases', ida))).status, 'unavailable');
  });

  it('that gives none is asked again by the next who asks', async () => {
    let given = 0;
    const {read, sts} = await indexWith({
      issue: (asked) => (given++ === 0 ? faultOf('1.2', 'RequestFailed') : {text: tokenAnswer(asked)}),
    });
    await problemOf(read());
    assert.equal((await read()).length, 1);
    assert.equal(sts.seen.length, 2);
  });
});
