import type {Sensitivity} from '@bsp/contract';
import type {CaseKindId, Situation} from './case-kinds.js';

/** A note of a hand-written case. Days are counted back from today; times are `09:42`. */
export interface ScriptedNote {
  readonly daysAgo: number;
  readonly at: string;
  readonly heading: string;
  readonly body: string;
  readonly author?: string;
}

/** A letter of a hand-written case. */
export interface ScriptedLetter {
  readonly title: string;
  readonly daysAgo: number;
  readonly at: string;
  readonly outcome: 'sent' | 'delivered' | 'failed';
  /** When delivery was reported. */
  readonly reportedDaysAgo?: number;
  readonly reportedAt?: string;
}

/** A hand-written case. */
export interface ScriptedCase {
  readonly kind: CaseKindId;
  readonly title: string;
  /** The system's own word for the status. */
  readonly word: string;
  readonly openedDaysAgo: number;
  readonly changedDaysAgo: number;
  readonly changedAt: string;
  /** `null`: nobody is responsible. */
  readonly responsible: string | null;
  readonly sensitivity?: Sensitivity;
  readonly notes?: readonly ScriptedNote[];
  readonly letters?: readonly ScriptedLetter[];
}

/** What a character has, besides the identity in `cast.ts`. */
export interface Script {
  readonly situations: readonly Situation[];
  readonly cases: readonly ScriptedCase[];
  /** How many generated cases come on top, and how many of them are open. */
  readonly moreCases: number;
  readonly moreOpen: number;
  /** Generated notes per generated case. */
  readonly notesPerCase: number;
}

/** Scripts by index in the cast. A member of the cast without one has what chance gives. */
export const scripts: Readonly<Record<number, Script>> = {
  0: {
    situations: ['jobless', 'family'],
    moreCases: 15,
    moreOpen: 0,
    notesPerCase: 3,
    cases: [
      {
        kind: 'cash',
        title: 'Kontanthjælp, nyansøgning',
        word: 'Under behandling',
        openedDaysAgo: 2,
        changedDaysAgo: 0,
        changedAt: '09:42',
        responsible: 'Signe Holt',
        notes: [
          {
            daysAgo: 0,
            at: '09:42',
            heading: 'Ansøgning modtaget',
            body: 'Digital ansøgning om kontanthjælp. Formue og samlivsstatus mangler.\n\nMaude er skrevet til om kontoudtog for 3 mdr. og om dokumentation for, at hun er fraflyttet ægtefællen pr. 1.11. Navne- og adressebeskyttelse: ny adresse må ikke fremgå af breve til ægtefællen.',
          },
          {
            daysAgo: 1,
            at: '14:20',
            heading: 'Telefonsamtale',
            body: 'Maude ringer og fortæller, at hun er flyttet med børnene efter separationen. Hun har ca. 4.200 kr. på lønkontoen og ingen anden formue, hun kender til. Fælles konto med ægtefællen er spærret.\n\nVejledt om oplysningspligt og om, at der kan søges særlig støtte til husleje. Hun virker overvældet, men fattet. Aftalt, at jeg ringer igen fredag.',
          },
        ],
        letters: [
          {
            title: 'Partshøring om formue',
            daysAgo: 3,
            at: '13:30',
            outcome: 'failed',
            reportedDaysAgo: 0,
            reportedAt: '10:11',
          },
        ],
      },
      {
        kind: 'housing',
        title: 'Boligstøtte 2026',
        word: 'Godkendt',
        openedDaysAgo: 18,
        changedDaysAgo: 8,
        changedAt: '11:05',
        responsible: 'Udbetaling Danmark',
      },
      {
        kind: 'consumerAid',
        title: 'Hjælpemiddel: arbejdsstol',
        word: 'Afventer levering',
        openedDaysAgo: 72,
        changedDaysAgo: 16,
        changedAt: '10:32',
        responsible: 'Poul Dam',
        notes: [
          {
            daysAgo: 16,
            at: '10:32',
            heading: 'Levering',
            body: 'Stol med nakkestøtte bestilt hos leverandør, forventet levering om 3-4 uger. Leveres til jobcentrets adresse efter aftale med Maude, da hendes egen adresse er beskyttet.',
          },
          {
            daysAgo: 41,
            at: '09:10',
            heading: 'Afprøvning',
            body: 'Afprøvet tre arbejdsstole på Hjælpemiddelcentralen. Maude sidder bedst i model med nakkestøtte og kan arbejde ca. 40 min. ad gangen uden smerter i nakken.',
          },
        ],
      },
      {
        kind: 'dental',
        title: 'Enkeltydelse, tandbehandling',
        word: 'Modtaget',
        openedDaysAgo: 21,
        changedDaysAgo: 21,
        changedAt: '15:47',
        responsible: null,
      },
      {
        kind: 'contact',
        title: 'Kontaktforløb',
        word: 'Aktiv, afklaring',
        openedDaysAgo: 16,
        changedDaysAgo: 4,
        changedAt: '13:05',
        responsible: 'Karla Bruun',
        notes: [
          {
            daysAgo: 4,
            at: '13:05',
            heading: 'Samtale i jobcenter',
            body: 'Aftalt virksomhedsbesøg i næste uge. Ønsker deltid af hensyn til børnene.\n\nMaude er uddannet kontorassistent og har arbejdet 9 år hos en revisor i Næstved, indtil hun blev opsagt i august. Hun kan bruge Excel og c5 og vil gerne tilbage til bogholderi.\n\nAfventer svar fra Teglværkets Trykkeri, som mangler hjælp til fakturering 15 timer om ugen.',
          },
          {
            daysAgo: 15,
            at: '10:00',
            heading: 'Første samtale',
            body: 'Samtale i jobcentret med bisidder (søster). Visiteret jobparat. Der er meget på én gang: separation, flytning, skoleskift for Alma. Aftalt rolig start og samtale hver 14. dag.',
          },
        ],
        letters: [
          {
            title: 'Indkaldelse til samtale',
            daysAgo: 2,
            at: '09:00',
            outcome: 'delivered',
            reportedDaysAgo: 1,
            reportedAt: '14:02',
          },
        ],
      },
      {
        kind: 'protection',
        title: 'Navne- og adressebeskyttelse',
        word: 'Ekspederet',
        openedDaysAgo: 24,
        changedDaysAgo: 20,
        changedAt: '12:15',
        responsible: 'Bodil Iversen',
        sensitivity: 'sensitive',
        notes: [
          {
            daysAgo: 24,
            at: '11:20',
            heading: 'Henvendelse',
            body: 'Maude møder op i Borgerservice med legitimation og beder om navne- og adressebeskyttelse for sig selv og begge børn. Beskyttelsen gælder et år og kan forlænges.\n\nVejledt om, at banker, forsikring m.fl. selv skal have den nye adresse, og om postboks.',
          },
        ],
      },
      {
        kind: 'moving',
        title: 'Hjælp til flytteudgifter',
        word: 'I partshøring',
        openedDaysAgo: 19,
        changedDaysAgo: 5,
        changedAt: '08:55',
        responsible: 'Tanja Frandsen',
      },
      {
        kind: 'childReport',
        title: 'Underretning fra skole',
        word: 'Undersøgelse i gang',
        openedDaysAgo: 12,
        changedDaysAgo: 3,
        changedAt: '10:40',
        responsible: 'Vibeke Rosenkilde',
        notes: [
          {
            daysAgo: 11,
            at: '13:15',
            heading: 'Underretning modtaget',
            body: 'Underretning fra klasselærer efter forældrenes brud. Alma er stille i timerne og har haft seks sygedage på tre uger. Vurderet inden 24 timer: ikke akut. Mor er ringet op og er glad for, at skolen reagerer.',
          },
        ],
      },
    ],
  },
  1: {
    situations: ['sick'],
    moreCases: 7,
    moreOpen: 1,
    notesPerCase: 3,
    cases: [
      {
        kind: 'sickFollowUp',
        title: 'Sygedagpengeopfølgning',
        word: 'Aktiv, afklaring',
        openedDaysAgo: 118,
        changedDaysAgo: 1,
        changedAt: '15:10',
        responsible: 'Karla Bruun',
        notes: [
          {
            daysAgo: 1,
            at: '15:10',
            heading: 'Forberedelse til opfølgning',
            body: 'Opfølgningssamtale med Holger i morgen kl. 9. Spørgsmål: svar på MR-scanning, timetal hos Ravnsø Maskinstation, natarbejde.\n\nRevurderingstidspunkt er om 6 uger. Lægekonsulent er spurgt om forlængelse.',
          },
          {
            daysAgo: 29,
            at: '11:00',
            heading: 'Opfølgningssamtale',
            body: 'Holger møder op sammen med sin kone Karen. Han er startet 8 timer om ugen på værkstedet og må ikke køre de tunge maskiner. Smerterne i lænden er værst om morgenen.\n\nHan er bekymret for, om chefen har tålmodighed. Aftalt rundbordssamtale i næste måned.',
          },
          {
            daysAgo: 64,
            at: '09:30',
            heading: 'Telefonsamtale',
            body: 'Holger ringer: tid til MR-scanning er rykket to uger. Han er træt af at gå hjemme og spørger, om han må prøve nogle få timer. Vejledt om delvis raskmelding.',
          },
        ],
        letters: [
          {
            title: 'Indkaldelse til opfølgningssamtale',
            daysAgo: 10,
            at: '08:15',
            outcome: 'delivered',
            reportedDaysAgo: 10,
            reportedAt: '08:19',
          },
        ],
      },
      {
        kind: 'sickPay',
        title: 'Sygedagpenge, refusion til arbejdsgiver',
        word: 'Udbetales',
        openedDaysAgo: 121,
        changedDaysAgo: 6,
        changedAt: '06:00',
        responsible: 'Malene Gade',
      },
    ],
  },
  2: {
    situations: ['worn'],
    moreCases: 9,
    moreOpen: 2,
    notesPerCase: 3,
    cases: [
      {
        kind: 'resourceCourse',
        title: 'Ressourceforløb',
        word: 'I tilbud',
        openedDaysAgo: 402,
        changedDaysAgo: 2,
        changedAt: '14:30',
        responsible: 'Yasmin Demir',
        notes: [
          {
            daysAgo: 2,
            at: '14:30',
            heading: 'Opfølgningssamtale',
            body: 'Ulrik har holdt 6 timer om ugen på gartneriet i hele oktober. Det er første gang siden 2019, at han har haft en måned uden afbud. Han er stolt, men også bange for, hvad det betyder for ydelsen.\n\nFreja (12) er hos ham hver anden weekend, og det er dér, han henter kræfter. Vi hæver ikke timetallet før jul.',
          },
          {
            daysAgo: 37,
            at: '10:15',
            heading: 'Mentor',
            body: 'Tilbagemelding fra mentor: Ulrik åbner nu selv sin e-Boks om mandagen. Gælden er gjort op til 84.300 kr., og der er lavet aftale med gældsrådgiver.',
          },
        ],
      },
      {
        kind: 'homeSupport',
        title: 'Bostøtte',
        word: 'Indsats i gang',
        openedDaysAgo: 280,
        changedDaysAgo: 9,
        changedAt: '12:00',
        responsible: 'Troels Bjerg',
      },
      {
        kind: 'resourceBenefit',
        title: 'Ressourceforløbsydelse',
        word: 'I udbetaling',
        openedDaysAgo: 400,
        changedDaysAgo: 20,
        changedAt: '06:00',
        responsible: 'Birger Munk',
      },
    ],
  },
  3: {
    situations: ['jobless'],
    moreCases: 2,
    moreOpen: 0,
    notesPerCase: 2,
    cases: [
      {
        kind: 'unemployment',
        title: 'Dagpengeforløb',
        word: 'Plan godkendt',
        openedDaysAgo: 96,
        changedDaysAgo: 7,
        changedAt: '10:20',
        responsible: 'Mads Hedegaard',
        notes: [
          {
            daysAgo: 7,
            at: '10:20',
            heading: 'Fælles samtale',
            body: 'Fælles samtale med a-kassen. Ingeborg har søgt 14 job siden sidst og været til én samtale på Korsbæk Bibliotek. Hun oplever, at alderen tæller imod hende.\n\nVi drøftede seniorjob, hvis dagpengeretten udløber, og seks ugers jobrettet kursus i journalisering. Næste samtale i næste uge.',
          },
        ],
        letters: [
          {
            title: 'Indkaldelse til samtale',
            daysAgo: 6,
            at: '09:05',
            outcome: 'delivered',
            reportedDaysAgo: 6,
            reportedAt: '09:08',
          },
        ],
      },
    ],
  },
  4: {
    situations: ['pensioner'],
    moreCases: 8,
    moreOpen: 0,
    notesPerCase: 2,
    cases: [
      {
        kind: 'funeral',
        title: 'Begravelseshjælp',
        word: 'Aktiv',
        openedDaysAgo: 45,
        changedDaysAgo: 12,
        changedAt: '09:00',
        responsible: 'Udbetaling Danmark',
        notes: [
          {
            daysAgo: 44,
            at: '10:30',
            heading: 'Henvendelse fra pårørende',
            body: 'Erna (ægtefælle) ringer med hjælp fra sin værge. Vilhelm døde på Rolighed efter kort tids sygdom. Hun spørger til hjælpemidler, der skal hentes, og til hvem der lukker hans sager.\n\nHjælpemiddelcentralen henter seng og lift torsdag. Boet behandles i skifteretten.',
            author: 'Bodil Iversen',
          },
        ],
      },
    ],
  },
  5: {
    situations: ['jobless'],
    moreCases: 4,
    moreOpen: 0,
    notesPerCase: 2,
    cases: [
      {
        kind: 'repayment',
        title: 'Tilbagebetaling, udbetalt efter udrejse',
        word: 'Afventer borger',
        openedDaysAgo: 390,
        changedDaysAgo: 55,
        changedAt: '13:45',
        responsible: 'Lars-Ole Brandt',
        notes: [
          {
            daysAgo: 55,
            at: '13:45',
            heading: 'Brev til udlandet',
            body: 'Opgørelse sendt med almindelig post til adressen i Tromsø. Katrine har tidligere svaret på mail, men siger, at hun meldte flytning i tide. Udrejsen er registreret 31.8., ydelsen blev stoppet en måned senere.',
          },
        ],
      },
    ],
  },
  6: {
    situations: ['jobless'],
    moreCases: 5,
    moreOpen: 0,
    notesPerCase: 2,
    cases: [
      {
        kind: 'address',
        title: 'Bopælsundersøgelse',
        word: 'Aktiv',
        openedDaysAgo: 300,
        changedDaysAgo: 33,
        changedAt: '11:11',
        responsible: 'Rikke Agerskov',
        notes: [
          {
            daysAgo: 33,
            at: '11:11',
            heading: 'Status',
            body: 'Jonas har ikke været set på adressen siden februar. Udlejer har tømt boligen. Registreret forsvundet i CPR 12.3. Moderen har hørt fra ham én gang i sommer fra et fremmed nummer; hun ved ikke, hvor han er.',
          },
        ],
        letters: [
          {
            title: 'Anmodning om dokumentation for bopæl',
            daysAgo: 60,
            at: '10:00',
            outcome: 'failed',
            reportedDaysAgo: 56,
            reportedAt: '07:30',
          },
        ],
      },
    ],
  },
  7: {situations: ['jobless'], moreCases: 3, moreOpen: 0, notesPerCase: 2, cases: []},
  8: {
    situations: ['child'],
    moreCases: 1,
    moreOpen: 0,
    notesPerCase: 2,
    cases: [
      {
        kind: 'childReport',
        title: 'Underretning fra skole',
        word: 'Undersøgelse i gang',
        openedDaysAgo: 12,
        changedDaysAgo: 3,
        changedAt: '10:45',
        responsible: 'Vibeke Rosenkilde',
        notes: [
          {
            daysAgo: 3,
            at: '10:45',
            heading: 'Børnesamtale',
            body: 'Talt med Alma på skolen. Hun viste sine tegninger og fortalte, at hun savner sin hund. Hun vil gerne se far, men helst sammen med Viggo. Hun ved, hvad jeg siger videre til mor og far.',
          },
        ],
      },
    ],
  },
  9: {situations: [], moreCases: 0, moreOpen: 0, notesPerCase: 0, cases: []},
  10: {situations: ['worn', 'disabled', 'sick', 'anyone'], moreCases: 46, moreOpen: 9, notesPerCase: 3, cases: []},
  11: {situations: ['jobless', 'disabled'], moreCases: 9, moreOpen: 4, notesPerCase: 2, cases: []},
};

/** Texts that a window must show as they are and must not act on. */
export const hostileTexts: readonly string[] = [
  '<script>document.title="hacked"</script>',
  '<img src=x onerror="document.title=\'hacked\'">',
  '\u202Egnidner ed latner\u202C og \u2066isoleret\u2069 tekst',
  `${'Speciallægepraksisplanlægningsstabiliseringsperiode'.repeat(6)}`,
  '"><svg/onload=alert(1)> \' OR 1=1 -- {{7*7}} %0d%0a',
  'javascript:alert(document.domain)',
  'Z\u0310\u0317a\u0334l\u0336g\u0337o\u0338 \u0000\u0007\u200B\uFEFF styretegn',
  '</p></td></table><style>*{display:none}</style>',
  '🙈👩‍👩‍👧‍👦 emoji \u{1F1E9}\u{1F1F0} og 漢字 و عربي',
  '&lt;b&gt;dobbelt&lt;/b&gt; &amp;amp;',
];
