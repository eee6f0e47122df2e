import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {createServer as createSecureServer} from 'node:https';
import type {AddressInfo} from 'node:net';
import {after, describe, it} from 'node:test';
import {fileURLToPath} from 'node:url';
import {SourceProblem} from '../connector.js';
import {Status, serve} from '../json-http/simulators.test.js';
import sf1520, {sf1520ConfigSchema} from '../sf1520/index.js';
import {answerXml} from '../sf1520/simulator.test.js';
import {readXml} from '../xml.js';
import {bodyOf, envelopeOf, faultOf, isSoap} from './envelope.js';
import {connectorWith, ida, itemsOf, soapAnswer} from './simulator.test.js';

const found = soapAnswer('1.1', answerXml());
const refusedReads = async (reads: Promise<unknown>): Promise<string> => {
  const thrown: unknown = await reads.then(
    () => assert.fail('no problem'),
    (error: unknown) => error,
  );
  assert(thrown instanceof SourceProblem, String(thrown));
  return thrown.status;
};

/** The connector, with a token service at `/token`. */
function withTokens(url: string) {
  process.env.SOAP_TEST_SECRET = 'secret';
  after(() => delete process.env.SOAP_TEST_SECRET);
  const clientSecret = {env: 'SOAP_TEST_SECRET'};
  const auth = {kind: 'oauth2', tokenUrl: `${url}/token`, clientId: 'id', clientSecret};
  return connectorWith(sf1520, {endpoint: `${url}/person`, auth});
}

describe('a SOAP service', () => {
  it('is shown a client certificate where it asks for one', async () => {
    const file = (name: string) => fileURLToPath(new URL(`../../fixtures/json-http/${name}`, import.meta.url));
    const [certFile, keyFile] = [file('test-cert.pem'), file('test-key.pem')];
    const [cert, key] = [readFileSync(certFile), readFileSync(keyFile)];
    const server = createSecureServer(
      {cert, key, ca: cert, requestCert: true, rejectUnauthorized: true},
      (_, response) => response.writeHead(200, {...found.headers}).end(found.body),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    after(() => server.close());
    const endpoint = `https://127.0.0.1:${(server.address() as AddressInfo).port}/person`;
    const known = await connectorWith(sf1520, {endpoint, tls: {certFile, keyFile, caFile: certFile}});
    assert.equal((await itemsOf(known, 'person', ida)).length, 1);
    for (const tls of [{caFile: certFile}, {certFile, keyFile}]) {
      const stranger = await connectorWith(sf1520, {endpoint, tls});
      assert.equal(await refusedReads(itemsOf(stranger, 'person', ida)), 'unavailable');
    }
  });

  it('is shown a token, and a new one when it refuses the first', async () => {
    let given = 0;
    const {url, seen} = await serve(({path, headers}) => {
      if (path === '/token') return {access_token: `t${++given}`, expires_in: 3_600};
      return headers.authorization === 'Bearer t2' ? found : new Status(401);
    });
    const connector = await withTokens(url);
    assert.equal((await itemsOf(connector, 'person', ida)).length, 1);
    assert.deepEqual(
      seen.map(({path}) => path),
      ['/token', '/person', '/token', '/person'],
    );
  });

  it('that refuses every token forbids', async () => {
    process.env.SOAP_TEST_TOKEN = 'token';
    after(() => delete process.env.SOAP_TEST_TOKEN);
    const {url, seen} = await serve(() => new Status(401));
    const auth = {kind: 'bearer', token: {env: 'SOAP_TEST_TOKEN'}};
    const connector = await connectorWith(sf1520, {endpoint: url, auth});
    assert.equal(await refusedReads(itemsOf(connector, 'person', ida)), 'forbidden');
    assert.deepEqual(
      seen.map(({headers}) => headers.authorization),
      ['Bearer token'],
    );
  });

  it('that is not there is unavailable', async () => {
    const connector = await connectorWith(sf1520, {endpoint: 'http://127.0.0.1:1/'});
    assert.equal(await refusedReads(itemsOf(connector, 'person', ida)), 'unavailable');
  });

  it('that changes the protocol is unavailable, and so is a token service, until they answer', async () => {
    const changed = new Set<string>();
    const {url} = await serve(({path}, response) => {
      if (!changed.has(path)) {
        changed.add(path);
        response.socket?.end('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n');
        return undefined;
      }
      return path === '/token' ? {access_token: 't', expires_in: 3_600} : found;
    });
    const connector = await withTokens(url);
    for (const path of ['/token', '/person']) {
      assert.equal(await refusedReads(itemsOf(connector, 'person', ida)), 'unavailable');
      assert(changed.has(path));
    }
    assert.equal((await itemsOf(connector, 'person', ida)).length, 1);
  });

  it('may answer in the other version of SOAP', async () => {
    const {url} = await serve(() => soapAnswer('1.2', answerXml()));
    const connector = await connectorWith(sf1520, {endpoint: url});
    assert.equal((await itemsOf(connector, 'person', ida)).length, 1);
  });

  it('is reached over https, or on this machine', () => {
    for (const [endpoint, taken] of [
      ['https://integration.korsbaek.example/person', true],
      ['http://127.0.0.1:8080/person', true],
      ['http://integration.korsbaek.example/person', false],
      ['https://user:secret@korsbaek.example/', false],
      ['ftp://korsbaek.example/', false],
    ] as const)
      assert.equal(sf1520ConfigSchema.safeParse({endpoint}).success, taken, endpoint);
  });
});

describe('an envelope', () => {
  const read = (text: string) => readXml(new TextEncoder().encode(text));
  for (const version of ['1.1', '1.2'] as const)
    it(`holds one body, and a header where there is one (${version})`, () => {
      const envelope = read(envelopeOf(version, {action: 'a', header: '<h/>', body: '<b/>'}));
      assert(isSoap(envelope, 'Envelope'));
      assert.deepEqual(
        envelope.children.map(({name}) => name),
        ['Header', 'Body'],
      );
      assert.equal(bodyOf(envelope)?.name, 'b');
      for (const body of ['', '<b/><c/>'])
        assert.equal(bodyOf(read(envelopeOf(version, {action: 'a', body}))), undefined);
    });

  it('says a fault by its finest code', () => {
    const fault12 = `<s:Fault xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>w:FailedAuthentication</s:Value></s:Subcode></s:Code><s:Reason><s:Text>Nej</s:Text></s:Reason></s:Fault>`;
    const {code, text} = faultOf(read(fault12)) ?? assert.fail('no fault');
    assert.deepEqual([code, text], ['FailedAuthentication', 'Nej']);
    assert.equal(faultOf(read('<Fault xmlns="urn:x"/>')), undefined);
  });
});
