import assert from 'node:assert/strict';
import {existsSync, readFileSync} from 'node:fs';
import {describe, it} from 'node:test';
import {fileURLToPath} from 'node:url';
import {
  casePhases,
  casesResource,
  eventsResource,
  journalResource,
  maskCprInText,
  parseCpr,
  parseKle,
  personResource,
  sensitivities,
} from '@bsp/contract';
import fc from 'fast-check';
import {caseKindIds, caseKinds} from './case-kinds.js';
import {cast} from './cast.js';
import {
  characters,
  kleTitles,
  type Municipality,
  municipality,
  phaseOf,
  staff,
  systemIds,
  systems,
  units,
} from './index.js';
import {personRecord} from './person-record.js';

const today = '2026-11-20T10:15:00+01:00';
const town = municipality({today, size: 100_000});
const anyone = fc.integer({min: 0, max: 99_999});
const index = (key: string): number => characters.findIndex((character) => character.key === key);
const everything = (place: Municipality, from: number, to: number): string =>
  JSON.stringify(
    Array.from({length: to - from}, (_, i) => [
      place.inhabitant(from + i),
      place.dossier(from + i),
      place.sentMessages(from + i),
    ]),
  );

describe('a municipality', () => {
  it('is the same for the same seed, byte for byte, and in any order of asking', () => {
    const one = municipality({seed: 'a', size: 500, today});
    const other = municipality({seed: 'a', size: 500, today});
    other.dossier(211);
    other.inhabitant(499);
    assert.equal(everything(other, 0, 120), everything(one, 0, 120));
  });

  it('differs for another seed', () => {
    const generated = (seed: string): string => everything(municipality({seed, size: 500, today}), cast.length, 120);
    assert.notEqual(generated('a'), generated('b'));
  });

  it('keeps people and record ids whatever the day', () => {
    const later = municipality({today: '2026-12-09', size: 100_000});
    const byId = (place: Municipality, one: number): Map<string, string> => {
      const {cases, notes, events, letters} = place.dossier(one);
      const told = [
        ...Object.values(cases)
          .flat()
          .map(({ref, kle}) => [ref.id, kle?.number]),
        ...Object.values(notes)
          .flat()
          .map(({ref, heading, case: about}) => [ref.id, `${heading} ${about?.ref.id}`]),
        ...Object.values(events)
          .flat()
          .map(({ref, type, about}) => [ref.id, `${type} ${about?.ref.id}`]),
        ...letters.map(({ref, title}) => [ref.id, title]),
      ] as [string, string][];
      assert.equal(new Map(told).size, told.length);
      return new Map(told);
    };
    for (let one = 0; one < 300; one++) {
      if (one === index('kasper')) continue;
      assert.deepEqual(later.inhabitant(one), town.inhabitant(one));
      const before = byId(town, one);
      for (const [id, told] of byId(later, one)) assert.equal(told, before.get(id) ?? told, id);
      const lasting = (ids: Iterable<string>) => [...ids].filter((id) => !id.startsWith('e'));
      assert.deepEqual(lasting(byId(later, one).keys()), lasting(before.keys()));
    }
  });

  it('has people of any size found by number, and nobody else', () => {
    fc.assert(
      fc.property(anyone, (one) => {
        const person = town.inhabitant(one);
        assert.equal(town.indexOf(person.cpr), one);
        assert.equal(town.indexOfHandle(town.handleOf(one)), one);
        assert.equal(municipality({size: 1 + (one % 20), today}).indexOf(person.cpr) === one, one < 1 + (one % 20));
      }),
      {numRuns: 300},
    );
    assert.equal(town.indexOf('6101019999'), undefined);
    assert.equal(town.indexOfHandle('p'), undefined);
    assert.equal(town.indexOfHandle('pzzzzzz'), undefined);
    assert.throws(() => municipality({size: 0}), RangeError);
    assert.throws(() => town.inhabitant(100_000), RangeError);
  });

  it('has the same number for nobody else', () => {
    const numbers = new Set(Array.from({length: 20_000}, (_, i) => town.inhabitant(i).cpr));
    assert.equal(numbers.size, 20_000);
  });

  it('has only synthetic numbers that agree with birth date and sex', () => {
    const check = (one: number): void => {
      const person = town.inhabitant(one);
      const cpr = parseCpr(person.cpr);
      assert.ok(cpr.ok);
      assert.ok(cpr.value.replacement);
      assert.equal(cpr.value.birthDate, person.birthDate);
      assert.equal(cpr.value.sex, person.sex);
    };
    cast.forEach(({index: one}) => {
      check(one);
    });
    fc.assert(fc.property(anyone, check), {numRuns: 300});
  });

  it('has families that are told alike from every side', () => {
    fc.assert(
      fc.property(fc.oneof(anyone, fc.nat({max: cast.length - 1})), (one) => {
        const person = town.inhabitant(one);
        if (person.spouse !== undefined) {
          const spouse = town.inhabitant(person.spouse);
          assert.equal(spouse.spouse, one);
          assert.equal(spouse.civilSince, person.civilSince);
          assert.equal(spouse.civilStatus, person.civilStatus);
        }
        for (const child of person.children) {
          const {mother, father, birthDate} = town.inhabitant(child);
          assert.equal(person.sex === 'female' ? mother : father, one);
          assert.ok(Number(birthDate.slice(0, 4)) - Number(person.birthDate.slice(0, 4)) >= 15);
        }
        for (const parent of [person.mother, person.father]) {
          if (parent !== undefined) assert.ok(town.inhabitant(parent).children.includes(one));
        }
        for (const holder of person.custody) {
          assert.ok([person.mother, person.father].includes(holder));
          assert.ok(town.inhabitant(holder).children.includes(one));
        }
        if (person.replacedBy !== undefined) {
          assert.ok(town.inhabitant(person.replacedBy).previousNumbers.includes(person.cpr));
        }
      }),
      {numRuns: 400},
    );
  });

  it('gives records that the contract reads, with moments in order and none to come, whenever it is', () => {
    const moments = fc.date({min: new Date('2026-07-01'), max: new Date('2028-01-31'), noInvalidDate: true});
    fc.assert(
      fc.property(fc.oneof(anyone, fc.nat({max: cast.length - 1})), moments, (one, now) => {
        const town = municipality({today: now.toISOString(), size: 100_000});
        const person = town.inhabitant(one);
        const record = personRecord(town, person, {masked: '010101-••••'}, () => ({masked: '010101-••••'}));
        assert.deepEqual(personResource.parse(record), record);
        const dossier = town.dossier(one);
        for (const system of systemIds) {
          for (const item of dossier.cases[system]) {
            const read = casesResource.parse(item);
            assert.deepEqual(read, item);
            assert.ok(
              item.openedAt !== undefined && Date.parse(item.openedAt) <= Date.parse(item.changedAt),
              item.ref.id,
            );
            assert.ok(Date.parse(item.changedAt) <= now.getTime(), item.ref.id);
            assert.equal(item.closedAt !== undefined, item.status.phase === 'closed');
          }
          for (const note of dossier.notes[system]) {
            assert.deepEqual(journalResource.parse(note), note);
            assert.ok(Date.parse(note.occurredAt) <= Date.parse(note.recordedAt), note.ref.id);
            assert.ok(Date.parse(note.recordedAt) <= now.getTime(), note.ref.id);
            const about = dossier.cases[system].find(({ref}) => ref.id === note.case?.ref.id);
            assert.ok(about, 'a note belongs to a case of its own system');
          }
        }
        for (const event of Object.values(dossier.events).flat()) {
          assert.deepEqual(eventsResource.parse(event), event);
          const times = [event.occurredAt, event.receivedAt, event.seenAt, event.acknowledged?.at, event.done?.at]
            .filter((time) => time !== undefined)
            .map((time) => Date.parse(time));
          assert.deepEqual(
            times,
            times.toSorted((a, b) => a - b),
            event.ref.id,
          );
          assert.ok(times.at(-1)! <= now.getTime(), event.ref.id);
        }
      }),
      {numRuns: 300},
    );
  });

  it('leaves no blank of a template open, and writes no number of a person', () => {
    for (let one = 0; one < 400; one++) {
      if (one === index('kasper')) continue;
      const {notes, cases, events} = town.dossier(one);
      for (const note of Object.values(notes).flat()) {
        const text = [note.heading, note.body, ...(note.addenda ?? []).map(({body}) => body)].join(' ');
        assert.doesNotMatch(text, /[{}[\]|]|\.\.|undefined/, note.ref.id);
      }
      const text = JSON.stringify([notes, cases, events]);
      assert.equal(maskCprInText(text), text);
    }
  });

  it('knows a phase for every word of every system, and all phases in words', () => {
    const phases = new Set<string>();
    for (const system of systemIds) {
      for (const [word, phase] of Object.entries(systems[system].words)) {
        assert.equal(phaseOf(system, word), phase);
        phases.add(phase);
      }
      assert.ok(Object.keys(systems[system].words).length >= 6);
      assert.equal(phaseOf(system, 'constructor'), undefined);
    }
    assert.deepEqual([...phases].toSorted(), casePhases.toSorted());
    const seen = new Set<string>();
    const levels = new Set<string>();
    let nobody = 0;
    for (let one = 0; one < 300; one++) {
      if (one === index('kasper')) continue;
      for (const system of systemIds) {
        for (const {status, sensitivity, responsible} of town.dossier(one).cases[system]) {
          assert.equal(status.phase, phaseOf(system, status.native));
          seen.add(`${system}/${status.native}`);
          levels.add(sensitivity);
          if (!responsible) nobody++;
        }
      }
    }
    for (const system of systemIds) {
      for (const word of Object.keys(systems[system].words))
        assert.ok(seen.has(`${system}/${word}`), `${system}/${word}`);
    }
    assert.deepEqual([...levels].toSorted(), sensitivities.filter((level) => level !== 'unknown').toSorted());
    assert.ok(nobody > 10);
  });

  it('has offices with named staff', () => {
    assert.ok(new Set(staff.map(({name}) => name)).size >= 30);
    for (const {unit} of staff) assert.ok(Object.values(units).some(({name}) => name === unit));
  });
});

describe('the KLE subjects', () => {
  it('are numbers of KLE, and every kind of case has one', () => {
    for (const number of Object.keys(kleTitles)) assert.ok(parseKle(number).ok, number);
    for (const id of caseKindIds) assert.ok(Object.hasOwn(kleTitles, caseKinds[id].kle), id);
  });

  const list = fileURLToPath(new URL('../../../../shared/data/kle/kle-emner-2026-02.csv', import.meta.url));
  const skip = existsSync(list) ? false : 'the list ../shared/data/kle/kle-emner-2026-02.csv is not here';
  it('carry the titles of the list of February 2026', {skip}, () => {
    const titles = new Map(
      readFileSync(list, 'utf8')
        .split(/\r?\n/)
        .map((line) => [line.slice(0, line.indexOf(';')), line.slice(line.indexOf(';') + 1)] as const),
    );
    for (const [number, title] of Object.entries(kleTitles)) assert.equal(title, titles.get(number), number);
  });
});

describe('the characters', () => {
  const dossier = (key: string) => town.dossier(index(key));
  const count = (records: Readonly<Record<string, readonly unknown[]>>): number => Object.values(records).flat().length;

  it('are found by their numbers', () => {
    for (const character of characters) assert.equal(town.indexOf(character.cpr), index(character.key));
  });

  it('are in the states that they stand for', () => {
    const status = (key: string) => town.inhabitant(index(key)).status;
    assert.deepEqual(['vilhelm', 'katrine', 'jonas', 'sasja'].map(status), [
      'dead',
      'emigrated',
      'missing',
      'changed-number',
    ]);
    assert.equal(town.inhabitant(index('alma')).custody.length, 2);
    assert.ok(town.inhabitant(index('maude')).protections.some(({kind}) => kind === 'name-address'));
    assert.ok(
      systemIds.every((id) => dossier('maude').cases[id].length > 0),
      'Maude has cases in all six systems',
    );
  });

  it('hide a protected name from other families', () => {
    const told = (key: number) => personRecord(town, town.inhabitant(key), {}, () => ({}));
    assert.deepEqual(
      told(index('maude')).children?.map(({name}) => name),
      ['Alma Agerlund Dissing', 'Viggo Agerlund Dissing'],
    );
    const father = cast.findIndex(({name}) => name === 'Torben Dissing');
    assert.deepEqual(
      told(father).children?.map((child) => [child.name, child.protected]),
      [
        [undefined, true],
        [undefined, true],
      ],
    );
    assert.equal(told(index('maude')).address?.lines, undefined);
  });

  it('have nothing at all, or very much, without a note that repeats', () => {
    assert.equal(count(dossier('rasmus').cases) + count(dossier('rasmus').notes) + count(dossier('rasmus').events), 0);
    assert.ok(count(dossier('bente').cases) >= 40);
    const bodies = Object.values(dossier('bente').notes)
      .flat()
      .map(({body}) => body);
    assert.ok(bodies.length >= 60);
    assert.equal(new Set(bodies).size, bodies.length);
  });

  it('have hostile texts in every kind of record', () => {
    const {cases, notes, events} = dossier('kasper');
    for (const records of [cases, notes, events]) {
      assert.match(JSON.stringify(records), /<script>|onerror=|<svg|<style>|javascript:/);
    }
  });
});

describe('letters', () => {
  it('are found again by any one of their ids, and by no other', () => {
    let letters = 0;
    fc.assert(
      fc.property(
        anyone,
        fc.constantFrom('transmissionId' as const, 'messageUuid' as const, 'messageId' as const),
        (one, name) => {
          for (const message of town.sentMessages(one)) {
            letters++;
            assert.deepEqual(town.findSentMessage({[name]: message.ids[name].toUpperCase()}), message);
            const other = message.ids[name].replace(/.$/, (last) => (last === '0' ? '1' : '0'));
            assert.equal(town.findSentMessage({[name]: other}), undefined);
          }
        },
      ),
      {numRuns: 100},
    );
    assert.ok(letters > 20);
    assert.equal(town.findSentMessage({}), undefined);
    assert.equal(town.findSentMessage({messageUuid: '8853363b-43ec-4d0a-a54d-65447f9447ed'}), undefined);
    assert.equal(town.findSentMessage({messageUuid: 'nonsense'}), undefined);
  });
});
