import assert from 'node:assert/strict';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {describe, it} from 'node:test';
import {fileURLToPath} from 'node:url';
import fc from 'fast-check';
import type {IncomingEvent, IntakeAnswer} from '../connector.js';
import {connectorFindings} from '../connector-conformance.js';
import {escapeXml, readXml} from '../xml.js';
import beskedfordeler from './index.js';

const now = new Date('2026-11-20T09:00:00Z');
const connectorWith = (config: {maxBytes?: number} = {}) =>
  beskedfordeler.create(config, {
    sourceId: 'post',
    sourceName: 'Beskedfordeler',
    configDirectory: '/',
    log: {info() {}, warn() {}},
    now: () => now,
  });
const connector = await connectorWith();
const intake = connector.intake!;

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What the sender reads: the answer must be well-formed and of the schema's shape, whatever came in. */
function standardRetur(answer: IntakeAnswer): {code: string; text: string | undefined} {
  assert.equal(answer.mediaType, 'application/xml; charset=utf-8');
  const output = readXml(bytes(answer.body));
  assert.deepEqual([output.namespace, output.name], ['urn:oio:sts:1.0.0', 'ModtagBeskedOutput']);
  assert.equal(output.children.length, 1);
  const retur = output.children[0]!;
  assert.deepEqual([retur.namespace, retur.name], ['urn:oio:sagdok:3.0.0', 'StandardRetur']);
  const [code, text, ...more] = retur.children;
  assert.equal(more.length, 0);
  assert.equal(code?.name, 'StatusKode');
  assert.match(code.text, /^(20|40|41)$/);
  if (text) assert.equal(text.name, 'FejlbeskedTekst');
  return {code: code.text, text: text?.text};
}

async function given(
  message: Uint8Array | string,
): Promise<{answer: IntakeAnswer; events: IncomingEvent[]; code: string; text: string | undefined}> {
  const events: IncomingEvent[] = [];
  const answer = await intake.handle(typeof message === 'string' ? bytes(message) : message, (event) => {
    events.push(event);
    return Promise.resolve('kept');
  });
  return {answer, events, ...standardRetur(answer)};
}

const uuids = {
  message: '0b8f7a8e-0001-4c1e-9d53-000000000001',
  postStatus: 'd2bed63c-4853-4008-b6e0-a74c15b15fbf',
  cprEvent: '248ce14c-a863-4fb5-9e6f-7df9ea850809',
  birth: '1e5bb089-5445-44f8-9b65-bc854053f423',
  death: '298aa424-0a16-4a5a-956c-2bdab17fd11f',
  transmission: '0b8f7a8e-0002-4c1e-9d53-000000000002',
  letter: '0b8f7a8e-0003-4c1e-9d53-000000000003',
};
const uuid = (value: string): string => `<UUIDIdentifikator>${value}</UUIDIdentifikator>`;
const urn = (value: string): string => `<URNIdentifikator>${value}</URNIdentifikator>`;

interface Parts {
  id?: string;
  type?: string;
  related?: string[];
  registration?: string;
  delivery?: string;
  validFrom?: string;
  data?: string;
  version?: string;
}
const message = (parts: Parts = {}): string => `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<s:ModtagBeskedInput xmlns="urn:oio:sagdok:3.0.0" xmlns:k="urn:oio:besked:kuvert:1.0" xmlns:s="urn:oio:sts:1.0.0">
  <k:Haendelsesbesked>
    <k:BeskedId>${parts.id ?? uuid(uuids.message)}</k:BeskedId>
    <k:BeskedVersion>1.0</k:BeskedVersion>
    <k:Beskedkuvert>
      <k:Filtreringsdata>
        <k:Beskedtype>${parts.type ?? uuid(uuids.cprEvent)}</k:Beskedtype>
        <k:TilladtModtager>${urn('urn:oio:cvr:11111111')}</k:TilladtModtager>
        ${(parts.related ?? []).map((id) => `<k:RelateretObjekt><k:ObjektId>${id}</k:ObjektId><k:ObjektType>${uuid(uuids.letter)}</k:ObjektType></k:RelateretObjekt>`).join('')}
        ${parts.registration === undefined ? '' : `<k:ObjektRegistrering>${parts.registration}</k:ObjektRegistrering>`}
      </k:Filtreringsdata>
      ${parts.delivery ?? `<k:Leveranceinformation><k:KildesystemAkkreditiver>hemmelig</k:KildesystemAkkreditiver></k:Leveranceinformation>`}
      ${parts.validFrom === undefined ? '' : `<k:GyldighedFra><TidsstempelDatoTid>${parts.validFrom}</TidsstempelDatoTid></k:GyldighedFra>`}
    </k:Beskedkuvert>
    ${parts.data ?? ''}
  </k:Haendelsesbesked>
</s:ModtagBeskedInput>`;

const registered = (objectId: string, handling: string): string =>
  `<k:Registreringstidspunkt><TidsstempelDatoTid>2026-03-01T10:00:00</TidsstempelDatoTid></k:Registreringstidspunkt>` +
  `<k:ObjektId>${objectId}</k:ObjektId><k:ObjektHandling>${uuid(handling)}</k:ObjektHandling>`;

const postNamespace = 'http://serviceplatformen.dk/xml/print/PKO_PostStatus/1/types';
const post = (fields: Record<string, string>, faults = ''): string =>
  `<PKO_PostStatus xmlns="${postNamespace}">${Object.entries(fields)
    .map(([name, value]) => `<${name}>${escapeXml(value)}</${name}>`)
    .join('')}<FejlDetaljer>${faults}</FejlDetaljer></PKO_PostStatus>`;
const inBase64 = (content: string): string =>
  `<k:Beskeddata><Base64 xmlns="urn:besked:kuvert:1.0" content-type="application/xml">${Buffer.from(content).toString('base64')}</Base64></k:Beskeddata>`;
const letterFields = {
  TransmissionId: uuids.transmission,
  MessageUUID: uuids.letter,
  MessageId: 'brev-17',
  KanalKode: 'Digital Post',
  TransaktionsDatoTid: '2026-03-02T09:15:00.5Z',
  TransaktionsStatusKode: 'Afleveret Digital Post',
};
const postMessage = (fields: Record<string, string> = letterFields, faults = ''): string =>
  message({type: uuid(uuids.postStatus), data: inBase64(post(fields, faults))});

/** A synthetic person: day + 60. */
const alma = {type: 'cpr', value: '6206144002'} as const;
const ida = {type: 'cpr', value: '6405851002'} as const;

describe('post statuses', () => {
  it('becomes a delivered letter that can be joined', async () => {
    const {code, text, answer, events} = await given(postMessage());
    assert.equal(code, '20');
    assert.equal(text, undefined);
    assert.equal(answer.status, 200);
    assert.equal(answer.outcome, 'kept');
    assert.deepEqual(events, [
      {
        id: uuids.message,
        occurredAt: '2026-03-02T09:15:00.5Z',
        type: 'digital-post.delivered',
        title: 'Digital Post afleveret',
        message: {transmissionId: uuids.transmission, messageUuid: uuids.letter, messageId: 'brev-17'},
        about: {kind: 'message', ref: {source: '', id: uuids.letter}},
        delivery: {channel: 'Digital Post', state: 'delivered', native: 'Afleveret Digital Post'},
      },
    ]);
  });

  it('becomes a failed letter with its error, in which no CPR number stands', async () => {
    const {events} = await given(
      postMessage(
        {...letterFields, TransaktionsStatusKode: 'Fejlet'},
        '<FejlKode>ikke.tilmeldt</FejlKode><FejlTekst>Modtager 640585-1002 er\u00a0ikke\ntilmeldt \u202e&lt;script&gt;</FejlTekst>',
      ),
    );
    assert.equal(events[0]?.type, 'digital-post.failed');
    assert.equal(events[0].title, 'Digital Post kunne ikke leveres');
    assert.deepEqual(events[0].delivery, {
      channel: 'Digital Post',
      state: 'failed',
      native: 'Fejlet',
      error: {code: 'ikke.tilmeldt', text: 'Modtager 640585-•••• er ikke tilmeldt <script>'},
    });
  });

  for (const [channel, status, type, title] of [
    ['Digital Post', 'Modtaget Digital Post', 'digital-post.sent', 'Digital Post sendt'],
    ['Fysisk Post', 'Afsendt', 'physical-post.sent', 'Fysisk post sendt'],
    ['Fysisk Post', 'Fejlet', 'physical-post.failed', 'Fysisk post kunne ikke leveres'],
    ['Fysisk Post', 'Tilbagekaldt', 'physical-post.failed', 'Fysisk post kunne ikke leveres'],
    ['Fysisk Post', 'Opdatering fra Post Danmark', 'physical-post.unknown', 'Fysisk post: Opdatering fra Post Danmark'],
    ['', 'Klar', 'physical-post.sent', 'Fysisk post sendt'],
    ['', 'Fejlet', 'post.failed', 'Post kunne ikke leveres'],
    ['Brevdue', 'Fløjet', 'physical-post.unknown', 'Fysisk post: Fløjet'],
    ['Telex', 'Helt nyt ord', 'post.unknown', 'Post: Helt nyt ord'],
  ] as const) {
    it(`reads "${status}" on channel "${channel}"`, async () => {
      const {events} = await given(postMessage({...letterFields, KanalKode: channel, TransaktionsStatusKode: status}));
      assert.equal(events[0]?.type, type);
      assert.equal(events[0].title, title);
      assert.equal(events[0].delivery?.native, status);
    });
  }

  it('reads a payload that is not in base64, or in CDATA, just as well', async () => {
    const whole = (await given(postMessage())).events;
    const inline = message({type: uuid(uuids.postStatus), data: `<k:Beskeddata>${post(letterFields)}</k:Beskeddata>`});
    assert.deepEqual((await given(inline)).events, whole);
    const base64 = Buffer.from(post(letterFields))
      .toString('base64')
      .replace(/(.{60})/g, '$1\n');
    const cdata = message({
      type: uuid(uuids.postStatus),
      data: `<k:Beskeddata><Base64><![CDATA[${base64}]]></Base64></k:Beskeddata>`,
    });
    assert.deepEqual((await given(cdata)).events, whole);
  });

  it('takes status and identifiers from the envelope where the payload has none', async () => {
    const {events} = await given(
      message({
        type: uuid(uuids.postStatus),
        registration: `<k:ObjektRegistreringId>${uuid(uuids.transmission)}</k:ObjektRegistreringId>${registered(uuid(uuids.letter), 'e225a75c-4b63-46c4-9423-77f5c8762445')}`,
        data: inBase64(post({KanalKode: 'Digital Post'})),
      }),
    );
    assert.equal(events[0]?.type, 'digital-post.failed');
    assert.deepEqual(events[0].message, {transmissionId: uuids.transmission, messageUuid: uuids.letter});
    assert.equal(events[0].occurredAt, '2026-03-01T10:00:00+01:00');
  });

  it('refuses two payloads: two readers would see two letters', async () => {
    const data = inBase64(post(letterFields)) + inBase64(post({...letterFields, MessageUUID: uuids.message}));
    const {code, text, events} = await given(message({type: uuid(uuids.postStatus), data}));
    assert.equal(code, '40');
    assert.equal(text, 'Elementet Haendelsesbesked/Beskeddata/Base64 findes mere end én gang.');
    assert.deepEqual(events, []);
  });

  it('drops identifiers that hold a CPR number', async () => {
    const {events} = await given(
      postMessage({...letterFields, MessageId: `brev${ida.value}`, TransmissionId: '640585-1002'}),
    );
    assert.deepEqual(events[0]?.message, {messageUuid: uuids.letter});
    assert.ok(!/640585-?1002/.test(JSON.stringify(events)));
  });
});

describe('other messages', () => {
  it('may name a type or a handling by any word', async () => {
    for (const word of ['__proto__', 'constructor', 'toString']) {
      const registration = registered(uuid(uuids.letter), '').replace(uuid(''), urn(word));
      const {code, events} = await given(message({type: urn(word), registration}));
      assert.deepEqual([code, events[0]?.title], ['20', `Ukendt beskedtype: ${word}`]);
      const post = await given(message({type: uuid(uuids.postStatus), registration, data: ''}));
      assert.equal(post.code, '40');
    }
  });

  it('concerns the person who is registered, and says so to the one who is related', async () => {
    const {events} = await given(
      message({
        related: [urn(`urn:oio:cpr-nr:${ida.value}`), urn(`urn:oio:cpr-nr:${alma.value}`)],
        registration: registered(urn(`urn:oio:cpr-nr:${alma.value}`), uuids.birth),
        validFrom: '2026-03-01T09:00:00',
      }),
    );
    assert.deepEqual(
      events.map(({id, title, subject}) => ({id, title, subject})),
      [
        {id: uuids.message, title: 'Fødsel', subject: alma},
        {id: `${uuids.message}.2`, title: 'Relateret person: Fødsel', subject: ida},
      ],
    );
    assert.equal(events[0]?.type, 'CPR Hændelse');
    assert.equal(events[0].occurredAt, '2026-03-01T09:00:00+01:00');
    assert.equal(events[0].about, undefined);
  });

  describe('with several registered objects', () => {
    const both = (...registrations: string[]): string =>
      registrations.join('</k:ObjektRegistrering><k:ObjektRegistrering>');
    const [mother, child] = [urn('urn:oio:cpr-nr:6101500002'), urn('urn:oio:cpr-nr:6506121004')];
    const told = async (parts: Parts) =>
      (await given(message(parts))).events.map(({title, subject}) => [
        title,
        subject && 'value' in subject && subject.value,
      ]);

    it('tells each person what has happened to them', async () => {
      assert.deepEqual(
        await told({
          registration: both(registered(child, uuids.birth), registered(mother, uuids.death)),
          related: [child, urn('urn:oio:cpr-nr:6202500001')],
        }),
        [
          ['Fødsel', '6506121004'],
          ['Dødsfald', '6101500002'],
          ['Relateret person: CPR Hændelse', '6202500001'],
        ],
      );
    });

    it('tells all that has happened to one person, once', async () => {
      const registration = both(
        ...[uuids.birth, uuids.death, uuids.birth].map((handling) => registered(child, handling)),
      );
      assert.deepEqual(await told({registration}), [
        ['Fødsel', '6506121004'],
        ['Dødsfald', '6506121004'],
      ]);
    });

    it('tells when it happened to whom', async () => {
      const later = registered(mother, uuids.death).replace('2026-03-01T10', '2026-03-02T11');
      const {events} = await given(message({registration: both(registered(child, uuids.birth), later)}));
      assert.deepEqual(
        events.map(({occurredAt}) => occurredAt),
        ['2026-03-01T10:00:00+01:00', '2026-03-02T11:00:00+01:00'],
      );
    });
  });

  it('concerns the related persons and companies where the registered object is something else', async () => {
    const {events} = await given(
      message({
        related: [
          urn(`urn:oio:cpr-nr:${ida.value}`),
          urn('urn:oio:cvr-nr:55133018'),
          urn('urn:oio:cvr:64942212'),
          uuid(uuids.letter),
        ],
        registration: registered(uuid(uuids.letter), uuids.birth.replace('1', '2')),
      }),
    );
    assert.deepEqual(
      events.map(({title, subject}) => [title, subject?.type]),
      [
        ['CPR Hændelse', 'cpr'],
        ['CPR Hændelse', 'cvr'],
        ['CPR Hændelse', 'cvr'],
      ],
    );
    assert.deepEqual(events[0]?.about, {kind: 'object', ref: {source: '', id: uuids.letter}});
  });

  it('is kept without a subject where it names nobody, with an unknown type as it stands', async () => {
    const type = '99999999-1111-4222-8333-444444444444';
    const {events, code} = await given(
      message({type: uuid(type.toUpperCase()), related: [urn('urn:oio:cpr-nr:3102990000')]}),
    );
    assert.equal(code, '20');
    assert.deepEqual(events, [
      {id: uuids.message, occurredAt: now.toISOString(), type, title: `Ukendt beskedtype: ${type}`},
    ]);
  });

  it('is known again when its id, which held a CPR number, comes again', async () => {
    const again = () => given(message({id: urn(`urn:oio:cpr-nr:${ida.value}`)}));
    const [first, second] = [await again(), await again()];
    assert.match(first.events[0]!.id, /^sha256:[0-9a-f]{64}$/);
    assert.equal(first.events[0]?.id, second.events[0]?.id);
  });

  it('may come without the outer element, as it does from a queue', async () => {
    const inner = /<k:Haendelsesbesked>[\s\S]*<\/k:Haendelsesbesked>/.exec(postMessage())![0];
    const alone = inner.replace(
      '<k:Haendelsesbesked>',
      '<k:Haendelsesbesked xmlns="urn:oio:sagdok:3.0.0" xmlns:k="urn:oio:besked:kuvert:1.0">',
    );
    assert.deepEqual((await given(alone)).events, (await given(postMessage())).events);
  });
});

describe('what the sender is answered', () => {
  it('gets the same 20 for a message that comes again', async () => {
    const first = await intake.handle(bytes(postMessage()), () => Promise.resolve('kept'));
    const again = await intake.handle(bytes(postMessage()), () => Promise.resolve('duplicate'));
    assert.equal(again.body, first.body);
    assert.equal(again.outcome, 'duplicate');
  });

  it('gets a 503 for a message that could not be kept, so that it comes again', async () => {
    const answer = await intake.handle(bytes(postMessage()), () => Promise.reject(new Error('no disk')));
    assert.equal(answer.status, 503);
    assert.equal(standardRetur(answer).code, '40');
  });

  const path = 'Haendelsesbesked';
  const cover = `${path}/Beskedkuvert`;
  for (const [what, body, element] of [
    ['no message', '<s:ModtagBeskedInput xmlns:s="urn:oio:sts:1.0.0"/>', 'ModtagBeskedInput/Haendelsesbesked'],
    ['no BeskedId', message().replace(/<k:BeskedId>.*<\/k:BeskedId>/, ''), `${path}/BeskedId/UUIDIdentifikator`],
    ['an empty BeskedId', message({id: ''}), `${path}/BeskedId/UUIDIdentifikator`],
    ['no envelope', message().replace(/<k:Beskedkuvert>[\s\S]*<\/k:Beskedkuvert>/, ''), cover],
    [
      'no filter data',
      message().replace(/<k:Filtreringsdata>[\s\S]*<\/k:Filtreringsdata>/, ''),
      `${cover}/Filtreringsdata`,
    ],
    ['no type', message({type: ''}), `${cover}/Filtreringsdata/Beskedtype/UUIDIdentifikator`],
    ['no delivery information', message({delivery: ''}), `${cover}/Leveranceinformation`],
    [
      'a related object without id',
      message({related: ['']}),
      `${cover}/Filtreringsdata/RelateretObjekt/ObjektId/UUIDIdentifikator`,
    ],
    ['two ids', message({id: uuid(uuids.message) + uuid(uuids.letter)}), `${path}/BeskedId/UUIDIdentifikator`],
    ['an endless id', message({id: urn('x'.repeat(300))}), `${path}/BeskedId`],
    ['a post status without payload', message({type: uuid(uuids.postStatus)}), `${path}/Beskeddata/Base64`],
    [
      'payload that is no base64',
      message({type: uuid(uuids.postStatus), data: '<k:Beskeddata><Base64>PFB?</Base64></k:Beskeddata>'}),
      `${path}/Beskeddata/Base64`,
    ],
    [
      'payload cut off',
      message({type: uuid(uuids.postStatus), data: inBase64(post(letterFields).slice(0, -9))}),
      `${path}/Beskeddata/Base64`,
    ],
    [
      'payload with a doctype',
      message({type: uuid(uuids.postStatus), data: inBase64(`<!DOCTYPE x>${post(letterFields)}`)}),
      `${path}/Beskeddata/Base64`,
    ],
    [
      'payload in another namespace',
      message({type: uuid(uuids.postStatus), data: inBase64(post(letterFields).replace('/1/', '/2/'))}),
      'PKO_PostStatus',
    ],
    ['a post status without status', postMessage({MessageUUID: uuids.letter}), 'PKO_PostStatus/TransaktionsStatusKode'],
    [
      'a post status without identifiers',
      postMessage({TransaktionsStatusKode: 'Fejlet'}),
      'PKO_PostStatus/MessageUUID',
    ],
    ['a wrong namespace', message().replace('urn:oio:sts:1.0.0', 'urn:oio:sts:9.0.0'), 'ModtagBeskedInput'],
    ['a wrong envelope namespace', message().replace('kuvert:1.0', 'kuvert:2.0'), 'ModtagBeskedInput/Haendelsesbesked'],
    ['another root', '<Envelope/>', 'ModtagBeskedInput'],
  ] as const) {
    it(`gets a 40 that names the element, for ${what}`, async () => {
      const {code, text, events, answer} = await given(body);
      assert.equal(code, '40');
      assert.equal(answer.status, 200);
      assert.ok(text?.includes(element), text);
      assert.deepEqual(events, []);
    });
  }

  for (const [what, body] of [
    ['nothing', ''],
    ['JSON', '{"a":1}'],
    ['a page', '<!doctype html><html></html>'],
    ['a doctype', `<!DOCTYPE a>${message()}`],
    ['an external entity', `<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>${message({id: '&b;'})}`],
    ['a message cut off', message().slice(0, 600)],
    ['a thousand levels', '<a>'.repeat(1000)],
    ['another encoding', message().replace('UTF-8', 'UTF-16')],
  ] as const) {
    it(`gets a 41 for ${what}`, async () => {
      const {code, answer, events} = await given(body);
      assert.equal(code, '41');
      assert.equal(answer.status, 200);
      assert.deepEqual(events, []);
    });
  }

  it('takes another path from the config, if it is one', async () => {
    const parsed = beskedfordeler.configSchema.parse({path: '/post/ind'});
    const other = await beskedfordeler.create(parsed, {
      sourceId: 'post',
      sourceName: 'Post',
      configDirectory: '/',
      log: {info() {}, warn() {}},
    });
    assert.equal(other.intake?.path, '/post/ind');
    for (const path of ['post', '/', '/post/', '/post?x', '/a b']) {
      assert.equal(beskedfordeler.configSchema.safeParse({path}).success, false, path);
    }
    assert.equal(intake.path, '/beskedfordeler/modtag');
  });

  it('gets a 413 for a message larger than the limit, which the config sets', async () => {
    const big = await given(new Uint8Array(10_000_000).fill(0x20));
    assert.equal(big.answer.status, 413);
    assert.equal(big.code, '41');
    const small = (await connectorWith({maxBytes: 100})).intake!;
    assert.equal(small.maxBytes, 100);
    assert.equal((await small.handle(bytes(message()), () => Promise.resolve('kept'))).status, 413);
  });

  it('never reads what it was sent back to the sender', async () => {
    const {text, answer} = await given(`<${'hemmeligt'}Navn xmlns="urn:${ida.value}">`);
    assert.ok(!`${text}${answer.outcome}`.includes('hemmeligt'));
    assert.ok(!`${text}${answer.outcome}`.includes(ida.value));
  });
});

describe('the intake as a whole', () => {
  it('keeps what every connector must keep', async () => {
    for (const sample of [
      postMessage(),
      message({
        related: [urn(`urn:oio:cpr-nr:${ida.value}`)],
        registration: registered(urn(`urn:oio:cpr-nr:${alma.value}`), uuids.birth),
      }),
    ]) {
      assert.deepEqual(await connectorFindings(connector, {message: bytes(sample)}), []);
    }
  });

  it('answers in its own format whatever becomes of a message on the way', async () => {
    const samples = [postMessage(), message({related: [urn(`urn:oio:cpr-nr:${ida.value}`)]})].map(bytes);
    const change = fc.record({
      sample: fc.constantFrom(...samples),
      at: fc.nat(3000),
      remove: fc.nat(40),
      insert: fc.oneof(
        fc.string({maxLength: 20}),
        fc.constantFrom('<', '</', '&', ']]>', '<![CDATA[', '<!DOCTYPE a>', '<a>', '&#0;', '\u0000', 'k:', 'xmlns=""'),
      ),
    });
    await fc.assert(
      fc.asyncProperty(change, async ({sample, at, remove, insert}) => {
        const from = Math.min(at, sample.length);
        const {code, events} = await given(
          Buffer.concat([sample.subarray(0, from), bytes(insert), sample.subarray(from + remove)]),
        );
        assert.equal(code === '20', events.length > 0);
        for (const {subject, ...rest} of events) {
          if (subject && 'value' in subject) assert.ok(!JSON.stringify(rest).includes(subject.value));
        }
      }),
      {numRuns: 300},
    );
  });
});

describe('the queue of a config', () => {
  const environment = {
    sourceId: 'post',
    sourceName: 'Post',
    configDirectory: '/',
    log: {info() {}, warn() {}},
  };
  const queue = {url: 'amqps://bsp:hemmeligt@bf.example:5671', queue: 'dueslag'};

  it('is fetched from instead of taking messages over HTTP, unless there is a path too', async () => {
    const alone = await beskedfordeler.create(beskedfordeler.configSchema.parse({amqp: queue}), environment);
    assert.equal(alone.intake, undefined);
    assert.equal(typeof alone.pickUp, 'function');
    const both = await beskedfordeler.create({amqp: queue, path: '/ind'}, environment);
    assert.equal(both.intake?.path, '/ind');
    assert.equal(typeof both.pickUp, 'function');
    assert.equal(connector.pickUp, undefined);
  });

  for (const [what, amqp, fault] of [
    ['another protocol', {...queue, url: 'https://bsp:hemmeligt@bf.example'}, /amqps:\/\//],
    ['no encryption', {...queue, url: 'amqp://bsp:hemmeligt@bf.example'}, /this machine only/],
    ['a virtual host in the address', {...queue, url: 'amqps://bsp:hemmeligt@bf.example/BF'}, /virtual host is/],
    ['no queue', {url: queue.url}, /queue/],
    ['a strange key', {...queue, ack: false}, /ack/],
    ['no message at a time', {...queue, prefetch: 0}, /prefetch/],
  ] as const) {
    it(`is refused with ${what}, without repeating the password`, () => {
      const {success, error} = beskedfordeler.configSchema.safeParse({amqp});
      assert.equal(success, false);
      assert.match(JSON.stringify(error?.issues), fault);
      assert.ok(!JSON.stringify(error?.issues).includes('hemmeligt'));
    });
  }

  it('names the variable or the file that is not there', async () => {
    const create = (more: object) =>
      beskedfordeler.create(beskedfordeler.configSchema.parse({amqp: {...queue, ...more}}), environment);
    await assert.rejects(create({url: {env: 'BSP_TEST_NO_SUCH'}}), /"amqp.url".*BSP_TEST_NO_SUCH/);
    await assert.rejects(create({tokenFile: 'token'}), /"amqp.tokenFile" is "token".*ENOENT/);
    await assert.rejects(create({tls: {caFile: 'ca.pem'}}), /"tls.caFile" is "ca.pem".*ENOENT/);
  });
});

const shared = fileURLToPath(new URL('../../../../../shared/data/beskedfordeler/', import.meta.url));

describe('the published samples', {
  skip: existsSync(shared) ? false : '../shared/data/beskedfordeler is not here',
}, () => {
  const expected: Record<string, {code: string; types: string[]; titles?: string[]; join?: boolean}> = {
    'PostStatusBeskedModtag.success.xml': {
      code: '20',
      types: ['digital-post.delivered'],
      titles: ['Digital Post afleveret'],
      join: true,
    },
    'beskeder/testbesked01.xml': {
      code: '20',
      types: ['Test/TestbeskedType1', 'Test/TestbeskedType1'],
      titles: ['Fødsel', 'Relateret person: Fødsel'],
    },
    'beskeder/testbesked02.xml': {
      code: '20',
      types: ['Test/TestbeskedType2', 'Test/TestbeskedType2'],
      titles: ['Dødsfald', 'Relateret person: Dødsfald'],
    },
    'bfo-samples/rest-push-message.xml': {code: '20', types: ['c8673551-981e-4be1-b1a6-180cf6fa61f0']},
    'bfo-samples/vaerdiliste_opret.xml': {code: '40', types: []},
    'bfo-samples/vaerdiliste_slet.xml': {code: '40', types: []},
    'bfo-samples/vaerdiliste_list.xml': {code: '40', types: []},
    'bfo-samples/vaerdiliste_tilfoejvaerdier.xml': {code: '40', types: []},
  };
  for (const [name, {code, types, titles, join}] of Object.entries(expected)) {
    it(`answers ${name} with ${code}`, {
      skip: existsSync(shared + name) ? false : `../shared/data/beskedfordeler/${name} is not here`,
    }, async () => {
      const {events, ...answer} = await given(readFileSync(shared + name));
      assert.equal(answer.code, code);
      assert.deepEqual(
        events.map(({type}) => type),
        types,
      );
      if (titles) {
        assert.deepEqual(
          events.map(({title}) => title),
          titles,
        );
      }
      assert.equal(
        events.some(({message}) => message?.messageUuid !== undefined),
        join ?? false,
      );
      if (code === '20')
        assert.deepEqual(await connectorFindings(connector, {message: readFileSync(shared + name)}), []);
    });
  }

  it('answers every other sample in its own format too', async () => {
    const others = readdirSync(shared, {recursive: true, encoding: 'utf8'}).filter(
      (name) => name.endsWith('.xml') && !(name in expected),
    );
    for (const name of others) {
      const {code, events} = await given(readFileSync(shared + name));
      assert.equal(code === '20', events.length > 0, name);
    }
  });
});
