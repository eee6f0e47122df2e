/**
 * Where the fields that we use stand in a CPR Direkte extract.
 *
 * Every entry is `[position, length, format, name]`: position and length (1-based, in characters of ISO-8859-1) and the
 * CPR office's own field name are those of the "Vejledning CPR Direkte" record descriptions, as collected in CPR Broker's
 * record definitions (`CPRDirect/XML/Definitions.xml`). Records and fields that the windows do not show are left out.
 */

/**
 * How a field is written: `text` (padded right), `code` (digits; blank or zeros only: none), `mark` (one character),
 * `day` (`YYYY-MM-DD`), `day8` (`YYYYMMDD`), `moment` (`YYYYMMDDhhmm`, of which the day is used) or `cpr` (zeros: none).
 */
export type FieldFormat = 'text' | 'code' | 'mark' | 'day' | 'day8' | 'moment' | 'cpr';
/** Position, length, format and the CPR office's name of a field. */
export type FieldLayout = readonly [position: number, length: number, format: FieldFormat, name: string];
/** The fields of one record type. */
export type RecordLayout = Readonly<Record<string, FieldLayout>>;

/** Records that stand at most once in a person's extract. */
export const singleRecords = {
  /** Start record of the delivery. */
  '000': {produced: [20, 8, 'day8', 'PRODDTO']},
  /** Person. */
  '001': {
    current: [14, 10, 'cpr', 'PNRGAELD'],
    status: [24, 2, 'code', 'STATUS'],
    statusSince: [26, 12, 'moment', 'STATUSHAENSTART'],
    sex: [39, 1, 'mark', 'KOEN'],
    birthDate: [40, 10, 'day', 'FOED_DT'],
  },
  /** Current address. */
  '002': {
    municipality: [14, 4, 'code', 'KOMKOD'],
    since: [70, 12, 'moment', 'TILFLYDTO'],
    extra1: [117, 34, 'text', 'ADR1-SUPLADR'],
    extra2: [151, 34, 'text', 'ADR2-SUPLADR'],
    extra3: [185, 34, 'text', 'ADR3-SUPLADR'],
    extra4: [219, 34, 'text', 'ADR4-SUPLADR'],
    extra5: [253, 34, 'text', 'ADR5-SUPLADR'],
    extraFrom: [287, 10, 'day', 'START_DT-ADRTXT'],
    extraTo: [297, 10, 'day', 'SLET_DT-ADRTXT'],
  },
  /** Current address in plain text. */
  '003': {
    addressingName: [14, 34, 'text', 'ADRNVN'],
    careOf: [48, 34, 'text', 'CONVN'],
    locality: [82, 34, 'text', 'LOKALITET'],
    label: [116, 34, 'text', 'STANDARDADR'],
    city: [150, 34, 'text', 'BYNVN'],
    postCode: [184, 4, 'code', 'POSTNR'],
    postDistrict: [188, 20, 'text', 'POSTDISTTXT'],
    municipality: [208, 4, 'code', 'KOMKOD'],
    house: [216, 4, 'text', 'HUSNR'],
    floor: [220, 2, 'text', 'ETAGE'],
    door: [222, 4, 'text', 'SIDEDOER'],
    street: [230, 20, 'text', 'VEJADRNVN'],
  },
  /** Departure: where an emigrated person went. */
  '005': {
    country: [14, 4, 'code', 'UDR_LANDEKOD'],
    since: [18, 12, 'moment', 'UDRDTO'],
    line1: [31, 34, 'text', 'UDLANDADR1'],
    line2: [65, 34, 'text', 'UDLANDADR2'],
    line3: [99, 34, 'text', 'UDLANDADR3'],
    line4: [133, 34, 'text', 'UDLANDADR4'],
    line5: [167, 34, 'text', 'UDLANDADR5'],
  },
  /** Contact address. */
  '006': {
    line1: [14, 34, 'text', 'ADR1-KONTAKTADR'],
    line2: [48, 34, 'text', 'ADR2-KONTAKTADR'],
    line3: [82, 34, 'text', 'ADR3-KONTAKTADR'],
    line4: [116, 34, 'text', 'ADR4-KONTAKTADR'],
    line5: [150, 34, 'text', 'ADR5-KONTAKTADR'],
    from: [184, 10, 'day', 'START_DT-ADRTXT'],
    to: [194, 10, 'day', 'SLET_DT-ADRTXT'],
  },
  /** Disappearance. */
  '007': {since: [14, 12, 'moment', 'FORSVINDDTO']},
  /** Name. */
  '008': {
    first: [14, 50, 'text', 'FORNVN'],
    middle: [65, 40, 'text', 'MELNVN'],
    last: [106, 40, 'text', 'EFTERNVN'],
    addressingName: [160, 34, 'text', 'ADRNVN'],
  },
  /** Citizenship. */
  '010': {country: [14, 4, 'code', 'LANDEKOD']},
  /** Civil status. */
  '012': {
    kind: [14, 1, 'mark', 'CIVST'],
    spouse: [15, 10, 'cpr', 'AEGTEPNR'],
    spouseBirthDate: [25, 10, 'day', 'AEGTEFOED_DT'],
    spouseName: [36, 34, 'text', 'AEGTENVN'],
    since: [71, 12, 'moment', 'HAENSTART-CIVILSTAND'],
  },
  /** Separation. */
  '013': {since: [26, 10, 'day', 'START_DT-SEPARATION']},
  /** Parents. */
  '015': {
    mother: [25, 10, 'cpr', 'PNRMOR'],
    motherBirthDate: [35, 10, 'day', 'MOR_FOED_DT'],
    motherName: [46, 34, 'text', 'MORNVN'],
    father: [92, 10, 'cpr', 'PNRFAR'],
    fatherBirthDate: [102, 10, 'day', 'FAR_FOED_DT'],
    fatherName: [113, 34, 'text', 'FARNVN'],
  },
  /** Guardianship (umyndiggørelse, now værgemål). */
  '017': {
    since: [14, 10, 'day', 'START_DT-UMYNDIG'],
    until: [25, 10, 'day', 'SLET_DT-UMYNDIG'],
    guardian: [39, 10, 'cpr', 'RELPNR'],
    guardianName: [59, 34, 'text', 'RELADRSAT_RELPNR_TXT'],
  },
} as const satisfies Readonly<Record<string, RecordLayout>>;

/** Records that may stand several times. */
export const repeatedRecords = {
  /** Protection. */
  '004': {
    kind: [14, 4, 'code', 'BESKYTTYPE'],
    from: [18, 10, 'day', 'START_DT-BESKYTTELSE'],
    to: [28, 10, 'day', 'SLET_DT-BESKYTTELSE'],
  },
  /** Child. */
  '014': {child: [14, 10, 'cpr', 'PNRBARN']},
  /** Custody (forældremyndighed). */
  '016': {
    kind: [14, 4, 'code', 'RELTYP-FORÆLDREMYN'],
    since: [18, 10, 'day', 'START_DT-FORÆLDREMYN'],
    until: [29, 10, 'day', 'SLET_DT-FORÆLDREMYN'],
    holder: [39, 10, 'cpr', 'RELPNR'],
  },
  /** Earlier number. */
  '022': {number: [14, 10, 'cpr', 'PNR']},
} as const satisfies Readonly<Record<string, RecordLayout>>;

/** What a record says, by field; absent where the field is blank. */
export type RecordOf<L> = {readonly [K in keyof L]?: string};
