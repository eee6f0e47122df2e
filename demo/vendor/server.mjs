// What stands for a vendor's own server: one list of cases, in the vendor's own format.
const cases = [
  {no: 17, subject: 'Parkeringstilladelse', state: 'Til høring', changed: '2026-11-18T10:15:00+01:00'},
  {no: 9, subject: 'Plads i daginstitution', state: 'Svar sendt', changed: '2026-06-02T13:40:00+02:00', closed: true},
];

/** Mounts the vendor's own data beside its page at `/vendor/`. */
export function addVendor(app) {
  app.post('/vendor/my-cases', {bodyLimit: 1024}, async (_request, reply) =>
    reply.header('cache-control', 'no-store').send(cases),
  );
}
