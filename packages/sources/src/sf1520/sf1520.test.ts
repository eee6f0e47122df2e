import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {personResource} from '@bsp/contract';
import {SourceProblem} from '../connector.js';
import {connectorFindings, recordPastTheBorder} from '../connector-conformance.js';
import type {SourcePerson} from '../cpr/source-person.js';
import {Status} from '../json-http/simulators.test.js';
import {
  type Answerer,
  bo,
  connectorWith,
  ida,
  itemsOf,
  logged,
  nobody,
  pagesOf,
  soapAnswer,
} from '../soap/simulator.test.js';
import sf1520, {type Sf1520Config} from './index.js';
import {answerXml, faultOf, type PersonParts, people, register, serveRegister} from './simulator.test.js';

async function connected(answer: Answerer = register, config: Partial<Sf1520Config> = {}) {
  const {url, seen} = await serveRegister(answer);
  return {connector: await connectorWith(sf1520, {endpoint: `${url}/person/4`, ...config}), seen};
}
const personWith = async (parts: PersonParts): Promise<SourcePerson> => {
  const {connector} = await connected(() => answerXml(parts));
  const [person] = await itemsOf(connector, 'person', ida);
  assert(personResource.parse(recordPastTheBorder(person, 'cpr')));
  return person as unknown as SourcePerson;
};
const numbered = (value: string) => ({type: 'cpr', value}) as const;
const protection = (name: string, parts: string): string => `<${name}>${parts}</${name}>`;

describe('sf1520', () => {
  it('keeps what every connector must', async () => {
    const {connector} = await connected();
    const sample = {subject: numbered(ida), unknown: numbered(nobody)};
    assert.deepEqual(await connectorFindings(connector, sample), []);
  });

  it('reads a person with address, civil status and relatives', async () => {
    const spouse = {relation: 'spouse', subject: numbered(people.spouse)};
    assert.deepEqual(await personWith({}), {
      ref: {source: '', id: ida},
      subject: numbered(ida),
      name: 'Ida Marie Bæk',
      status: {kind: 'active', native: '1', since: '2001-02-03'},
      birthDate: '1985-05-04',
      sex: 'female',
      address: {
        lines: ['c/o Per Bæk', 'Algade 4A, 1. tv', 'Strøby', '4600 Køge'],
        municipality: 'Køge',
        since: '2019-01-01',
      },
      civilStatus: {kind: 'married', since: '2010-06-05', native: 'G'},
      citizenship: 'Sverige',
      spouse,
      children: [{relation: 'child', subject: numbered(people.child)}],
      parents: [
        {relation: 'mother', subject: numbered(people.mother)},
        {relation: 'father', name: 'Niels Bæk', birthDate: '1950-02-02'},
      ],
    });
  });

  it('names as spouse nobody of whom one is divorced or the widow', async () => {
    for (const civilStatus of ['U', 'F', 'E', 'O', 'L', 'D'])
      assert.equal((await personWith({civilStatus})).spouse, undefined, civilStatus);
    for (const parts of [{civilStatus: 'P'}, {separated: true}])
      assert.deepEqual((await personWith(parts)).spouse, {relation: 'spouse', subject: numbered(people.spouse)});
  });

  it('hides a protected address until it is revealed', async () => {
    const parts = {
      addressProtection: protection(
        'adressebeskyttelse',
        '<startdato>2020-01-01</startdato><beskyttet>true</beskyttet>',
      ),
      contact:
        '<kontaktAdresse><kontaktAdr1>Krisecentret</kontaktAdr1><startdato>2026-01-01</startdato></kontaktAdresse>',
    };
    const person = await personWith(parts);
    assert.deepEqual(person.address, {protected: true, since: '2019-01-01'});
    assert.deepEqual(person.contactAddress, {protected: true, since: '2026-01-01'});
    assert.deepEqual(person.protections, [{kind: 'name-address', from: '2020-01-01'}]);
    const {connector} = await connected(() => answerXml(parts));
    const {signal} = new AbortController();
    const ref = {source: 'cpr', id: ida};
    assert.deepEqual(await connector.reveal?.(numbered(ida), ref, 'address', signal), {
      lines: ['c/o Per Bæk', 'Algade 4A, 1. tv', 'Strøby', '4600 Køge', 'Kontaktadresse:', 'Krisecentret'],
    });
    await assert.rejects(connector.reveal!(numbered(ida), {source: 'cpr', id: bo}, 'address', signal), SourceProblem);
  });

  const days: [what: string, parts: string, isProtected: boolean, told: boolean][] = [
    ['begins today', '<startdato>2026-11-20</startdato>', true, true],
    ['ends today', '<startdato>2020-01-01</startdato><slutdato>2026-11-20</slutdato>', true, true],
    ['ended yesterday', '<startdato>2020-01-01</startdato><slutdato>2026-11-19</slutdato>', false, false],
    ['begins tomorrow', '<startdato>2026-11-21</startdato>', false, true],
    ['is said to hold, whatever its days', '<slutdato>2020-01-01</slutdato><beskyttet>true</beskyttet>', true, true],
    ['says nothing at all', '', true, true],
    ['is said not to hold', '<beskyttet>false</beskyttet>', false, false],
  ];
  for (const [what, parts, isProtected, told] of days)
    it(`${isProtected ? 'hides' : 'shows'} an address whose protection ${what}`, async () => {
      const person = await personWith({addressProtection: protection('adressebeskyttelse', parts)});
      assert.equal(person.address?.lines === undefined, isProtected);
      assert.equal(person.protections !== undefined, told);
    });

  it('reads the other protections with their days', async () => {
    const {protections} = await personWith({
      protections:
        protection('vejviserbeskyttelse', '<startdato>2021-01-01</startdato><slutdato>2030-01-01</slutdato>') +
        protection('markedsfoeringsbeskyttelse', '<beskyttet>true</beskyttet>'),
    });
    assert.deepEqual(protections, [{kind: 'directory', from: '2021-01-01', to: '2030-01-01'}, {kind: 'marketing'}]);
  });

  it('reads custody, guardianship, separation and a new number', async () => {
    const person = await personWith({
      current: bo,
      status: '60',
      separated: true,
      guardianship: `<umyndiggoerelse><umyndiggorelseRelationType>1</umyndiggorelseRelationType><relationPersonnummer>${people.other}</relationPersonnummer><umyndiggoerelseStartdato><dato>2022-02-02</dato></umyndiggoerelseStartdato><umyndiggjort>true</umyndiggjort></umyndiggoerelse>`,
      relations: `<mor><personnummer>${people.mother}</personnummer></mor><foraeldremyndighed><foraeldremyndighedtype>3</foraeldremyndighedtype><foraeldremyndighedStartdato><dato>2012-01-02</dato></foraeldremyndighedStartdato></foraeldremyndighed><foraeldremyndighed><foraeldremyndighedtype>5</foraeldremyndighedtype><relationPersonnummer>${people.other}</relationPersonnummer></foraeldremyndighed><foraeldremyndighed><foraeldremyndighedtype>4</foraeldremyndighedtype><foraeldremyndighedSletdato>2020-01-01</foraeldremyndighedSletdato></foraeldremyndighed>`,
    });
    const other = {relation: 'other', subject: numbered(people.other)};
    assert.deepEqual(person.custody, [
      {holder: {relation: 'mother', subject: numbered(people.mother)}, since: '2012-01-02'},
      {holder: other},
    ]);
    assert.deepEqual(person.guardianship, {since: '2022-02-02', guardian: other});
    assert.deepEqual(person.civilStatus, {kind: 'separated', since: '2020-06-06', native: 'G'});
    assert.deepEqual(person.status.kind, 'changed-number');
    assert.deepEqual(person.replacedBy, {relation: 'other', subject: numbered(bo)});
  });

  it('reads an address abroad, and a child without a name', async () => {
    const person = await personWith({
      name: '',
      status: '80',
      address:
        '<udrejseoplysninger><udrejselandekode>5120</udrejselandekode><udrejsedato><dato>2024-03-31T23:30:00Z</dato></udrejsedato><udlandsadresse1>Storgatan 1</udlandsadresse1><udlandsadresse2>Malmö</udlandsadresse2></udrejseoplysninger>',
      relations: '<barn><personnummer>0000000000</personnummer></barn>',
    });
    assert.deepEqual(person.address, {lines: ['Storgatan 1', 'Malmö'], since: '2024-04-01'});
    assert.deepEqual([person.name, person.children], ['Navn ikke registreret', undefined]);
  });

  it('shows the home of whom has come back from abroad', async () => {
    const abroad = (parts: string): string => `<udrejseoplysninger>${parts}</udrejseoplysninger>`;
    const home = {lines: ['Algade 4', '4600 Køge'], municipality: 'Køge', since: '2025-05-01'};
    const address =
      '<aktuelAdresse><kommunekode>259</kommunekode><husnummer>004</husnummer><postnummer>4600</postnummer><postdistrikt>Køge</postdistrikt><vejnavn>Algade</vejnavn><tilflytningsdato><dato>2025-05-01T00:00:00+02:00</dato></tilflytningsdato></aktuelAdresse>';
    for (const before of ['', '<udlandsadresse1>Storgatan 1</udlandsadresse1>'])
      assert.deepEqual((await personWith({address: address + abroad(before)})).address, home);
    const emigrated = await personWith({
      status: '80',
      address: address + abroad('<udlandsadresse1>Storgatan 1</udlandsadresse1>'),
    });
    assert.deepEqual(emigrated.address, {lines: ['Storgatan 1']});
  });

  it('names a citizenship by its code: the name beside it is none yet', async () => {
    for (const [code, citizenship] of [
      ['5120', 'Sverige'],
      ['5999', 'Landekode 5999'],
    ] as const) {
      const {connector} = await connected(() =>
        answerXml().replace(
          '<landekode>5120</landekode>',
          `<landekode>${code}</landekode><landekodeMyndighedsnavn>STUB</landekodeMyndighedsnavn>`,
        ),
      );
      assert.equal((await itemsOf(connector, 'person', ida))[0]?.citizenship, citizenship);
    }
  });

  it('asks on the user’s behalf, and for the municipality where it is configured', async () => {
    const {connector, seen} = await connected(register, {municipality: '11111111'});
    await pagesOf(connector, 'person', ida);
    const body = String(seen[0]?.body);
    assert.match(body, /OnBehalfOfUser>u<.*CallersServiceCallIdentifier>[\w-]{36}<.*MunicipalityCVR>11111111</);
    assert.equal(
      seen[0]?.headers.soapaction,
      '"http://serviceplatformen.dk/xml/wsdl/soap11/CPR/PersonBaseDataExtended/4/PersonLookup"',
    );
    assert(!seen[0]?.url.includes(ida));
  });

  it('takes "PNR not found" for nobody, and no other fault', async () => {
    const {connector} = await connected();
    assert.deepEqual(await pagesOf(connector, 'person', nobody), [{about: numbered(nobody), items: []}]);
    assert(!logged.some((line) => line.includes('a request failed')));
  });

  const bad: Record<string, [Answerer, status: string, code: string]> = {
    'another person': [() => answerXml({number: bo}), 'invalid', 'wrong-subject'],
    'nobody in particular': [
      () => answerXml().replace(`<personnummer>${ida}</personnummer>`, ''),
      'invalid',
      'protocol',
    ],
    'a fault of the platform': [() => soapAnswer('1.1', faultOf(`Fejl om ${ida}`), 500), 'unavailable', 'unavailable'],
    'a fault of ours': [() => soapAnswer('1.1', faultOf('Schema', 'Client'), 500), 'invalid', 'protocol'],
    'another version': [() => soapAnswer('1.1', answerXml().replace('/4/', '/3/')), 'invalid', 'protocol'],
    'an answer that ends in the middle': [
      () => new Status(200, {'content-type': 'text/xml'}, soapAnswer('1.1', answerXml()).body.slice(0, -99)),
      'invalid',
      'protocol',
    ],
    'more than it may': [
      () => answerXml({name: `<navn><personadresseringsnavn>${'x'.repeat(3_000_000)}</personadresseringsnavn></navn>`}),
      'invalid',
      'too-large',
    ],
  };
  for (const [what, [answer, status, code]] of Object.entries(bad))
    it(`takes ${what} for a problem, never for data`, async () => {
      const {connector} = await connected(answer);
      const thrown: unknown = await itemsOf(connector, 'person', ida).then(
        () => assert.fail('no problem'),
        (error: unknown) => error,
      );
      assert(thrown instanceof SourceProblem);
      assert.deepEqual([thrown.status, thrown.problem.code], [status, code]);
      assert(!JSON.stringify([thrown.problem, logged]).includes(ida));
    });
});
