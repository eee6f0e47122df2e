// What the tests of json-http share: HTTP servers in the shape of Momentum, KMD Nexus, KY and SBSYS. Field names are those
// of the public clients odense-rpa/momentum-client, nexus-client, ky-client, SBSYS-client and sbsys-ng where they show any.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {after} from 'node:test';
import {fileURLToPath} from 'node:url';
import type {Connector, ConnectorRead, SourcePage} from '../connector.js';
import jsonHttp, {jsonHttpConfigSchema} from './index.js';

/** Synthetic: day + 60. Of Ida and Bo every system knows something, of nobody none does. */
export const ida = '6405851002';
export const bo = '7203821001';
export const nobody = '6101011111';
/** Companies that some systems know something of, and one of which none does. */
export const bakery = '90000004';
export const fishmonger = '90000020';
export const carpenter = '90000012';
export const hyphened = (number: string): string => `${number.slice(0, 6)}-${number.slice(6)}`;

/** A request as a simulator sees it. */
export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  /** Parsed where it is JSON, else the text. */
  readonly body: unknown;
}

/** What a simulator answers: JSON with status 200, unless it answers by itself. */
export type Handler = (seen: Seen, response: ServerResponse) => unknown;

/** A status without a body. */
export class Status {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  constructor(status: number, headers: Readonly<Record<string, string>> = {}, body = '') {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }
}

const servers: Server[] = [];
const connectors: Connector[] = [];
after(async () => {
  await Promise.all(connectors.map((connector) => connector.close?.()));
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

const bodyOf = async (request: IncomingMessage): Promise<unknown> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  return request.headers['content-type'] === 'application/json' ? (JSON.parse(text) as unknown) : text;
};

/** Starts a server on this machine. `seen` grows with every request. */
export async function serve(handler: Handler): Promise<{url: string; seen: Seen[]; server: Server}> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const url = new URL(request.url ?? '/', 'http://127.0.0.1');
      const one: Seen = {
        method: request.method ?? '',
        url: request.url ?? '',
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        body: await bodyOf(request),
      };
      seen.push(one);
      const answer = handler(one, response);
      if (response.headersSent || response.destroyed) return;
      if (answer instanceof Status) response.writeHead(answer.status, answer.headers).end(answer.body);
      else if (answer !== undefined) {
        response.writeHead(200, {'content-type': 'application/json; charset=utf-8'}).end(JSON.stringify(answer));
      }
    })().catch(() => response.destroy());
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen, server};
}

/** Lines that connectors logged. */
export const logged: string[] = [];
const keep = (message: string, more?: object): void => void logged.push(`${message} ${JSON.stringify(more)}`);

/** Makes a connector as the gateway does: the config is parsed first. */
export async function connectorOf(config: object, now?: () => Date): Promise<Connector> {
  const parsed = jsonHttpConfigSchema.safeParse(config);
  assert(parsed.success, JSON.stringify(parsed.error?.issues));
  const connector = await jsonHttp.create(parsed.data, {
    sourceId: 'test',
    sourceName: 'Test',
    configDirectory: '/',
    log: {info: keep, warn: keep},
    ...(now ? {now} : {}),
  });
  connectors.push(connector);
  return connector;
}

/** All pages of an answer. */
export async function pagesOf(
  connector: Connector,
  resource: string,
  number: string,
  more: Partial<ConnectorRead> = {},
): Promise<SourcePage[]> {
  const pages: SourcePage[] = [];
  const subject = {type: 'cpr', value: number} as const;
  const user = {id: 'u', name: 'U'};
  const {signal} = new AbortController();
  for await (const page of connector.read({subject, resource, user, signal, ...more})) pages.push(page);
  return pages;
}

type Entry = Record<string, unknown>;
const asEntry = (value: unknown): Entry => value as Entry;

/** Whether a request carries what the token service gave out. */
const isAuthorized = ({headers}: Seen, token: string): boolean => headers.authorization === `Bearer ${token}`;

const token = (seen: Seen, wanted: Readonly<Record<string, string>>): unknown => {
  const form = new URLSearchParams(String(seen.body));
  const fits = Object.entries(wanted).every(([name, value]) => form.get(name) === value);
  return fits ? {access_token: 'abc.def', token_type: 'Bearer', expires_in: 3600} : new Status(400);
};

const momentumIds: Readonly<Record<string, string>> = {
  [ida]: '0c7c7a33-0000-4000-8000-000000000001',
  [bo]: '0c7c7a33-0000-4000-8000-000000000002',
};
const momentumTasks = (citizenId: string): Entry[] =>
  Array.from({length: 170}, (_, index) => ({
    id: `task-${index}`,
    title: index === 0 ? 'Indkald til jobsamtale' : `Opgave ${index}`,
    status: [0, 1, 3][index % 3],
    assignedActors: [{displayName: 'Karla Bruun'}],
    createdAt: '2026-10-01T08:15:00+02:00',
    updatedAt: '2026-11-02T10:00:00',
    reference: {id: citizenId, type: 'CITIZEN'},
  }));

const momentumCompanies = (term: string, size: number): Entry => {
  const found = [
    {id: 'c1', cvr: bakery, displayName: 'Korsbæk Bageri ApS'},
    {id: 'c2', cvr: carpenter, displayName: 'Korsbæk Tømrerforretning A/S'},
    {id: 'c3', cvr: fishmonger, displayName: 'Havnens Fisk'},
  ].filter(({displayName}) => displayName.toLowerCase().includes(term.toLowerCase()));
  return {results: found.slice(0, size), totalCount: found.length};
};

const momentum: Handler = (seen) => {
  if (seen.path === '/token')
    return token(seen, {grant_type: 'client_credentials', client_id: 'id', client_secret: 'secret', resource: 'r'});
  if (!isAuthorized(seen, 'abc.def') || seen.headers.apikey !== 'key') return new Status(401);
  const body = asEntry(seen.body);
  if (seen.path === '/api/search') {
    const [category] = body.allowedCategories as string[];
    if (category === 'Company') return momentumCompanies(String(body.term), Number(body.size));
    const citizenId = momentumIds[String(body.term)];
    return {
      results: citizenId ? [{citizenId, cpr: body.term, displayName: 'Ida Bæk'}] : [],
      totalCount: citizenId ? 1 : 0,
    };
  }
  if (seen.path === '/api/tasks/citizen') {
    const [filter] = body.filters as {values: string[]}[];
    const {pageNumber, pageSize} = body.paging as {pageNumber: number; pageSize: number};
    const all = momentumTasks(filter!.values[0]!);
    return {data: all.slice(pageNumber * pageSize, (pageNumber + 1) * pageSize), totalSearchCount: all.length};
  }
  const [, citizenId] = /^\/api\/journals\/([\w-]+)$/.exec(seen.path) ?? [];
  if (!citizenId) return new Status(404);
  return [
    {
      id: 'j1',
      referenceId: citizenId,
      title: 'Samtale',
      body: '<p>Aftalt praktik.<br>Opfølgning &oslash;nskes.</p><script>alert(1)</script>',
      start: '2026-11-03T09:00:00+01:00',
      createdAt: '2026-11-03T09:42:11.123+01:00',
      createdBy: {displayName: 'Karla Bruun'},
    },
  ];
};

const nexusIds: Readonly<Record<string, number>> = {[ida]: 4711, [bo]: 4712};
const nexusRoot = '/api/core/mobile/korsbaek/v2';

const nexus: Handler = (seen) => {
  if (seen.path === '/token') return token(seen, {grant_type: 'client_credentials', client_id: 'id'});
  if (!isAuthorized(seen, 'abc.def')) return new Status(401);
  if (seen.path === `${nexusRoot}/patients/details/search`) {
    const {businessKey, keyType} = asEntry(seen.body);
    const id = keyType === 'CPR' ? nexusIds[String(businessKey)] : undefined;
    if (id === undefined) return new Status(404, {'content-type': 'application/json'}, '{"status": 404}');
    return {
      isPatientAccessible: true,
      patient: {
        id,
        fullName: 'Ida Bæk',
        patientIdentifier: {type: 'cpr', identifier: hyphened(String(businessKey))},
        _links: {activePrograms: {href: `${nexusRoot}/patients/${id}/programs/active`}},
      },
    };
  }
  const [, patient] = /\/patients\/(\d+)\/programs\/active$/.exec(seen.path) ?? [];
  if (patient)
    return [
      {
        type: 'patientPathway',
        id: Number(patient) * 10,
        name: 'Sundhedsfagligt grundforløb',
        pathwayStatus: 'ACTIVE',
        date: '2024-03-18T23:53:12.000+0000',
        organization: {name: 'Hjemmeplejen'},
        professional: {fullName: 'Mette Holm'},
      },
      {
        id: Number(patient) * 10 + 1,
        name: 'Demensforløb',
        pathwayStatus: 'PENDING',
        date: '2025-01-02T10:00:00.000+0000',
      },
    ];
  if (/\/assignments\/patient\/\d+\/assignments$/.test(seen.path))
    return [
      {
        id: 99,
        title: 'Ring til pårørende',
        description: 'Se aftale.',
        startDate: '2026-11-01',
        professionalAssignee: {fullName: 'Mette Holm'},
        organizationAssignee: {name: 'Hjemmeplejen'},
      },
    ];
  return new Status(404);
};

const kyIds: Readonly<Record<string, string>> = {
  [hyphened(ida)]: 'a1b2c3d4-0000-4000-8000-00000000000a',
  [hyphened(bo)]: 'a1b2c3d4-0000-4000-8000-00000000000b',
};
const kyRoot = '/ky-fagsystem/api';

const ky: Handler = (seen) => {
  if (seen.headers.authorization !== `Basic ${Buffer.from('id:secret').toString('base64')}`) return new Status(401);
  if (seen.path === `${kyRoot}/person/soeg`) {
    const {cpr} = asEntry(seen.body);
    const pId = kyIds[String(cpr)];
    return pId ? {pId, personoplysninger: {cprNummer: cpr, navn: 'Ida Bæk'}} : new Status(404);
  }
  const [, pId, table] = /\/person\/([\w-]+)\/(sagsoversigt|journalnotater)$/.exec(seen.path) ?? [];
  if (!pId) return new Status(404);
  const rows =
    table === 'sagsoversigt'
      ? Array.from({length: 120}, (_, index) => ({
          sagId: `${pId}-${index}`,
          sagsnoegle: `HENV-${1000 + index}`,
          sagstype: 'HENV',
          ydelsesart: 'Ressourceforløbsydelse',
          tilstand: index % 2 ? 'passiv' : 'aktiv',
          sagsbehandler: 'Per Lund',
          startdato: '01-06-2026',
          senestAendret: '15-06-2026 13:05',
          slutdato: index % 2 ? '30-06-2026' : '',
          kle: '32.24.14',
        }))
      : [
          {
            journalnotatId: 'n1',
            sagId: `${pId}-0`,
            sagstype: 'HENV',
            dispositionsdato: '03-06-2026',
            oprettet: '03-06-2026 09:41',
            sagsbehandler: 'Per Lund',
            skabelon: 'Agterskrivelse - feriepenge',
            indhold: 'Agterskrivelsen får virkning som afgørelse.',
          },
        ];
  const start = Number(seen.query.get('start'));
  const length = Number(seen.query.get('length'));
  return {rows: rows.slice(start, start + length), totalCount: rows.length};
};

const sbsysCases = (part: Entry): Entry[] =>
  [0, 1, 2].map((index) => ({
    Id: 737_962 + index,
    SagIdentity: `27.60.10-G01-${index + 12}-26`,
    SagsTitel: index === 0 ? 'Ansøgning om merudgifter' : `Sag ${index}`,
    SagsStatus: {Id: index, Navn: ['Opklaring', 'Afgjort', 'Slettes snart'][index]},
    PrimaryPart: part,
    Behandler: {Navn: 'Lis Kjær', LogonId: 'lisk'},
    Ansaettelsessted: {Navn: 'Social og Handicap'},
    Oprettet: '2026-01-05T10:00:00',
    SenestAendret: '2026-07-05T10:00:00.25',
    Afsluttet: index === 1 ? '2026-07-05T10:00:00' : '0001-01-01T00:00:00',
    SikkerhedsgruppeNavn: ['Normal', 'Fortrolig', 'Bestyrelsen'][index],
  }));

const sbsysParts: readonly Entry[] = [
  ...[ida, bo].map((number) => ({Navn: 'Ida Bæk', CPRnummer: hyphened(number), PartType: 'Person'})),
  {Navn: 'Korsbæk Bageri ApS', CVRnummer: bakery, PartType: 'Firma'},
  {Navn: 'Havnens Fisk', CVRnummer: fishmonger, PartType: 'Firma'},
];

/** What of the cases a search asks for: those of a person, of a company, or with a title. */
function sbsysFound({PrimaerPerson: person, PrimaerFirma: company, SagsTitel: title}: Entry): Entry[] {
  const casesOf = (key: string, number: unknown) =>
    sbsysParts.filter((part) => part[key] === number).flatMap(sbsysCases);
  if (person !== undefined) return casesOf('CPRnummer', asEntry(person).CprNummer);
  if (company !== undefined) return casesOf('CVRnummer', asEntry(company).CvrNummer);
  const wanted = String(title).toLowerCase();
  return sbsysParts.flatMap(sbsysCases).filter(({SagsTitel: own}) => String(own).toLowerCase().includes(wanted));
}

const sbsys: Handler = (seen) => {
  if (seen.path === '/token')
    return token(seen, {grant_type: 'password', client_id: 'id', username: 'user', password: 'password'});
  if (!isAuthorized(seen, 'abc.def')) return new Status(401);
  if (seen.path === '/api/sag/search') {
    const body = asEntry(seen.body);
    return {Results: sbsysFound(body).slice(0, Number(body.Limit))};
  }
  const [, sag] = /^\/api\/sag\/(\d+)\/journalarknotes$/.exec(seen.path) ?? [];
  if (!sag) return new Status(404);
  return [
    {
      Id: Number(sag) * 10,
      SagID: Number(sag),
      Overskrift: 'Telefonsamtale',
      Note: 'Navn: test<br/>Relation: mor<br/>',
      KontaktTidspunkt: '2026-07-05T08:00:00.000Z',
      Oprettet: '2026-07-05T10:01:00',
      OprettetAf: {Navn: 'Lis Kjær'},
    },
  ];
};

/** What an example asks, of whom or what that knows something, and of whom or what it knows nothing. */
interface Example {
  readonly system: Handler;
  readonly key: 'cpr' | 'cvr';
  readonly known: readonly [string, string];
  readonly unknown: string;
}
const ofPersons = (system: Handler): Example => ({system, key: 'cpr', known: [ida, bo], unknown: nobody});
const ofCompanies = (system: Handler): Example => ({
  ...{system, key: 'cvr'},
  ...{known: [bakery, fishmonger], unknown: carpenter},
});
export type ExampleName = 'momentum' | 'nexus' | 'ky' | 'sbsys' | 'sbsys-companies';
/** The examples, each of which asks one of the four systems. */
export const examples: Readonly<Record<ExampleName, Example>> = {
  momentum: ofPersons(momentum),
  nexus: ofPersons(nexus),
  ky: ofPersons(ky),
  sbsys: ofPersons(sbsys),
  'sbsys-companies': ofCompanies(sbsys),
};
export const exampleNames = Object.keys(examples) as ExampleName[];

/** What the examples take from the environment. */
const environment: readonly Readonly<Record<string, string>>[] = [
  {
    MOMENTUM_CLIENT_ID: 'id',
    MOMENTUM_CLIENT_SECRET: 'secret',
    MOMENTUM_RESOURCE: 'r',
    MOMENTUM_API_KEY: 'key',
  },
  {NEXUS_CLIENT_ID: 'id', NEXUS_CLIENT_SECRET: 'secret'},
  {KY_USER: 'id', KY_PASSWORD: 'secret'},
  {SBSYS_CLIENT_ID: 'id', SBSYS_CLIENT_SECRET: 'secret', SBSYS_USER: 'user', SBSYS_PASSWORD: 'password'},
];

/** Sets what the examples take from the environment, until the tests of the file are over. */
export function setEnvironment(): void {
  const variables = environment.flatMap(Object.entries<string>);
  for (const [name, value] of variables) process.env[name] = value;
  after(() => {
    for (const [name] of variables) delete process.env[name];
  });
}

const folder = fileURLToPath(new URL('../../examples/json-http/', import.meta.url));

/** An example as it stands in the repository. */
export const exampleText = (name: ExampleName): string => readFileSync(`${folder}${name}.json`, 'utf8');

/** An example, asking the simulator at `url` instead. */
export function exampleAt(name: ExampleName, url: string): Record<string, unknown> {
  const {sources} = JSON.parse(exampleText(name)) as {sources: [Entry]};
  const {id: _id, name: _name, connector, ...config} = sources[0];
  assert.equal(connector, 'json-http');
  const auth = asEntry(config.auth);
  return {
    ...config,
    baseUrl: `${url}${new URL(String(config.baseUrl)).pathname}`,
    auth: 'tokenUrl' in auth ? {...auth, tokenUrl: `${url}/token`} : auth,
  };
}

/** How often others have their turn while something is done. */
export async function turnsOfOthers(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let isOver = false;
  const others = (): void => {
    turns++;
    if (!isOver) setImmediate(others);
  };
  setImmediate(others);
  await work();
  isOver = true;
  return turns;
}
