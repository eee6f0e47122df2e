// PersonBaseDataExtended on this machine.
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {type Answerer, bo, ida, Schema, serveSoap, soapAnswer} from '../soap/simulator.test.js';
import {person4} from './lookup.js';

/** The included part lacks an import that the including one has: they are made one. */
export const schema = new Schema('cpr-lookup/sf1520/PersonBaseDataExtendedServiceMsg.xsd', (text, folder) =>
  text.replace(/<xsd:include schemaLocation="([^"]+)"\/>/, (_, included: string) =>
    readFileSync(join(folder, included), 'utf8')
      .replace(/^[\s\S]*?<xsd:schema[^>]*>/, '')
      .replace('</xsd:schema>', ''),
  ),
);

/** Synthetic: day + 60. */
export const people = {
  mother: '6101500002',
  father: '6202500001',
  spouse: '7003801001',
  child: '6506121004',
  other: '6607701005',
};

const dated = (day: string): string => `<dato>${day}</dato>`;
const moment = (day: string): string => `<dato>${day}T00:00:00+01:00</dato>`;
const person = (number: string): string => `<personnummer>${number}</personnummer>`;

export interface PersonParts {
  readonly number?: string;
  readonly current?: string;
  readonly status?: string;
  readonly addressProtection?: string;
  readonly protections?: string;
  readonly guardianship?: string;
  readonly civilStatus?: string;
  readonly separated?: boolean;
  readonly address?: string;
  readonly contact?: string;
  readonly relations?: string;
  readonly name?: string;
}

const name =
  '<navn><personadresseringsnavn>Bæk,Ida Marie</personadresseringsnavn><fornavn>Ida</fornavn><mellemnavn>Marie</mellemnavn><efternavn>Bæk</efternavn></navn>';
const home = `<aktuelAdresse><kommunekode>259</kommunekode><husnummer>004A</husnummer><etage>01</etage><sidedoer>tv</sidedoer><conavn>Per Bæk</conavn><bynavn>Strøby</bynavn><postnummer>4600</postnummer><postdistrikt>Køge</postdistrikt><vejnavn>Algade</vejnavn><tilflytningsdato>${moment('2019-01-01')}</tilflytningsdato></aktuelAdresse>`;
const family = `<aegtefaelle>${person(people.spouse)}</aegtefaelle><barn>${person(people.child)}</barn><mor>${person(people.mother)}</mor><far><foedselsdato>${dated('1950-02-02')}</foedselsdato><navn>Niels Bæk</navn></far>`;

/** An answer. */
export const answerXml = ({
  number = ida,
  current = number,
  status = '1',
  addressProtection = '<adressebeskyttelse><beskyttet>false</beskyttet></adressebeskyttelse>',
  ...parts
}: PersonParts = {}): string =>
  `<PersonLookupResponse xmlns="${person4}"><persondata>${person(number)}<gaeldendePersonnummer>${current}</gaeldendePersonnummer>${parts.name ?? name}<foedselsdato>${dated('1985-05-04')}</foedselsdato><alder>41</alder><koen>K</koen><antalBoernUnder18>1</antalBoernUnder18><status><status>${status}</status><statusdato>${moment('2001-02-03')}</statusdato></status><separation><separeret>${parts.separated ?? false}</separeret><separationsdato>${moment('2020-06-06')}</separationsdato></separation><civilstand><civilstand>${parts.civilStatus ?? 'G'}</civilstand><civilstandsdato>${moment('2010-06-05')}</civilstandsdato></civilstand><statsborgerskab><landekode>5120</landekode></statsborgerskab>${parts.guardianship ?? ''}${addressProtection}${parts.protections ?? ''}</persondata><adresse>${parts.address ?? home}${parts.contact ?? ''}</adresse><relationer>${parts.relations ?? family}</relationer></PersonLookupResponse>`;

/** A fault of Serviceplatformen. */
export const faultOf = (text: string, code = 'Server'): string =>
  `<s:Fault xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><faultcode>s:${code}</faultcode><faultstring>${text}</faultstring><detail><f:ServiceplatformFault xmlns:f="http://serviceplatformen.dk/xml/schemas/ServiceplatformFault/1/"><f:ErrorList><f:Error><f:ErrorCode>SP-1</f:ErrorCode><f:ErrorText>${text}</f:ErrorText></f:Error></f:ErrorList></f:ServiceplatformFault></detail></s:Fault>`;

/** A register that knows Ida and Bo. */
export const register: Answerer = ({body}) => {
  const [, number = ''] = /<n:PNR[^>]*>(\w+)</.exec(body) ?? [];
  return number === ida || number === bo ? answerXml({number}) : soapAnswer('1.1', faultOf('PNR not found'), 500);
};

export const serveRegister = (answer: Answerer = register) => serveSoap('1.1', schema, answer);
