// A Ydelsesindeks on this machine.
import {bi, gd, oef, sd, yi} from '../oio/namespaces.js';
import {idOf, virkning} from '../sf1470/simulator.test.js';
import {type Answerer, bakery, bo, ida, Schema, serveSoap} from '../soap/simulator.test.js';
import {escapeXml} from '../xml.js';
import {roles} from './roles.js';

export const schema = new Schema('oio-sag-dokument/sf1491-ydelse/xsd/6.0.STS-0/YdelseIndeksOperationer.xsd');

const recipient = '93af57a7-7658-4fac-98da-9e5ac7a7d9a5';
const role = (name: string): string => `<gd:Rolle><sd:UUIDIdentifikator>${name}</sd:UUIDIdentifikator></gd:Rolle>`;
const urn = (value: string): string =>
  `<gd:ReferenceID><sd:URNIdentifikator>${value}</sd:URNIdentifikator></gd:ReferenceID>`;
const uuid = (value: string): string =>
  `<gd:ReferenceID><sd:UUIDIdentifikator>${value}</sd:UUIDIdentifikator></gd:ReferenceID>`;
const related = (name: string, kind: string, reference: string, more = ''): string =>
  `<${name}>${virkning('gd')}${role(kind)}${reference}${more}</${name}>`;

export interface GrantParts {
  readonly index?: number;
  readonly party?: string | null;
  readonly name?: string;
  readonly stage?: string;
  readonly from?: string;
  readonly to?: string;
  readonly kle?: readonly string[];
}

/** A grant as the index gives it. */
export function bevillingXml(parts: GrantParts = {}): string {
  const {
    index = 1,
    name = 'Merudgiftsydelse',
    from = '2026-01-01T00:00:00+01:00',
    to = '2027-01-01T00:00:00+01:00',
  } = parts;
  const party = parts.party === undefined ? `urn:oio:cpr-nr:${ida}` : parts.party;
  const benefits = (parts.kle ?? ['32.18.12']).map(
    (kle, at) =>
      `<bi:BevilgetYdelse>${virkning('bi')}<bi:Id>y${at + 1}</bi:Id><bi:Navn>${escapeXml(name)}</bi:Navn><bi:BevilgetYdelseStartdato>${from}</bi:BevilgetYdelseStartdato><bi:BevilgetYdelseSlutdato>${to}</bi:BevilgetYdelseSlutdato><bi:Begrundelse>Efter loven</bi:Begrundelse><bi:Tilbagebetalingspligtig>false</bi:Tilbagebetalingspligtig><bi:Ydelse><bi:Ydelsesnavn>Merudgifter</bi:Ydelsesnavn><bi:Klassifikation><bi:BrugervendtNoegle>${kle}</bi:BrugervendtNoegle><bi:Klassetitel>Merudgifter til voksne</bi:Klassetitel></bi:Klassifikation></bi:Ydelse><bi:OekonomiskEffektueringsplan><bi:Id>p1</bi:Id><bi:EffektueringsplanStartdato>${from}</bi:EffektueringsplanStartdato><bi:Beregningsfrekvens>Månedlig</bi:Beregningsfrekvens><bi:ForudBagud>Forud</bi:ForudBagud><bi:Ydelsesbeloeb>1250.50</bi:Ydelsesbeloeb></bi:OekonomiskEffektueringsplan></bi:BevilgetYdelse>`,
  );
  return `<yi:BevillingFiltreretOejebliksbillede><bi:ObjektType><sd:UUIDIdentifikator>${idOf(index)}</sd:UUIDIdentifikator></bi:ObjektType>
<bi:Registrering><sd:Tidspunkt>2026-10-02T10:00:00+02:00</sd:Tidspunkt><sd:LivscyklusKode>${parts.stage ?? 'Importeret'}</sd:LivscyklusKode>
<bi:AttributListe><bi:Egenskaber>${virkning('bi')}<bi:BrugervendtNoegle>B26-${index}</bi:BrugervendtNoegle><bi:Bevillingstartdato>${from}</bi:Bevillingstartdato><bi:Bevillingslutdato>${to}</bi:Bevillingslutdato><bi:Begrundelse>Nedsat funktionsevne</bi:Begrundelse><bi:Foelsomhed>FORTROLIGE_PERSONOPLYSNINGER</bi:Foelsomhed></bi:Egenskaber>${benefits.join('')}</bi:AttributListe>
<bi:TilstandListe/>
<bi:RelationListe>${related('bi:Bevillingssag', '31237487-787a-424f-8819-56aaedf00643', uuid(idOf(70)), '<bi:FuldtNavn>Merudgifter</bi:FuldtNavn>')}${
    party === null ? '' : related('bi:Bevillingspart', recipient, urn(party))
  }${related('bi:Bevillingsaktoer', roles.grantOwner, urn('urn:oio:cvr-nr:11111111'), '<bi:FuldtNavn>Korsbæk Kommune</bi:FuldtNavn>')}${related('bi:Bevillingsaktoer', roles.grantResponsible, uuid(idOf(71)), '<bi:FuldtNavn>Ydelse</bi:FuldtNavn>')}</bi:RelationListe></bi:Registrering></yi:BevillingFiltreretOejebliksbillede>`;
}

export interface PaymentParts {
  readonly index?: number;
  readonly party?: string | null;
  readonly grant?: number | null;
  readonly stage?: string;
  readonly words?: string;
}

/** A payment as the index gives it. */
export function effektueringXml(parts: PaymentParts = {}): string {
  const {index = 301, grant = 1} = parts;
  const party = parts.party === undefined ? null : parts.party;
  const [from, to] = ['2026-11-01T00:00:00+01:00', '2026-12-01T00:00:00+01:00'];
  return `<yi:OekonomiskEffektueringFiltreretOejebliksbillede><oef:ObjektType><sd:UUIDIdentifikator>${idOf(index)}</sd:UUIDIdentifikator></oef:ObjektType>
<oef:Registrering><sd:Tidspunkt>2026-11-01T08:00:00+01:00</sd:Tidspunkt><sd:LivscyklusKode>${parts.stage ?? 'Importeret'}</sd:LivscyklusKode>
<oef:AttributListe><oef:Egenskaber>${virkning('oef')}<oef:BrugervendtNoegle>U26-${index}</oef:BrugervendtNoegle><oef:Startdato>${from}</oef:Startdato><oef:Slutdato>${to}</oef:Slutdato><oef:SamletBruttobeloeb>1250.50</oef:SamletBruttobeloeb><oef:Dispositionsdato>2026-11-30T00:00:00+01:00</oef:Dispositionsdato><oef:BeloebEfterSkatATP>-0.5</oef:BeloebEfterSkatATP><oef:BeloebUdbetalt>1250.50</oef:BeloebUdbetalt><oef:Udbetalingsafdeling>Ydelse</oef:Udbetalingsafdeling>${parts.words ?? '<oef:SendtTilUdbetalingTekst>Sendt</oef:SendtTilUdbetalingTekst><oef:UdbetaltTekst>Udbetalt</oef:UdbetaltTekst>'}</oef:Egenskaber></oef:AttributListe>
<oef:TilstandListe/>
<oef:RelationListe><oef:OekonomiskYdelseEffektueringRelation>${virkning('gd')}<oef:YdelsesperiodeStartdato>${from}</oef:YdelsesperiodeStartdato><oef:YdelsesperiodeSlutdato>${to}</oef:YdelsesperiodeSlutdato><oef:Ydelsesbeloeb>1250.50</oef:Ydelsesbeloeb><oef:Klassifikationsbeskrivelse>32.18.12 Merudgifter til voksne</oef:Klassifikationsbeskrivelse>${
    grant === null
      ? ''
      : `<oef:BevilgetYdelseRef><sd:UUIDIdentifikator>${idOf(grant)}</sd:UUIDIdentifikator><oef:BevilgetYdelseId>y1</oef:BevilgetYdelseId></oef:BevilgetYdelseRef>`
  }</oef:OekonomiskYdelseEffektueringRelation>${related('oef:Aktoer', roles.paymentOwner, uuid(idOf(72)), '<oef:CVR-nr>11111111</oef:CVR-nr>')}${
    party === null ? '' : related('oef:OekonomiskEffektueringPart', '68d4b903-acae-4f2f-aafc-45bd999ed81f', urn(party))
  }</oef:RelationListe></oef:Registrering></yi:OekonomiskEffektueringFiltreretOejebliksbillede>`;
}

/** A whole answer. */
export const answerOf = (records: string, code = '20', counts: Readonly<Record<string, number>> = {}): string =>
  `<yi:FremsoegYdelseIndeksOutput xmlns:yi="${yi}" xmlns:sd="${sd}" xmlns:gd="${gd}" xmlns:bi="${bi}" xmlns:oef="${oef}"><sd:StandardRetur><sd:StatusKode>${code}</sd:StatusKode></sd:StandardRetur>${Object.entries(
    counts,
  )
    .map(([element, count]) => `<yi:Antal><yi:Element>${element}</yi:Element><yi:Antal>${count}</yi:Antal></yi:Antal>`)
    .join('')}${records}</yi:FremsoegYdelseIndeksOutput>`;

/** Whom and what a request asks for. */
export const askedIn = (body: string): {number: string; payments: boolean} => ({
  number: /urn:oio:c[pv]r-nr:(\w+)/.exec(body)?.[1] ?? '',
  payments: body.includes('SoegOekonomiskEffektueringIndeks'),
});

export const ofBakery = `urn:oio:cvr-nr:${bakery.value}`;

/** An index in which Ida has two grants and two payments, a bakery one of each, Bo one grant, and nobody else anything. */
export const index: Answerer = ({body}) => {
  const {number, payments} = askedIn(body);
  if (number === bo)
    return answerOf(payments ? '' : bevillingXml({index: 9, party: `urn:oio:cpr-nr:${bo}`, name: 'KUN-FOR-BO'}));
  if (number === bakery.value)
    return answerOf(
      payments
        ? effektueringXml({index: 320, party: ofBakery, grant: 20})
        : bevillingXml({index: 20, party: ofBakery, name: 'Løntilskud'}),
    );
  if (number !== ida) return answerOf('', '44');
  return payments
    ? answerOf(
        effektueringXml() + effektueringXml({index: 302, grant: null, party: `urn:oio:cpr-nr:${ida}`, words: ''}),
        '20',
        {effektueringer: 2},
      )
    : answerOf(
        bevillingXml({kle: ['32.18.12', '32.24.04']}) +
          bevillingXml({index: 2, from: '2024-01-01T00:00:00+01:00', to: '2026-11-20T00:00:00+01:00'}),
        '20',
        {bevillinger: 2},
      );
};

export const serveIndex = (answer: Answerer = index) => serveSoap('1.2', schema, answer);
