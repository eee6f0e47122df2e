// What the backends of the benchmarks answer: made-up persons with as many cases as wanted, always the same.

const sources = [
  {id: 'ky', name: 'KY'},
  {id: 'nexus', name: 'KMD Nexus'},
  {id: 'sbsys', name: 'SBSYS'},
  {id: 'momentum', name: 'Momentum'},
];
const titles = [
  ['Kontanthjælp, nyansøgning', '32.24.04', 'Kontanthjælp'],
  ['Boligstøtte', '32.06.00', 'Individuel boligstøtte'],
  ['Hjælpemiddel: arbejdsstol', '27.60.10', 'Hjælpemidler'],
  ['Enkeltydelse, tandbehandling', '32.24.12', 'Enkeltydelser'],
  ['Aktindsigt efter forvaltningsloven', '85.02.02', 'Aktindsigt'],
  ['Kontaktforløb, jobparat', '15.20.00', 'Kontaktforløb'],
  ['Ærinde om parkeringstilladelse', '05.09.10', 'Parkering'],
  ['Genoptræning efter håndledsbrud', '27.35.04', 'Genoptræning'],
  ['Økonomisk rådgivning', '32.00.00', 'Økonomisk hjælp'],
  ['Åben dagpleje', '28.06.08', 'Dagpleje'],
];
const staff = [
  ['Signe Holt', 'Ydelsescenter Nord'],
  ['Karla Bruun', 'Jobcenter Korsbæk'],
  ['Ragnhild Østergaard-Kjær', 'Juridisk Sekretariat'],
  ['Poul Dam', 'Hjælpemiddelcentralen'],
  ['Åse Lund', 'Træningscenter Øst'],
  undefined,
];
const statuses = [
  ['informed', 'Under behandling'],
  ['decided', 'Bevilget'],
  ['ordered', 'Afventer levering'],
  ['arisen', 'Modtaget'],
  ['executed', 'Aktiv indsats'],
  ['closed', 'Afsluttet'],
];
const sensitivities = ['ordinary', 'ordinary', 'confidential', 'ordinary', 'sensitive'];

/** Moments that do not move with the day of the run: all lie years back. */
const moment = (number) =>
  new Date(Date.UTC(2019, 0, 1) + ((number * 7919) % 1_400) * 864e5 + number * 61_000).toISOString();

/** One of a list: by its number and what it is for, mixed well. */
function pickOf(list, number, purpose) {
  let mixed = Math.imul(number + 1, 2_654_435_761) ^ Math.imul(purpose, 40_503);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 2_246_822_519);
  return list[((mixed ^ (mixed >>> 13)) >>> 0) % list.length];
}

function caseOf(source, number) {
  const [title, kle, kleTitle] = pickOf(titles, number, 1);
  const [phase, native] = pickOf(statuses, number, 2);
  const responsible = pickOf(staff, number, 3);
  return {
    ref: {source, id: `${source}-${number}`},
    title: `${title} ${number}`,
    number: `${kle}-G01-${number}-22`,
    status: {phase, native},
    kle: {number: kle, title: kleTitle},
    ...(responsible ? {responsible: {name: responsible[0], unit: responsible[1]}} : {}),
    changedAt: moment(number),
    sensitivity: pickOf(sensitivities, number, 4),
  };
}

const lines = (messages) => messages.map((message) => `${JSON.stringify(message)}\n`).join('');

/** Most items that a frame may hold. */
const frameSize = 500;

/** The cases of a source among so many. */
const casesFrom = (place, count) =>
  Array.from({length: Math.floor((count - place + sources.length - 1) / sources.length)}, (_, index) =>
    caseOf(sources[place].id, index * sources.length + place),
  );

/** So many cases, by their sources. */
export const casesOf = (count) => sources.flatMap((_, place) => casesFrom(place, count));

/** The read stream of a person with so many cases, as the wire has it. */
export function caseStream(contextId, count) {
  const readId = `read-${contextId}`;
  const frames = sources.flatMap((source, place) => {
    const items = casesFrom(place, count);
    return Array.from({length: Math.max(1, Math.ceil(items.length / frameSize))}, (_, page) => ({
      kind: 'frame',
      readId,
      contextId,
      resource: 'cases',
      source,
      status: 'ok',
      mode: page === 0 ? 'replace' : 'append',
      items: items.slice(page * frameSize, (page + 1) * frameSize),
      asOf: '2022-11-18T09:42:00Z',
    }));
  });
  return lines([
    {kind: 'plan', readId, contextId, resources: {cases: {sources, deadlineMs: 8000}}},
    ...frames,
    {kind: 'end', readId},
  ]);
}
