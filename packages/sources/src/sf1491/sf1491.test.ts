import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {grantsResource, paymentsResource} from '@bsp/contract';
import {connectorFindings, recordPastTheBorder} from '../connector-conformance.js';
import {idOf} from '../sf1470/simulator.test.js';
import {
  type Answerer,
  bakery,
  bo,
  connectorWith,
  ida,
  itemsOf,
  nobody,
  pagesOf,
  problemIn,
  soapAnswer,
} from '../soap/simulator.test.js';
import sf1491, {type Sf1491Config} from './index.js';
import {answerOf, askedIn, bevillingXml, effektueringXml, index, ofBakery, serveIndex} from './simulator.test.js';

async function connected(answer: Answerer = index, config: Partial<Sf1491Config> = {}) {
  const {url, seen} = await serveIndex(answer);
  return {connector: await connectorWith(sf1491, {endpoint: `${url}/ydelseindeks/6`, ...config}), seen};
}
const numbered = (value: string) => ({type: 'cpr', value}) as const;
/** Answers grants and payments apart. */
const both =
  (grants: string, payments: string): Answerer =>
  ({body}) =>
    answerOf(askedIn(body).payments ? payments : grants);

describe('sf1491', () => {
  it('keeps what every connector must', async () => {
    const {connector} = await connected();
    for (const subject of [numbered(ida), bakery])
      assert.deepEqual(await connectorFindings(connector, {subject, unknown: numbered(nobody)}), []);
  });

  it('reads a grant with its benefits, its period, its plans and what access is decided by', async () => {
    const {connector} = await connected(index, {caseSource: 'sdi'});
    const [grant] = await itemsOf(connector, 'grants', ida);
    const benefit = (id: string, number: string) => ({
      id,
      name: 'Merudgiftsydelse',
      kle: {number, title: 'Merudgifter til voksne'},
      from: '2026-01-01',
      to: '2026-12-31',
      reason: 'Efter loven',
      repayable: false,
      plans: [{from: '2026-01-01', amount: '1250.50', frequency: 'Månedlig', timing: 'in-advance'}],
    });
    assert.deepEqual(grant, {
      ref: {source: '', id: idOf(1)},
      number: 'B26-1',
      status: {state: 'active'},
      from: '2026-01-01',
      to: '2026-12-31',
      reason: 'Nedsat funktionsevne',
      benefits: [benefit('y1', '32.18.12'), benefit('y2', '32.24.04')],
      case: {ref: {source: 'sdi', id: idOf(70)}, title: 'Merudgifter'},
      responsible: {name: 'Ydelse'},
      changedAt: '2026-10-02T10:00:00+02:00',
      sensitivity: 'confidential',
      access: {
        owner: '11111111',
        unit: idOf(71),
        kle: ['32.18.12', '32.24.04'],
        sensitivity: 'confidential',
        through: [{owner: '11111111', kle: ['32.18.12']}],
      },
    });
    assert(grantsResource.parse(recordPastTheBorder(grant, 'test')));
  });

  it('reads a payment with its amounts and the grant that it comes from', async () => {
    const {connector} = await connected();
    const [payment, other] = await itemsOf(connector, 'payments', ida);
    assert.deepEqual(payment, {
      ref: {source: '', id: idOf(301)},
      number: 'U26-301',
      from: '2026-11-01',
      to: '2026-11-30',
      paidAt: '2026-11-30',
      gross: '1250.50',
      net: '-0.5',
      paid: '1250.50',
      native: 'Udbetalt',
      department: 'Ydelse',
      parts: [
        {
          title: '32.18.12 Merudgifter til voksne',
          kle: {number: '32.18.12', title: 'Merudgifter til voksne'},
          from: '2026-11-01',
          to: '2026-11-30',
          amount: '1250.50',
          grant: {ref: {source: '', id: idOf(1)}},
          benefit: 'y1',
        },
      ],
      changedAt: '2026-11-01T08:00:00+01:00',
      access: {
        owner: '11111111',
        kle: ['32.18.12'],
        through: [{owner: '11111111', unit: idOf(71), kle: ['32.18.12', '32.24.04'], sensitivity: 'confidential'}],
      },
    });
    assert(paymentsResource.parse(recordPastTheBorder(payment, 'test')));
    assert.deepEqual([other?.native, (other?.access as {through?: unknown} | undefined)?.through], [undefined, []]);
  });

  it('names the case of a grant only where it knows which source has it', async () => {
    const {connector} = await connected();
    assert.equal((await itemsOf(connector, 'grants', ida))[0]?.case, undefined);
  });

  for (const [what, parts, state] of [
    ['to end today', {to: '2026-11-21T00:00:00+01:00'}, 'active'],
    ['that ended yesterday', {to: '2026-11-20T00:00:00+01:00'}, 'inactive'],
    ['that begins tomorrow', {from: '2026-11-21T00:00:00+01:00'}, 'inactive'],
    ['with days instead of moments', {from: '2026-01-01', to: '2026-11-20'}, 'inactive'],
    ['that is passive', {stage: 'Passiveret'}, 'passive'],
  ] as const)
    it(`takes a grant ${what} for ${state}`, async () => {
      const {connector} = await connected(() => soapAnswer('1.2', answerOf(bevillingXml(parts))));
      assert.deepEqual((await itemsOf(connector, 'grants', ida))[0]?.status, {state});
    });

  it('does not let a grant run on whose end it cannot read', async () => {
    for (const [to, items, invalid] of [
      ['31-12-2024', 0, 1],
      ['true', 1, undefined],
      ['', 1, undefined],
    ] as const) {
      const end = `<bi:Bevillingslutdato>${to}</bi:Bevillingslutdato>`;
      const {connector} = await connected(() =>
        answerOf(bevillingXml().replace(/<bi:Bevillingslutdato>.*?<\/bi:Bevillingslutdato>/, end)),
      );
      const [page] = await pagesOf(connector, 'grants', ida);
      assert.deepEqual([page?.items.length, page?.invalid], [items, invalid], to);
    }
    const {connector} = await connected(() => soapAnswer('1.2', answerOf(bevillingXml({to: 'altid'}))));
    assert.equal((await pagesOf(connector, 'grants', ida))[0]?.invalid, 1);
  });

  it('takes the source’s own word for the state of a grant first', async () => {
    const said = (word: string): string =>
      answerOf(bevillingXml()).replace(
        '<bi:TilstandListe/>',
        `<bi:TilstandListe><gd:LokalUdvidelseListe><x:Status xmlns:x="urn:x"><x:Kode>${word}</x:Kode></x:Status></gd:LokalUdvidelseListe></bi:TilstandListe>`,
      );
    for (const [word, status] of [
      ['Inaktiv', {state: 'inactive', native: 'Inaktiv'}],
      ['constructor', {state: 'active'}],
    ] as const) {
      const {connector} = await connected(() => soapAnswer('1.2', said(word)));
      assert.deepEqual((await itemsOf(connector, 'grants', ida))[0]?.status, status);
    }
  });

  it('takes today’s of a benefit that has changed', async () => {
    const before = bevillingXml({name: 'Gammel sats'});
    const [old = ''] = /<bi:BevilgetYdelse>.*<\/bi:BevilgetYdelse>/s.exec(before) ?? [];
    const ended = old.replace(
      '<sd:GraenseIndikator>true</sd:GraenseIndikator>',
      '<sd:TidsstempelDatoTid>2026-03-01T00:00:00+01:00</sd:TidsstempelDatoTid>',
    );
    const {connector} = await connected(() =>
      answerOf(bevillingXml({name: 'Ny sats'}).replace('<bi:BevilgetYdelse>', `${ended}<bi:BevilgetYdelse>`)),
    );
    const [grant] = await itemsOf(connector, 'grants', ida);
    assert.deepEqual(
      (grant?.benefits as {name: string}[] | undefined)?.map(({name}) => name),
      ['Ny sats'],
    );
  });

  it('says that there is nothing only when the index says so', async () => {
    const {connector} = await connected();
    for (const resource of ['grants', 'payments'])
      assert.deepEqual(await pagesOf(connector, resource, nobody), [{about: numbered(nobody), items: []}]);
  });

  it('reads a company’s grants and payments by its CVR number, and nobody else’s', async () => {
    const {connector, seen} = await connected();
    for (const resource of ['grants', 'payments']) {
      const [page] = await pagesOf(connector, resource, bakery);
      assert.deepEqual([page?.about, page?.items.length], [bakery, 1]);
    }
    assert(seen.every(({body}) => String(body).includes(`>${ofBakery}<`)));
    const persons = `urn:oio:cpr-nr:${ida}`;
    const {connector: wrong} = await connected(
      both(bevillingXml({party: persons}), effektueringXml({party: persons, grant: null})),
    );
    for (const resource of ['grants', 'payments'])
      assert.equal((await problemIn(pagesOf(wrong, resource, bakery))).problem.code, 'wrong-subject');
  });

  const wrong: Record<string, [grants: string, payments: string]> = {
    'a grant of somebody else': [bevillingXml({party: `urn:oio:cpr-nr:${bo}`}), effektueringXml()],
    'a payment of somebody else': [bevillingXml(), effektueringXml({party: `urn:oio:cpr-nr:${bo}`})],
  };
  for (const [what, [grants, payments]] of Object.entries(wrong))
    for (const resource of ['grants', 'payments'])
      it(`takes ${what} for a problem where ${resource} are asked for`, async () => {
        const {connector} = await connected(both(grants, payments));
        const {status, problem} = await problemIn(itemsOf(connector, resource, ida));
        assert.deepEqual([status, problem.code], ['invalid', 'wrong-subject']);
      });

  it('counts what does not say whose it is, and leaves out what is deleted', async () => {
    const {connector} = await connected(
      both(
        bevillingXml() + bevillingXml({index: 2, party: null}) + bevillingXml({index: 3, stage: 'Slettet'}),
        effektueringXml() + effektueringXml({index: 302, grant: 77}) + effektueringXml({index: 303, stage: 'Slettet'}),
      ),
    );
    for (const resource of ['grants', 'payments']) {
      const pages = await pagesOf(connector, resource, ida);
      assert.equal(pages.flatMap(({items}) => items).length, 1);
      assert.equal(
        pages.reduce((sum, {invalid = 0}) => sum + invalid, 0),
        1,
      );
    }
  });

  it('rather fails than decides access by part of what a grant hangs on', async () => {
    const many = Array.from({length: 4}, (_, at) => effektueringXml({index: 310 + at})).join('');
    const {connector} = await connected(both(bevillingXml(), many), {pageSize: 4, maxPages: 2});
    assert.equal((await problemIn(itemsOf(connector, 'grants', ida))).status, 'invalid');
  });

  it('fails where the index fails, at the first request or the second', async () => {
    for (const failing of [true, false]) {
      const {connector} = await connected(({body}) =>
        askedIn(body).payments === failing ? answerOf('', '50') : answerOf(''),
      );
      assert.equal((await problemIn(itemsOf(connector, 'grants', ida))).status, 'unavailable');
    }
  });
});
