import type {Case, CasePhase, EventRecord, Note, RecordRef, Staff} from '@bsp/contract';
import {dayNumber, isoDay, isoWeek, longDate, momentOf, nextWorkday, shortDate, workday} from './calendar.js';
import {type CaseKind, type CaseKindId, caseKindIds, caseKinds, type Situation, type Topic} from './case-kinds.js';
import {cast} from './cast.js';
import {kleTitles} from './kle.js';
import {addendumTexts, closings, type NoteText, noteTexts, talkClosings} from './note-texts.js';
import {companies, doctors, otherMunicipalities} from './places.js';
import {epochYear, type Inhabitant, withoutUndefined} from './population.js';
import {type Chance, chanceOf, filled, hash32} from './random.js';
import {hostileTexts, type Script, type ScriptedCase, type ScriptedLetter, scripts} from './scripts.js';
import {staff, staffOf, type UnitId} from './staff.js';
import {caseNumber, type KorsbaekSourceId, phaseOf, type SystemId, systemIds, systems, wordsFor} from './systems.js';

/** A letter that a system sent to a person by Digital Post. */
export interface Letter {
  /** Position in the person's row of letters. */
  readonly number: number;
  readonly system: SystemId;
  readonly ref: RecordRef;
  readonly title: string;
  readonly case: {readonly ref: RecordRef; readonly title: string};
  readonly sentAt: string;
  readonly outcome: 'sent' | 'delivered' | 'failed';
  readonly reportedAt: string;
}

/** All that the systems hold on one person. */
export interface Dossier {
  readonly cases: Readonly<Record<SystemId, readonly Case[]>>;
  readonly notes: Readonly<Record<SystemId, readonly Note[]>>;
  readonly events: Readonly<Record<KorsbaekSourceId, readonly EventRecord[]>>;
  readonly letters: readonly Letter[];
}

/** What the moments of a dossier are counted from. */
export interface Today {
  readonly day: number;
  /** Seconds after midnight after which nothing has happened yet. */
  readonly untilSeconds: number;
}

interface Working {
  readonly kind: CaseKind;
  readonly record: Case;
  readonly openedDay: number;
  readonly changedDay: number;
  readonly changedSeconds: number;
  readonly script?: ScriptedCase;
}

const secondsOf = (clock: string): number => {
  const [hours, minutes] = clock.split(':').map(Number);
  return (hours ?? 0) * 3600 + (minutes ?? 0) * 60;
};

/** Seconds after the Danish midnight of a moment of ours. */
const clockSeconds = (moment: string): number => secondsOf(moment.slice(11, 16)) + Number(moment.slice(17, 19));

/** Makes what the systems hold on a person: a pure function of its arguments. */
export function dossierOf(seed: string, person: Inhabitant, today: Today): Dossier {
  const script = scripts[person.index];
  const chance = chanceOf(seed, 'dossier', person.index);
  /** Nothing lies in the future: what would have come later today came on the working day before. */
  const moment = (day: number, seconds: number): string =>
    day > today.day || (day === today.day && seconds > today.untilSeconds)
      ? momentOf(workday(today.day - 1), seconds)
      : momentOf(day, seconds);

  const working = script ? scriptedCases(person, script, today, moment, seed) : [];
  working.push(...generatedCases(person, script, chance, today, moment, working.length, working));
  const letters = lettersOf(person, working, chance, today, moment);
  const dossier: Dossier = {
    cases: bySource(
      systemIds,
      working.map((one) => one.record),
    ),
    notes: bySource(systemIds, notesOf(person, working, script, seed, today, moment)),
    events: bySource(['cpr', ...systemIds], eventsOf(seed, person, working, letters, today, moment)),
    letters,
  };
  return person.index === hostileIndex ? withHostileTexts(dossier) : dossier;
}

const bySource = <S extends string, T extends {ref: RecordRef}>(
  sources: readonly S[],
  records: readonly T[],
): Record<S, T[]> => {
  const result = Object.fromEntries(sources.map((source) => [source, [] as T[]])) as Record<S, T[]>;
  for (const record of records) result[record.ref.source as S].push(record);
  return result;
};

type MomentOf = (day: number, seconds: number) => string;

function scriptedCases(person: Inhabitant, script: Script, today: Today, moment: MomentOf, seed: string): Working[] {
  return script.cases.map((scripted, number) => {
    const kind: CaseKind = caseKinds[scripted.kind];
    const chance = chanceOf(seed, 'scripted', person.index, number);
    const openedDay = workday(today.day - scripted.openedDaysAgo);
    const changedDay = scripted.changedDaysAgo === 0 ? today.day : workday(today.day - scripted.changedDaysAgo);
    const changedSeconds = secondsOf(scripted.changedAt);
    return {
      kind,
      openedDay,
      changedDay,
      changedSeconds,
      script: scripted,
      record: withoutUndefined<Case>({
        ref: {source: kind.system, id: `c${person.index}-${number}`},
        title: scripted.title,
        number: caseNumber(kind.system, kind.kle, Number(isoDay(openedDay).slice(0, 4)), chance),
        status: statusOf(kind.system, scripted.word),
        kle: {number: kind.kle, title: kleTitles[kind.kle]},
        responsible: scripted.responsible === null ? undefined : memberOf(kind, scripted.responsible),
        openedAt: moment(openedDay, secondsOf('08:31')),
        changedAt: moment(changedDay, changedSeconds),
        closedAt: undefined,
        sensitivity: scripted.sensitivity ?? kind.sensitivity,
      }),
    };
  });
}

const memberOf = (kind: CaseKind, name: string): Staff =>
  staffOf(kind.unit).find((member) => member.name === name) ?? staff.find((member) => member.name === name) ?? {name};

const statusOf = (system: SystemId, native: string): Case['status'] => {
  const phase = phaseOf(system, native);
  return phase === undefined ? {native} : {phase, native};
};

/** The situations that an inhabitant is in. */
function situationsOf(person: Inhabitant, chance: Chance): Situation[] {
  // As of one year, so that nobody's cases change on a birthday.
  const age = epochYear - Number(person.birthDate.slice(0, 4));
  if (age < 18) return chance.one(0.3) ? ['child'] : [];
  if (age >= 67) return chance.one(0.85) ? ['pensioner', 'anyone'] : ['anyone'];
  const family: Situation[] = person.children.length > 0 ? ['family'] : [];
  const main = chance.weighted({none: 3, jobless: 3, sick: 2.5, worn: 1.5, disabled: 1.2});
  return main === 'none' ? ['anyone', ...family] : [main, ...family, 'anyone'];
}

function generatedCases(
  person: Inhabitant,
  script: Script | undefined,
  chance: Chance,
  today: Today,
  moment: MomentOf,
  first: number,
  before: readonly Working[],
): Working[] {
  const situations = script?.situations ?? situationsOf(person, chance);
  const ordinary = situations.every((situation) => situation === 'anyone' || situation === 'family');
  const count = script
    ? script.moreCases
    : situations.length === 0
      ? 0
      : ordinary
        ? chance.between(0, 3)
        : chance.between(2, 12);
  const fitting = caseKindIds.filter((id) =>
    caseKinds[id].situations.some((situation) => situations.includes(situation)),
  );
  const alive = person.status === 'active';
  const titles = new Set<string>(before.map((one) => one.record.title));
  let left: CaseKindId[] = [];
  const result: Working[] = [];
  for (let i = 0; i < count && fitting.length > 0; i++) {
    if (left.length === 0) left = chance.shuffled(fitting);
    const kind: CaseKind = caseKinds[left.pop()!];
    const open = script ? i < script.moreOpen : alive && chance.one(0.35);
    const phase: CasePhase = open
      ? chance.weighted({arisen: 2, informed: 4, decided: 2, ordered: 1.4, executed: 3})
      : 'closed';
    const words = wordsFor(kind.system, phase);
    const word = chance.pick(words.length > 0 ? words : wordsFor(kind.system, 'informed'));
    const adultDay = kind.topic === 'child' ? 0 : dayNumber(person.birthDate) + 18 * 366;
    const age = open
      ? chance.between(phase === 'arisen' ? 1 : 14, phase === 'arisen' ? 20 : 420)
      : chance.between(180, 3200);
    const openedDay = workday(
      Math.min(today.day - 1, Math.max(today.day - age, adultDay, dayNumber(person.birthDate) + 30)),
    );
    const span = open ? today.day - openedDay : Math.min(today.day - openedDay - 1, chance.between(20, 420));
    const changedDay = Math.max(
      openedDay,
      workday(open ? today.day - Math.floor(span * chance.next() ** 3) : openedDay + Math.max(0, span)),
    );
    const changedSeconds = chance.between(8 * 3600, 15 * 3600 + 1800);
    const year = isoDay(openedDay).slice(0, 4);
    let title = chance.pick(kind.titles).replace('2026', year);
    if (titles.has(title)) title = `${title.replace(/ \d{4}$/, '')}, ${longDate(openedDay)} ${year}`;
    titles.add(title);
    const needsNobody = phase === 'arisen' || phase === 'informed';
    const nobody = needsNobody ? chance.one(0.25) : chance.one(0.04);
    const closedAt = phase === 'closed' ? moment(changedDay, changedSeconds) : undefined;
    result.push({
      kind,
      openedDay,
      changedDay,
      changedSeconds,
      record: withoutUndefined<Case>({
        ref: {source: kind.system, id: `c${person.index}-${first + i}`},
        title,
        number: caseNumber(kind.system, kind.kle, Number(year), chance),
        status: statusOf(kind.system, word),
        kle: {number: kind.kle, title: kleTitles[kind.kle]},
        responsible: nobody ? undefined : chance.pick(staffOf(kind.unit)),
        openedAt: moment(openedDay, Math.min(changedSeconds, chance.between(8 * 3600, 14 * 3600))),
        changedAt: moment(changedDay, changedSeconds),
        closedAt,
        sensitivity: chance.one(0.02) ? 'vip' : kind.sensitivity,
      }),
    });
  }
  return result;
}

/** Texts of one person: each is used once before any is used again. */
class TextBank {
  readonly #chance: Chance;
  readonly #left = new Map<string, NoteText[]>();

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  draw(topic: Topic, stage: NoteText['stage'], title: string): NoteText {
    const key = `${topic}/${stage}`;
    const lowered = title.toLowerCase();
    const fits = ({only}: NoteText): boolean => only === undefined || only.some((word) => lowered.includes(word));
    let left = this.#left.get(key) ?? [];
    if (!left.some(fits)) left = this.#chance.shuffled(noteTexts[topic].filter((text) => text.stage === stage));
    const at = left.findLastIndex(fits);
    this.#left.set(
      key,
      left.filter((_, i) => i !== at),
    );
    // A topic of few words has nothing to say while a case runs.
    return left[at] ?? this.#chance.pick(noteTexts[topic].filter(fits));
  }
}

function notesOf(
  person: Inhabitant,
  working: readonly Working[],
  script: Script | undefined,
  seed: string,
  today: Today,
  moment: MomentOf,
): Note[] {
  const chance = chanceOf(seed, 'notes', person.index);
  const bank = new TextBank(chance);
  const bodies = new Set<string>();
  const notes: Note[] = [];
  const add = (one: Working, day: number, seconds: number, heading: string, body: string, author: Staff): void => {
    const number = notes.length;
    const occurredAt = moment(day, seconds);
    const later = Math.min(chance.between(120, 5400), Math.max(60, 17 * 3600 - seconds));
    const recordedAt = moment(
      day,
      day === today.day ? Math.min(seconds + later, Math.max(seconds, today.untilSeconds)) : seconds + later,
    );
    const second = chanceOf(seed, 'addendum', person.index, number);
    const addendum = second.one(0.07) && day < today.day - 3;
    notes.push(
      withoutUndefined<Note>({
        ref: {source: one.kind.system, id: `n${person.index}-${number}`},
        case: {ref: one.record.ref, title: one.record.title},
        occurredAt,
        recordedAt,
        author,
        heading,
        body,
        kle: one.record.kle,
        delivery: undefined,
        addenda: addendum
          ? [
              {
                at: moment(workday(day + 2), seconds),
                author,
                body: written(second.pick(addendumTexts), second, person, day, colleaguesOf(one.kind, author, second)),
              },
            ]
          : undefined,
      }),
    );
  };

  for (const one of working) {
    if (!systems[one.kind.system].resources.includes('journal')) continue;
    for (const note of one.script?.notes ?? []) {
      const author = memberOf(one.kind, note.author ?? one.script?.responsible ?? '');
      const day = note.daysAgo === 0 ? today.day : workday(today.day - note.daysAgo);
      add(
        one,
        day,
        secondsOf(note.at),
        note.heading,
        note.body,
        author.name === '' ? chance.pick(staffOf(one.kind.unit)) : author,
      );
    }
    if (one.script) continue;
    const decided = !['arisen', 'informed'].includes(one.record.status.phase ?? 'arisen');
    const most = script ? script.notesPerCase : chance.between(0, 5);
    const count = one.record.status.phase === 'arisen' ? Math.min(1, most) : most;
    const days = Array.from({length: count}, () => chance.between(one.openedDay, one.changedDay))
      .map((day) => Math.max(one.openedDay, workday(day)))
      .sort((a, b) => a - b);
    const company = chance.pick(companies);
    let before = {day: 0, seconds: 0};
    days.forEach((day, i) => {
      const stage = i === 0 ? 'start' : i === count - 1 && decided ? 'end' : 'during';
      const text = bank.draw(one.kind.topic, stage, one.record.title);
      const usual = one.record.responsible ?? chance.pick(staffOf(one.kind.unit));
      const author = chance.one(0.75) && usual.unit !== undefined ? usual : authorOf(one.kind, chance);
      const blanks = {virksomhed: company, ...thingOf(one.record.title), ...colleaguesOf(one.kind, author, chance)};
      const closing = (): string => {
        const talk = /samtale|vagttelefon/i.test(text.heading);
        return written(chance.pick(talk ? talkClosings : closings), chance, person, day, blanks);
      };
      let body = written(text.body, chance, person, day, blanks);
      if (chance.one(0.3)) body += `\n\n${closing()}`;
      for (let attempt = 0; bodies.has(body) && attempt < 8; attempt++) {
        body = `${written(text.body, chance, person, day, blanks)}\n\n${closing()}`;
      }
      bodies.add(body);
      const seconds = chance.between(8 * 3600, 13 * 3600);
      const later = day === before.day ? Math.max(seconds, before.seconds + 1200) : seconds;
      before = {day, seconds: later};
      add(one, day, later, text.heading, body, author);
    });
  }
  return notes;
}

/** What a case is about, in its title: `kørestol` of `Hjælpemiddel: kørestol`. */
function thingOf(title: string): {ting: string; Ting: string} {
  const plain = title.replace(/, \d+\. .*$/, '');
  const thing =
    /(?:: |, |Tilskud til |Hjælp til |Lån til )(?:udgift til )?([^:,]+)$/.exec(plain)?.[1] ?? plain.toLowerCase();
  return {ting: thing, Ting: thing.charAt(0).toUpperCase() + thing.slice(1)};
}

/** Colleagues whom a note may name: never its author. */
function colleaguesOf(
  kind: CaseKind,
  author: Staff,
  chance: Chance,
): Record<'kollega' | 'jobkollega' | 'ydelseskollega', string> {
  const from = (unit: UnitId): string => chance.pick(staffOf(unit).filter(({name}) => name !== author.name)).name;
  return {
    kollega: from(kind.unit === 'national' ? 'benefits' : kind.unit),
    jobkollega: from('job'),
    ydelseskollega: from('benefits'),
  };
}

const authorOf = (kind: CaseKind, chance: Chance): Staff =>
  chance.pick(staffOf(kind.unit === 'national' ? 'benefits' : kind.unit));

const monthNames = 'januar,februar,marts,april,maj,juni,juli,august,september,oktober,november,december'.split(',');

const kroner = (amount: number): string =>
  amount >= 1000 ? `${Math.floor(amount / 1000)}.${String(amount % 1000).padStart(3, '0')}` : String(amount);

function written(
  template: string,
  chance: Chance,
  person: Inhabitant,
  day: number,
  blanks: Readonly<Record<string, string>>,
): string {
  const woman = person.sex === 'female';
  return filled(template, chance, {
    fornavn: person.first,
    han: woman ? 'hun' : 'han',
    Han: woman ? 'Hun' : 'Han',
    hans: woman ? 'hendes' : 'hans',
    Hans: woman ? 'Hendes' : 'Hans',
    ham: woman ? 'hende' : 'ham',
    dato: shortDate(workday(day - chance.between(2, 60))),
    dato2: shortDate(nextWorkday(day + chance.between(4, 30))),
    frist: shortDate(nextWorkday(day + chance.between(7, 21))),
    måned: monthNames[(Number(isoDay(day).slice(5, 7)) + 10 - chance.between(0, 2)) % 12]!,
    uge: String(isoWeek(day + chance.between(7, 24))),
    timer: String(chance.between(4, 30)),
    beløb: kroner(chance.one(0.5) ? chance.between(9, 79) * 50 : chance.between(40, 128) * 100),
    husleje: kroner(chance.between(84, 196) * 50),
    tilskud: kroner(chance.between(24, 118) * 20),
    læge: doctorOf(person),
    ...blanks,
  }).replace(/\.\.(?=\s|$)/g, '.');
}

/** Everybody keeps their doctor. */
const doctorOf = (person: Inhabitant): string => chanceOf('doctor', person.index).pick(doctors);

function lettersOf(
  person: Inhabitant,
  working: readonly Working[],
  chance: Chance,
  today: Today,
  moment: MomentOf,
): Letter[] {
  const letters: Letter[] = [];
  const add = (
    one: Working,
    title: string,
    day: number,
    seconds: number,
    outcome: Letter['outcome'],
    reportedAt: string,
  ): void => {
    const {system} = one.kind;
    letters.push({
      number: letters.length,
      system,
      ref: {source: system, id: `d${person.index}-${letters.length}`},
      title,
      case: {ref: one.record.ref, title: one.record.title},
      sentAt: moment(day, seconds),
      outcome,
      reportedAt,
    });
  };
  for (const one of working) {
    if (!systems[one.kind.system].resources.includes('events')) continue;
    for (const letter of one.script?.letters ?? []) {
      const day = workday(today.day - letter.daysAgo);
      add(one, letter.title, day, secondsOf(letter.at), letter.outcome, reportedMoment(letter, day, today, moment));
    }
    if (one.script) continue;
    const titles = one.kind.letters;
    const count = titles.length === 0 ? 0 : chance.between(0, Math.min(2, titles.length));
    const reachable = person.status === 'active';
    for (const title of chance.shuffled(titles).slice(0, count)) {
      const day = Math.max(one.openedDay, workday(chance.between(one.openedDay, one.changedDay)));
      const seconds = chance.between(8 * 3600, 15 * 3600);
      const failed = chance.one(reachable ? 0.1 : 0.5);
      const reported = chance.one(0.5) || day < today.day - 1;
      const outcome = failed ? 'failed' : reported ? 'delivered' : 'sent';
      add(one, title, day, seconds, outcome, moment(day, seconds + chance.between(40, 1800)));
    }
  }
  return letters;
}

const reportedMoment = (letter: ScriptedLetter, sentDay: number, today: Today, moment: MomentOf): string => {
  const daysAgo = letter.reportedDaysAgo ?? letter.daysAgo;
  const day = daysAgo === 0 ? today.day : Math.max(sentDay, workday(today.day - daysAgo));
  return moment(day, secondsOf(letter.reportedAt ?? letter.at));
};

/** Errors that Digital Post gives, in its words. */
const postErrors: readonly {readonly code: string; readonly text: string}[] = [
  {code: 'recipient.not.subscribed', text: 'Modtageren er ikke tilmeldt Digital Post'},
  {code: 'recipient.exempted', text: 'Modtageren er fritaget for Digital Post'},
  {code: 'recipient.closed', text: 'Modtagerens postkasse er lukket'},
  {code: 'document.too.large', text: 'Dokumentet er for stort til at blive leveret'},
];

/** Adds an event. The key tells it from the person's others and makes its id: the same whatever the day. */
type AddEvent = (
  key: string,
  source: KorsbaekSourceId,
  type: string,
  title: string,
  occurredAt: string,
  more: Pick<EventRecord, 'text' | 'about' | 'delivery'>,
) => void;

function eventsOf(
  seed: string,
  person: Inhabitant,
  working: readonly Working[],
  letters: readonly Letter[],
  today: Today,
  moment: MomentOf,
): EventRecord[] {
  const events: EventRecord[] = [];
  const chanceFor = (key: string): Chance => chanceOf(seed, 'event', person.index, key);
  const add: AddEvent = (key, source, type, title, occurredAt, more) => {
    const chance = chanceFor(`${key}/marks`);
    const day = dayNumber(occurredAt.slice(0, 10));
    const ageDays = today.day - day;
    const seen = ageDays > 10 || (ageDays > 0 && chance.one(0.55));
    const acknowledged = seen && ageDays > 1 && chance.one(0.75);
    const done = acknowledged && ageDays > 5 && chance.one(0.6);
    const seenSeconds = clockSeconds(occurredAt) + chance.between(600, 7200);
    const acknowledgedSeconds = seenSeconds + chance.between(60, 5400);
    const by = chance.pick(staff).name;
    events.push(
      withoutUndefined<EventRecord>({
        ref: {source, id: `e${person.index}-${key}`},
        type,
        title,
        occurredAt,
        receivedAt: momentLater(occurredAt, chance.between(2, 240), today, moment),
        text: more.text,
        about: more.about,
        delivery: more.delivery,
        seenAt: seen ? moment(day, seenSeconds) : undefined,
        acknowledged: acknowledged ? {at: moment(day, acknowledgedSeconds), by} : undefined,
        done: done ? {at: moment(nextWorkday(day + 2), secondsOf('08:05')), by} : undefined,
      }),
    );
  };

  for (const letter of letters) {
    const key = `letter${letter.number}`;
    const chance = chanceFor(key);
    const forgotten = chance.one(0.7);
    if (forgotten && today.day - dayNumber(letter.sentAt.slice(0, 10)) > 240) continue;
    const about: EventRecord['about'] = {kind: 'document', ref: letter.ref, title: letter.title, case: letter.case};
    const channel = 'Digital Post';
    add(`${key}-sent`, letter.system, 'digital-post.sent', 'Digital Post afsendt', letter.sentAt, {
      text: `${letter.title} er afsendt.`,
      about,
      delivery: {channel, state: 'sent', native: 'Modtaget Digital Post'},
    });
    if (letter.outcome === 'delivered') {
      add(`${key}-delivered`, letter.system, 'digital-post.delivered', 'Digital Post afleveret', letter.reportedAt, {
        text: letter.title,
        about,
        delivery: {channel, state: 'delivered', native: 'Afleveret Digital Post'},
      });
    } else if (letter.outcome === 'failed') {
      const error = person.index === 0 ? postErrors[0]! : chance.pick(postErrors);
      add(`${key}-failed`, letter.system, 'digital-post.failed', 'Digital Post kunne ikke leveres', letter.reportedAt, {
        text: `${letter.title} af ${shortDate(dayNumber(letter.sentAt.slice(0, 10)))} ${error.text}.`,
        about,
        delivery: {channel, state: 'failed', native: 'Fejlet', error},
      });
    }
  }

  for (const {kind, record, openedDay, changedDay} of working) {
    if (!systems[kind.system].resources.includes('events')) continue;
    const key = record.ref.id.slice(record.ref.id.indexOf('-') + 1);
    const chance = chanceFor(key);
    const about: EventRecord['about'] = {
      kind: 'case',
      ref: record.ref,
      title: record.title,
      case: {ref: record.ref, title: record.title},
    };
    if (kind.system !== 'momentum' && kind.topic !== 'sanction' && today.day - openedDay < 90 && record.openedAt) {
      add(`${key}-received`, kind.system, 'application.received', 'Ansøgning modtaget', record.openedAt, {
        text: `${record.title}. Kvittering er sendt til borgeren.`,
        about,
      });
    }
    if (record.status.phase === 'informed' && changedDay > today.day - 60) {
      add(
        `${key}-deadline`,
        kind.system,
        'deadline.approaching',
        'Frist nærmer sig',
        moment(changedDay, secondsOf('07:00')),
        {
          text: `Svarfrist ${shortDate(workday(today.day + chance.between(2, 14)))} i ${record.title}.`,
          about,
        },
      );
    }
    if (kind.system === 'momentum' && record.status.phase !== 'closed' && changedDay > today.day - 45) {
      const planned = workday(today.day + chance.between(3, 12));
      add(`${key}-meeting`, 'momentum', 'meeting.planned', 'Samtale planlagt', moment(changedDay, secondsOf('10:30')), {
        text: `${longDate(planned)} kl. ${chance.pick(['9.00', '10.30', '13.15', '14.00'])} i Jobcenter Korsbæk.`,
        about,
      });
    }
  }
  addRegisterEvents(person, add, chanceFor('register'), today, moment);
  return events;
}

function addRegisterEvents(person: Inhabitant, add: AddEvent, chance: Chance, today: Today, moment: MomentOf): void {
  if (person.index === emptyIndex) return;
  const about: EventRecord['about'] = {
    kind: 'person',
    ref: {source: 'cpr', id: `p${person.index}`},
    title: 'Personoplysninger',
  };
  const recent = (day: string | undefined): day is string =>
    day !== undefined && dayNumber(day) <= today.day && today.day - dayNumber(day) < 400;
  const isProtected = person.protections.some(({kind}) => kind === 'name-address');
  if (person.address && recent(person.address.since)) {
    // The register tells of Maude's move on the day that the demo is shown.
    const day = person.index === 0 ? today.day : workday(dayNumber(person.address.since) + 1);
    add('moved', 'cpr', 'cpr.moved', 'Flytning registreret i CPR', moment(day, secondsOf('08:30')), {
      text: isProtected
        ? 'Adressen er beskyttet.'
        : `Ny adresse fra ${shortDate(dayNumber(person.address.since))}${chance.one(0.3) ? ` Tilflyttet fra ${chance.pick(otherMunicipalities)}.` : ''}`,
      about,
    });
  }
  for (const protection of person.protections) {
    if (protection.kind !== 'name-address' || !recent(protection.from)) continue;
    add(
      'protected',
      'cpr',
      'cpr.protection',
      'Navne- og adressebeskyttelse registreret',
      moment(workday(dayNumber(protection.from)), secondsOf('12:05')),
      {
        text: `Gælder fra ${shortDate(dayNumber(protection.from))}`,
        about,
      },
    );
  }
  if (recent(person.civilSince) && person.civilStatus !== 'deceased') {
    const words: Partial<Record<Inhabitant['civilStatus'], string>> = {
      married: 'Vielse',
      separated: 'Separation',
      divorced: 'Skilsmisse',
      widowed: 'Ægtefælles død',
    };
    const word = words[person.civilStatus];
    if (word)
      add(
        'civil',
        'cpr',
        'cpr.civil-status',
        `${word} registreret i CPR`,
        moment(workday(dayNumber(person.civilSince)), secondsOf('09:15')),
        {about},
      );
  }
  if (person.statusSince !== undefined && recent(person.statusSince)) {
    const words: Partial<Record<Inhabitant['status'], readonly [string, string]>> = {
      dead: ['cpr.dead', 'Dødsfald registreret i CPR'],
      emigrated: ['cpr.emigrated', 'Udrejse registreret i CPR'],
      missing: ['cpr.missing', 'Registreret forsvundet i CPR'],
      'changed-number': ['cpr.number-changed', 'Personnummer ændret'],
    };
    const word = words[person.status];
    if (word)
      add('status', 'cpr', word[0], word[1], moment(workday(dayNumber(person.statusSince)), secondsOf('08:05')), {
        about,
      });
  }
}

function momentLater(occurredAt: string, seconds: number, today: Today, moment: MomentOf): string {
  const day = dayNumber(occurredAt.slice(0, 10));
  const of = clockSeconds(occurredAt);
  const later = day === today.day ? Math.min(of + seconds, Math.max(of, today.untilSeconds)) : of + seconds;
  return moment(day, later);
}

const emptyIndex = cast.findIndex((person) => person.first === 'Rasmus');
const hostileIndex = cast.findIndex((person) => person.first.startsWith('<'));

/** Puts a hostile text into every free text. A number of another person stands in one of the notes. */
function withHostileTexts(dossier: Dossier): Dossier {
  const spoil = (text: string, key: string): string => {
    const hostile = hostileTexts[hash32(`${key}/${text}`) % hostileTexts.length]!;
    return `${hostile} ${text}`;
  };
  const spoilStaff = (member: Staff, key: string): Staff => ({
    name: spoil(member.name, key),
    ...(member.unit === undefined ? {} : {unit: spoil(member.unit, `${key}u`)}),
  });
  const mapped = <S extends string, T>(
    records: Readonly<Record<S, readonly T[]>>,
    change: (record: T, key: string) => T,
  ) =>
    Object.fromEntries(
      Object.entries<readonly T[]>(records).map(([source, list]) => [
        source,
        list.map((record, i) => change(record, `${source}/${i}`)),
      ]),
    ) as Record<S, T[]>;
  const spoilAbout = (about: EventRecord['about'], key: string): Pick<EventRecord, 'about'> =>
    about ? {about: {...about, title: spoil(about.title ?? '', key)}} : {};
  return {
    cases: mapped(dossier.cases, (record, key) => ({
      ...record,
      title: spoil(record.title, key),
      status: {...record.status, native: spoil(record.status.native, `${key}s`)},
      ...(record.responsible ? {responsible: spoilStaff(record.responsible, `${key}r`)} : {}),
    })),
    notes: mapped(dossier.notes, (record, key) => ({
      ...record,
      heading: spoil(record.heading, `${key}h`),
      body: `${spoil(record.body, key)}\n\nSe også personnummer ${cast[1]!.cpr.slice(0, 6)}-${cast[1]!.cpr.slice(6)}.`,
      author: spoilStaff(record.author, `${key}a`),
      ...(record.case ? {case: {...record.case, title: spoil(record.case.title ?? '', `${key}c`)}} : {}),
    })),
    events: mapped(dossier.events, (record, key) => ({
      ...record,
      title: spoil(record.title, key),
      ...(record.text === undefined ? {} : {text: spoil(record.text, `${key}t`)}),
      ...spoilAbout(record.about, `${key}b`),
    })),
    letters: dossier.letters,
  };
}
