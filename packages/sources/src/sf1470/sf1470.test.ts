import assert from 'node:assert/strict';
import {once} from 'node:events';
import {describe, it} from 'node:test';
import {setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';
import {casesResource, documentsResource} from '@bsp/contract';
import {SourceProblem} from '../connector.js';
import {connectorFindings, recordPastTheBorder} from '../connector-conformance.js';
import {Status} from '../json-http/simulators.test.js';
import {
  type Answerer,
  bakery,
  bo,
  connectorWith,
  ida,
  itemsOf,
  logged,
  nobody,
  otherCompany,
  pagesOf,
  problemIn,
  reading,
  soapAnswer,
} from '../soap/simulator.test.js';
import sf1470, {type Sf1470Config} from './index.js';
import {
  answerEnd,
  answerOf,
  answerStart,
  askedIn,
  dokumentXml,
  idOf,
  index,
  journalpostXml,
  ofBakery,
  sagXml,
  serveIndex,
  virkning,
} from './simulator.test.js';

async function connected(answer: Answerer = index, config: Partial<Sf1470Config> = {}) {
  const {url, seen} = await serveIndex(answer);
  return {connector: await connectorWith(sf1470, {endpoint: `${url}/sagdokumentindeks/6`, ...config}), seen};
}

describe('sf1470', () => {
  it('keeps what every connector must', async () => {
    const {connector} = await connected();
    const unknown = {type: 'cpr', value: nobody} as const;
    for (const subject of [{type: 'cpr', value: ida}, bakery] as const)
      assert.deepEqual(await connectorFindings(connector, {subject, unknown}), []);
  });

  it('reads a case with its own word, its class, who has it, its days and its sensitivity', async () => {
    const {connector} = await connected();
    const [first] = await itemsOf(connector, 'cases', ida);
    assert.deepEqual(first, {
      ref: {source: '', id: idOf(1)},
      title: 'Ansøgning om sygedagpenge',
      number: '32.24.04-G01-1-26',
      status: {phase: 'informed', native: 'Under behandling'},
      kle: {number: '32.24.04-G01', title: 'Sygedagpenge'},
      responsible: {name: 'Mette Dam', unit: 'Ydelse'},
      openedAt: '2026-01-05T09:00:00+01:00',
      changedAt: '2026-11-02T10:15:30+01:00',
      sensitivity: 'confidential',
      access: {owner: '11111111', unit: idOf(900), kle: ['32.24.04'], sensitivity: 'confidential'},
    });
    assert(casesResource.parse(recordPastTheBorder(first, 'test')));
  });

  it('tells the title for the public from the one that is closed to it', async () => {
    const {connector} = await connected();
    const [, second, third] = await itemsOf(connector, 'cases', ida);
    assert.deepEqual([second?.title, second?.closedTitle], ['Enkeltydelse', 'Enkeltydelse til advokat']);
    assert.deepEqual(second?.status, {phase: 'closed', native: 'Afsluttet'});
    assert.equal(second?.closedAt, '2026-03-01T12:00:00+01:00');
    assert.deepEqual([third?.sensitivity, third?.responsible], ['vip', {name: 'Ydelse'}]);
  });

  it('reads documents with the cases that they are attached to, and those of no case', async () => {
    const {connector} = await connected();
    const ofCase = {owner: '11111111', unit: idOf(900), kle: ['32.24.04'], sensitivity: 'confidential'};
    const [letter, answer, loose] = await itemsOf(connector, 'documents', ida);
    assert.deepEqual(letter, {
      ref: {source: '', id: idOf(501)},
      title: 'Lægeattest',
      number: 'D26-501',
      type: {kind: 'incoming-letter', native: 'Brev, indgaaende'},
      status: {state: 'received', native: 'Modtaget'},
      cases: [
        {ref: {source: '', id: idOf(1)}, title: 'Ansøgning om sygedagpenge', access: ofCase},
        {ref: {source: '', id: idOf(2)}, title: 'Enkeltydelse', access: ofCase},
      ],
      kle: {number: '32.24.04', title: 'Sygedagpenge'},
      letterDate: '2026-11-01',
      version: '2.1',
      changedAt: '2026-11-03T08:00:00+01:00',
      sensitivity: 'sensitive',
      access: {
        owner: '11111111',
        kle: ['32.24.04'],
        sensitivity: 'sensitive',
        through: [ofCase, ofCase],
      },
    });
    assert(documentsResource.parse(recordPastTheBorder(letter, 'test')));
    assert.deepEqual(
      [answer?.closedTitle, answer?.status],
      ['Svar til psykiater', {state: 'final', native: 'Endeligt'}],
    );
    assert.deepEqual([loose?.cases, (loose?.access as {through: unknown} | undefined)?.through], [undefined, []]);
  });

  it('takes what holds now of what holds one after the other', async () => {
    const old = sagXml({title: 'Den gamle titel'})
      .replace(/^.*?(<sag:Registrering>)/s, '$1')
      .replace(/(<\/sag:Registrering>).*$/s, '$1')
      .replace('2026-11-02T10:15:30', '2026-10-02T10:15:30');
    const {connector} = await connected(() => answerOf(sagXml({registrations: old})));
    const items = await itemsOf(connector, 'cases', ida);
    assert.deepEqual(
      items.map(({title}) => title),
      ['Ansøgning om sygedagpenge'],
    );
  });

  it('shows a word that it does not know, without a phase', async () => {
    const answer = answerOf(sagXml({word: null})).replaceAll('>Oplyst<', '>Henlagt<');
    const {connector} = await connected(() => soapAnswer('1.2', answer));
    assert.deepEqual((await itemsOf(connector, 'cases', ida))[0]?.status, {native: 'Henlagt'});
  });

  it('leaves out what the index says is deleted, and counts what it cannot read', async () => {
    const {connector} = await connected(() =>
      answerOf(sagXml() + sagXml({index: 2, stage: 'Slettet'}) + sagXml({index: 3, party: null})),
    );
    const pages = await pagesOf(connector, 'cases', ida);
    assert.equal(pages.flatMap(({items}) => items).length, 1);
    assert.equal(
      pages.reduce((sum, {invalid = 0}) => sum + invalid, 0),
      1,
    );
  });

  it('says that there is nothing only when the index says so', async () => {
    const {connector} = await connected();
    assert.deepEqual(await pagesOf(connector, 'cases', nobody), [{about: {type: 'cpr', value: nobody}, items: []}]);
    assert.deepEqual(await pagesOf(connector, 'documents', nobody), [{about: {type: 'cpr', value: nobody}, items: []}]);
  });

  for (const resource of ['cases', 'documents'])
    it(`takes a case of somebody else among ${resource} for a problem, never for data`, async () => {
      const {connector} = await connected(() =>
        answerOf(sagXml({party: `urn:oio:cpr-nr:${bo}`, title: 'KUN-FOR-BO'}) + sagXml()),
      );
      const {problem, status} = await problemIn(pagesOf(connector, resource, ida));
      assert.deepEqual([status, problem.code], ['invalid', 'wrong-subject']);
    });

  it('takes a document of somebody else for a problem, unless it is in a case of the person', async () => {
    const others = dokumentXml({party: `urn:oio:cpr-nr:${bo}`});
    const {connector} = await connected(() => answerOf(sagXml() + others));
    assert.equal((await problemIn(pagesOf(connector, 'documents', ida))).problem.code, 'wrong-subject');
    const {connector: both} = await connected(() => answerOf(sagXml({documents: [501]}) + others));
    assert.equal((await itemsOf(both, 'documents', ida)).length, 1);
  });

  it('decides by a case that it cannot read too who may see a document in it', async () => {
    const untitled = sagXml({documents: [501], sensitivity: 'VIP_SAGER'}).replace(/<sag:Titel>[^<]*<\/sag:Titel>/, '');
    const {connector} = await connected(() => answerOf(untitled + dokumentXml()));
    const [letter] = await itemsOf(connector, 'documents', ida);
    assert.deepEqual(letter?.cases, []);
    assert.deepEqual((letter as {access: {through: unknown}}).access.through, [
      {owner: '11111111', unit: idOf(900), kle: ['32.24.04'], sensitivity: 'vip'},
    ]);
  });

  describe('a document that a case no longer holds', () => {
    const until = '2026-11-10T00:00:00+01:00';
    const left = journalpostXml(501, virkning('gd', undefined, until));
    const read = async (records: string) => {
      const {connector} = await connected(() => answerOf(records));
      return pagesOf(connector, 'documents', ida);
    };

    it('is not the person’s because of it', async () => {
      for (const document of [dokumentXml(), dokumentXml({party: `urn:oio:cpr-nr:${bo}`})])
        assert.deepEqual(await read(sagXml({posts: left}) + document), [{about: {type: 'cpr', value: ida}, items: []}]);
    });

    it('is seen by its own values where it is about the person, and by its other cases', async () => {
      const [page] = await read(sagXml({posts: left}) + dokumentXml({party: `urn:oio:cpr-nr:${ida}`}));
      const [loose] = page!.items as Record<string, unknown>[];
      assert.deepEqual([loose?.cases, (loose as {access: {through: unknown}}).access.through], [undefined, []]);
      const [both] = await read(sagXml({posts: left}) + sagXml({index: 2, documents: [501]}) + dokumentXml());
      const [moved] = both!.items as {cases: {ref: {id: string}}[]}[];
      assert.deepEqual(
        moved?.cases.map(({ref}) => ref.id),
        [idOf(2)],
      );
    });
  });

  it('names a case once that holds a document twice, as where its role has changed', async () => {
    const {connector} = await connected(() => answerOf(sagXml({documents: [501, 501]}) + dokumentXml()));
    const [letter] = await itemsOf(connector, 'documents', ida);
    assert.equal((letter as {cases: unknown[]}).cases.length, 1);
  });

  it('reads a company’s cases and documents by its CVR number, and nobody else’s', async () => {
    const {connector, seen} = await connected();
    const [page] = await pagesOf(connector, 'cases', {...bakery, value: 'DK 90 00 00 04'});
    assert.deepEqual(page?.about, bakery);
    assert.deepEqual(
      page.items.map((item) => (item as {title: string}).title),
      ['Levnedsmiddelkontrol'],
    );
    assert(String(seen[0]?.body).includes(`>${ofBakery}<`));
    assert.equal((await itemsOf(connector, 'documents', bakery)).length, 2);
    assert.deepEqual(await pagesOf(connector, 'cases', otherCompany), [{about: otherCompany, items: []}]);
    for (const party of [`urn:oio:cvr-nr:${otherCompany.value}`, `urn:oio:cpr-nr:${ida}`, 'urn:oio:pnr:1000000001']) {
      const {connector: wrong} = await connected(() => answerOf(sagXml({party})));
      for (const resource of ['cases', 'documents'])
        assert.equal((await problemIn(pagesOf(wrong, resource, bakery))).problem.code, 'wrong-subject');
    }
  });

  it('answers nothing of a property, which it does not know by its number', async () => {
    const {connector, seen} = await connected();
    assert.deepEqual(connector.subjects, ['cpr', 'cvr']);
    const {problem} = await problemIn(pagesOf(connector, 'cases', {type: 'bfe', value: '990000001'}));
    assert.equal(problem.code, 'not-applicable');
    assert.equal(seen.length, 0);
  });

  it('asks for the person in the body, with an id of its own, and never in the address', async () => {
    const {connector, seen} = await connected();
    await pagesOf(connector, 'cases', ida);
    await pagesOf(connector, 'cases', ida);
    const ids = seen.map(({body}) => /TransactionUUID>([\w-]{36})</.exec(String(body))?.[1]);
    assert.equal(new Set(ids).size, 2);
    assert(seen.every(({url, body}) => !url.includes(ida) && String(body).includes(ida)));
    assert.equal(
      seen[0]?.headers['content-type'],
      'application/soap+xml; charset=utf-8; action="http://kombit.dk/sts/sagdokumentindeks/fremsoeg"',
    );
  });
});

describe('sf1470, page by page', () => {
  const all = Array.from({length: 45}, (_, at) => sagXml({index: at + 1}));
  const paged =
    (totals: (first: number, count: number) => Record<string, number>): Answerer =>
    ({body}) => {
      const {first, most} = askedIn(body);
      const some = all.slice(first, first + most);
      return answerOf(some.join(''), '20', totals(first, some.length));
    };
  const cases: Record<string, Answerer> = {
    'the number of all': paged(() => ({sager: 45})),
    'the number of the page': paged((_, count) => ({sager: count})),
    'no number': paged(() => ({})),
  };
  for (const [what, answer] of Object.entries(cases))
    it(`reads to the end where the index tells ${what}`, async () => {
      const {connector, seen} = await connected(answer, {pageSize: 15});
      const items = await itemsOf(connector, 'cases', ida);
      assert.deepEqual(
        items.map(({ref}) => (ref as {id: string}).id),
        all.map((_, at) => idOf(at + 1)),
      );
      assert(seen.length <= 4);
    });

  it('reads on where an index gives fewer at a time than was asked for', async () => {
    const {connector} = await connected(({body}) => {
      const {first} = askedIn(body);
      return answerOf(all.slice(first, first + 10).join(''), '20', {sager: 45});
    });
    assert.equal((await itemsOf(connector, 'cases', ida)).length, 45);
  });

  it('offers the rest after so many pages, and goes on from there', async () => {
    const {connector} = await connected(cases['the number of all'], {pageSize: 15, maxPages: 2});
    const pages = await pagesOf(connector, 'cases', ida);
    const cursor = pages.at(-1)?.next;
    assert.equal(cursor, '30');
    assert.equal((await itemsOf(connector, 'cases', ida, {cursor})).length, 15);
    const {problem} = await problemIn(pagesOf(connector, 'cases', ida, {cursor: '-1'}));
    assert.equal(problem.code, 'invalid-request');
  });

  it('reads on where an index gives fewer at a time, and says how many, but not how many there are', async () => {
    const {connector} = await connected(({body}) => {
      const {first} = askedIn(body);
      const some = all.slice(first, first + 10);
      const counted = `<sdi:Antal><sdi:Element>sager</sdi:Element><sdi:Antal>${some.length}</sdi:Antal><sdi:Paginering><sd:FoersteResultatReference>${first}</sd:FoersteResultatReference><sd:MaksimalAntalKvantitet>10</sd:MaksimalAntalKvantitet></sdi:Paginering></sdi:Antal>`;
      return answerOf(counted + some.join(''));
    });
    assert.equal((await itemsOf(connector, 'cases', ida)).length, 45);
  });

  it('takes it for no empty list where an index tells of some and gives nothing', async () => {
    for (const [resource, counts] of [
      ['cases', {sager: 45}],
      ['documents', {sager: 0, dokumenter: 2}],
    ] as const) {
      const {connector, seen} = await connected(() => answerOf('', '20', counts));
      const {status, problem} = await problemIn(pagesOf(connector, resource, ida));
      assert.deepEqual([status, problem.code], ['invalid', 'protocol']);
      assert.equal(seen.length, 1);
    }
  });

  it('does not take it for the end where an index tells of more and gives no more', async () => {
    const {connector, seen} = await connected(({body}) => {
      const {first} = askedIn(body);
      return answerOf(first === 0 ? all.slice(0, 10).join('') : '', '20', {sager: 45});
    });
    const {status, problem} = await problemIn(pagesOf(connector, 'cases', ida));
    assert.deepEqual([status, problem.code], ['invalid', 'protocol']);
    assert.equal(seen.length, 2);
  });
});

describe('sf1470, large answers', () => {
  const start = `<soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope"><soap:Body>${answerStart()}`;
  const end = `${answerEnd}</soap:Body></soap:Envelope>`;

  it('gives records while the answer is still being sent', async () => {
    let finish: () => void = () => assert.fail('not asked');
    const {connector} = await connected(({response}) => {
      response.writeHead(200, {'content-type': 'application/soap+xml'});
      response.write(start + sagXml());
      finish = () => void response.end(sagXml({index: 2}) + end);
      return undefined;
    });
    const pages = reading(connector, 'cases', ida)[Symbol.asyncIterator]();
    const first = await pages.next();
    assert.equal((first.value as {items: unknown[]}).items.length, 1);
    finish();
    const second = await pages.next();
    assert.equal((second.value as {items: unknown[]}).items.length, 1);
    assert.equal((await pages.next()).done, true);
  });

  it('reads 100 MB without holding them', async () => {
    const text = 'Sagen er oprettet på ny. '.repeat(10);
    const record = Buffer.from(sagXml({title: text.slice(0, 250)}));
    const wanted = Math.ceil(100_000_000 / record.length);
    const {connector} = await connected(
      ({response}) => {
        response.writeHead(200, {'content-type': 'application/soap+xml'});
        void (async () => {
          response.write(start);
          for (let sent = 0; sent < wanted; sent++) if (!response.write(record)) await once(response, 'drain');
          response.end(end);
        })();
        return undefined;
      },
      {maxPages: 1},
    );
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    collectGarbage();
    let count = 0;
    let highest = 0;
    const before = process.memoryUsage().heapUsed;
    for await (const {items} of reading(connector, 'cases', ida)) {
      assert(items.length <= 500);
      if (count % 5_000 < items.length) {
        collectGarbage();
        highest = Math.max(highest, process.memoryUsage().heapUsed - before);
      }
      count += items.length;
    }
    assert.equal(count, wanted);
    // The answer as text would be 100 MB, as a document more than 1,000 MB.
    assert(highest < 20_000_000, `${highest} bytes held`);
  });

  it('reads a case with thousands of documents', async () => {
    const documents = Array.from({length: 5_000}, (_, at) => at + 1_000);
    const {connector} = await connected(() =>
      soapAnswer('1.2', answerOf(sagXml({documents}) + dokumentXml({index: 5_999}))),
    );
    assert.equal((await itemsOf(connector, 'documents', ida)).length, 1);
  });

  it('ends the connection of an answer that is not read to its end', async () => {
    let closed: Promise<unknown> | undefined;
    const {connector} = await connected(({response}) => {
      response.writeHead(200, {'content-type': 'application/soap+xml'});
      response.write(start + sagXml());
      closed = once(response, 'close');
      return undefined;
    });
    for await (const page of reading(connector, 'cases', ida)) if (page.items.length > 0) break;
    await closed;
  });

  it('ends the connection when nobody waits any more', async () => {
    let closed: Promise<unknown> | undefined;
    const {connector} = await connected(({response}) => {
      response.writeHead(200, {'content-type': 'application/soap+xml'});
      response.write(start + sagXml());
      closed = once(response, 'close');
      return undefined;
    });
    const stop = new AbortController();
    await assert.rejects(
      (async () => {
        for await (const page of reading(connector, 'cases', ida, {signal: stop.signal}))
          if (page.items.length > 0) stop.abort();
      })(),
      {name: 'AbortError'},
    );
    await closed;
  });
});

describe('sf1470, bad answers', () => {
  const fault = (code: string): string =>
    `<s:Fault xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Code><s:Value>s:${code}</s:Value></s:Code><s:Reason><s:Text xml:lang="da">${ida} findes ikke</s:Text></s:Reason></s:Fault>`;
  const cut = (text: string): Status => {
    const whole = soapAnswer('1.2', text);
    return new Status(200, whole.headers, whole.body.slice(0, -40));
  };
  const raw = (body: string, type = 'application/soap+xml', status = 200) =>
    new Status(status, {'content-type': type}, body);
  const whole = answerOf(sagXml());
  const bad: Record<string, [Answerer, status: string, code: string]> = {
    'a fault of the sender': [() => soapAnswer('1.2', fault('Sender'), 400), 'invalid', 'protocol'],
    'a fault of the receiver': [() => soapAnswer('1.2', fault('Receiver'), 500), 'unavailable', 'unavailable'],
    'a fault with HTTP 200': [() => soapAnswer('1.2', fault('Receiver')), 'unavailable', 'unavailable'],
    'a refusal': [() => soapAnswer('1.2', fault('FailedAuthentication'), 500), 'forbidden', 'forbidden'],
    'HTTP 403': [() => raw('<html/>', 'text/html', 403), 'forbidden', 'forbidden'],
    'HTTP 503': [() => raw('<html/>', 'text/html', 503), 'unavailable', 'unavailable'],
    'HTTP 500 with a page': [() => raw('<html>', 'text/html', 500), 'unavailable', 'unavailable'],
    'a page': [() => raw('<html></html>', 'text/html'), 'invalid', 'protocol'],
    'a redirect': [() => new Status(307, {location: 'https://example.org/'}), 'invalid', 'protocol'],
    'StatusKode 40': [() => answerOf('', '40'), 'invalid', 'protocol'],
    'StatusKode 50': [() => answerOf('', '50'), 'unavailable', 'unavailable'],
    'records behind StatusKode 40': [() => answerOf(sagXml(), '40'), 'invalid', 'protocol'],
    'records with HTTP 500': [() => soapAnswer('1.2', whole, 500), 'invalid', 'protocol'],
    'no StandardRetur': [
      () => soapAnswer('1.2', whole.replace(/<sd:StandardRetur>.*<\/sd:StandardRetur>/s, '')),
      'invalid',
      'protocol',
    ],
    'another answer': [
      () => soapAnswer('1.2', whole.replaceAll('FremsoegSagDokumentIndeksOutput', 'LaesOutput')),
      'invalid',
      'protocol',
    ],
    'another version of the interface': [
      () =>
        soapAnswer(
          '1.2',
          whole.replaceAll('urn:oio:sts:sagdok:sagdokumentindeks:6', 'urn:oio:sts:sagdok:sagdokumentindeks:5'),
        ),
      'invalid',
      'protocol',
    ],
    'an envelope that is none': [() => raw(whole), 'invalid', 'protocol'],
    'two bodies': [() => soapAnswer('1.2', whole + whole), 'invalid', 'protocol'],
    'an answer that ends in the middle': [() => cut(whole), 'invalid', 'protocol'],
    'an answer that ends before a record': [() => raw('<a><b>'), 'invalid', 'protocol'],
    nothing: [() => raw(''), 'invalid', 'protocol'],
    'an entity': [
      () => raw(`<!DOCTYPE a [<!ENTITY b "c">]>${soapAnswer('1.2', whole).body.replace(/^<\?xml.*?\?>/, '')}`),
      'invalid',
      'protocol',
    ],
    'a bomb of entities': [
      () =>
        raw('<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>'),
      'invalid',
      'protocol',
    ],
    'an entity that nobody declared': [
      () => soapAnswer('1.2', whole.replace('Sygedagpenge', '&xxe;')),
      'invalid',
      'protocol',
    ],
    'another encoding': [() => raw(`<?xml version="1.0" encoding="ISO-8859-1"?>${whole}`), 'invalid', 'protocol'],
    'elements without end': [() => raw('<a>'.repeat(5_000)), 'invalid', 'protocol'],
    'a record without end': [
      () =>
        soapAnswer(
          '1.2',
          whole.replace('<sag:TilstandListe>', `<sag:TilstandListe>${'<sag:Fremdrift/>'.repeat(210_000)}`),
        ),
      'invalid',
      'protocol',
    ],
    'a text without end': [
      () => soapAnswer('1.2', whole.replace('Sygedagpenge', 'x'.repeat(17_000_000))),
      'invalid',
      'protocol',
    ],
    'attributes without end': [() => raw(`<a b="${'x'.repeat(17_000_000)}`), 'invalid', 'protocol'],
    'a comment without end': [() => raw(`<a><!--${'x'.repeat(17_000_000)}`), 'invalid', 'protocol'],
    'more than it may': [() => soapAnswer('1.2', answerOf(sagXml().repeat(20))), 'invalid', 'too-large'],
  };
  for (const [what, [answer, status, code]] of Object.entries(bad))
    it(`takes ${what} for a problem that tells nothing of the answer`, async () => {
      const {connector} = await connected(answer, what === 'more than it may' ? {maxBytes: 20_000} : {});
      const thrown = await problemIn(itemsOf(connector, 'cases', ida));
      assert.deepEqual([thrown.status, thrown.problem.code], [status, code]);
      assert.doesNotMatch(JSON.stringify(thrown.problem), /640585|findes ikke|Sygedag/);
    });

  it('stands by what it gave before the answer broke off, and says so', async () => {
    const {connector} = await connected(() => cut(answerOf(sagXml() + sagXml({index: 2}))));
    let count = 0;
    await assert.rejects(async () => {
      for await (const {items} of reading(connector, 'cases', ida)) count += items.length;
    }, SourceProblem);
    assert.equal(count, 2);
  });

  it('does not wait longer than it may', async () => {
    const {connector} = await connected(
      ({response}) => {
        response.writeHead(200, {'content-type': 'application/soap+xml'});
        response.write('<a>');
        return undefined;
      },
      {timeoutMs: 100},
    );
    assert.equal((await problemIn(itemsOf(connector, 'cases', ida))).status, 'timeout');
  });

  it('logs requests that failed by their id, and nothing of the person', () => {
    assert(logged.some((line) => /"request":"[\w-]{36}"/.test(line)));
    assert(!logged.some((line) => line.includes(ida)));
  });
});
