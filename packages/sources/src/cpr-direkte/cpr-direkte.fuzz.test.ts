// CPR Direkte under spoiled files: a file is one person's extract as it stands, or it is refused.
import assert from 'node:assert/strict';
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, describe, it} from 'node:test';
import {fileURLToPath} from 'node:url';
import {personResource} from '@bsp/contract';
import fc from 'fast-check';
import {assertNoNumber, bites, fuzz, type Target} from '../../../../tests/fuzz/fuzz.js';
import {
  type ByteStep,
  byteStep,
  type LineStep,
  lineStep,
  spoilBytes,
  spoilLines,
} from '../../../../tests/fuzz/mutations.js';
import {type Connector, type SourcePage, SourceProblem} from '../connector.js';
import {recordPastTheBorder} from '../connector-conformance.js';
import {type Extract, ExtractFault, maxExtractBytes, parseExtract} from './extract-file.js';
import cprDirekte from './index.js';
import {personOf} from './person-of-extract.js';
import {repeatedRecords, singleRecords} from './record-layouts.js';

const filesIn = (folder: string): Buffer[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.txt'))
    .sort()
    .map((name) => readFileSync(join(folder, name)));
const fixtures = filesIn(fileURLToPath(new URL('../../fixtures/cpr-direkte/', import.meta.url)));
const shared = fileURLToPath(new URL('../../../../../shared/data/cpr-lookup/cpr-direkte-demo/', import.meta.url));
const lacksShared = existsSync(shared) ? false : '../shared/data/cpr-lookup is not here';
const published = existsSync(shared) ? filesIn(shared) : [];

interface Spoiled {
  readonly file: number;
  readonly lines: readonly LineStep[];
  readonly bytes: readonly ByteStep[];
  /** Text over a part of a line: what a field may hold. */
  readonly fields: readonly {readonly line: number; readonly column: number; readonly text: string}[];
}

const field = fc.record({
  line: fc.nat(30),
  column: fc.integer({min: 0, max: 300}),
  text: fc.constantFrom(
    '2026-02-30',
    '0000-00-00',
    '999999999999',
    '20269999',
    'ÆØÅ',
    '6405851002',
    '6499991002',
    '    ',
  ),
});
const spoiledOf = (samples: readonly Buffer[]): fc.Arbitrary<Spoiled> =>
  fc.record({
    file: fc.nat(samples.length - 1),
    lines: fc.array(lineStep, {maxLength: 2}),
    fields: fc.array(field, {maxLength: 1}),
    bytes: fc.array(byteStep, {maxLength: 2}),
  });

function bytesOf(samples: readonly Buffer[], {file, lines, fields, bytes}: Spoiled): Buffer {
  const linesOf = (sample: Buffer) => sample.toString('latin1').trimEnd().split(/\r?\n/);
  const others = samples.map(linesOf);
  let all = others[file]!;
  for (const step of lines) all = spoilLines(all, step, others);
  for (const {line, column, text} of fields) {
    const at = line % Math.max(all.length, 1);
    all = all.map((old, index) =>
      index === at ? old.padEnd(column).slice(0, column) + text + old.slice(column + text.length) : old,
    );
  }
  return bytes.reduce(spoilBytes, Buffer.from(`${all.join('\n')}\n`, 'latin1'));
}

/** The number of whom a page of `personOf` may speak, besides the person. */
const numbersIn = (value: unknown): string[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) =>
        key === 'value' && typeof inner === 'string' ? [inner] : numbersIn(inner),
      )
    : [];

/** Reads the file once more, otherwise than the parser does, and compares. */
function assertAsItStands(bytes: Buffer, extract: Extract): void {
  assert(bytes.length <= maxExtractBytes);
  const lines = bytes
    .toString('latin1')
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');
  const records = lines.filter((line) => !/^(000|999)/.test(line));
  for (const line of records)
    assert.equal(line.slice(3, 13), extract.cpr, 'a record of another person was taken for this one’s');
  assert.match(lines[0] ?? '', /^000/);
  assert.match(lines.at(-1) ?? '', /^999/);
  // As many records of each kind as begin with this person's number: none may have slipped into another's line.
  const begun = [...bytes.toString('latin1').matchAll(/(?<=(?<type>\d{3}))\d{10}/g)].filter(
    ([number], index) => number === extract.cpr && index >= 0,
  );
  for (const type of Object.keys(repeatedRecords) as (keyof typeof repeatedRecords)[]) {
    const count = lines.filter((line) => line.startsWith(type)).length;
    assert.equal(extract.repeated[type].length, count, `records ${type} were lost`);
    const inLines = begun.filter(({groups, index}) => groups?.type === type && !isOwnField(bytes, index)).length;
    assert.equal(inLines, count, `a record ${type} slipped into another's line`);
  }
  for (const type of Object.keys(singleRecords) as (keyof typeof singleRecords)[])
    assert.equal(
      extract.single[type] !== undefined,
      lines.some((line) => line.startsWith(type)),
      `record ${type} was lost`,
    );
  const text = records.join('\n');
  const person = personOf(extract, () => undefined, '2026-11-20');
  assert.deepEqual(person.ref, {source: '', id: extract.cpr});
  for (const number of numbersIn(person)) assert(text.includes(number), 'somebody appears who is not in the file');
  assert(personResource.parse(recordPastTheBorder(person, 'cpr')), 'the person is no record of the contract');
}

/** Whether a number that stands here is the `PNRGAELD` of a record 001, right after its own number. */
const isOwnField = (bytes: Buffer, index: number): boolean => bytes.lastIndexOf(0x0a, index) === index - 14;

/** @param parse - the parser, or one with a fault in it. */
const files = (samples: readonly Buffer[], parse: typeof parseExtract = parseExtract): Target<Spoiled> => ({
  inputs: spoiledOf(samples),
  check(spoiled) {
    const bytes = bytesOf(samples, spoiled);
    let extract: Extract;
    try {
      extract = parse(bytes);
    } catch (error) {
      assert(error instanceof ExtractFault, `a file throws ${String(error)}`);
      assert(error.line >= 1 && error.column >= 1);
      assert.match(error.message, /^CPR Direkte file, line \d+, column \d+: .+\.$/);
      assertNoNumber(error.message.replace(/^.*?: /, ''), 'a fault');
      return 'refused';
    }
    assertAsItStands(bytes, extract);
    return 'taken';
  },
});

const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, {recursive: true});
});

const subjectOf = (value: string) => ({type: 'cpr', value}) as const;

/** A folder in which one file is spoiled, under the name of its person or under none. */
async function directories(
  samples: readonly Buffer[],
  wrap: (connector: Connector) => Connector = (connector) => connector,
): Promise<Target<Spoiled & {readonly named: boolean}>> {
  const folder = mkdtempSync(join(tmpdir(), 'cpr-fuzz-'));
  folders.push(folder);
  const numbers = samples.map((sample) => parseExtract(sample).cpr);
  const nameOf = (file: number) => join(folder, `PNR_${numbers[file]}.txt`);
  samples.forEach((sample, file) => {
    writeFileSync(nameOf(file), sample);
  });
  const logged: string[] = [];
  const log = (message: string) => void logged.push(message);
  const open = async () =>
    wrap(
      await cprDirekte.create(
        {directory: folder},
        {sourceId: 'cpr', sourceName: 'CPR', configDirectory: '/', log: {info: log, warn: log}},
      ),
    );
  const pageOf = async (connector: Connector, number: string): Promise<SourcePage | SourceProblem> => {
    try {
      const read = {subject: subjectOf(number), resource: 'person', user: {id: 'u', name: 'U'}};
      for await (const page of connector.read({...read, signal: new AbortController().signal})) return page;
    } catch (error) {
      if (error instanceof SourceProblem) return error;
      throw error;
    }
    return assert.fail('no page at all');
  };
  /** What is said of a person, without what other files add to it. */
  const ownOf = (page: SourcePage) => {
    const {name, address, status, birthDate} = (page.items[0] ?? {}) as Record<string, unknown>;
    return {about: page.about, name, address, status, birthDate};
  };
  const connector = await open();
  const before = new Map<string, SourcePage>();
  for (const number of numbers) {
    const page = await pageOf(connector, number);
    assert(!(page instanceof SourceProblem));
    before.set(number, page);
  }
  return {
    inputs: fc.tuple(spoiledOf(samples), fc.boolean()).map(([spoiled, named]) => ({...spoiled, named})),
    async check(spoiled) {
      const {file, named} = spoiled;
      const path = named ? nameOf(file) : join(folder, 'leverance.txt');
      writeFileSync(path, bytesOf(samples, spoiled));
      try {
        const fresh = await open();
        for (const number of new Set([numbers[file]!, numbers[(file + 1) % numbers.length]!])) {
          const page = await pageOf(fresh, number);
          if (page instanceof SourceProblem) {
            assertNoNumber(JSON.stringify([page.message, page.problem]), 'a problem');
            assert(named && number === numbers[file], 'somebody’s good file is no longer read');
            continue;
          }
          assert.deepEqual(page.about, subjectOf(number), 'the answer is about somebody else');
          for (const item of page.items as {subject?: unknown; ref: {id: string}}[]) {
            assert.deepEqual(item.subject, subjectOf(number));
            assert.equal(item.ref.id, number);
          }
          if (number !== numbers[file])
            assert.deepEqual(ownOf(page), ownOf(before.get(number)!), 'somebody else changed');
          else if (page.items.length === 0)
            assert((page.invalid ?? 0) > 0, 'an unreadable file was taken for no answer');
        }
        assertNoNumber(logged.splice(0).join('\n'), 'the log');
      } finally {
        if (named) writeFileSync(path, samples[file]!);
        else rmSync(path);
      }
      try {
        parseExtract(bytesOf(samples, spoiled));
        return 'taken';
      } catch {
        return 'refused';
      }
    },
  };
}

describe('CPR Direkte, spoiled', () => {
  it('is read as it stands or refused: the fixtures', () => fuzz('CPR Direkte, fixtures', files(fixtures), {share: 2}));

  it('is read as it stands or refused: the published persons', {skip: lacksShared}, () =>
    fuzz('CPR Direkte, published', files(published), {share: 2}),
  );

  it('shows nobody under another’s number, in a folder with others', async () =>
    fuzz('CPR Direkte, a folder', await directories(fixtures), {share: 0.5}));

  it('is refused where a line break is lost: a protection would be lost with it', () => {
    for (const sample of [...fixtures, ...published]) {
      const lines = sample.toString('latin1').trimEnd().split(/\r?\n/);
      for (let at = 0; at + 1 < lines.length; at++) {
        const joined = spoilLines(lines, {do: 'join', line: at, at: 0}, []).join('\n');
        assert.throws(() => parseExtract(Buffer.from(joined, 'latin1')), ExtractFault, `line ${at + 1}`);
      }
    }
  });
});

describe('the oracle of CPR Direkte would find a parser that', () => {
  const ownNumber = /^(?!000|999)(\d{3})\d{10}/;
  /** What a parser sees that looks at the first record's number only. */
  const asOnePerson = (bytes: Uint8Array): Buffer => {
    const lines = Buffer.from(bytes).toString('latin1').split('\n');
    const first = lines.find((line) => ownNumber.test(line))?.slice(3, 13) ?? '';
    return Buffer.from(lines.map((line) => line.replace(ownNumber, `$1${first}`)).join('\n'), 'latin1');
  };
  const faulty: Readonly<Record<string, typeof parseExtract>> = {
    'does not look at each record’s own number': (bytes) => parseExtract(asOnePerson(bytes)),
    'drops a record that it can’t read': (bytes) => {
      try {
        return parseExtract(bytes);
      } catch (error) {
        if (!(error instanceof ExtractFault)) throw error;
        const lines = Buffer.from(bytes).toString('latin1').split('\n');
        lines.splice(error.line - 1, 1);
        return parseExtract(Buffer.from(lines.join('\n'), 'latin1'));
      }
    },
    'keeps the last of what may stand several times': (bytes) => {
      const extract = parseExtract(bytes);
      return {...extract, repeated: {...extract.repeated, '004': extract.repeated['004'].slice(-1)}};
    },
    'remembers the person before': (() => {
      let before: Extract | undefined;
      return (bytes) => {
        const extract = parseExtract(bytes);
        const stale = before ?? extract;
        before = extract;
        return {...extract, cpr: stale.cpr};
      };
    })(),
    'says what it could not read': (bytes) => {
      try {
        return parseExtract(bytes);
      } catch (error) {
        const {line, column} = error as ExtractFault;
        const number = Buffer.from(bytes).toString('latin1').split('\n')[line - 1]?.slice(3, 13);
        throw new ExtractFault(line, column, `${number} is not expected here`);
      }
    },
    'throws whatever comes': (bytes) => {
      const text = Buffer.from(bytes).toString('latin1');
      if (!text.startsWith('000')) throw new TypeError('Cannot read properties of undefined');
      return parseExtract(bytes);
    },
  };
  for (const [fault, parse] of Object.entries(faulty))
    it(fault, () => bites(fault, files(fixtures, parse), files(fixtures)));

  it('takes a file’s name for its person', async () => {
    const wrap = (connector: Connector): Connector => ({
      ...connector,
      async *read(read) {
        try {
          yield* connector.read(read);
        } catch (error) {
          if (!(error instanceof SourceProblem)) throw error;
          yield {about: read.subject, items: []};
        }
      },
    });
    await bites('an unreadable file is no file', await directories(fixtures, wrap), await directories(fixtures));
  });

  it('says one person’s number with another’s address', async () => {
    const wrap = (connector: Connector): Connector => {
      let last: object = {};
      return {
        ...connector,
        async *read(read) {
          for await (const page of connector.read(read)) {
            const items = page.items.map((item) => ({...(item as object), ...last}));
            last = {address: (page.items[0] as {address?: unknown} | undefined)?.address};
            yield {...page, items};
          }
        },
      };
    };
    await bites('addresses linger', await directories(fixtures, wrap), await directories(fixtures));
  });
});
