import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {type Case, type Found, type Frame, foundSchema, type Subject} from '@bsp/contract';
import {korsbaekBackend} from './backend.js';
import {characters} from './cast.js';

const {signal} = new AbortController();
const korsbaek = (options: Parameters<typeof korsbaekBackend>[0] = {}) =>
  korsbaekBackend({size: 600, today: '2026-11-20', ...options});
type Backend = ReturnType<typeof korsbaek>;

let keys = 0;
async function find(backend: Backend, query: string): Promise<Found> {
  const {contextId} = await backend.openContext({type: 'user'}, {signal});
  const action = {type: 'search', key: `search-${++keys}`, payload: {query}};
  return foundSchema.parse((await backend.act(contextId, action, {signal})).result);
}
async function framesOf(backend: Backend, subject: Subject, resource: string): Promise<Frame[]> {
  const {contextId} = await backend.openContext(subject, {signal});
  const frames: Frame[] = [];
  for await (const message of backend.read(contextId, [{resource}], {signal}))
    if (message.kind === 'frame') frames.push(message);
  return frames;
}

describe('search in Korsbæk', () => {
  it('finds people by parts of their names, wherever they live, without their numbers', async () => {
    const backend = korsbaek();
    const person = backend.municipality.inhabitant(590);
    const {hits, sources} = await find(backend, person.name.toLowerCase());
    const hit = hits.find(({name, masked}) => name === person.name && masked?.startsWith(person.cpr.slice(0, 6)));
    assert(hit);
    assert(!JSON.stringify(hits).includes(person.cpr));
    assert(sources.every(({status}) => status === 'ok'));
    assert(
      !sources.some(({id}) => id === 'dubu'),
      'a system that tells only that it holds something tells nothing here',
    );
    const {subject} = await backend.openContext(hit.subject, {signal});
    assert.equal(subject.label, person.name);
  });

  it('finds a whole number, as people write it', async () => {
    const backend = korsbaek();
    const person = backend.municipality.inhabitant(3);
    const {hits} = await find(backend, `CPR-nr. ${person.cpr.slice(0, 6)} ${person.cpr.slice(6)}`);
    assert.deepEqual(
      hits.map(({name}) => name),
      [person.name],
    );
  });

  it('shows no address of a protected person', async () => {
    const backend = korsbaek();
    const guarded = Array.from({length: 600}, (_, index) => backend.municipality.inhabitant(index)).find(
      ({protections, address}) => address && protections.some(({kind}) => kind === 'name-address'),
    )!;
    const hits = (await find(backend, guarded.cpr)).hits;
    assert.deepEqual(
      hits.map(({subject: _, ...hit}) => hit),
      [{kind: 'person', name: guarded.name, masked: `${guarded.cpr.slice(0, 6)}-••••`, protected: true}],
    );
  });

  it('finds companies and properties by number and name, and their cases by number', async () => {
    const backend = korsbaek();
    const [company] = (await find(backend, 'cvr 90000004')).hits;
    assert.deepEqual(
      [company?.kind, company?.name, company?.masked],
      ['company', 'Korsbæk Byggemarked ApS', 'CVR 90000004'],
    );
    const names = (await find(backend, 'teglværksgade')).hits.filter(({kind}) => kind === 'property');
    assert.deepEqual(
      names.map(({masked}) => masked),
      ['BFE 990000001'],
    );
    const {number} = backend.municipality.organizations[0]!.cases[0]!;
    const [found] = (await find(backend, number!.toLowerCase())).hits;
    assert.deepEqual([found?.kind, found?.masked], ['case', number]);
    const opened = await backend.openContext(found!.subject, {signal});
    assert.deepEqual([opened.subject.type, opened.subject.label], ['cvr', 'Korsbæk Byggemarked ApS']);
  });

  it('leads from a case to its person', async () => {
    const backend = korsbaek();
    const index = backend.municipality.indexOf(characters[1]!.cpr)!;
    const record =
      backend.municipality.dossier(index).cases.ky[0] ?? backend.municipality.dossier(index).cases.sbsys[0]!;
    const [hit] = (await find(backend, record.number!)).hits;
    assert.deepEqual(hit?.record, record.ref);
    const {subject} = await backend.openContext(hit!.subject, {signal});
    assert.equal(subject.label, backend.municipality.inhabitant(index).name);
    const cases = (await framesOf(backend, hit!.subject, 'cases')).flatMap(({items}) => items as Case[]);
    assert(cases.some(({ref}) => ref?.id === record.ref.id));
  });

  it('does not claim that a case number which it cannot look up is nobody’s', async () => {
    const {hits, sources} = await find(korsbaek(), 'KY-01-1234567');
    assert.deepEqual([hits, sources.find(({id}) => id === 'ky')?.status], [[], 'unavailable']);
  });

  it('says that there are more, and which system did not answer', async () => {
    const backend = korsbaek({size: 3000, behaviour: {failures: {sbsys: 'unavailable'}}});
    const found = await find(backend, 'ma');
    assert.equal(found.hits.length, 25);
    assert(found.more);
    assert.equal(found.sources.find(({id}) => id === 'sbsys')?.status, 'unavailable');
  });
});

describe('other keys in Korsbæk', () => {
  const statuses = (frames: readonly Frame[]) =>
    Object.fromEntries(frames.map(({source, status, items}) => [source.id, status === 'ok' ? items.length : status]));

  it('a company has cases where companies have some, and is no person', async () => {
    const backend = korsbaek();
    const company = {type: 'cvr', value: '90000004'} as const;
    assert.deepEqual(statuses(await framesOf(backend, company, 'person')), {cpr: 'not-applicable'});
    const cases = statuses(await framesOf(backend, company, 'cases'));
    assert.deepEqual([cases.momentum, cases.sbsys, cases.ky], [1, 1, 'not-applicable']);
    const nobody = statuses(await framesOf(backend, {type: 'cvr', value: '90000039'}, 'cases'));
    assert.deepEqual([nobody.momentum, nobody.sbsys], [0, 0]);
  });

  it('a property has cases in one system', async () => {
    const cases = statuses(await framesOf(korsbaek(), {type: 'bfe', value: '990000001'}, 'cases'));
    assert.deepEqual([cases.sbsys, cases.momentum], [2, 'not-applicable']);
  });

  it('an employee is opened, and no system knows anything about them', async () => {
    const frames = await framesOf(korsbaek(), {type: 'employee', value: 'kbru'}, 'cases');
    assert(frames.every(({status}) => status === 'not-applicable'));
  });
});
