import assert from 'node:assert/strict';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {copyFile, mkdir, mkdtemp, rm, symlink, utimes, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, describe, it} from 'node:test';
import {fileURLToPath} from 'node:url';
import {personResource} from '@bsp/contract';
import fc from 'fast-check';
import {type Connector, type SourcePage, SourceProblem} from '../connector.js';
import {connectorFindings, recordPastTheBorder} from '../connector-conformance.js';
import type {SourcePerson, SourceRelative} from '../cpr/source-person.js';
import {ExtractFault, maxExtractBytes, parseExtract} from './extract-file.js';
import cprDirekte from './index.js';
import {personOf} from './person-of-extract.js';

const fixtures = fileURLToPath(new URL('../../fixtures/cpr-direkte/', import.meta.url));
const today = '2026-11-20';

/** The synthetic persons of the fixtures, by the name of their file: day + 60. */
const people = {
  ida: '6405851002',
  'ida-old-number': '6405851010',
  bo: '7203821001',
  karl: '6101301003',
  signe: '7509751004',
  alma: '6206144002',
  egon: '8008601005',
  maren: '8812701006',
  otto: '6611881001',
  newborn: '6101264004',
} as const;
type Name = keyof typeof people;
/** Valid, and in no fixture. */
const nobody = '6101011111';

const temporary: string[] = [];
after(() => Promise.all(temporary.map((path) => rm(path, {recursive: true}))));
async function directoryWith(files: Readonly<Record<string, Uint8Array | string>>): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'cpr-direkte-'));
  temporary.push(path);
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(path, name), typeof content === 'string' ? Buffer.from(content, 'latin1') : content);
  }
  return path;
}

const logged: string[] = [];
const keep = (message: string, more?: object): void => void logged.push(`${message} ${JSON.stringify(more)}`);
const connectorOn = (directory: string, at = `${today}T12:00:00Z`): Promise<Connector> =>
  cprDirekte.create(
    {directory},
    {sourceId: 'cpr', sourceName: 'CPR', configDirectory: '/', log: {info: keep, warn: keep}, now: () => new Date(at)},
  );

async function pageOf(connector: Connector, cpr: string): Promise<SourcePage> {
  const pages: SourcePage[] = [];
  const subject = {type: 'cpr', value: cpr} as const;
  const user = {id: 'u', name: 'U'};
  for await (const page of connector.read({subject, resource: 'person', user, signal: new AbortController().signal})) {
    pages.push(page);
  }
  assert.equal(pages.length, 1);
  return pages[0]!;
}
const personIn = async (connector: Connector, cpr: string): Promise<SourcePerson> => {
  const {items} = await pageOf(connector, cpr);
  assert.equal(items.length, 1);
  return items[0] as SourcePerson;
};
/** The problem that a read ends in; it must hold no CPR number at all. */
async function problemOf(connector: Connector, cpr: string): Promise<SourceProblem> {
  try {
    await pageOf(connector, cpr);
  } catch (error) {
    assert.ok(error instanceof SourceProblem, String(error));
    assert.ok(!/\d{6}-?\d{4}/.test(JSON.stringify([error.message, error.problem])));
    return error;
  }
  assert.fail('there was no problem');
}

const fixture = (name: Name): string => readFileSync(join(fixtures, `${name}.txt`), 'latin1');
const shownNames = (relatives: readonly SourceRelative[] | undefined) =>
  relatives?.map(({relation, name, protected: hidden}) => [relation, hidden ? 'protected' : name]);

const connector = await connectorOn(fixtures);
const person = (name: Name): Promise<SourcePerson> => personIn(connector, people[name]);

describe('searching in CPR Direkte', () => {
  const user = {id: 'u', name: 'U'};
  const search = (words: string, {on = connector, limit = 100, signal = new AbortController().signal} = {}) =>
    on.search!({term: {words}, limit, user, signal});
  const byNumber = (value: string, on = connector) =>
    on.search!({
      term: {subject: {type: 'cpr', value}},
      limit: 100,
      user,
      signal: new AbortController().signal,
    });

  it('finds a person by number, with name and address', async () => {
    assert.deepEqual(await byNumber(people.bo), {
      hits: [
        {
          kind: 'person',
          subject: {type: 'cpr', value: people.bo},
          name: 'Bo Bæk',
          detail: 'Algade 12, st. th, 9999 Korsbæk',
        },
      ],
    });
    assert.deepEqual(await byNumber(nobody), {hits: [], invalid: 0});
  });

  it('finds persons by the beginnings of their names, each once', async () => {
    const {hits, invalid} = await search('bæk bo');
    assert.deepEqual(
      hits.map(({name, subject}) => [name, subject]),
      [['Bo Bæk', {type: 'cpr', value: people.bo}]],
    );
    assert.equal(invalid, 0);
    const older = fixture('bo').replace(/^(000.*?)2026/m, '$12020');
    assert.notEqual(older, fixture('bo'));
    const twice = await connectorOn(await directoryWith({'a.txt': older, 'b.txt': fixture('bo')}));
    assert.equal((await search('bo', {on: twice})).hits.length, 1);
    assert.deepEqual((await search('xyz')).hits, []);
  });

  it('says nothing of where a protected person lives', async () => {
    const names = await Promise.all(
      (Object.keys(people) as Name[]).map(async (name) => [name, await person(name)] as const),
    );
    const hidden = names.filter(([, {address}]) => address?.protected);
    assert.ok(hidden.length > 0);
    for (const [name] of hidden) {
      const {hits} = await byNumber(people[name]);
      assert.deepEqual(
        hits.map(({protected: isProtected, detail}) => ({isProtected, detail})),
        [{isProtected: true, detail: undefined}],
      );
    }
  });

  it('says that there are more, and that a file could not be read', async () => {
    const files = {'a.txt': fixture('bo'), 'b.txt': fixture('karl')};
    const both = await connectorOn(await directoryWith(files));
    const [first] = (await search('bo', {on: both})).hits;
    assert.equal(first?.name, 'Bo Bæk');
    const same = await connectorOn(await directoryWith({...files, 'c.txt': 'no extract'}));
    assert.deepEqual([(await search('bo', {on: same})).invalid, (await byNumber(nobody, same)).invalid], [1, 1]);
    const initials = (await search('k', {on: both, limit: 0})).more;
    assert.equal(initials, true);
  });

  it('says so of a file that has changed into none, or into somebody else, since it was read', async () => {
    for (const changed of ['no extract', fixture('karl')]) {
      const path = await directoryWith({[`${people.bo}.txt`]: fixture('bo')});
      const on = await connectorOn(path);
      await writeFile(join(path, `${people.bo}.txt`), Buffer.from(changed, 'latin1'));
      assert.deepEqual(await search('bo', {on}), {hits: [], invalid: 1});
    }
  });

  it('ends when nobody waits any more', async () => {
    await assert.rejects(search('bo', {signal: AbortSignal.abort()}), /abort/i);
  });
});

describe('persons of CPR Direkte', () => {
  it('keeps what every connector must keep', async () => {
    for (const value of Object.values(people)) {
      const findings = await connectorFindings(connector, {
        subject: {type: 'cpr', value},
        unknown: {type: 'cpr', value: nobody},
        search: [{words: 'bæk'}, {subject: {type: 'cpr', value}}],
      });
      assert.deepEqual(findings, []);
    }
  });

  it('gives name, status, birth, sex, citizenship and address', async () => {
    const bo = await person('bo');
    assert.equal(bo.name, 'Bo Bæk');
    assert.deepEqual(bo.status, {kind: 'active', native: '01'});
    assert.equal(bo.birthDate, '1982-03-12');
    assert.equal(bo.sex, 'male');
    assert.equal(bo.citizenship, 'Danmark');
    assert.deepEqual(bo.address, {
      lines: ['Algade 12, st. th', '9999 Korsbæk'],
      municipality: 'Aalborg',
      since: '2019-06-01',
    });
    assert.deepEqual(bo.subject, {type: 'cpr', value: people.bo});
    assert.equal((await pageOf(connector, people.bo)).asOf, '2026-03-02T00:00:00+01:00');
  });

  it('gives c/o, place, supplementary address, separation, a spouse without number, and guardianship', async () => {
    const maren = await person('maren');
    assert.deepEqual(maren.address?.lines, [
      'c/o Hansen',
      'Plejehjemmet Solgården',
      'Søndergade 101',
      '9999 Korsbæk',
      'Bagerste opgang',
    ]);
    assert.deepEqual(maren.civilStatus, {kind: 'separated', since: '2024-02-01', native: 'G'});
    assert.deepEqual(maren.spouse, {relation: 'spouse', name: 'Holm,Ivan', birthDate: '1968-01-02'});
    assert.deepEqual(maren.guardianship, {
      since: '2011-04-05',
      guardian: {relation: 'other', name: 'Advokat Else Friis'},
    });
  });

  for (const [name, status, since] of [
    ['karl', 'dead', '2020-02-03'],
    ['signe', 'emigrated', '2021-08-01'],
    ['egon', 'missing', '2023-05-06'],
    ['ida-old-number', 'changed-number', '1999-03-02'],
  ] as const) {
    it(`says that ${name} is ${status}`, async () => {
      const found = await person(name);
      assert.equal(found.status.kind, status);
      assert.equal(found.status.since, since);
      if (name !== 'signe') assert.equal(found.address, undefined);
    });
  }

  it('gives the address abroad of the emigrated, and an unknown country by its code', async () => {
    const signe = await person('signe');
    assert.deepEqual(signe.address, {lines: ['Storgatan 5', 'S 21142 Malmö'], since: '2021-08-01'});
    assert.equal(signe.citizenship, 'Landekode 5464');
  });

  it('leads from the old number to the new, and masks the old', async () => {
    assert.deepEqual((await person('ida-old-number')).replacedBy?.subject, {type: 'cpr', value: people.ida});
    assert.deepEqual((await person('ida')).previousNumbers, ['640585-••••']);
  });

  it('gives children, parents and custody, by name where their own file says it', async () => {
    const alma = await person('alma');
    assert.deepEqual(shownNames(alma.parents), [
      ['mother', 'protected'],
      ['father', 'Bo Bæk'],
    ]);
    assert.deepEqual(
      alma.custody?.map(({holder, since}) => [...shownNames([holder])![0]!, since]),
      [
        ['mother', 'protected', '2014-06-02'],
        ['father', 'Bo Bæk', '2014-06-02'],
        // The custody that ended in 2016 is none.
        ['other', 'Maren Holm', '2020-01-01'],
      ],
    );
    assert.deepEqual((await person('bo')).children, [
      {
        relation: 'child',
        name: 'Alma Bæk',
        birthDate: '2014-06-02',
        subject: {type: 'cpr', value: people.alma},
      },
    ]);
    // A spouse from before the divorce is none.
    assert.equal((await person('egon')).spouse, undefined);
    // A newborn child has no name yet.
    assert.equal((await person('newborn')).name, 'Navn ikke registreret');
  });

  it('gives a parent by name alone where the register has no number', async () => {
    assert.deepEqual((await person('ida')).parents?.[0], {
      relation: 'mother',
      name: 'Møller,Ærna',
      birthDate: '1950-02-01',
    });
  });

  it('finds nobody where there is nobody', async () => {
    assert.deepEqual(await pageOf(connector, nobody), {about: {type: 'cpr', value: nobody}, items: []});
  });
});

describe('protection of name and address', () => {
  it('leaves every address line out until it is revealed', async () => {
    const page = await pageOf(connector, people.ida);
    const ida = page.items[0] as SourcePerson;
    assert.deepEqual(ida.address, {protected: true, since: '2019-06-01'});
    assert.deepEqual(ida.contactAddress, {protected: true, since: '2025-01-01'});
    assert.ok(!/Rosenvænget|Østerby|Postboks|9999|Korsbæk|Aalborg/.test(JSON.stringify(page)));
    assert.deepEqual(ida.protections, [
      {kind: 'name-address', from: '2025-01-01', to: '2099-12-31'},
      {kind: 'directory', from: '2025-01-01'},
    ]);

    const subject = {type: 'cpr', value: people.ida} as const;
    const signal = new AbortController().signal;
    assert.deepEqual(await connector.reveal!(subject, ida.ref, 'address', signal), {
      lines: ['Rosenvænget 7B, 2. tv', 'Østerby', '9999 Korsbæk', 'Kontaktadresse:', 'Postboks 12', '9999 Korsbæk'],
    });
    assert.deepEqual(await connector.reveal!(subject, ida.ref, 'cpr', signal), {value: '640585-1002'});
    await assert.rejects(
      connector.reveal!(subject, {source: 'cpr', id: people.bo}, 'address', signal),
      (error: SourceProblem) => error.problem.code === 'foreign-item',
    );
  });

  it('hides the name of a protected relative', async () => {
    for (const {items} of await Promise.all(
      [people.bo, people.alma, people.karl].map((cpr) => pageOf(connector, cpr)),
    )) {
      assert.ok(!/Ida|Sofie/.test(JSON.stringify(items)));
    }
    assert.deepEqual((await person('bo')).spouse, {
      relation: 'spouse',
      subject: {type: 'cpr', value: people.ida},
      protected: true,
    });
  });

  it('is no protection any more when it has ended', async () => {
    const otto = await person('otto');
    assert.deepEqual(otto.address?.lines, ['Algade 1', '9999 Korsbæk']);
    assert.equal(otto.address.protected, undefined);
    assert.deepEqual(otto.protections, [{kind: 'research', from: '2015-01-01'}]);
  });

  for (const [what, protection, hidden] of [
    ['on its last day', '00012025-01-012026-11-20', true],
    ['the day after', '00012025-01-012026-11-19', false],
    ['on its first day', '00012026-11-20', true],
    ['the day before', '00012026-11-21', false],
    ['without days', '0001', true],
    ['with days that CPR does not know', '00010000-00-000000-00-00', true],
    ['of a type that we do not know', '00092025-01-01', true],
    ['against research', '00042025-01-01', false],
  ] as const) {
    it(`${hidden ? 'hides' : 'shows'} the address ${what}`, async () => {
      const file = fixture('bo').replace('008', `004${people.bo}${protection}\n008`);
      const found = await personIn(await connectorOn(await directoryWith({'bo.txt': file})), people.bo);
      assert.equal(found.address?.protected ?? false, hidden);
      assert.equal(found.address?.lines === undefined, hidden);
    });
  }

  it('follows the Danish day', async () => {
    const file = fixture('bo').replace('008', `004${people.bo}00012025-01-012026-06-30\n008`);
    const directory = await directoryWith({'bo.txt': file});
    const at = async (moment: string) =>
      (await personIn(await connectorOn(directory, moment), people.bo)).address?.protected ?? false;
    assert.equal(await at('2026-06-30T21:59:00Z'), true);
    assert.equal(await at('2026-06-30T22:01:00Z'), false);
  });
});

describe('files that are not one person’s extract', () => {
  const bo = fixture('bo');
  const at = (text: string, index: number, insert: string): string =>
    text.slice(0, index) + insert + text.slice(index + insert.length);
  for (const [what, file, line, column] of [
    ['an empty file', '', 1, 1],
    ['a file of blanks', ' \n\n', 0, 1],
    ['no extract at all', '# README\n', 1, 1],
    ['a page', '<!doctype html>', 1, 1],
    ['a file without its end', bo.slice(0, bo.lastIndexOf('\n99') + 1), 11, 1],
    ['a file cut off within a record', bo.slice(0, 500), 8, 1],
    ['a file without its beginning', bo.slice(bo.indexOf('\n') + 1), 1, 1],
    ['something after the end', `${bo}${bo}`, 12, 1],
    ['a person record too many', bo.replace('\n002', `\n${bo.split('\n')[1]}\n002`), 3, 1],
    ['no person record', bo.replace(/\n001.*/, ''), 11, 1],
    ['an error record', bo.replace('\n002', '\n910          1\n002'), 3, 1],
    ['two persons', bo.replace(`\n008${people.bo}`, `\n008${people.signe}`), 4, 4],
    ['a number that is none', bo.replaceAll(people.bo, '9913821001'), 2, 4],
    ['no status', at(bo, bo.indexOf('\n001') + 1 + 23, '  '), 2, 24],
    ['a status that is no number', at(bo, bo.indexOf('\n001') + 1 + 23, 'XX'), 2, 24],
    ['a birth date that is none', at(bo, bo.indexOf('\n001') + 1 + 39, '12-03-1982'), 2, 40],
    ['columns that moved', bo.replace('\n001', '\n001 '), 2, 4],
    ['an empty line', bo.replace('\n008', '\n\n008'), 4, 1],
    ['a tab', bo.replace('Algade', 'Al\tade'), 11, 118],
    ['UTF-8', Buffer.from(bo, 'latin1').toString('latin1').replaceAll('æ', 'Ã¦'), 4, 107],
    ['UTF-16', Buffer.from(bo, 'utf16le'), 1, 2],
    ['a picture', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a]), 1, 1],
  ] as const) {
    it(`refuses ${what} and says where`, () => {
      const bytes = typeof file === 'string' ? Buffer.from(file, 'latin1') : file;
      assert.throws(
        () => parseExtract(bytes),
        (error: ExtractFault) => {
          assert.ok(error instanceof ExtractFault);
          if (line > 0) assert.deepEqual([error.line, error.column], [line, column], error.message);
          assert.ok(!/\d{6}-?\d{4}/.test(error.message));
          return true;
        },
      );
    });
  }

  it('refuses a huge file without reading all of it', async () => {
    const huge = Buffer.alloc(maxExtractBytes * 8, bo);
    const on = await connectorOn(await directoryWith({[`PNR_${people.bo}.txt`]: huge}));
    assert.match((await problemOf(on, people.bo)).problem.detail!, /larger than/);
  });

  it('is a problem for the person whose name the file has, and only for them', async () => {
    const on = await connectorOn(
      await directoryWith({[`PNR_${people.bo}.txt`]: bo.slice(0, 400), [`PNR_${people.otto}.txt`]: fixture('otto')}),
    );
    const {status, problem} = await problemOf(on, people.bo);
    assert.equal(status, 'invalid');
    assert.match(problem.detail!, /line 6, column 1: the end record/);
    assert.equal((await personIn(on, people.otto)).name, 'Otto Lind');
  });

  it('is counted as unreadable where it may be about anybody', async () => {
    const on = await connectorOn(await directoryWith({'a.txt': bo.slice(0, 400), 'otto.txt': fixture('otto')}));
    assert.equal((await pageOf(on, nobody)).invalid, 1);
    assert.equal((await pageOf(on, people.otto)).invalid, undefined);
  });

  it('costs a relative only the name', async () => {
    const on = await connectorOn(
      await directoryWith({'bo.txt': bo, [`PNR_${people.alma}.txt`]: fixture('alma').slice(0, 400)}),
    );
    assert.deepEqual((await personIn(on, people.bo)).children, [
      {relation: 'child', subject: {type: 'cpr', value: people.alma}},
    ]);
  });
});

describe('the directory', () => {
  it('shows nobody whose file is about somebody else than its name says', async () => {
    const on = await connectorOn(await directoryWith({[`PNR_${people.bo}.txt`]: fixture('otto')}));
    for (const cpr of [people.bo, people.otto]) {
      const {status, problem} = await problemOf(on, cpr);
      assert.equal(status, 'invalid');
      assert.equal(problem.code, 'wrong-subject');
    }
  });

  it('sees files that come, change and go', async () => {
    const directory = await directoryWith({});
    const on = await connectorOn(directory);
    assert.equal((await pageOf(on, people.bo)).items.length, 0);

    const path = join(directory, 'somebody.txt');
    await writeFile(path, fixture('bo'), 'latin1');
    assert.equal((await personIn(on, people.bo)).name, 'Bo Bæk');

    await writeFile(path, fixture('bo').replaceAll('Bo Bæk', 'Bo Bak').replace('Bæk ', 'Bak '), 'latin1');
    await utimes(path, new Date(), new Date(Date.now() + 5000));
    assert.equal((await personIn(on, people.bo)).name, 'Bo Bak');

    await writeFile(path, fixture('otto'), 'latin1');
    await utimes(path, new Date(), new Date(Date.now() + 10_000));
    assert.equal((await personIn(on, people.otto)).name, 'Otto Lind');
    assert.equal((await pageOf(on, people.bo)).items.length, 0);

    await rm(path);
    assert.equal((await pageOf(on, people.otto)).items.length, 0);
  });

  it('takes the newest of two files about a person, and counts one that it cannot use', async () => {
    const newer = fixture('bo').replace('20260302', '20260401').replaceAll('Algade', 'Nygade');
    const on = await connectorOn(
      await directoryWith({'1.txt': fixture('bo'), '2.txt': newer, [`3-${people.bo}.txt`]: 'x'}),
    );
    const page = await pageOf(on, people.bo);
    assert.equal((page.items[0] as SourcePerson).address?.lines?.[0], 'Nygade 12, st. th');
    assert.equal(page.asOf, '2026-04-01T00:00:00+02:00');
    assert.equal(page.invalid, 1);
  });

  it('looks at text files in it, and nowhere else', async () => {
    const outside = await directoryWith({'bo.txt': fixture('bo')});
    const directory = await directoryWith({'README.md': 'x', '.hidden.txt': 'x'});
    await symlink(join(outside, 'bo.txt'), join(directory, 'link.txt'));
    await mkdir(join(directory, 'sub.txt'));
    await copyFile(join(outside, 'bo.txt'), join(directory, 'sub.txt', 'bo.txt'));
    const on = await connectorOn(directory);
    assert.deepEqual(await pageOf(on, people.bo), {about: {type: 'cpr', value: people.bo}, items: []});
    for (const path of ['../bo', '/etc/passwd', '..%2f', '\u0000']) {
      assert.equal((await problemOf(on, path)).problem.code, 'invalid-subject');
    }
  });

  it('must be there when the source is made, and is a problem of the source when it goes', async () => {
    await assert.rejects(
      connectorOn('/no/such/place'),
      /"directory" is .*no such directory.*Looked at \/no\/such\/place/,
    );
    await assert.rejects(connectorOn(join(fixtures, 'bo.txt')), /not a directory/);
    const directory = await directoryWith({'bo.txt': fixture('bo')});
    const on = await connectorOn(directory);
    await rm(directory, {recursive: true});
    await mkdir(directory);
    assert.equal((await pageOf(on, people.bo)).items.length, 0);
    await rm(directory, {recursive: true});
    assert.equal((await problemOf(on, people.bo)).status, 'unavailable');
    await mkdir(directory);
  });

  it('takes a file that cannot be looked at for no person who is not there', async () => {
    const name = `PNR_${people.bo}.txt`;
    const before = process.cwd();
    let directory = await directoryWith({});
    try {
      process.chdir(directory);
      while (directory.length < 4_080) {
        const deeper = 'd'.repeat(Math.min(250, 4_080 - directory.length));
        await mkdir(deeper);
        process.chdir(deeper);
        directory = join(directory, deeper);
      }
      // Beside that of its directory, which can be listed, its name is too long.
      await writeFile(name, fixture('bo'), 'latin1');
      const on = await connectorOn(directory);
      const {status, problem} = await problemOf(on, people.bo);
      assert.deepEqual([status, problem.code], ['invalid', 'protocol']);
      assert.deepEqual((await pageOf(on, nobody)).items, []);
      await rm(name);
    } finally {
      process.chdir(before);
    }
  });

  it('answers nobody who does not wait any more', async () => {
    const read = {resource: 'person', user: {id: 'u', name: 'U'}, signal: AbortSignal.abort()};
    await assert.rejects(
      async () => {
        for await (const page of connector.read({...read, subject: {type: 'cpr', value: people.bo}}))
          assert.fail(`${page}`);
      },
      {name: 'AbortError'},
    );
  });

  it('logs counts and no number', () => {
    assert.ok(logged.length > 0);
    assert.ok(!logged.some((line) => /\d{6}-?\d{4}/.test(line)));
  });
});

describe('files with any mistake in them', () => {
  const names = Object.keys(people) as Name[];
  const mutation = fc.record({
    name: fc.constantFrom(...names),
    at: fc.nat(2000),
    remove: fc.nat(60),
    insert: fc.oneof(
      fc.uint8Array({maxLength: 30}),
      fc
        .constantFrom('\n', ' ', '004', '999', '0000000000', people.bo, people.signe, '9999-99-99', 'æ')
        .map((text) => Buffer.from(text, 'latin1')),
    ),
  });
  const mutated = ({name, at, remove, insert}: {name: Name; at: number; remove: number; insert: Uint8Array}) => {
    const file = Buffer.from(fixture(name), 'latin1');
    const from = Math.min(at, file.length);
    return Buffer.concat([file.subarray(0, from), insert, file.subarray(from + remove)]);
  };

  it('give the same person, as a record of the contract, or a fault', () => {
    fc.assert(
      fc.property(mutation, (change) => {
        try {
          const extract = parseExtract(mutated(change));
          const found = personOf(extract, () => undefined, today);
          assert.deepEqual(found.subject, {type: 'cpr', value: extract.cpr});
          assert.ok(personResource.parse(recordPastTheBorder(found, 'cpr')));
        } catch (error) {
          if (!(error instanceof ExtractFault)) throw error;
          assert.ok(!/\d{6}-?\d{4}/.test(error.message));
        }
      }),
      {numRuns: 2000},
    );
  });

  it('never show one person to who asked for another', async () => {
    await fc.assert(
      fc.asyncProperty(mutation, fc.boolean(), async (change, named) => {
        const file = named ? `PNR_${people[change.name]}.txt` : 'file.txt';
        const on = await connectorOn(await directoryWith({[file]: mutated(change)}));
        for (const cpr of [people[change.name], people.signe]) {
          try {
            const page = await pageOf(on, cpr);
            assert.deepEqual(page.about, {type: 'cpr', value: cpr});
            for (const item of page.items) assert.equal((item as SourcePerson).subject?.value, cpr);
          } catch (error) {
            if (!(error instanceof SourceProblem)) throw error;
          }
        }
      }),
      {numRuns: 100},
    );
  });
});

const demo = fileURLToPath(new URL('../../../../../shared/data/cpr-lookup/cpr-direkte-demo/', import.meta.url));

describe('the published demo persons', {
  skip: existsSync(demo) ? false : '../shared/data/cpr-lookup is not here',
}, () => {
  const files = existsSync(demo) ? readdirSync(demo).filter((name) => name.endsWith('.txt')) : [];
  const numberIn = (name: string): string => /\d{10}/.exec(name)![0];
  /** The file's number is found by the person's name in it: no number is written here. */
  const numberOf = (name: string): string => {
    const file = files.find((one) =>
      new RegExp(`\\n003\\d{10}${name} {3}`).test(readFileSync(join(demo, one), 'latin1')),
    );
    return numberIn(file ?? assert.fail(`nobody is called ${name}`));
  };

  it('can all be read', async () => {
    const on = await connectorOn(demo);
    assert.ok(files.length > 0);
    for (const [index, name] of files.entries()) {
      const value = numberIn(name);
      const page = await pageOf(on, value);
      assert.equal(page.invalid, undefined, `file ${index}`);
      assert.ok(personResource.parse(recordPastTheBorder(page.items[0], 'cpr')), `file ${index}`);
      assert.equal(page.asOf, '2001-11-19T00:00:00+01:00');
      const findings = await connectorFindings(on, {
        subject: {type: 'cpr', value},
        unknown: {type: 'cpr', value: nobody},
      });
      assert.deepEqual(findings, [], `file ${index}`);
    }
  });

  for (const [name, what, expected] of [
    [
      'Poul-Erik Møller-Madsen',
      'dead',
      {
        status: {kind: 'dead', native: '90', since: '2000-06-30'},
        civilStatus: {kind: 'deceased', native: 'D', since: '2000-06-30'},
        spouse: undefined,
        address: undefined,
      },
    ],
    [
      'Erna Møller-Madsen',
      'widowed',
      {civilStatus: {kind: 'widowed', native: 'E', since: '2000-06-30'}, spouse: undefined},
    ],
    [
      'Helle Gunvorsen',
      'emigrated',
      {
        status: {kind: 'emigrated', native: '80', since: '2001-01-01'},
        address: {
          lines: [
            'Pflamenstrasse 22',
            'D 12345 Braunschweig',
            'Tyskland',
            'Udlandsadresse linje 4 4 4 4 4 4 4',
            'Udlandsadresse linje 5 5 5 5 5 5 5',
          ],
          since: '2001-01-01',
        },
      },
    ],
    ['Winnie Carlson', 'emigrated, with a contact address that has ended', {contactAddress: undefined}],
    [
      'Gitte Sander',
      'formerly protected',
      {
        address: {
          lines: ['Industrivænget 26, 1. tv', 'Hasseris', '9000 Aalborg'],
          municipality: 'Aalborg',
          since: '2001-01-01',
        },
        protections: [
          {kind: 'directory', from: '2001-11-02', to: '2101-11-02'},
          {kind: 'marketing', from: '2001-11-02', to: '2101-11-02'},
          {kind: 'research', from: '2001-11-02', to: '2101-11-02'},
        ],
      },
    ],
    ['Ulrikke V Villadsen', 'a dead child in custody', {name: 'Ulrikke Veronika Villadsen', birthDate: '1998-01-01'}],
    [
      'Uri Ullermann',
      'a foreigner with parents known by name',
      {
        citizenship: 'Schweiz',
        protections: undefined,
        parents: [
          {relation: 'mother', name: 'Ullerini,Udolfina', birthDate: '1910-10-10'},
          {relation: 'father', name: 'Ullerini,Ugo', birthDate: '1910-08-08'},
        ],
      },
    ],
    [
      'Asta Jakobsen',
      'in Varde',
      {address: {lines: ['Skovvej 77A', '6800 Varde'], municipality: 'Varde', since: '2000-02-28'}},
    ],
    [
      'Henriette Helga Mogren Udsen',
      'separated',
      {
        civilStatus: {kind: 'separated', native: 'G', since: '2008-06-01'},
        address: {
          lines: ['Brøndgravergården', 'Industrivænget 25', '9000 Aalborg'],
          municipality: 'Aalborg',
          since: '2000-01-07',
        },
      },
    ],
    [
      'Arne Nikolaisen',
      'in a registered partnership',
      {civilStatus: {kind: 'registered-partnership', native: 'P', since: '2000-02-28'}},
    ],
    ['Ulrik Emmerich Udtzen', 'born in 1899', {birthDate: '1899-12-30', citizenship: 'Tyskland'}],
    [
      'Jens Mortensen',
      'c/o somebody',
      {
        address: {
          lines: ['c/o Christiansen', 'Industrivænget 95, 1. mf', '9000 Aalborg'],
          municipality: 'Aalborg',
          since: '1997-09-09',
        },
        civilStatus: {kind: 'divorced', native: 'F', since: '1980-10-01'},
        spouse: undefined,
      },
    ],
  ] as const) {
    it(`shows ${name}, ${what}`, async () => {
      const found = await personIn(await connectorOn(demo), numberOf(name));
      for (const [key, value] of Object.entries(expected)) {
        assert.deepEqual(found[key as keyof SourcePerson], value, key);
      }
    });
  }

  it('shows who belongs together', async () => {
    const on = await connectorOn(demo);
    const mother = await personIn(on, numberOf('Anne-Birgitte Wicker'));
    assert.deepEqual(shownNames(mother.children), [['child', 'Ulrik Uffe Efraim Udzinski Wicker']]);
    const child = await personIn(on, numberOf('Ulrik Antonius Iversen'));
    assert.equal(child.custody?.length, 2);
    assert.deepEqual(shownNames(child.custody.map(({holder}) => holder))?.[1], ['father', 'Jørgen Folmersen']);
    const ward = await personIn(on, numberOf('Annette Ingdahl'));
    assert.equal(ward.guardianship?.since, '2000-02-28');
    assert.equal(ward.guardianship.guardian?.name, 'Gunnar Holgersen');
    const old = (await Promise.all(files.map((file) => personIn(on, numberIn(file))))).filter(
      ({status}) => status.kind === 'changed-number',
    );
    assert.deepEqual(old.map(({replacedBy}) => replacedBy?.name).sort(), [
      'Gerda Holmstad',
      'Monika Togliatti Eliasen',
    ]);
    for (const {replacedBy} of old) {
      assert.equal((await personIn(on, replacedBy!.subject!.value)).previousNumbers?.length, 1);
    }
  });

  it('protected those who were protected then', async () => {
    const then = await connectorOn(demo, '2001-11-20T12:00:00Z');
    const found = await personIn(then, numberOf('Gitte Sander'));
    assert.deepEqual(found.address, {protected: true, since: '2001-01-01'});
    assert.deepEqual(shownNames([found.spouse!]), [['spouse', 'protected']]);
  });
});
