import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {type Case, casesResource, type Subject} from '@bsp/contract';
import {characters, municipality, systems} from '@bsp/korsbaek';
import korsbaek, {configSchema, type KorsbaekConfig} from '@bsp/korsbaek/connector';
import {type Connector, type SourcePage, SourceProblem} from '@bsp/sources';
import {connectorFindings, recordPastTheBorder} from '@bsp/sources/conformance';

const today = '2026-11-20T10:15:00+01:00';
const subjectOf = (key: string) => ({type: 'cpr', value: characters.find((one) => one.key === key)!.cpr}) as const;
const unknown: Subject = {type: 'cpr', value: '6101019999'};
const make = (config: KorsbaekConfig, sourceId: string = config.system): Promise<Connector> =>
  korsbaek.create(
    {today, ...config},
    {sourceId, sourceName: systems[config.system].name, configDirectory: '/', log: {info: () => {}, warn: () => {}}},
  );
async function pagesOf(
  connector: Connector,
  subject: Subject,
  resource: string,
  more: {cursor?: string; signal?: AbortSignal} = {},
): Promise<SourcePage[]> {
  const pages: SourcePage[] = [];
  const signal = new AbortController().signal;
  for await (const page of connector.read({subject, resource, user: {id: 'u', name: 'U'}, signal, ...more}))
    pages.push(page);
  return pages;
}

describe('the connector', () => {
  it('reads its config and says what is wrong with it', () => {
    assert.ok(configSchema.safeParse({system: 'ky', latencyMs: 10, failure: 'down'}).success);
    for (const bad of [
      {},
      {system: 'kmd-sag'},
      {system: 'ky', size: 0},
      {system: 'ky', failure: 'tired'},
      {system: 'ky', today: 'i dag'},
    ]) {
      assert.ok(!configSchema.safeParse(bad).success, JSON.stringify(bad));
    }
  });

  for (const system of ['cpr', 'ky', 'kmd-aktiv', 'nexus', 'momentum', 'sbsys'] as const) {
    it(`keeps what every connector must: ${system}`, async () => {
      const findings = await connectorFindings(await make({system}), {subject: subjectOf('bente'), unknown});
      // A register has few events; Bente has none.
      assert.deepEqual(
        findings.filter((finding) => !(system === 'cpr' && finding === 'Resource events: the sample has no records.')),
        [],
      );
    });
  }

  it('keeps what every connector must: dubu', async () => {
    assert.deepEqual(await connectorFindings(await make({system: 'dubu'}), {subject: subjectOf('maude'), unknown}), []);
  });

  it('keeps what every connector must where it searches', async () => {
    const sbsys = await make({system: 'sbsys'});
    const [page] = await pagesOf(sbsys, subjectOf('bente'), 'cases');
    const [first] = (page?.items ?? []) as {number?: string}[];
    const cpr = await make({system: 'cpr'});
    for (const [connector, search] of [
      [cpr, [{words: 'bente'}, {subject: subjectOf('bente')}]],
      [sbsys, [{words: first?.number ?? ''}]],
    ] as const) {
      const findings = await connectorFindings(connector, {unknown, search});
      assert.deepEqual(
        findings.filter((finding) => finding.startsWith('Search')),
        [],
      );
    }
  });

  it('gives real cases, also of DUBU, under the id that the source has in the gateway', async () => {
    const [page] = await pagesOf(await make({system: 'dubu'}, 'boern'), subjectOf('alma'), 'cases');
    assert.equal(page?.items.length, 2);
    for (const item of page?.items ?? []) {
      assert.equal((item as {ref: {source: string}}).ref.source, 'boern');
      assert.ok(casesResource.parse(recordPastTheBorder(item, 'boern')));
    }
  });

  it('leaves a protected address out and reveals it', async () => {
    const cpr = await make({system: 'cpr'});
    const [page] = await pagesOf(cpr, subjectOf('maude'), 'person');
    const record = page?.items[0] as {ref: {source: string; id: string}; address: {lines?: string[]}};
    assert.equal(record.address.lines, undefined);
    const signal = new AbortController().signal;
    const revealed = await cpr.reveal?.(subjectOf('maude'), record.ref, 'address', signal);
    assert.equal(revealed?.lines?.length, 2);
    assert.match((await cpr.reveal?.(subjectOf('maude'), record.ref, 'cpr', signal))?.value ?? '', /^\d{6}-\d{4}$/);
  });

  it('finds the document of a post status, in the system that sent it only', async () => {
    const town = municipality({today});
    const letters = town.sentMessages(0);
    const letter = letters.find(({system}) => system === 'ky')!;
    const signal = new AbortController().signal;
    const found = await (await make({system: 'ky'}, 'ydelse')).findSentDocument?.(
      {messageUuid: letter.ids.messageUuid},
      signal,
    );
    assert.deepEqual(found?.subject, subjectOf('maude'));
    assert.equal(found?.title, 'Partshøring om formue');
    assert.equal(found?.ref.source, 'ydelse');
    assert.equal(found?.case?.title, 'Kontanthjælp, nyansøgning');
    assert.equal(await (await make({system: 'sbsys'})).findSentDocument?.(letter.ids, signal), undefined);
    // By what its case may be seen, the gateway knows who may see it with the post’s status.
    const cases = (await pagesOf(await make({system: 'ky'}), letter.subject, 'cases')).flatMap(
      ({items}) => items as Case[],
    );
    const its = cases.find(({ref}) => ref.id === letter.case?.ref.id);
    const own = {kle: [its?.kle?.number.slice(0, 8)], sensitivity: its?.sensitivity};
    assert.deepEqual(found?.access, {...own, through: [own]});
  });

  it('pages when told to', async () => {
    const connector = await make({system: 'momentum', pageSize: 3});
    const whole = await pagesOf(await make({system: 'momentum'}), subjectOf('bente'), 'cases');
    const items: unknown[] = [];
    let cursor: string | undefined;
    do {
      const [page] = await pagesOf(connector, subjectOf('bente'), 'cases', cursor === undefined ? {} : {cursor});
      assert.ok(page && page.items.length <= 3);
      items.push(...page.items);
      cursor = page.next;
    } while (cursor !== undefined);
    assert.deepEqual(items, whole[0]?.items);
  });

  it('fails as its config says', async () => {
    const statusOf = async (failure: NonNullable<KorsbaekConfig['failure']>): Promise<string> => {
      try {
        const pages = await pagesOf(await make({system: 'ky', failure}), subjectOf('maude'), 'cases', {
          signal: AbortSignal.timeout(50),
        });
        return pages[0]?.about === undefined
          ? 'nothing'
          : JSON.stringify(pages[0].about) === JSON.stringify(subjectOf('maude'))
            ? 'ok'
            : 'other';
      } catch (error) {
        return error instanceof SourceProblem ? error.status : (error as Error).name;
      }
    };
    assert.equal(await statusOf('down'), 'unavailable');
    assert.equal(await statusOf('forbidden'), 'forbidden');
    assert.equal(await statusOf('timeout'), 'timeout');
    assert.equal(await statusOf('invalid'), 'invalid');
    assert.equal(await statusOf('half'), 'unavailable');
    assert.equal(await statusOf('slow'), 'AbortError');
    assert.equal(await statusOf('wrong-person'), 'other');
    const flaky = await make({system: 'ky', failure: 'flaky'});
    await assert.rejects(pagesOf(flaky, subjectOf('maude'), 'cases'), SourceProblem);
    assert.equal((await pagesOf(flaky, subjectOf('maude'), 'cases')).length, 1);
  });
});
