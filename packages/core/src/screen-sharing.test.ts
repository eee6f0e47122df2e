import {casesResource, eventsResource, journalResource, personResource, type Resource} from '@bsp/contract';
import {expect} from '@open-wc/testing';
import fc from 'fast-check';
import {fakeSession, sourceOf, viewOf} from '../../../tests/browser/fixtures/fake-session.js';
import {BspProvider} from './bsp-provider.js';
import './define.js';
import {hidePersons} from './screen-sharing.js';
import type {Session} from './session.js';

const marker = 'Zqx';
const secret = fc.string({maxLength: 12}).map((text) => `${marker}${text}`);
const moment = fc
  .date({min: new Date('2000-01-01'), max: new Date('2030-01-01'), noInvalidDate: true})
  .map((date) => date.toISOString());
const ref = fc.record({source: fc.constant('a'), id: fc.uuid()});
const staff = fc.record({name: secret, unit: secret});
const kle = fc.record({number: fc.constant('27.36.04'), title: secret});

/** Records of each kind with secrets in every text. */
const records: Readonly<Record<string, readonly [Resource<unknown>, fc.Arbitrary<unknown>]>> = {
  person: [
    personResource,
    fc.record({
      ref,
      name: secret,
      masked: fc.constant('641284-••••'),
      status: fc.record({kind: fc.constantFrom('active', 'dead'), native: secret, since: fc.constant('1983-03-12')}),
      birthDate: fc.constant('1984-12-04'),
      address: fc.record({lines: fc.array(secret), municipality: secret}),
      spouse: fc.record({relation: fc.constant('spouse'), name: secret, masked: secret}),
      previousNumbers: fc.array(secret),
    }),
  ],
  cases: [
    casesResource,
    fc.oneof(
      fc.record({
        ref,
        title: secret,
        number: secret,
        status: fc.record({phase: fc.constantFrom('arisen', 'closed'), native: secret}),
        kle,
        responsible: staff,
        openedAt: moment,
        changedAt: moment,
        sensitivity: fc.constantFrom('ordinary', 'vip'),
      }),
      fc.record({source: fc.constant('a'), ask: fc.record({unit: secret, phone: secret})}),
    ),
  ],
  journal: [
    journalResource,
    fc.record({
      ref,
      case: fc.record({ref, title: secret}),
      occurredAt: moment,
      recordedAt: moment,
      author: staff,
      heading: secret,
      body: secret,
      kle,
      delivery: fc.record({state: fc.constantFrom('kept', 'rejected'), at: moment, reason: secret}),
      addenda: fc.array(fc.record({at: moment, author: staff, body: secret})),
    }),
  ],
  events: [
    eventsResource,
    fc.record({
      ref,
      type: secret,
      title: secret,
      text: secret,
      occurredAt: moment,
      receivedAt: moment,
      about: fc.record({kind: secret, ref, title: secret, case: fc.record({ref, title: secret})}),
      delivery: fc.record({
        channel: secret,
        state: fc.constant('failed'),
        native: secret,
        error: fc.record({code: secret, text: secret}),
      }),
      done: fc.record({at: moment, by: secret}),
    }),
  ],
};

/** What a window gets of a Session while the screen is shared. */
function seen(session: Session, provider = new BspProvider()): Session {
  hidePersons(provider);
  return provider.lens?.(session) as Session;
}

describe('a Session while the screen is shared', () => {
  for (const [name, [resource, record]] of Object.entries(records))
    it(`gives valid records of ${name} that tell nothing`, () => {
      fc.assert(
        fc.property(fc.array(record, {maxLength: 4}), (given) => {
          const session = fakeSession();
          session.show(
            resource,
            viewOf(
              given.map((one) => resource.parse(one)),
              [sourceOf('a', 'A')],
            ),
          );
          const {items} = seen(session).resource(resource).view;
          expect(items.length).to.equal(given.length);
          expect(JSON.stringify(items)).not.to.match(/Zqx|641284-•|1984-12-04|1983-03-12|27\.36\.04/);
          for (const item of items) expect(JSON.stringify(resource.parse(item))).to.equal(JSON.stringify(item));
        }),
      );
    });

  it('leaves of a resource that nobody knows here only references and moments', () => {
    const unknown: Resource<unknown> = {name: 'payments', parse: (item) => item};
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        {maxDepth: 4},
        secret,
        fc.integer({min: 1_000}),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('any'), {maxLength: 3}),
        fc.dictionary(fc.constantFrom('name', 'paidAt', 'ref', 'at', '__proto__', 'amount'), tie('any'), {maxKeys: 4}),
      ),
    })).any;
    fc.assert(
      fc.property(value, ref, moment, (rest, itsRef, paidAt) => {
        const session = fakeSession();
        session.show(unknown, viewOf([{rest, ref: itsRef, paidAt, amount: 12_345}], []));
        const [item] = seen(session).resource(unknown).view.items as [Record<string, unknown>];
        const told = JSON.stringify(item, (_, one: unknown) => (typeof one === 'number' ? marker : one));
        expect(told).not.to.contain(marker);
        expect(item).to.include({paidAt}).and.to.have.property('ref').that.deep.equals(itsRef);
      }),
    );
  });

  it('says neither name nor number, nor what programs and backends wrote', () => {
    const problem = {type: 'x', title: marker, status: 500, code: 'internal', detail: marker} as const;
    const session = fakeSession({
      subject: {type: 'cpr', masked: '641284-••••', label: marker},
      name: marker,
      problem,
      objections: [{program: marker, reason: marker}],
      cutOff: [marker],
    });
    session.show(casesResource, viewOf([], [sourceOf('a', 'A', {status: 'unavailable', problem})], {problem}));
    const hidden = seen(session);
    const {subject, name, objections, cutOff} = hidden;
    const view = hidden.resource(casesResource).view;
    expect(JSON.stringify([subject, name, hidden.problem, objections, cutOff, hidden.me, view])).not.to.match(
      /Zqx|641284/,
    );
    expect([name, subject?.masked, objections.length, cutOff.length]).to.deep.equal([
      'Skjult person',
      '••••••-••••',
      1,
      1,
    ]);
    expect(view.sources[0]?.problem?.code).to.equal('internal');
  });

  it('says so in the language of the windows', () => {
    const provider = Object.assign(new BspProvider(), {lang: 'en'});
    expect(seen(fakeSession({subject: {type: 'cpr'}}), provider).name).to.equal('Hidden person');
  });

  it('gives the same view as long as nothing has changed, and the same Session', () => {
    const provider = new BspProvider();
    const session = fakeSession();
    session.show(casesResource, viewOf([], []));
    const hidden = seen(session, provider);
    expect(provider.lens?.(session)).to.equal(hidden);
    const {view} = hidden.resource(casesResource);
    expect(hidden.resource(casesResource).view).to.equal(view);
    session.show(casesResource, viewOf([], [sourceOf('a', 'A')]));
    expect(hidden.resource(casesResource).view).not.to.equal(view);
  });

  it('ends only what it began', () => {
    const provider = new BspProvider();
    const first = hidePersons(provider);
    const second = hidePersons(provider);
    const {lens} = provider;
    first();
    expect(provider.lens).to.equal(lens);
    second();
    expect(provider.lens).to.equal(undefined);
  });
});
