// A source system that answers every question with the cases of one person, in the shape of the SBSYS example.
import {createServer} from 'node:http';

const [number, count] = [process.argv[2], Number(process.argv[3])];
const cases = Array.from({length: count}, (_, index) => ({
  Id: 700_000 + index,
  SagIdentity: `27.60.10-G01-${index}-26`,
  SagsTitel: `Ansøgning om merudgifter nr. ${index}`,
  SagsStatus: {Id: index % 3, Navn: ['Opklaring', 'Afgjort', 'Afsluttet'][index % 3]},
  PrimaryPart: {Navn: 'Ida Bæk', CPRnummer: `${number.slice(0, 6)}-${number.slice(6)}`, PartType: 'Person'},
  Behandler: {Navn: 'Lis Kjær', LogonId: 'lisk', Id: 17, Email: 'lisk@korsbaek.example'},
  Ansaettelsessted: {Navn: 'Social og Handicap', Id: 4},
  SagSkabelon: {Navn: 'Merudgifter', Id: 6},
  Oprettet: '2026-01-05T10:00:00',
  SenestAendret: '2026-07-05T10:00:00.25',
  Afsluttet: '0001-01-01T00:00:00',
  SikkerhedsgruppeNavn: 'Normal',
}));
const bytes = Buffer.from(JSON.stringify({Results: cases}));
const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => response.writeHead(200, {'content-type': 'application/json'}).end(bytes));
});
server.listen(0, '127.0.0.1', () => {
  process.on('disconnect', () => process.exit());
  process.send({url: `http://127.0.0.1:${server.address().port}`, bytes: bytes.length});
});
