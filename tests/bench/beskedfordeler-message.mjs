// Messages of Beskedfordeler: CPR events about synthetic persons (day + 60), each with an id of its own.
import {municipality} from '@bsp/korsbaek';

const size = 4_000;

/** Numbers of so many persons of Korsbæk. */
export function numbersOf(count) {
  const town = municipality({today: '2026-11-20', size});
  return Array.from({length: count}, (_, index) => town.inhabitant(index).cpr);
}

let last = 0;
/** A message about a person; `run` keeps the ids of one run apart from another's. */
export function messageAbout(cpr, run = process.pid) {
  const id = `0b8f7a8e-0001-4c1e-${String(run % 10_000).padStart(4, '0')}-${(++last).toString(16).padStart(12, '0')}`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<k:Haendelsesbesked xmlns="urn:oio:sagdok:3.0.0" xmlns:k="urn:oio:besked:kuvert:1.0">
  <k:BeskedId><UUIDIdentifikator>${id}</UUIDIdentifikator></k:BeskedId>
  <k:BeskedVersion>1.0</k:BeskedVersion>
  <k:Beskedkuvert>
    <k:Filtreringsdata>
      <k:Beskedtype><UUIDIdentifikator>248ce14c-a863-4fb5-9e6f-7df9ea850809</UUIDIdentifikator></k:Beskedtype>
      <k:TilladtModtager><URNIdentifikator>urn:oio:cvr-nr:11111111</URNIdentifikator></k:TilladtModtager>
      <k:ObjektRegistrering>
        <k:Registreringstidspunkt><TidsstempelDatoTid>2026-11-20T10:00:00</TidsstempelDatoTid></k:Registreringstidspunkt>
        <k:ObjektId><URNIdentifikator>urn:oio:cpr-nr:${cpr}</URNIdentifikator></k:ObjektId>
        <k:ObjektHandling><UUIDIdentifikator>1e5bb089-5445-44f8-9b65-bc854053f423</UUIDIdentifikator></k:ObjektHandling>
      </k:ObjektRegistrering>
    </k:Filtreringsdata>
    <k:Leveranceinformation/>
  </k:Beskedkuvert>
</k:Haendelsesbesked>`;
}
