import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import fc from 'fast-check';
import {privilegesOf} from './privileges.js';

const ours = {
  read: ['http://bsp.example/roles/usersystemrole/laes/1'],
  breakGlass: ['http://bsp.example/roles/noed/1'],
};
const read = ours.read[0]!;
const kle = (value: string) => `<Constraint Name="http://sts.kombit.dk/constraints/KLE/1">${value}</Constraint>`;
const sensitivity = (value: string) =>
  `<Constraint Name="http://sts.kombit.dk/constraints/foelsomhed/1">${value}</Constraint>`;
const group = (inner: string, {owner = '11111111', privilege = read} = {}) =>
  `<PrivilegeGroup Scope="urn:dk:gov:saml:cvrNumberIdentifier:${owner}"><Privilege>${privilege}</Privilege>${inner}</PrivilegeGroup>`;
const list = (groups: string, namespace = 'http://itst.dk/oiosaml/basic_privilege_profile') =>
  Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?><bpp:PrivilegeList xmlns:bpp="${namespace}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">${groups}</bpp:PrivilegeList>`,
  ).toString('base64');
const rightsIn = (groups: string) => privilegesOf(list(groups), ours).rights;
const usual = kle('27.*,32.24.04') + sensitivity('FORTROLIGE_PERSONOPLYSNINGER');

describe('a privilege list', () => {
  it('gives a right for each group of ours: owner, subjects, sensitivity', () => {
    const expected = [{owner: '11111111', kle: ['27.*', '32.24.04'], sensitivity: 'confidential'}];
    assert.deepEqual(rightsIn(group(usual)), expected);
    assert.deepEqual(
      privilegesOf(list(group(usual), 'http://digst.dk/oiosaml/basic_privilege_profile'), ours).rights,
      expected,
    );
    assert.deepEqual(
      rightsIn(
        group(kle('27.*') + kle('32.24.04') + sensitivity('ikke_fortrolige_data, FORTROLIGE_PERSONOPLYSNINGER')),
      ),
      expected,
    );
    assert.deepEqual(rightsIn(group(usual) + group(usual, {owner: '22222222'})).length, 2);
    const bound = '<Constraint Name="http://sts.kombit.dk/constraints/orgenhed/1">u1,u2</Constraint>';
    assert.deepEqual(rightsIn(group(usual + bound)), [{...expected[0], units: ['u1', 'u2']}]);
    const it = '<Constraint Name="http://sts.kombit.dk/constraints/itsystem/1">s1</Constraint>';
    assert.deepEqual(rightsIn(group(usual + it)), [{...expected[0], systems: ['s1']}]);
  });

  it('gives nothing where it does not understand', () => {
    const nothing: [string, string][] = [
      ['another system’s role', group(usual, {privilege: 'http://sapa.kombit.dk/roles/laes/1'})],
      ['no KLE', group(sensitivity('VIP_SAGER'))],
      ['an empty KLE', group(kle(' ') + sensitivity('VIP_SAGER'))],
      ['a KLE that is none', group(kle('27.*,alle') + sensitivity('VIP_SAGER'))],
      ['no sensitivity', group(kle('*'))],
      ['a sensitivity that we do not know', group(kle('*') + sensitivity('VIP_SAGER,HEMMELIG'))],
      ['a bound that we do not know', group(`${usual}<Constraint Name="urn:other">x</Constraint>`)],
      ['another kind of owner', group(usual).replace('cvrNumber', 'productionUnit')],
      ['an owner that is none', group(usual, {owner: '1111'})],
    ];
    for (const [what, groups] of nothing) assert.deepEqual(rightsIn(groups), [], what);
  });

  it('says whose glass may be broken', () => {
    const privilege = ours.breakGlass[0]!;
    const groups =
      group('', {privilege}) + group(usual, {owner: '22222222'}) + group('', {owner: '33333333', privilege});
    assert.deepEqual(privilegesOf(list(groups), ours).breakGlass, ['11111111', '33333333']);
  });

  it('breaks no glass within bounds, which a broken glass does not know', () => {
    const privilege = ours.breakGlass[0]!;
    const system = '<Constraint Name="http://sts.kombit.dk/constraints/itsystem/1">s1</Constraint>';
    for (const bounds of [usual, kle('*'), system, '<Constraint Name="urn:other">x</Constraint>'])
      assert.deepEqual(privilegesOf(list(group(bounds, {privilege})), ours).breakGlass, [], bounds);
  });

  it('refuses what is not such a list', () => {
    const doctype = Buffer.from('<!DOCTYPE x [<!ENTITY a "b">]><x/>').toString('base64');
    for (const text of ['', '%%%', 'abc', doctype, Buffer.from('<x/>').toString('base64'), list('').slice(0, -20)])
      assert.throws(() => privilegesOf(text, ours), Error);
  });

  it('never gives more for being spoiled', () => {
    const whole = list(group(usual));
    const bytes = Buffer.from(whole, 'base64');
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), fc.nat(40), (at, byte, cut) => {
        const spoiled = Buffer.concat([bytes.subarray(0, at), Buffer.from([byte]), bytes.subarray(at + 1 + cut)]);
        let rights: readonly {owner: string; kle: readonly string[]; sensitivity: string}[] = [];
        try {
          ({rights} = privilegesOf(spoiled.toString('base64'), ours));
        } catch (thrown) {
          assert(thrown instanceof Error);
          assert(!thrown.message.includes('11111111'));
        }
        assert(rights.length <= 1);
        for (const right of rights) {
          assert.match(right.owner, /^\d{8}$/);
          assert(right.kle.length > 0);
          assert.equal(right.sensitivity, 'confidential');
        }
      }),
    );
  });
});
