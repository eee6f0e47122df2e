// A SOAP service that answers every question with so many records about one person, in the shape of the published schemas.
// Run with tsx: the answers are those of the connectors' own simulators.
import {createServer} from 'node:http';
import * as cases from '../../../packages/sources/src/sf1470/simulator.test.ts';
import * as benefits from '../../../packages/sources/src/sf1491/simulator.test.ts';
import * as persons from '../../../packages/sources/src/sf1520/simulator.test.ts';
import {envelopeOf} from '../../../packages/sources/src/soap/envelope.ts';

const [connector, resource, given] = process.argv.slice(2);
const count = Number(given);
const records = (record) => Array.from({length: count}, (_, index) => record(index + 1)).join('');
const bodies = {
  'sf1470 cases': () => cases.answerOf(records((index) => cases.sagXml({index}))),
  'sf1470 documents': () =>
    cases.answerOf(
      cases.sagXml({documents: Array.from({length: count}, (_, index) => index + 1)}) +
        records((index) => cases.dokumentXml({index})),
    ),
  'sf1491 grants': () => benefits.answerOf(records((index) => benefits.bevillingXml({index}))),
  'sf1491 payments': () =>
    benefits.answerOf(benefits.bevillingXml() + records((index) => benefits.effektueringXml({index}))),
  'sf1520 person': () => persons.answerXml(),
};
const version = connector === 'sf1520' ? '1.1' : '1.2';
const bytes = Buffer.from(envelopeOf(version, {action: '', body: bodies[`${connector} ${resource}`]()}));
// The index of grants is asked twice, and has nothing of what is not measured.
const nothing = Buffer.from(envelopeOf(version, {action: '', body: benefits.answerOf('')}));
const own = resource === 'payments' ? 'SoegOekonomiskEffektueringIndeks' : 'SoegBevillingIndeks';
const server = createServer(async (request, response) => {
  let asked = '';
  for await (const chunk of request) asked += chunk;
  const isOther = connector === 'sf1491' && asked !== '' && !asked.includes(own) && resource === 'grants';
  response.writeHead(200, {'content-type': version === '1.1' ? 'text/xml' : 'application/soap+xml'});
  response.end(isOther ? nothing : bytes);
});
server.listen(0, '127.0.0.1', () => {
  process.on('disconnect', () => process.exit());
  process.send({url: `http://127.0.0.1:${server.address().port}`, bytes: bytes.length});
});
