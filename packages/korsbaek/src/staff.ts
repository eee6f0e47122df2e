import type {Staff} from '@bsp/contract';

/** Korsbæk's offices, with the number that people call. */
export const units = {
  job: {name: 'Jobcenter Korsbæk', phone: '63 75 10 00'},
  benefits: {name: 'Ydelsescenter Nord', phone: '63 75 20 00'},
  family: {name: 'Familieafdelingen', phone: '63 75 00 00'},
  aids: {name: 'Hjælpemiddelcentralen', phone: '63 75 31 00'},
  care: {name: 'Visitationen', phone: '63 75 30 00'},
  training: {name: 'Træningscenter Engparken', phone: '63 75 33 00'},
  citizen: {name: 'Borgerservice', phone: '63 75 40 00'},
  pension: {name: 'Pension og Helbredstillæg', phone: '63 75 41 00'},
  handicap: {name: 'Handicap og Psykiatri', phone: '63 75 50 00'},
  environment: {name: 'Teknik og Miljø', phone: '63 75 60 00'},
  national: {name: 'Udbetaling Danmark', phone: '70 12 80 61'},
} as const;
/** One of {@link units}. */
export type UnitId = keyof typeof units;

const people: Readonly<Record<UnitId, string>> = {
  job: 'Karla Bruun,Mads Hedegaard,Annemette Lindholm,Yasmin Demir,Peter Stage,Christina Overgaard,Jakob Ussing,Lone Bundgaard,Sofie Kofoed',
  benefits: 'Signe Holt,Birger Munk,Tanja Frandsen,Lars-Ole Brandt,Malene Gade,Hassan Omar',
  family: 'Vibeke Rosenkilde,Stine Krogh Bang,Marlene Thygesen,Emil Fabricius,Gitte Damgaard',
  aids: 'Poul Dam,Ulla Enevoldsen,Kenneth Balle',
  care: 'Inge-Lise Korsgaard,Dorte Mikkelsen,Pernille Riis,Jeanette Søgaard',
  training: 'Thea Winther,Morten Lassen',
  citizen: 'Bodil Iversen,Rikke Agerskov,Frederik Juul',
  pension: 'Hanne Klitgaard,Søren Toft',
  handicap: 'Troels Bjerg,Maria Hallum',
  environment: 'Arne Vestager,Kirsten Lauge',
  national: 'Udbetaling Danmark',
};

/** The staff of an office. */
export const staffOf = (unit: UnitId): readonly Staff[] =>
  people[unit].split(',').map((name) => (unit === 'national' ? {name} : {name, unit: units[unit].name}));

/** Everybody who works in Korsbæk's offices. */
export const staff: readonly Staff[] = (Object.keys(people) as UnitId[])
  .filter((unit) => unit !== 'national')
  .flatMap(staffOf);
