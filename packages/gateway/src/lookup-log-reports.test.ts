import assert from 'node:assert/strict';
import {existsSync, readFileSync} from 'node:fs';
import {resolve} from 'node:path';
import {describe, it} from 'node:test';
import {recordResources} from '@bsp/contract';
import {loadConfig} from './config.js';
import {byteOrderMark, csvLine} from './csv.js';
import {anna, bo, caseOf, gateways, numbers, onEachStorage, type Started, scripted} from './harness.test.js';
import {alarmLines} from './lookup-log-alarms.js';
import {citizenView} from './lookup-log-citizen.js';
import {exportColumns, exportLines} from './lookup-log-export.js';
import {lookupsOf} from './lookup-log-reader.js';
import {dropMonths, firstKeptMonth} from './lookup-log-retention.js';
import {proposeSample} from './lookup-log-sample.js';
import {type Finding, verifyLog} from './lookup-log-verify.js';
import {parseWatchList, saveWatchList} from './lookup-log-watch.js';
import {resourceName} from './lookup-log-words.js';
import {chainWriterOf} from './lookup-log-writer.js';
import {quiet} from './quiet-log.test.js';

const tenant = 'demo';

const gather = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
};
/** Lines that this test wrote hold no quoted line breaks. */
const cellsOf = (line: string): string[] => line.replace(byteOrderMark, '').trimEnd().split(';');

const people: Readonly<Record<string, string>> = {[anna.value]: 'Anna Test', [bo.value]: 'Karla Kollega'};
const source = () =>
  scripted('kmd', {
    resources: ['cases', 'person'],
    async *read({subject, resource}) {
      const {value} = subject as {value: string};
      const person = {
        ref: {source: '', id: 'p'},
        subject,
        name: people[value],
        status: {kind: 'active'},
        address: {municipality: 'Korsbæk'},
      };
      const cases = [caseOf('a'), caseOf('b', {sensitivity: 'vip', kle: {number: '27.60.10'}})];
      yield {about: subject, items: resource === 'person' ? [person] : cases};
    },
  });

onEachStorage('what is made of the lookup log', (storageFor) => {
  const {run} = gateways(storageFor);
  const asUser = (id: string, name: string, unit: string, more: object = {}): Promise<Started> =>
    run([source()], {
      demoUser: {id, name, unit, office: 'back'},
      purposes: [
        {id: 'sag', label: 'Behandling af sag'},
        {id: 'kontrol', label: 'Kontrol'},
      ],
      lookupLog: {callingSystem: 'fagsystem', ...more},
    });

  it('is an export with the columns of the portal’s log; numbers only when asked for', async () => {
    const one = await asUser('u1', '=HYPERLINK("x")', 'Jobcenter; Nord');
    const {contextId} = await one.client.open(anna, {purpose: 'sag', reason: 'hun "spurgte"; selv'});
    await one.client.frames(contextId, 'cases', 'person');
    const lines = await gather(exportLines(one.gateway.storage, {tenant}, 'masked'));
    assert(lines[0]!.startsWith(`${byteOrderMark}Log ID;Kald ID;`));
    assert.equal(exportColumns.length, 31);
    assert.equal(lines.length, 1 + 3, 'two KLE subjects of the cases, and the person');
    assert.deepEqual(
      numbers.filter((number) => lines.join('').includes(number)),
      [],
    );
    assert.match(lines[1]!, /;"'=HYPERLINK\(""x""\)";/);
    assert.match(lines[1]!, /;"Jobcenter; Nord";/);
    assert.match(lines[1]!, /;700690-••••;/);
    assert.match(lines[1]!, /Kilde: kmd, FormaalType: sag;/);
    assert.match(lines[1]!, /;127\.0\.0\.1;/);
    assert.deepEqual(
      lines.slice(1).map((line) => [/;(27|32)\.\d\d\.\d\d;/.exec(line)?.[0], /Visning \w+/.exec(line)?.[0]]),
      [
        [';32.24.04;', 'Visning Sager'],
        [';27.60.10;', 'Visning Sager'],
        [undefined, 'Visning Person'],
      ],
    );
    const open = await gather(exportLines(one.gateway.storage, {tenant}, 'with-numbers'));
    assert.match(open[1]!, /;700690-0126 - Anna Test;/);
    assert.match(open[1]!, /Begrundelse: hun ""spurgte""; selv/);
    assert.deepEqual(await gather(exportLines(one.gateway.storage, {tenant: 'other'}, 'masked')), [lines[0]]);
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    assert.equal((await gather(exportLines(one.gateway.storage, {tenant, from: tomorrow}, 'masked'))).length, 1);
    assert.equal((await gather(exportLines(one.gateway.storage, {tenant, to: tomorrow}, 'masked'))).length, 4);
  });

  it('counts a lookup without an outcome as full disclosure everywhere', async () => {
    const one = await asUser('u1', 'Ulla', 'Jobcenter');
    const {storage} = one.gateway;
    const {contextId} = await one.client.open(anna, {purpose: 'sag'});
    await one.client.frames(contextId, 'person');
    await storage.database.deleteFrom('lookup_log').where('kind', '=', 'outcome').execute();
    const [, line] = await gather(exportLines(storage, {tenant}, 'masked'));
    assert.match(line!, /Udfald mangler: regnes som fuld visning/);
    await saveWatchList(storage, tenant, parseWatchList(storage.secrets, tenant, 'Sensitiv KLE\n27'));
    const [, alarm] = await gather(alarmLines(storage, {tenant}));
    assert.deepEqual(cellsOf(alarm!).slice(0, 2), [
      'SENSITIV KLE',
      'Udfaldet mangler: alt, der blev spurgt om, regnes som vist',
    ]);
    const {lines} = await citizenView(storage, configOf(), {tenant, cpr: anna.value});
    assert.match(lines[1]!, /regnes som vist: Person/);
  });

  it('raises the five alarms, from a list that is kept by keyed indexes', async () => {
    const karla = await asUser('karla', 'Karla  kollega', 'Ydelse');
    const ulla = await asUser('ulla', 'Anna Test', 'Jobcenter');
    const {storage} = ulla.gateway;
    const look = async (one: Started, subject: object, ...resources: string[]) =>
      one.client.frames((await one.client.open(subject)).contextId, ...resources);
    await look(ulla, anna, 'person');
    await look(ulla, bo, 'person');
    await look(karla, anna, 'cases');
    const alarms = async () =>
      (await gather(alarmLines(storage, {tenant}))).slice(1).map((line) => {
        const [alarm, , , , user, , , part] = cellsOf(line);
        return `${alarm} ${user} ${part}`;
      });
    // Without a list: by names, as the source's report does.
    assert.deepEqual(await alarms(), [
      'MULIGT SELVOPSLAG ulla 700690-••••',
      'MULIGT OPSLAG PÅ KOLLEGA ulla 710791-••••',
    ]);

    const list = [
      'Sensitiv CPR;Sensitiv KLE;Medarbejder CPR;Bruger ID',
      '710791-0237;;;',
      ';27.60;700690 0126;ulla',
    ].join('\r\n');
    await saveWatchList(storage, tenant, parseWatchList(storage.secrets, tenant, list));
    assert.deepEqual(await alarms(), [
      'MEDARBEJDER CPR ulla 700690-••••',
      'MULIGT SELVOPSLAG ulla 700690-••••',
      'SENSITIV CPR ulla 710791-••••',
      'MULIGT OPSLAG PÅ KOLLEGA ulla 710791-••••',
      'SENSITIV KLE karla 700690-••••',
      'MEDARBEJDER CPR karla 700690-••••',
      'MULIGT OPSLAG PÅ KOLLEGA karla 700690-••••',
    ]);
    const kept = JSON.stringify(await storage.database.selectFrom('lookup_watch').selectAll().execute());
    for (const plain of [...numbers, '2760', 'ulla']) assert(!kept.includes(plain));
    assert.throws(
      () => parseWatchList(storage.secrets, tenant, 'Cpr;KLE\n1;\n;27\n;x1'),
      (thrown: Error) => /lines .* 2, 4\./.test(thrown.message),
    );
    assert.throws(() => parseWatchList(storage.secrets, tenant, 'Navn;Adresse\nx;y'), /no known column/);
  });

  it('proposes the same sample for the same seed: every unit, spread over users, and the alarms', async () => {
    const one = await asUser('u0', 'Nul', 'Stor');
    const {storage} = one.gateway;
    const {contextId} = await one.client.open(anna);
    await one.client.frames(contextId, 'cases');
    const [model] = await storage.database.selectFrom('lookup_log').selectAll().where('kind', '=', 'lookup').execute();
    const writer = chainWriterOf(storage, quiet);
    const add = (lookupId: string, user: string, unit: string) =>
      writer.append(tenant, {
        kind: 'lookup',
        lookup_id: lookupId,
        user_id: user,
        context_id: 'c',
        subject_index: `index-${lookupId}`,
        subject_sealed: storage.secrets.seal(['lookup', tenant, lookupId], JSON.stringify(anna)),
        entry: JSON.stringify({...(JSON.parse(model!.entry) as object), who: {name: user, unit}}),
      });
    const units = {Stor: 60, Mellem: 20, Lille: 2};
    for (const [unit, count] of Object.entries(units))
      await Promise.all(
        Array.from({length: count}, (_, index) => add(`${unit}-${index}`, `${unit}-${index % 10}`, unit)),
      );
    await saveWatchList(storage, tenant, parseWatchList(storage.secrets, tenant, `Cpr\n${anna.value}`));
    const draw = async (seed: string) =>
      (await proposeSample(storage, {tenant}, {seed, size: 12, mostPerAlarm: 5})).map(
        ({lookup: {lookupId, userId, entry}, reasons}) => ({lookupId, userId, unit: entry.who?.unit, reasons}),
      );
    const sample = await draw('2026-2');
    assert.deepEqual(await draw('2026-2'), sample);
    assert.notDeepEqual(await draw('2027-1'), sample);
    const random = sample.filter(({reasons}) => reasons.some((reason) => reason.startsWith('Tilfældigt')));
    assert.equal(random.length, 12);
    const drawn = (unit: string) => random.filter((one) => one.unit === unit);
    assert.equal(drawn('Lille').length, 1);
    assert(drawn('Stor').length > drawn('Mellem').length && drawn('Mellem').length > 1);
    assert.equal(new Set(drawn('Stor').map(({userId}) => userId)).size, drawn('Stor').length);
    const alarm = sample.find(({userId, reasons}) => userId === 'u0' && reasons[0]!.startsWith('Alarm'));
    assert.deepEqual(alarm?.reasons[0], 'Alarm: SENSITIV CPR (1 af 1)');
  });

  it('tells a citizen of lookups about them, not who, and nothing of what is withheld', async () => {
    const one = await asUser('u1', 'Ulla', 'Jobcenter');
    const other = await asUser('u2', 'Kim', 'Kontrolgruppen');
    const {storage} = one.gateway;
    const look = async (by: Started, subject: object, purpose?: string) =>
      by.client.frames(
        (await by.client.open(subject, {reason: 'noget om en anden', ...(purpose ? {purpose} : {})})).contextId,
        'person',
      );
    await look(one, anna, 'sag');
    await look(one, bo);
    await look(other, anna);
    await look(one, anna, 'kontrol');
    const viewOf = async (citizen: object) => citizenView(storage, configOf(citizen), {tenant, cpr: anna.value});
    const all = await viewOf({});
    assert.equal(all.withheld, 0);
    assert.deepEqual(
      all.lines.map((line) => cellsOf(line).slice(1)),
      [
        ['Enhed', 'Formål', 'Opslag', 'Vist'],
        ['Jobcenter', 'Behandling af sag', 'Visning', 'Person'],
        ['Kontrolgruppen', 'Ikke oplyst', 'Visning', 'Person'],
        ['Jobcenter', 'Kontrol', 'Visning', 'Person'],
      ],
    );
    for (const secret of ['Ulla', 'u1', 'noget om', '127.0.0.1', 'fagsystem', ...numbers])
      assert(!all.lines.join('').includes(secret), secret);
    const some = await viewOf({withheldPurposes: ['kontrol'], withheldUnits: ['Kontrolgruppen'], staff: 'name'});
    assert.equal(some.withheld, 2);
    assert.deepEqual(
      some.lines.map((line) => cellsOf(line)[1]),
      ['Medarbejder', 'Ulla, Jobcenter'],
    );
  });

  it('drops sealed months, keeps their heads, and refuses what is open or does not verify', async () => {
    const storage = (await run([])).gateway.storage;
    const by = {by: 'dpo', reason: 'slettefrist'};
    const write = async (month: string) => {
      const writer = chainWriterOf(storage, quiet, () => new Date(`${month}-10T10:00:00Z`));
      for (let index = 0; index < 3; index++) await append(writer, `${month}-${index}`);
    };
    const append = (writer: ReturnType<typeof chainWriterOf>, id: string) =>
      writer.append(tenant, {
        kind: 'lookup',
        lookup_id: id,
        user_id: 'u',
        context_id: 'c',
        subject_index: 's',
        subject_sealed: '',
        entry: '{}',
      });
    const findings = async () => {
      const found: Finding[] = [];
      const verified = await verifyLog(storage, {}, (finding) => found.push(finding));
      return {found, dropped: verified.dropped};
    };
    for (const month of ['2024-01', '2024-02', '2024-03']) await write(month);
    assert.deepEqual(await dropMonths(storage, tenant, {before: '2024-02'}, by, quiet), [{month: '2024-01', rows: 3}]);
    assert.deepEqual(await findings(), {found: [], dropped: 1});
    const rows = await storage.database.selectFrom('lookup_log').select(['month', 'kind', 'entry']).execute();
    assert(!rows.some(({month}) => month === '2024-01'));
    const told = rows.find(({kind}) => kind === 'administration');
    assert.deepEqual(JSON.parse(told!.entry), {what: 'retention', ...by, month: '2024-01', rows: 3});

    // The note about that stands in the month that runs.
    const running = new Date().toISOString().slice(0, 7);
    const [refused] = await dropMonths(storage, tenant, {month: running}, by, quiet);
    assert.match(refused?.refused ?? '', /not over/);
    const [gone] = await dropMonths(storage, tenant, {month: '2024-01'}, by, quiet);
    assert.match(gone?.refused ?? '', /no sealed chain/);

    await storage.database
      .updateTable('lookup_log')
      .set({user_id: 'x'})
      .where('month', '=', '2024-02')
      .where('sequence', '=', 2)
      .execute();
    const [changed, next] = await dropMonths(storage, tenant, {before: running}, by, quiet);
    assert.match(changed?.refused ?? '', /changed/);
    assert.deepEqual(next, {month: '2024-03', rows: 3});
    const left = await findings();
    assert.deepEqual(
      left.found.map(({kind, month, sequence}) => [kind, month, sequence]),
      [['changed', '2024-02', 2]],
    );
    assert.equal(left.dropped, 2);
    // Who only says that rows were dropped has no seal for it.
    await storage.database.deleteFrom('lookup_log').where('month', '=', '2024-02').execute();
    await storage.database.updateTable('lookup_chain').set({dropped_at: '2026-01-01'}).execute();
    assert((await findings()).found.some(({kind, month}) => kind === 'head' && month === '2024-02'));
  });

  it('reads any number of lookups a page at a time', async () => {
    const {storage} = (await run([])).gateway;
    const writer = chainWriterOf(storage, quiet);
    await Promise.all(
      Array.from({length: 1_203}, (_, index) =>
        writer.append(tenant, {
          kind: index % 3 === 2 ? 'outcome' : 'lookup',
          lookup_id: `l${index - (index % 3 === 2 ? 1 : 0)}`,
          user_id: 'u',
          context_id: 'c',
          subject_index: 's',
          subject_sealed: '',
          entry: index % 3 === 2 ? '{"complete":true,"outcomes":[]}' : '{"what":"read","resources":{"cases":["a"]}}',
        }),
      ),
    );
    const lookups = await gather(lookupsOf(storage, {tenant}));
    assert.equal(lookups.length, 802);
    assert.equal(lookups.filter(({hasOutcome}) => hasOutcome).length, 401);
    assert.equal(new Set(lookups.map(({lookupId}) => lookupId)).size, 802);
  });
});

const configOf = (citizen: object = {}) => {
  const purposes = [
    {id: 'sag', label: 'Behandling af sag'},
    {id: 'kontrol', label: 'Kontrol'},
  ];
  return loadConfig({sources: [], storage: {memory: true}, purposes, lookupLog: {citizen}}, {env: {}});
};

describe('the export’s columns', () => {
  const file = resolve(import.meta.dirname, '../../../../shared/data/sapa/sapa-revisionslog-kolonner.csv');
  const skip = existsSync(file) ? false : `no ${file} (shared/data)`;
  it('are those of the source, in its order', {skip}, () => {
    const [, ...columns] = readFileSync(file, 'utf8').trim().split(/\r?\n/);
    assert.deepEqual([...exportColumns], columns);
  });
});

describe('a line of CSV', () => {
  it('quotes what needs it and defuses formulas', () => {
    const cells = ['a', 'b;c', 'd"e', 'f\ng', '=1+1', '+45', '-1', '@x', ' =1', '\t=1', '＝1', '-', ''];
    assert.equal(csvLine(cells), 'a;"b;c";"d""e";"f\ng";\'=1+1;\'+45;\'-1;\'@x;\' =1;\'\t=1;\'＝1;\'-;\r\n');
  });
});

describe('the months that retention keeps', () => {
  it('are the running one and so many before', () => {
    const now = new Date('2026-11-20T10:00:00Z');
    assert.equal(firstKeptMonth(now, 24), '2024-11');
    assert.equal(firstKeptMonth(now, 0), '2026-11');
  });
});

describe('what the lists call a resource', () => {
  it('is a Danish word for each that holds records of a person', () => {
    const unnamed = recordResources.map(({name}) => name).filter((name) => resourceName(name) === name);
    assert.deepEqual(unnamed, []);
  });
});
