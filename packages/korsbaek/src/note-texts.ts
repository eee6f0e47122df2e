import type {Topic} from './case-kinds.js';

/**
 * Notes as caseworkers write them. `{…}` is filled in, `[a|b]` is a choice. `stage`: at the start of a case, while it runs, or
 * when it is decided or ends.
 */
export interface NoteText {
  readonly stage: 'start' | 'during' | 'end';
  readonly heading: string;
  readonly body: string;
  /** Only for cases whose title holds one of these words (lower case). */
  readonly only?: readonly string[];
}

const text =
  (stage: NoteText['stage']) =>
  (heading: string, body: string, only?: string): NoteText => ({
    stage,
    heading,
    body,
    ...(only === undefined ? {} : {only: only.split('|')}),
  });
const start = text('start');
const during = text('during');
const end = text('end');

/** The texts by topic. */
export const noteTexts: Readonly<Record<Topic, readonly NoteText[]>> = {
  benefit: [
    start(
      'Ansøgning modtaget',
      'Digital ansøgning modtaget via borger.dk. [Formue og samlivsstatus mangler.|Kontoudtog for de sidste 3 mdr. mangler.|Lejekontrakt er ikke vedhæftet.|Der er ikke søgt om særlig støtte.]\n\n{fornavn} er [skriftligt|telefonisk] orienteret om, hvilke oplysninger der mangler, og om fristen {frist}.',
    ),
    start(
      'Telefonsamtale',
      '{fornavn} ringer og spørger til sin ansøgning. Oplyst om sagsbehandlingstid på op til [3|4] uger og om, at ydelsen gives fra ansøgningsdagen.\n\n{Han} har [ingen opsparing|ca. {beløb} kr. på en opsparingskonto|en bil, som muligvis skal indgå i formuevurderingen]. Aftalt at {han} sender dokumentation.',
    ),
    during(
      'Opslag i eIndkomst',
      'Opslag foretaget jf. retssikkerhedslovens § 11 a. Der ses [ingen indtægter siden {måned}|udbetalt løn {beløb} kr. i {måned}|udbetaling af feriepenge].\n\n[Ingen ændring i beregningen.|Beløbet modregnes ved næste kørsel.]',
    ),
    during(
      'Partshøring',
      'Partshøring sendt til {fornavn} d.d. om [indsættelser på kontoen i {måned}|reelt enlig eller samlevende|udlæg i bil|manglende oplysninger om formue]. Frist for bemærkninger {frist}.\n\nHvis der ikke svares, træffes afgørelse på det foreliggende grundlag.',
    ),
    during(
      'Svar på partshøring',
      '{fornavn} har svaret på partshøringen. {Han} skriver, at beløbet på {beløb} kr. er [et lån fra {hans} søster|salg af en cykel|tilbagebetaling af et udlæg], og har vedlagt [sms-korrespondance|en underskrevet erklæring|bilag fra banken].\n\nDet vurderes, at oplysningerne [kan lægges til grund|ikke er tilstrækkelige; der bedes om yderligere dokumentation].',
    ),
    during(
      'Telefonsamtale',
      'Opkald fra {fornavn}, der er utilfreds med, at pengene ikke er gået ind. Forklaret, at udbetaling sker sidste bankdag, og at der er sendt besked herom.\n\n{Han} spørger til mulighed for [forskud|hjælp til huslejen]. Henvist til at søge skriftligt. Rolig afslutning på samtalen.',
    ),
    during(
      'Intern besked',
      'Jobcentret v/ {jobkollega} oplyser, at {fornavn} er [udeblevet fra samtale {dato}|startet i praktik {dato}|fritaget for rådighed til og med {frist}]. [Til orientering for ydelsen.|Der skal tages stilling til, om det har betydning for ydelsen.]',
    ),
    during(
      'Mail fra borger',
      '{fornavn} skriver, at {han} [er fraflyttet sin samlever pr. {dato}|har fået en logerende|er startet på et timelønnet job, ca. {timer} timer om ugen]. Beder om, at sagen bliver [genberegnet|ændret hurtigst muligt].\n\nSvaret at vi mangler [lejekontrakt|ansættelseskontrakt|dokumentation for flytning].',
    ),
    during(
      'Vagttelefon',
      'Ringet op af {fornavn} i telefontiden. Spm. til [satsen for forsørgere|fradrag for arbejdsindtægt|ferie under ydelse]. Vejledt om reglerne og om oplysningspligten, RSL § 11.',
    ),
    during(
      'Sagsgennemgang',
      'Sagen gennemgået på teammøde. Enighed om, at [betingelserne fortsat er opfyldt|der skal indhentes nye kontoudtog|der skal laves en helhedsvurdering af samlivet]. Næste gennemgang uge {uge}.',
    ),
    end(
      'Afgørelse',
      'Der er truffet afgørelse om [bevilling fra ansøgningsdatoen|fortsat ret til ydelsen|ændret sats pr. 1. i næste måned]. Afgørelsen er sendt i Digital Post med klagevejledning.\n\nBegrundelse: {fornavn} opfylder betingelserne i lov om aktiv socialpolitik. Der er lagt vægt på {hans} oplysninger om [boligforhold|formue|ophør af tidligere beskæftigelse], som er dokumenteret.',
    ),
    end(
      'Ophør',
      'Ydelsen stopper med udgangen af {måned}, da {fornavn} er [kommet i arbejde på fuld tid|startet på uddannelse med SU|flyttet til en anden kommune]. Afgørelse sendt. Eventuelt for meget udbetalt beløb vurderes i særskilt sag.',
    ),
  ],
  expense: [
    start(
      'Ansøgning modtaget',
      '{fornavn} søger om hjælp til {ting}. Beløb: {beløb} kr. Vedlagt [overslag|faktura|ét tilbud; der mangler tilbud nr. 2].\n\nKvittering sendt. Der tages stilling, når rådighedsbeløbet er gjort op.',
    ),
    start(
      'Telefonsamtale',
      '{fornavn} ringer, fordi {han} har fået en uventet udgift. Vejledt om, at der skal søges, før udgiften afholdes, og om aktivlovens §§ 81 og 82.\n\n{Han} sender ansøgning senest {frist}.',
    ),
    during(
      'Rådighedsberegning',
      'Rådighedsberegning udarbejdet på baggrund af budgetskema. Rådighedsbeløb efter faste udgifter: {beløb} kr. [Under|Lidt over] det vejledende beløb.\n\nDer er spurgt ind til [abonnementer|gæld til SKAT|udgift til bil].',
    ),
    during(
      'Indhentelse af oplysninger',
      'Anmodet [leverandøren|banken|{fornavn}s a-kasse] om [specifikation|oplysning om laveste pris]. Samtykke fra {fornavn} foreligger, dateret {dato}.',
    ),
    during(
      'Telefonsamtale',
      'Talt med {fornavn}. Udgiften er [blevet dyrere end ventet|delvist betalt af {hans} mor|endnu ikke forfalden]. Aftalt, at {han} eftersender bilag.\n\nMed udgangspunkt i det oplyste forventes afgørelse inden for 14 dage.',
    ),
    during(
      'Afklaring',
      'Tandlægekonsulenten har set på overslaget og foreslår [billigste helbredsmæssigt forsvarlige løsning|en partiel protese i stedet for bro]. Tandlæge er bedt om nyt overslag.',
      'tand',
    ),
    end(
      'Afgørelse',
      'Bevilget {beløb} kr. efter aktivlovens § [81|82|85]. Udbetales [til leverandøren mod faktura|til NemKonto]. Afgørelse sendt med klagevejledning.',
    ),
    end(
      'Afslag',
      'Ansøgningen er afslået. Udgiften [kunne forudses|er afholdt inden ansøgningen|kan betales af rådighedsbeløbet]. {fornavn} er ringet op og har fået det forklaret; {han} overvejer at klage.\n\nAfgørelse med begrundelse og klagevejledning sendt d.d.',
    ),
  ],
  job: [
    start(
      'Første samtale',
      'Samtale i jobcentret. {fornavn} har senest arbejdet som [lagermedarbejder|pædagogmedhjælper|butiksassistent|rengøringsassistent|chauffør], stillingen ophørte pga. [nedskæring|lukning af afdelingen|udløb af vikariat].\n\nCv og Jobnet gennemgået. Mål: [deltid tæt på hjemmet|fuldtid inden for lager|at afprøve et nyt fag]. {Han} søger mindst [2|3] job om ugen. Næste samtale {frist}.',
    ),
    start(
      'Samtale i jobcenter',
      'Visiteret som [jobparat|aktivitetsparat]. {fornavn} vurderer selv, at {han} kan påtage sig arbejde, [men er usikker på kørekort|hvis arbejdstiden passer med børnene|og har et godt netværk i branchen]. Samtykke til at tale med a-kassen givet mundtligt.',
    ),
    during(
      'Samtale i jobcenter',
      'Aftalt virksomhedsbesøg i uge {uge}. Ønsker [deltid af hensyn til børnene|faste dagvagter|at prøve køkkenarbejde]. {fornavn} har søgt [6|8|11] job siden sidst og været til [én samtale|to samtaler].\n\nVi talte om, hvordan {han} kan bruge {virksomhed} som reference.',
    ),
    during(
      'Virksomhedskontakt',
      'Talt med {virksomhed} v/ daglig leder. De kan tage {fornavn} i praktik [4|8|13] uger fra {dato2}, {timer} timer om ugen. Opgaver: [pakning og plukning|opfyldning og kasse|servering og opvask|grønne områder].\n\nDer udpeges en fast kontaktperson. Aftale oprettes digitalt.',
    ),
    during(
      'Opfølgning på praktik',
      'Besøg hos {virksomhed}. Mødestabil, glad for kollegerne. [Har svært ved tempoet om eftermiddagen.|Kan tage flere timer.|Vil gerne lære truck.] Lederen vurderer, at der [kan|måske kan] blive tale om løntimer.\n\nTimetal hæves til {timer} fra uge {uge}.',
    ),
    during(
      'Udeblivelse',
      '{fornavn} mødte ikke op til samtale d.d. kl. [9.00|10.30|13.15] og har ikke meldt afbud. Forsøgt ringet op to gange, lagt besked. Ny indkaldelse sendt, og der er orienteret om konsekvenser for ydelsen.',
    ),
    during(
      'Telefonsamtale',
      '{fornavn} ringer afbud til i morgen pga. [sygt barn|tandlæge|jobsamtale hos {virksomhed}]. Rimelig grund. Ny tid {frist}.',
    ),
    during(
      'Telefonsamtale',
      'Kort opfølgning pr. tlf. {fornavn} venter stadig på svar fra {virksomhed}. Motiveret, men træt af afslag. Vi lavede en plan for de næste 14 dage: [3 uopfordrede ansøgninger|kontakt til vikarbureau|nyt cv].',
    ),
    during(
      'Jobnet',
      'Cv godkendt. Joblog gennemgået: [opfylder kravet|mangler registreringer i uge {uge}]. {fornavn} er vejledt i, hvordan jobloggen føres fra mobilen.',
    ),
    during(
      'Fælles samtale',
      'Fælles samtale med a-kassen. {fornavn} deltog sammen med {hans} konsulent. Enighed om strategien: bredere søgning også i [Guldborgsund|Vordingborg|Næstved]. [Kursus i Excel drøftet.|Seks ugers jobrettet uddannelse drøftet.]',
    ),
    during(
      'Mail fra borger',
      '{fornavn} skriver, at {han} er blevet tilbudt [et vikariat på 3 mdr.|10 timer om ugen som afløser|en prøvedag] hos {virksomhed}. Ønsker at vide, hvad det betyder for ydelsen. Sendt videre til Ydelsescenter Nord v/ {ydelseskollega}.',
    ),
    during(
      'Min Plan',
      'Plan revideret sammen med {fornavn}. Delmål: [stabilt fremmøde|20 timer ugentligt|kørekort bestået]. {Han} har godkendt planen på Jobnet samme dag.',
    ),
    end(
      'Afslutning',
      '{fornavn} er ansat hos {virksomhed} pr. {dato2}, {timer} timer om ugen. Raskmeldt/afmeldt på Jobnet. Tilbudt efterværn i 3 mdr.; {han} takker [ja|nej].',
    ),
    end(
      'Tilbud afsluttet',
      'Praktikken sluttede som planlagt. Evaluering: [styrket tro på egne evner|fagligt godt udbytte, behov for skånehensyn|ikke det rigtige match]. Næste skridt drøftes ved samtalen {frist}.',
    ),
  ],
  sickness: [
    start(
      'Oplysningsskema modtaget',
      '{fornavn} har udfyldt oplysningsskemaet. Sygemeldt siden {dato} med [rygsmerter|stress|følger efter operation i skulderen|depression]. Forventer selv at være tilbage om [4 uger|2-3 måneder|ved ikke].\n\nArbejdsgiver: {virksomhed}. Standby ikke aktuelt.',
    ),
    start(
      'Visitation',
      'Visiteret til kategori [2|3]. Første opfølgningssamtale skal holdes inden 8. uge. Lægeattest LÆ 285 bestilt hos {læge}.',
    ),
    during(
      'Opfølgningssamtale',
      'Opfølgningssamtale [ved personligt fremmøde|pr. telefon]. {fornavn} fortæller, at {han} [sover dårligt og har svært ved at koncentrere sig|går til fysioterapeut to gange om ugen|har fået det bedre, men bliver hurtigt træt].\n\nPlan: gradvis tilbagevenden fra uge {uge} med {timer} timer om ugen. {fornavn} er indforstået. Næste opfølgning {frist}.',
    ),
    during(
      'Rundbordssamtale',
      'Møde hos {virksomhed} med {fornavn}, nærmeste leder og tillidsrepræsentant. Skånehensyn: [ingen tunge løft|hjemmearbejde 2 dage|ingen aftenvagter|hyppige pauser].\n\nAftalt trappe: {timer} timer de første 3 uger, derefter +4 timer hver 14. dag.',
    ),
    during(
      'Lægeattest modtaget',
      'LÆ [125|285] modtaget fra {læge}. Lægen vurderer [fuld restitution inden for 3 mdr.|varige skånebehov kan ikke udelukkes|behov for udredning på smerteklinik]. Taget med i vurderingen.',
    ),
    during(
      'Telefonsamtale',
      '{fornavn} ringer. [Operationen er flyttet til {dato2}.|{Han} har fået tid på smerteklinikken.|Tilbagefald efter den første uge med {timer} timer.] Timetallet justeres. Arbejdsgiver orienteres af {fornavn} selv.',
    ),
    during(
      'Samtykke',
      '{fornavn} har givet samtykke til indhentelse af oplysninger fra [sygehuset|egen læge|psykolog] for perioden {dato} og frem. Samtykket er journaliseret og kan trækkes tilbage.',
    ),
    during(
      'Mulighedserklæring',
      'Arbejdsgiver har sendt mulighedserklæring, underskrevet af {fornavn} og lederen. Lægens del mangler. Rykket hos {læge}.',
    ),
    during(
      'Revurdering',
      'Revurderingstidspunkt nærmer sig (uge {uge}). Forlængelse efter sygedagpengelovens § 27, stk. 1, nr. [1|2|3] vurderes. Sagen drøftes med lægekonsulenten på torsdag.',
    ),
    during(
      'Lægekonsulent',
      'Sagen drøftet med lægekonsulent. Anbefaling: [afvent resultat af MR-scanning|indhent speciallægeattest|tal med {fornavn} om jobafklaring]. {fornavn} orienteres ved næste samtale.',
    ),
    end(
      'Raskmelding',
      '{fornavn} er raskmeldt pr. {dato2} og tilbage hos {virksomhed} på fuld tid. {Han} siger tak for forløbet. Sag lukkes.',
    ),
    end(
      'Partshøring om ophør',
      'Partshøring sendt om ophør af sygedagpenge pr. {frist}, da {fornavn} ikke længere anses for uarbejdsdygtig. Vejledt om jobafklaringsforløb og om klageadgang.',
    ),
  ],
  clarification: [
    start(
      'Helhedsvurdering',
      'Forberedende del til rehabiliteringsteamet påbegyndt sammen med {fornavn}. Ressourcer: [stærkt netværk, tidligere stabil på arbejdsmarkedet|interesse for haver og dyr|god til at bede om hjælp]. Udfordringer: [smerter, svingende søvn|angst i større forsamlinger|gæld].',
    ),
    start(
      'Samtale i jobcenter',
      'Samtale om formålet med forløbet. {fornavn} er [nervøs for, hvad der skal ske|lettet over en fast plan|skeptisk efter tidligere forløb]. {Han} har medbragt sin [søster|bisidder|mentor].',
    ),
    during(
      'Møde i rehabiliteringsteam',
      'Teamet indstiller til [ressourceforløb i 2 år|jobafklaringsforløb|yderligere afprøvning i virksomhed]. {fornavn} deltog med bisidder og fik lejlighed til at kommentere indstillingen.\n\nTeamet lægger vægt på, at der [mangler afprøvning af timetal|ikke er behandlingsmuligheder tilbage uafprøvet|er behov for støtte i hjemmet parallelt]. Udkast til plan sendes til {fornavn}.',
    ),
    during(
      'Opfølgningssamtale',
      'Møder stabilt på [gartneriholdet|værkstedet|hos {virksomhed}] {timer} timer om ugen. {fornavn} oplever, at [det hjælper at have noget at stå op til|smerterne tager til om eftermiddagen|tempoet er passende].\n\nAftalt langsom øgning, +1 time hver 3. uge.',
    ),
    during(
      'Mentor',
      'Tilbagemelding fra mentor: {fornavn} har fået styr på [post og regninger|transporten|aftaler hos lægen]. De mødes en gang om ugen. Mentor foreslår forlængelse i 13 uger.',
    ),
    during(
      'Kontakt til behandler',
      'Talt med [psykolog|fysioterapeut|distriktspsykiatrien] efter samtykke. Behandlingen er [i gang, 5 af 10 samtaler|afsluttet uden væsentlig bedring|sat på pause efter {fornavn}s ønske].',
    ),
    during(
      'Speciallægeattest',
      'Speciallægeattest modtaget. Diagnoser er journaliseret særskilt. Konklusion: [funktionsniveauet er nedsat, men ikke stationært|tilstanden er stationær|skånehensyn beskrevet side 4].',
    ),
    during(
      'Telefonsamtale',
      '{fornavn} er i dårligt humør og overvejer at droppe forløbet. Talt om, hvad der fungerer. Aftalt pause på en uge og et møde hos {virksomhed} bagefter, hvor {kollega} tager med.',
    ),
    during(
      'Praktikevaluering',
      'Evaluering hos {virksomhed}: udvikling fra 4 til {timer} timer. Effektivitet ca. [50|60|75] %. {fornavn} arbejder [grundigt, men langsomt|hurtigt og skal mindes om pauser]. Videre plan i uge {uge}.',
    ),
    during(
      'Tværfagligt møde',
      'Møde med Handicap og Psykiatri, egen læge pr. telefon og {fornavn}. Bostøtten og jobcentret koordinerer fremover, så {fornavn} kun skal fortælle sin historie én gang. Tovholder: {kollega}.',
    ),
    end(
      'Afgørelse',
      'Afgørelse truffet efter indstilling fra rehabiliteringsteamet: [ressourceforløb bevilges|forløbet afsluttes, sagen forelægges til fleksjob|forlængelse 18 måneder]. Sendt med klagevejledning; {fornavn} er ringet op inden.',
    ),
    end(
      'Afslutning',
      'Forløbet er afsluttet. Der er opnået [stabilt fremmøde {timer} timer|afklaring af skånebehov|job med støtte]. Slutevaluering drøftet med {fornavn}, som er enig i beskrivelsen.',
    ),
  ],
  flex: [
    start(
      'Sagen overtaget',
      'Sagen overtaget fra {kollega}. {fornavn} er visiteret til fleksjob, skånehensyn: [nedsat tid, ingen løft over 5 kg|stille arbejdsplads, faste opgaver|mulighed for hvile].',
    ),
    start(
      'Samtale i jobcenter',
      'Rådighedssamtale. {fornavn} søger aktivt inden for [kontor|detail|service] og har haft kontakt til {virksomhed}. Kan klare ca. {timer} timer om ugen.',
    ),
    during(
      'Ansættelsesaftale',
      'Skema fra {virksomhed} modtaget: {timer} timer om ugen, arbejdsintensitet [60|70|80] %. {fornavn} er enig i vurderingen. Fleksløntilskud beregnes.',
    ),
    during(
      'Opfølgning',
      '2½-års opfølgning. Arbejdsevnen er [uændret|en smule forbedret|faldet]. {fornavn} trives hos {virksomhed} og ønsker at fortsætte. Lederen er tilfreds.',
    ),
    during(
      'Telefonsamtale',
      '{fornavn} har haft flere sygedage og er bange for at miste jobbet. Aftalt møde på arbejdspladsen i uge {uge}; {han} giver selv lederen besked.',
    ),
    during('Indtægt', 'eIndkomst viser {beløb} kr. i {måned}. Tilskud reguleret automatisk. Ingen bemærkninger.'),
    end(
      'Status',
      'Ny status udarbejdet. Fortsat berettiget til fleksjob. Næste status om 4½ år. {fornavn} har fået kopi.',
    ),
  ],
  aid: [
    start(
      'Ansøgning modtaget',
      'Ansøgning om {ting} modtaget fra [{fornavn} selv|egen læge|hjemmeplejen|datter efter fuldmagt]. Der indhentes oplysninger om funktionsniveau.',
    ),
    start(
      'Telefonsamtale',
      'Talt med {fornavn} om hverdagen. Svært ved [at rejse sig fra almindelig stol|trapper|at gå mere end 100 m|badet]. Har selv købt [greb|skammel] i byggemarkedet. Hjemmebesøg {frist}.',
    ),
    during(
      'Hjemmebesøg',
      'Hjemmebesøg af ergoterapeut. Boligen er [en 2-værelses i stueetagen|et rækkehus med trappe til 1. sal|en lejlighed på 2. sal med elevator]. {fornavn} viste, hvordan {han} kommer [ind og ud af badet|op af sengen|ud til affaldsskuret].\n\nAfprøvet [to modeller|hjælpemiddel fra depotet]. {fornavn} foretrækker den [lette|med armlæn|med sæde].',
      'rollator|kørestol|scooter|seng|bolig|fodtøj|strømper',
    ),
    during(
      'Måltagning',
      'Måltagning foretaget hos bandagist. {læge} har bekræftet varig funktionsnedsættelse. Tilbud afventes, pris anslået {beløb} kr.',
      'kropsbårent',
    ),
    during(
      'Afprøvning',
      'Afprøvning på [Hjælpemiddelcentralen|arbejdspladsen] af {ting}, to modeller. God effekt; {fornavn} mærker forskel allerede [efter en halv time|samme dag].',
    ),
    during(
      'Levering',
      'Bestilt hos leverandør, forventet levering uge {uge}. {fornavn} har fået sms. Gammelt hjælpemiddel tages retur samtidig.',
    ),
    during(
      'Reparation',
      '{fornavn} ringer: noget ved {ting} [sidder løst|larmer|virker ikke, som det skal]. Tekniker bestilt til {dato2}, mellem 8 og 12.',
    ),
    during(
      'Partshøring',
      'Partshøring om afslag på {ting}, da behovet kan dækkes på [en billigere|en anden] måde. Frist {frist}. Datter har fået kopi efter fuldmagt.',
    ),
    end(
      'Bevilling',
      '{Ting} bevilget. [Udlån registreret, stregkode noteret.|Leverandøren har fået besked.] {fornavn} er instrueret i brugen og kan ringe ved fejl.',
    ),
    end(
      'Opfølgning efter levering',
      'Ringet til {fornavn} 3 uger efter levering. Alt fungerer; {han} bruger det hver dag. Sag afsluttes.',
    ),
  ],
  care: [
    start(
      'Henvendelse',
      'Henvendelse fra [datter|søn|{fornavn} selv|sygehuset ved udskrivelse]. {fornavn} har fået sværere ved [bad|påklædning|rengøring|indkøb] efter [et fald|indlæggelse|vinteren]. Visitationsbesøg aftalt {frist}.',
    ),
    start(
      'Udskrivningsrapport',
      'Plejeforløbsplan modtaget fra Nykøbing F. Sygehus. {fornavn} udskrives {dato2} med behov for hjælp til [støttestrømper|bad x 2 ugentlig|medicin morgen og aften].',
    ),
    during(
      'Visitationsbesøg',
      'Besøg i hjemmet. {fornavn} åbner selv og går med [stok|rollator]. {Hans} [ægtefælle|datter|nabo] er til stede. Funktionsvurdering gennemført.\n\n{fornavn} vil gerne klare så meget som muligt selv. Aftalt [rehabilitering i 8 uger|hjælp til bad tirsdag og fredag|rengøring hver 2. uge].',
    ),
    during(
      'Observation fra hjemmeplejen',
      'Hjemmeplejen oplyser, at {fornavn} [spiser mindre end vanligt|har hævede ben|glemmer aftenmedicinen]. Sygeplejen er orienteret; {læge} kontaktes i morgen.',
    ),
    during(
      'Telefonsamtale',
      '{fornavn}s datter ringer, bekymret for, om {han} spiser nok. Der er fuldmagt. Aftalt, at madservice prøves i 14 dage, og at hjemmeplejen holder øje.',
    ),
    during(
      'Rehabilitering',
      'Status efter 4 uger: {fornavn} går nu selv i bad med [stol og greb|opsyn]. Mål: at gå til Brugsen og hjem. Ergoterapeut kommer 3 gange mere.',
    ),
    during(
      'Faldregistrering',
      'Fald i [soveværelset|badeværelset|entréen] {dato}. Ingen tegn på brud, {fornavn} er øm i hoften. Nødkald drøftet; {han} vil tænke over det.',
    ),
    during(
      'Pårørendemøde',
      'Møde med {fornavn}, datter og kontaktperson. Ønske om [faste hjælpere|plejebolig på sigt|mere hjælp om aftenen]. Muligheder og ventetid gennemgået.',
    ),
    end(
      'Afgørelse',
      'Afgørelse sendt: [personlig pleje 2 x ugentlig|praktisk hjælp 45 min. hver 2. uge|madservice alle dage]. Klagevejledning vedlagt. Revurdering om [6|12] mdr.',
    ),
    end(
      'Indsats afsluttet',
      'Indsatsen er afsluttet, {fornavn} klarer sig uden hjælp. Kan henvende sig igen, hvis behovet ændrer sig.',
    ),
  ],
  training: [
    start(
      'Genoptræningsplan modtaget',
      'GOP modtaget fra sygehuset, almen genoptræning. Frist for opstart 7 dage. {fornavn} er ringet op og har fået tid {frist}.',
    ),
    during(
      'Opstart',
      'Opstartssamtale og test. Smerte (VAS) [4|5|6], bevægelighed nedsat. {fornavn}s mål: [at kunne gå på trapper|tilbage til arbejdet hos {virksomhed}|at kunne løfte sit barnebarn].',
    ),
    during(
      'Holdtræning',
      'Træner på hold 2 x ugentlig. Fremmøde [8 af 8|6 af 8|5 af 8]. Øger belastning fra uge {uge}. Hjemmeøvelser sendt.',
    ),
    during(
      'Telefonsamtale',
      '{fornavn} melder afbud pga. [influenza|ferie|transport]. Ny tid {dato2}. Kørsel bestilt.',
    ),
    end(
      'Afslutning',
      'Sluttest: [fremgang på alle mål|fremgang, men fortsat smerter ved belastning]. Epikrise sendt til {læge}. {fornavn} fortsætter på egen hånd i motionscenter.',
    ),
  ],
  support: [
    start(
      'Henvendelse',
      '{fornavn} henvender sig om [støtte i hverdagen|hjælp til at få overblik|sin situation]. Udredning påbegyndt efter VUM. Samtykke underskrevet.',
    ),
    start(
      'Udredningssamtale',
      'Samtale hjemme hos {fornavn} sammen med {kollega}. Struktur i hverdagen er sværest; [post bliver liggende|maden springes over|naboerne har klaget over støj].',
    ),
    during(
      'Bostøttebesøg',
      'Gennemgået post og e-Boks. Ringet sammen til [forsyningen|boligforeningen|banken]. {fornavn} førte selv samtalen denne gang.',
      'bostøtte',
    ),
    during(
      'Opfølgning',
      'Mål i handleplanen: [fast døgnrytme|deltagelse i værestedet|overblik over økonomi]. {fornavn} vurderer sig selv til [5|6|7] på en skala til 10, mod 3 i foråret.',
    ),
    during(
      'Dokumentation',
      'Kvitteringer for merudgifter modtaget: [kørsel|medicin|diætkost], i alt {beløb} kr. Overslag ajourført.',
      'merudgift',
    ),
    during(
      'Telefonsamtale',
      '{fornavn} ringer og er ked af det. [Har ikke sovet.|Skænderi med {hans} bror.] Talt om, hvad {han} plejer at gøre. Bostøtten kommer i morgen formiddag.',
    ),
    during(
      'Netværksmøde',
      'Netværksmøde med {fornavn}, pårørende, bostøtte og jobcenter v/ {jobkollega}. Enighed om at holde fast i to faste aftaler om ugen. Næste møde uge {uge}.',
    ),
    end('Afgørelse', 'Bostøtte bevilget, 2 timer om ugen i [6|12] mdr. Afgørelse sendt; plan vedlagt.', 'bostøtte'),
    end(
      'Afgørelse',
      'Merudgiftsydelse bevilget på grundlag af sandsynliggjorte udgifter. Revurderes om 12 mdr. Afgørelse sendt.',
      'merudgift',
    ),
    end(
      'Afslutning',
      'Rådgivningen er afsluttet. {fornavn} har fået overblik over sine muligheder og ved, hvem {han} kan ringe til.',
      'rådgivning',
    ),
    end('Ophør', 'Støtten ophører efter {fornavn}s eget ønske. {Han} ved, hvor {han} kan henvende sig.'),
  ],
  child: [
    start(
      'Underretning modtaget',
      'Underretning modtaget fra [skolen|sundhedsplejen|dagtilbuddet|en nabo, anonym]. Bekymring om [fravær|konflikter i hjemmet|trivsel efter forældrenes brud]. Vurderet inden 24 timer: ikke akut.\n\nForældre indkaldes til samtale {frist}.',
    ),
    start(
      'Samtale med forældre',
      'Begge forældre mødt, hver for sig efter eget ønske. De er [enige om, at der er brug for hjælp|uenige om årsagen]. Samtykke til at tale med skolen er givet.',
    ),
    during(
      'Børnesamtale',
      'Samtale med barnet på skolen, lærer med efter barnets ønske. Fortæller, at [det er svært, når der skændes|det er bedst hos mormor|det hjælper at spille fodbold]. Barnet ved, hvad der bliver givet videre.',
    ),
    during(
      'Netværksmøde',
      'Netværksmøde med skole, PPR, forældre og {kollega}. Aftalt [fast voksen i frikvarterer|ugentlig kontakt mellem skole og hjem|samtaleforløb]. Opfølgning uge {uge}.',
    ),
    during(
      'Opfølgning',
      'Familiebehandler oplyser fremgang. [Morgenerne er roligere.|Fraværet er faldet til 4 %.|Samværet fungerer efter den nye plan.] Indsatsen fortsætter 3 mdr.',
    ),
    during(
      'Telefonsamtale',
      'Mor ringer. Samværet i weekenden gik [godt|dårligt; barnet ville hjem lørdag aften]. Aftalt at drøfte det på mødet {frist}.',
    ),
    during(
      'Børnefaglig undersøgelse',
      'Afsnittene om skole, sundhed og familieforhold er skrevet. Mangler [udtalelse fra læge|samtale med far]. 4-måneders frist {frist}.',
    ),
    end(
      'Afgørelse',
      'Afgørelse om støttende indsats efter barnets lov § 32: [familiebehandling|kontaktperson|praktisk støtte i hjemmet]. Barnet er inddraget, og dets holdning fremgår.',
    ),
    end('Lukning', 'Bekymringen er ikke længere til stede. Sagen lukkes efter samtale med forældrene; brev sendt.'),
  ],
  sanction: [
    start(
      'Udeblivelse',
      'Jobcentret v/ {jobkollega} oplyser, at {fornavn} udeblev fra [jobsamtale|opfølgningssamtale|tilbud hos {virksomhed}] {dato} uden afbud. Vurdering af rimelig grund påbegyndt.',
    ),
    start(
      'Besked fra jobcentret',
      'Besked om, at {fornavn} [ikke er mødt i tilbud|har afslået henvist job|mangler at booke samtale]. Ydelsen skal tage stilling til nedsættelse. {fornavn} har [ingen tidligere sanktioner|fået én sanktion inden for 12 mdr.].',
    ),
    during(
      'Partshøring',
      'Partshøring sendt om nedsættelse af hjælpen for perioden {dato} til {dato2}. Frist {frist}. Vejledt om rimelige grunde, fx sygdom.',
    ),
    during(
      'Telefonsamtale',
      '{fornavn} ringer på baggrund af partshøringen. {Han} forklarer, at [børnene var syge|bussen ikke kom|{han} havde fået en forkert tid]. Bedt om at sende [sms fra skolen|lægebesked|skærmbillede af indkaldelsen].',
    ),
    during(
      'Vurdering',
      'Indkaldelsen er sendt til [Digital Post og læst {dato}|Digital Post, ikke åbnet]. {fornavn} er ikke fritaget. [Der er set på personlige forhold, og det vurderes, at en sanktion kan fremme rådigheden.|Der er tvivl om, hvorvidt {han} er udsat; drøftes med {kollega}.]',
    ),
    during(
      'Samråd',
      'Drøftet på sanktionsmøde. Enighed om, at [forklaringen ikke er en rimelig grund|der skal hentes oplysninger hos mentor, før der træffes afgørelse].',
    ),
    end(
      'Afgørelse',
      'Hjælpen nedsættes med [3|5|7] dage, i alt {beløb} kr. Træk i næste udbetaling. Begrundelse og klagevejledning sendt i Digital Post; {fornavn} er også ringet op.',
    ),
    end(
      'Ingen sanktion',
      '{fornavn} havde rimelig grund. Sagen lukkes uden nedsættelse, og jobcentret har fået besked.',
    ),
  ],
  rent: [
    start(
      'Ansøgning modtaget',
      '{fornavn} søger om hjælp til huslejen. Husleje {husleje} kr. ekskl. forbrug. [Lejekontrakt vedlagt.|Seneste huslejeopkrævning mangler.] Husstand: [alene|alene med børn i weekender|med samlever, der er fraflyttet].',
    ),
    start(
      'Brev fra boligforening',
      'Boligforeningen meddeler restance på {beløb} kr. og påkrav sendt {dato}. {fornavn} kontaktes hurtigst muligt jf. pligten til at tilbyde rådgivning ved udsættelse.',
      'udsættelse',
    ),
    during(
      'Telefonsamtale',
      'Talt med {fornavn}. Restancen skyldes [to måneder uden løn|en stor varmeregning|skilsmissen]. {Han} vil gerne blive boende. Budget gennemgås {frist}.',
    ),
    during(
      'Kontakt til udlejer',
      'Udlejer v/ administrationen er indstillet på en afdragsordning, hvis næste husleje betales til tiden. {fornavn} er orienteret og tager selv kontakt senest {frist}.',
    ),
    during(
      'Beregning',
      'Boligudgift efter boligstøtte: {husleje} kr. Særlig støtte beregnet efter § 87 [uden loftsreduktion|med fradrag for samværsbørn]. Ændring fra den 1.',
      'særlig|boligstøtte',
    ),
    during(
      'Oplysning fra Udbetaling Danmark',
      'Boligstøtten er [genberegnet pr. {dato}|stoppet, fordi husstandens indkomst er steget|forhøjet]. Særlig støtte skal følge med; {fornavn} får brev.',
    ),
    during(
      'Billigere bolig',
      'Muligheden for billigere bolig er drøftet. {fornavn} er skrevet op hos [to|tre] boligselskaber og har takket [ja|nej] til at blive anvist i [Ravnsø|Fjordby].',
    ),
    end(
      'Afgørelse',
      'Særlig støtte bevilget med {tilskud} kr. om måneden, revurderes om [6|12] mdr. Afgørelse sendt med klagevejledning.',
      'særlig|boligstøtte',
    ),
    end(
      'Afsluttet',
      'Restancen er betalt, og udsættelsessagen er trukket tilbage. {fornavn} betaler nu husleje via Betalingsservice.',
      'udsættelse',
    ),
  ],
  placement: [
    start(
      'Aftale om tilbud',
      '{fornavn} og jobcentret er enige om et forløb hos {virksomhed}. Formål: [afklare arbejdsevne|opnå ordinære timer|få nye kompetencer]. Start {dato2}, {timer} timer om ugen.',
    ),
    start(
      'Bevilling søgt',
      'Virksomheden har søgt digitalt. Rimelighedskrav og merbeskæftigelse er opfyldt; underskrevet af [tillidsrepræsentant|medarbejderrepræsentant]. {fornavn} har sagt ja.',
    ),
    during(
      'Virksomhedsbesøg',
      'Besøg hos {virksomhed}. {fornavn} viser rundt og kan forklare opgaverne. Kontaktpersonen roser [fremmødet|omhyggeligheden|humøret]. Næste mål: [selvstændig vagt|kassen|truck under opsyn].',
    ),
    during(
      'Telefon fra virksomheden',
      '{virksomhed} ringer: {fornavn} har været væk [to dage uden besked|en uge med influenza]. Aftalt, at {han} fremover ringer inden kl. 8. {fornavn} er enig.',
    ),
    during(
      'Midtvejsstatus',
      'Midtvejsstatus. Timetallet øges fra {timer}. {fornavn} er glad for [kollegerne|faste rammer|at lære nyt], men transporten tager [50 min.|over en time] hver vej.',
    ),
    during(
      'Befordring',
      'Befordringsgodtgørelse bevilget for perioden. Takst beregnet på korteste vej med bus. {fornavn} indsender skema sidst på måneden.',
    ),
    during(
      'Kursusbevis',
      'Bevis fra kurset modtaget: [truck B|hygiejnebevis|introduktion til sosu]. Cv opdateret sammen med {fornavn}.',
    ),
    end(
      'Afslutning',
      'Forløbet er slut. {virksomhed} tilbyder [ordinære timer, {timer} om ugen|en udtalelse, men ingen ansættelse|vikartimer]. {fornavn} evaluerer det som godt.',
    ),
    end(
      'Afbrudt',
      'Forløbet er afbrudt efter aftale med {fornavn} og {virksomhed} pga. [helbred|manglende match]. Ny plan lægges ved samtalen {frist}.',
    ),
  ],
  nursing: [
    start(
      'Henvisning',
      'Henvisning fra {læge} til [sårpleje|medicindosering|kompression|injektion]. Første besøg {frist}. {fornavn} er ringet op og har nøgleboks.',
    ),
    start(
      'Opstart sygepleje',
      'Første besøg. Datasæt udfyldt, medicinliste ajourført. {fornavn} klarer selv morgenmedicin; aften og nat doseres i æsker.',
    ),
    during(
      'Sygepleje',
      'Sår på [højre|venstre] underben tilset. [Fremgang, mindre sekretion.|Uændret, skift hver 2. dag.|Rødme; foto sendt til sårambulatoriet.] Næste besøg {dato2}.',
    ),
    during(
      'Medicin',
      'Dosering ændret af {læge}. FMK ajourført, æsker doseret til og med {dato2}. {fornavn} er instrueret.',
    ),
    during(
      'Blodtryk og vægt',
      'Målt i hjemmet: blodtryk [148/82|131/76|162/90], vægt [stabil|2 kg mindre end sidst]. {læge} får besked ved næste kontrol.',
    ),
    during(
      'Telefon til læge',
      'Konfereret med {læge} om [svimmelhed|smerter ved sårskift|manglende appetit]. Aftalt [blodprøver i hjemmet|pause med præparat|ny vurdering om en uge].',
    ),
    end('Afsluttet', 'Såret er helet, {fornavn} er instrueret i hudpleje. Indsatsen stopper; kontakt ved behov.'),
    end('Epikrise', 'Forløbet afsluttet og epikrise sendt til {læge}. {fornavn} doserer selv fremover.'),
  ],
  access: [
    start(
      'Anmodning modtaget',
      '{fornavn} har bedt om aktindsigt i [sin sag i Ydelsescenteret|sygedagpengesagen|alle sager siden 2022]. Kvittering sendt, frist 7 arbejdsdage.',
    ),
    start(
      'Anmodning fra advokat',
      'Advokat anmoder om aktindsigt på vegne af {fornavn}. Fuldmagt vedlagt og kontrolleret.',
    ),
    during(
      'Afgrænsning',
      'Anmodning afgrænset sammen med {fornavn} til perioden efter {dato}. Materialet samles fra [to|tre] forvaltninger.',
    ),
    during(
      'Gennemgang',
      '[84|132|210] sider gennemgået. Oplysninger om andre personer ekstraheres. Interne dokumenter drøftet med {kollega}.',
    ),
    during(
      'Fristforlængelse',
      'Materialet er omfattende. {fornavn} har fået besked om, at svar sendes senest {frist}, og hvorfor.',
    ),
    end(
      'Aktindsigt givet',
      'Aktindsigt givet med enkelte undtagelser. Sendt i Digital Post i [to|tre] dele med klagevejledning.',
    ),
    end(
      'Delvist afslag',
      'Der er givet delvis aktindsigt. Begrundelse for undtagne dokumenter fremgår af brevet. {fornavn} er ringet op.',
    ),
  ],
  register: [
    start(
      'Henvendelse',
      '{fornavn} møder op i Borgerservice med legitimation. Ønsker [at melde flytning|hjælp til MitID|at få rettet sin adresse|at høre om sin registrering].',
    ),
    start(
      'Anmeldelse modtaget',
      'Anmeldelse modtaget digitalt. [Logiværterklæring mangler.|Lejekontrakt vedhæftet.|Den fraflyttede adresse har fortsat navn på postkassen.] Kvittering sendt.',
      'flytning',
    ),
    during(
      'Telefonsamtale',
      'Talt med {fornavn}, som oplyser, at {han} [har boet på adressen siden {dato}|opholder sig hos en ven|afventer nøgler {dato2}]. Bedt om dokumentation senest {frist}.',
      'flytning|bopæl',
    ),
    during(
      'Partshøring',
      'Partshøring om registreringen sendt. {fornavn} har frist til {frist}. Bisidder kan medbringes til en eventuel samtale.',
    ),
    during(
      'Intern forespørgsel',
      'Spurgt [jobcentret v/ {jobkollega}|Ydelsescenter Nord v/ {ydelseskollega}], om der er kendskab til anden adresse. Svar: [nej|ja, brev kom retur {dato}].',
      'flytning|bopæl',
    ),
    during(
      'Udlejer kontaktet',
      'Udlejer bekræfter, at {fornavn} [har lejemålet fra {dato}|er fraflyttet|har fremlejet et værelse].',
      'flytning|bopæl',
    ),
    start(
      'Henvendelse',
      '{fornavn} kan ikke bruge MitID på grund af [nedsat syn|manglende computer|kognitive vanskeligheder] og søger om fritagelse for Digital Post.',
      'digital post',
    ),
    during(
      'Vejledning',
      'Vejledt om fritagelse, læseadgang for pårørende og fuldmagt. {fornavn} vil [tale med sin datter|tænke over det|gerne fritages nu].',
      'digital post',
    ),
    end('Registreret', 'Fritagelsen er registreret, og bekræftelse er sendt med almindelig post.', 'digital post'),
    end(
      'Afgørelse',
      'Registreringen er ændret i CPR, og {fornavn} har fået besked. Klagevejledning vedlagt.',
      'flytning|bopæl',
    ),
    end('Afsluttet', 'Dokumentation er modtaget og i orden. Sagen lukkes uden videre.'),
  ],
  guardianship: [
    start(
      'Anmodning fra Familieretshuset',
      'Familieretshuset beder om kommunens udtalelse om værgemål for {fornavn}. Frist {frist}.',
    ),
    during(
      'Samtale i hjemmet',
      'Besøg hos {fornavn} sammen med {kollega}. {Han} ved godt, at {han} har svært ved økonomien, og peger selv på sin [datter|søn] som værge.',
    ),
    during('Indhentet fra læge', 'Lægeerklæring modtaget fra {læge}. Behov for økonomisk værgemål støttes.'),
    end(
      'Udtalelse afgivet',
      'Udtalelse sendt til Familieretshuset: økonomisk værgemål anbefales, ikke personligt. {fornavn} har fået kopi.',
    ),
  ],
  assignment: [
    start(
      'Ansøgning modtaget',
      '{fornavn} søger om bolig via den kommunale anvisning. Nuværende bolig: [værelse hos bekendt|for dyr efter brud|uegnet pga. trapper]. Husstand og økonomi oplyst.',
    ),
    during('Visitation', 'Drøftet i boligudvalget. Akut behov [anerkendt|ikke til stede]. Gruppe [1|2].'),
    during(
      'Boligtilbud',
      'Tilbudt 2-rums på [Rolighedsparken|Kildebakken|Østbanevej], husleje {husleje} kr. {fornavn} skal svare inden {frist}.',
    ),
    during(
      'Telefonsamtale',
      '{fornavn} har set boligen og er [glad for den|i tvivl pga. afstanden til skolen]. Spørgsmål om indskud; henvist til Ydelsescenter Nord v/ {ydelseskollega}.',
    ),
    end('Anvist', 'Boligen er accepteret, indflytning {dato2}. Boligselskab og {fornavn} har fået besked.'),
    end('Sag lukket', '{fornavn} har fundet bolig selv. Slettet af listen efter ønske.'),
  ],
  funeral: [
    start(
      'Henvendelse fra pårørende',
      'Pårørende ringer om begravelseshjælp og om, hvem der lukker sagerne. Vejledt; hjælpemidler hentes efter aftale.',
    ),
    end('Afgørelse', 'Begravelseshjælp beregnet og udbetalt til boet. Brev sendt til bobestyrer.'),
  ],
  daycare: [
    start(
      'Ansøgning modtaget',
      '{fornavn} søger om økonomisk friplads. Ny husstandsindkomst oplyst fra {måned}; [lønsedler vedlagt|årsopgørelse mangler].',
    ),
    during(
      'Beregning',
      'Fripladstilskud beregnet på aktuel indkomst: nedsat betaling med {tilskud} kr. om måneden. Kontrolleres mod eIndkomst.',
    ),
    during(
      'Telefonsamtale',
      '{fornavn} spørger, om samværsbørn og søskenderabat tæller med. Forklaret, og nyt brev sendt.',
    ),
    during(
      'Efterregulering',
      'Indkomsten for {måned} var højere end oplyst. Tilskud nedsat fra den 1.; {fornavn} er partshørt.',
    ),
    end(
      'Afgørelse',
      'Fripladstilskud bevilget til udgangen af året. {fornavn} skal give besked ved ændringer i indkomst eller husstand.',
    ),
  ],
  pension: [
    start(
      'Ansøgning modtaget',
      '{fornavn} har søgt. Vejledt om sagsgangen og om, at sagen kan behandles på det foreliggende grundlag. Bisidder: [ingen|søn|socialrådgiver fra fagforeningen].',
    ),
    start(
      'Telefonsamtale',
      '{fornavn} spørger til [hvor langt sagen er|om {han} må arbejde ved siden af|hvornår en pension kan udbetales]. Vejledt og sendt link; {han} vil hellere have papir, som er lagt i posten.',
    ),
    during(
      'Indhentelse af oplysninger',
      'Anmodet {læge} om generel helbredsattest og sygehuset om journal fra {måned}. Samtykke foreligger.',
    ),
    during(
      'Samtale',
      'Samtale om arbejdshistorik. {fornavn} har arbejdet [32|27|19] år inden for [byggeri|rengøring|landbrug|pleje]. {Han} har prøvet [praktik hos {virksomhed}|delvis raskmelding uden held].',
    ),
    during('Formue', 'Likvid formue opgjort til {beløb} kr. pr. 1. januar. Uden betydning for tilkendelsen.'),
    during(
      'Partshøring',
      'Udkast til indstilling sendt i partshøring. Frist {frist}. {fornavn} er ringet op og har fået forklaret indholdet.',
    ),
    during(
      'Bemærkninger modtaget',
      '{fornavn} er [enig i indstillingen|ikke enig i beskrivelsen af arbejdsevnen]. Bemærkningerne er vedlagt sagen og forelagt teamet.',
    ),
    end(
      'Afgørelse',
      '[Bevilget|Tilkendt] fra den 1. i næste måned. Afgørelse og klagevejledning sendt. Udbetaling Danmark har fået besked.',
    ),
    end(
      'Afslag',
      'Afslag. Arbejdsevnen anses ikke for varigt nedsat i tilstrækkelig grad; [ressourceforløb|fleksjob] bør afprøves. {fornavn} er vejledt om klage inden 4 uger.',
    ),
  ],
  repayment: [
    start(
      'Afstemning',
      'Ved afstemning mod eIndkomst ses løn {beløb} kr. i {måned}, som ikke er oplyst. Mulig tilbagebetaling efter aktivlovens § 91. {fornavn} partshøres.',
    ),
    during('Partshøring', 'Partshøring sendt med opgørelse måned for måned. {fornavn} har frist til {frist}.'),
    during(
      'Telefonsamtale',
      '{fornavn} siger, at {han} troede, at arbejdsgiveren selv gav besked. [Erkender beløbet.|Bestrider {måned}, hvor {han} var syg.] Vil gerne afdrage.',
    ),
    during(
      'Afdragsordning',
      'Betalingsevne beregnet. Afdragsordning aftalt: {beløb} kr. i alt, fordelt over [12|18|24] måneder, første gang {dato2}.',
    ),
    end(
      'Afgørelse',
      'Afgørelse om tilbagebetaling truffet. Kravet er overgivet til [kommunens opkrævning|Gældsstyrelsen]. Klagevejledning sendt.',
    ),
    end(
      'Frafald',
      'Kravet frafaldes. {fornavn} var i god tro, og fejlen lå hos kommunen. Beklagelse givet telefonisk og skriftligt.',
    ),
  ],
};

/** Sentences that end a note now and then. */
export const closings: readonly string[] = [
  '{fornavn} er orienteret om notatet.',
  'Advis sat til {frist}.',
  'Kopi sendt til {kollega}.',
  'Der følges op i uge {uge}.',
  'Noteret efter offentlighedslovens § 13.',
];

/** Such sentences of a note about a conversation. */
export const talkClosings: readonly string[] = [
  'Samtalen varede ca. [10|15|25|40] min.',
  '{fornavn} har [ingen|ikke flere] spørgsmål.',
  'Oplysningerne er læst op for {fornavn}, som er enig.',
  'Der ringes op igen, hvis der ikke er svaret inden {frist}.',
  'Tonen var [god|venlig|lidt presset].',
];

/** Addenda that correct or complete an earlier note. */
export const addendumTexts: readonly string[] = [
  'Rettelse: datoen i notatet skal være {dato}.',
  'Tilføjelse: {fornavn} ringede samme eftermiddag og bekræftede aftalen.',
  'Rettelse: det var {hans} søster, der deltog, ikke {hans} mor.',
  'Tilføjelse: bilaget er modtaget {dato} og lagt på sagen.',
  'Tilføjelse: drøftet med {kollega}, ingen ændringer.',
];
