// The job centre's own register: what this host knows of its clients, and nobody else needs to.
import {characters} from '@bsp/korsbaek';

/** Days from today, and the clock, of the next meeting. */
const plans = {
  maude: {
    group: 'Jobparat · kontanthjælp',
    contact: 'Jobsamtale 1 af 4',
    meeting: [0, '10.30'],
    task: 'Første jobsamtale',
    focus: 'Afklare timer af hensyn til børnene. CV skal være godkendt inden samtalen.',
  },
  holger: {
    group: 'Sygedagpenge · uge 14',
    contact: 'Opfølgning 3 af 5',
    meeting: [0, '09.00'],
    task: 'Opfølgning, telefonisk',
    focus: 'Delvis raskmelding fra december. Aftale trappeplan med arbejdsgiver.',
  },
  ulrik: {
    group: 'Ressourceforløb',
    contact: 'Samtale 5 af 6',
    meeting: [0, '13.00'],
    task: 'Møde med mentor',
    focus: 'Støttekontaktperson deltager. Næste møde i rehabiliteringsteamet forberedes.',
  },
  ingeborg: {
    group: 'Dagpenge · uge 9',
    contact: 'Jobsamtale 2 af 6',
    meeting: [6, '11.15'],
    task: 'Fælles samtale med a-kassen',
    focus: 'Søger deltid i detailhandel. Jobmesse i Fjordby.',
  },
  bente: {
    group: 'Fleksjob · ledighedsydelse',
    contact: 'Samtale 4 af 6',
    meeting: [1, '09.30'],
    task: 'Status på fleksjob',
    focus: 'Ny arbejdsplads fundet. Hjælpemiddel til kontorplads afventer.',
  },
  rasmus: {
    group: 'Uddannelsesparat',
    contact: 'Samtale 1 af 4',
    meeting: [3, '14.00'],
    task: 'Første samtale',
    focus: 'Ny i kommunen. Uddannelsespålæg drøftes.',
  },
  sasja: {
    group: 'Jobparat · dagpenge',
    contact: 'Jobsamtale 3 af 6',
    meeting: [4, '10.00'],
    task: 'Jobsamtale',
    focus: 'Har fået nyt personnummer: bed om, at alle aftaler flyttes med.',
  },
  vilhelm: {
    group: 'Tidligere fleksjob',
    contact: 'Forløb afsluttet',
    focus: 'Forløbet lukkes. Kontakt til boet går gennem Borgerservice.',
  },
  katrine: {group: 'Udrejst', contact: 'Forløb sat i bero', focus: 'Udrejst til Norge. Ingen rådighed i Danmark.'},
  jonas: {group: 'Aktivitetsparat', contact: 'Udeblevet', focus: 'Tre indkaldelser er kommet retur.'},
  alma: {group: 'Barn af klient', contact: 'Ikke i forløb', focus: 'Opslag kun i forbindelse med forælders sag.'},
  kasper: {group: 'Jobparat', contact: 'Jobsamtale 2 af 4', focus: 'Skriver selv i alle felter.'},
};

/** Whom one opens to see how the windows take what is rare. */
const rare = new Set(['vilhelm', 'katrine', 'jonas', 'alma', 'kasper']);

const dayMs = 864e5;

/** The ISO day so many days from now, moved on to a Monday when it falls in a weekend. */
function workdayAfter(days) {
  const day = new Date(Date.now() + days * dayMs);
  const weekday = day.getDay();
  if (days > 0 && weekday === 6) day.setTime(day.getTime() + 2 * dayMs);
  if (days > 0 && weekday === 0) day.setTime(day.getTime() + dayMs);
  return new Intl.DateTimeFormat('sv-SE', {timeZone: 'Europe/Copenhagen'}).format(day);
}

/** The clients by the host's own id. Only {@link clientRecord} gives a number away. */
export function jobcenterClients() {
  return characters.map(({key, name, cpr, summary}, index) => {
    const {meeting, ...plan} = plans[key] ?? {group: '', contact: '', focus: ''};
    return {
      id: `klient-${index + 1}`,
      name,
      cpr,
      summary,
      rare: rare.has(key),
      ...plan,
      ...(meeting ? {meeting: {day: workdayAfter(meeting[0]), clock: meeting[1]}} : {}),
    };
  });
}
