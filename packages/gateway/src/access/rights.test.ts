import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {type Sensitivity, sensitivities} from '@bsp/contract';
import fc from 'fast-check';
import {accessOf} from './access.js';
import {type OfficeName, officeNames, officesOf} from './offices.js';
import {type Facts, type Level, levels, opens, type Right} from './rights.js';
import {sieveOf} from './visible.js';

const owners = ['11111111', '22222222'];
const numbers = ['27.60.10', '27.60.11', '27.61.10', '32.24.04'];
const patterns = ['*', '27.*', '27.60.*', '32.*', ...numbers];

const right: fc.Arbitrary<Right> = fc.record({
  owner: fc.constantFrom(...owners),
  kle: fc.array(fc.constantFrom(...patterns), {minLength: 1, maxLength: 2}),
  sensitivity: fc.constantFrom(...levels),
});
const rights = fc.array(right, {maxLength: 3});
const facts: fc.Arbitrary<Facts> = fc.record(
  {
    owner: fc.constantFrom(...owners),
    kle: fc.array(fc.constantFrom(...numbers, '27', 'x'), {maxLength: 2}),
    sensitivity: fc.constantFrom(...sensitivities),
  },
  {requiredKeys: []},
);

/** The rule once more, by spelling out what each pattern covers. */
const covered: Readonly<Record<string, readonly string[]>> = {
  '27.*': ['27.60.10', '27.60.11', '27.61.10'],
  '27.60.*': ['27.60.10', '27.60.11'],
  '32.*': ['32.24.04'],
};
const below: Readonly<Record<Level, readonly Sensitivity[]>> = {
  ordinary: ['ordinary'],
  confidential: ['ordinary', 'confidential'],
  sensitive: ['ordinary', 'confidential', 'sensitive'],
  vip: ['ordinary', 'confidential', 'sensitive', 'vip', 'unknown'],
};
const allowed = (given: readonly Right[], {owner, kle = [], sensitivity = 'unknown'}: Facts): boolean =>
  given.some(
    (one) =>
      one.owner === owner &&
      below[one.sensitivity].includes(sensitivity) &&
      one.kle.some(
        (pattern) => pattern === '*' || kle.some((number) => number === pattern || covered[pattern]?.includes(number)),
      ),
  );

const back = officesOf().back;
const itemOf = (own: Facts, through?: readonly Facts[]) => ({
  title: 'x',
  access: {...own, ...(through ? {through} : {})},
});
const shown = (user: readonly Right[], system: readonly Right[], resource: string, item: unknown) =>
  sieveOf(accessOf('karla', {user, system}, back, false), resource, {})(item);

describe('a right', () => {
  it('opens what is its owner’s, under its subject and within its sensitivity, all at once', () =>
    fc.assert(fc.property(right, facts, (one, what) => assert.equal(opens(one, what), allowed([one], what)))));

  it('is bound to its units and systems, where it names them', () => {
    const one: Right = {owner: '11111111', kle: ['*'], sensitivity: 'vip', units: ['u1'], systems: ['s1']};
    const what: Facts = {owner: '11111111'};
    assert(!opens(one, what));
    assert(!opens(one, {...what, unit: 'u1'}));
    assert(!opens(one, {...what, unit: 'u1', system: 's2'}));
    assert(opens(one, {...what, unit: 'u1', system: 's1'}));
  });
});

describe('who may see', () => {
  it('a case: user and calling system each by the rule', () =>
    fc.assert(
      fc.property(rights, rights, facts, (user, system, what) =>
        assert.equal(
          shown(user, system, 'cases', itemOf(what)) !== undefined,
          allowed(user, what) && allowed(system, what),
        ),
      ),
    ));

  it('a document: one of its cases, and as sensitive as the stricter of both; without a case, itself', () =>
    fc.assert(
      fc.property(rights, rights, facts, fc.array(facts, {maxLength: 3}), (user, system, own, cases) => {
        const both = (what: Facts) => allowed(user, what) && allowed(system, what);
        const through = (one: Facts) => both(one) && both({...one, sensitivity: own.sensitivity ?? 'unknown'});
        const expected = cases.length > 0 ? cases.some(through) : both(own);
        assert.equal(shown(user, system, 'documents', itemOf(own, cases)) !== undefined, expected);
      }),
    ));

  it('of a document’s cases only those that may be seen themselves', () => {
    const one: Right[] = [{owner: '11111111', kle: ['32.*'], sensitivity: 'confidential'}];
    const open = {owner: '11111111', kle: ['32.24.04'], sensitivity: 'ordinary'} as const;
    const closed = {...open, kle: ['27.60.10']};
    const named = (id: string, access?: object) => ({ref: {source: '', id}, title: id, ...(access ? {access} : {})});
    const item = (...cases: object[]) => ({...itemOf(open, [open, closed]), cases});
    const idsIn = (given: object) =>
      (shown(one, one, 'documents', given) as {cases: {title: string}[]}).cases.map(({title}) => title);
    assert.deepEqual(idsIn(item(named('open', open), named('closed', closed), named('unsaid'))), ['open']);
    assert.deepEqual(idsIn(item(named('unsaid'))), ['unsaid']);
  });

  it('a grant: itself, and one of its payments; only the benefits that may be seen', () =>
    fc.assert(
      fc.property(
        rights,
        rights,
        facts,
        fc.array(facts, {maxLength: 2}),
        fc.array(fc.constantFrom(...numbers), {maxLength: 3}),
        (user, system, own, payments, subjects) => {
          const both = (what: Facts) => allowed(user, what) && allowed(system, what);
          const sensitivity = own.sensitivity ?? 'unknown';
          const grant = {...own, kle: subjects, sensitivity};
          const item = {
            benefits: subjects.map((number) => ({name: number, kle: {number}})),
            sensitivity,
            access: {...grant, through: payments.map(({sensitivity: _, ...payment}) => payment)},
          };
          const open = both(grant) && (payments.length === 0 || payments.some((one) => both({...one, sensitivity})));
          const result = shown(user, system, 'grants', item) as {benefits: {name: string}[]} | undefined;
          assert.equal(result !== undefined, open);
          const seen = subjects.filter((number) => both({...grant, kle: [number]}));
          if (result)
            assert.deepEqual(
              result.benefits.map(({name}) => name),
              seen,
            );
        },
      ),
    ));

  it('a payment: as sensitive as the grant that it comes from', () => {
    const one: Right[] = [{owner: '11111111', kle: ['32.*'], sensitivity: 'confidential'}];
    const payment = {owner: '11111111', kle: ['32.24.04']};
    const from = (sensitivity: Sensitivity, kle = '32.24.04') =>
      itemOf(payment, [{owner: '11111111', kle: [kle], sensitivity}]);
    assert(shown(one, one, 'payments', from('confidential')));
    assert(!shown(one, one, 'payments', from('sensitive')));
    assert(!shown(one, one, 'payments', from('confidential', '27.60.10')));
    assert(!shown(one, one, 'payments', itemOf(payment)));
  });

  it('nothing of what nothing is known of, but for whoever may see all of the owner', () => {
    const all: Right[] = [{owner: '11111111', kle: ['*'], sensitivity: 'vip'}];
    const most: Right[] = [{owner: '11111111', kle: ['*'], sensitivity: 'sensitive'}];
    for (const item of [{}, {access: 3}, {access: {through: [null]}}, 'text', null, 7, {access: {kle: '32.24.04'}}]) {
      for (const resource of ['cases', 'documents', 'grants', 'payments', 'events'])
        assert.equal(shown(all, all, resource, item), undefined);
      const access = accessOf('karla', {user: all, system: all}, back, false);
      assert.deepEqual(sieveOf(access, 'cases', {owner: '11111111'})(item), item);
      const less = accessOf('karla', {user: most, system: all}, back, false);
      assert.equal(sieveOf(less, 'cases', {owner: '11111111'})(item), undefined);
    }
  });

  it('a record that names its case while nobody says who may see that: only where the config lets its own values decide', () => {
    const one: Right[] = [{owner: '11111111', kle: ['32.*'], sensitivity: 'confidential'}];
    const access = accessOf('karla', {user: one, system: one}, back, false);
    const item = {kle: {number: '32.24.04'}, sensitivity: 'ordinary', cases: [{ref: {source: '', id: 'c1'}}]};
    assert.equal(sieveOf(access, 'documents', {owner: '11111111'})(item), undefined);
    assert.equal(sieveOf(access, 'documents', {owner: '11111111', ownValues: true})(item), item);
  });

  it('more by another right, and never less', () =>
    fc.assert(
      fc.property(rights, rights, right, facts, fc.array(facts, {maxLength: 2}), (user, system, more, own, through) => {
        for (const resource of ['cases', 'documents', 'grants', 'events']) {
          const item = itemOf(own, through);
          if (shown(user, system, resource, item) === undefined) continue;
          assert.notEqual(shown([...user, more], system, resource, item), undefined);
          assert.notEqual(shown(user, [more, ...system], resource, item), undefined);
        }
      }),
    ));

  it('no more in any office than the rights open', () =>
    fc.assert(
      fc.property(rights, rights, facts, fc.constantFrom(...officeNames), (user, system, own, office: OfficeName) => {
        const access = accessOf('karla', {user, system}, officesOf()[office], true);
        if (access.sees(own)) assert(allowed(user, own) && allowed(system, own));
      }),
    ));
});

describe('an office', () => {
  const all: Right[] = [{owner: '11111111', kle: ['*'], sensitivity: 'vip'}];
  const access = (office: OfficeName, given = {}) =>
    accessOf('karla', {user: all, system: all}, officesOf(given)[office], true);
  it('narrows what its people may see and do', () => {
    const what = (sensitivity: Sensitivity): Facts => ({owner: '11111111', sensitivity});
    assert(access('back').sees(what('vip')) && access('back').acts('reveal') && access('back').mayBreakGlass);
    assert(access('front').sees(what('confidential')) && !access('front').sees(what('sensitive')));
    assert(access('front').acts('note.create') && !access('front').mayBreakGlass);
    assert(access('support').sees(what('ordinary')) && !access('support').sees(what('confidential')));
    assert(!access('support').acts('reveal') && !access('support').reads('journal'));
  });
  it('is as the configuration says where it says something', () => {
    const given = {front: {sensitivity: 'sensitive', actions: ['note.create']}} as const;
    assert(access('front', given).sees({owner: '11111111', sensitivity: 'sensitive'}));
    assert(access('front', given).acts('note.create') && !access('front', given).acts('reveal'));
    assert(access('front', given).reads('grants'));
  });
});
