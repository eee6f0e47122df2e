import {type civilStatuses, parseCpr, type personStatuses, type protectionKinds} from '@bsp/contract';
import {dayNumber, dayOf, isoDay} from './calendar.js';
import {cast} from './cast.js';
import {familyNames, givenNames, middleNames} from './names.js';
import {districts} from './places.js';
import {type Chance, chanceOf, hash32} from './random.js';

/** A synthetic inhabitant: a pure function of seed and index. Knows relatives by their index. */
export interface Inhabitant {
  readonly index: number;
  /** Ten digits, day + 60: a number that nobody has. */
  readonly cpr: string;
  readonly first: string;
  readonly name: string;
  readonly sex: 'female' | 'male';
  readonly birthDate: string;
  readonly status: (typeof personStatuses)[number];
  /** CPR's own status code. */
  readonly statusCode: string;
  readonly statusSince?: string;
  readonly civilStatus: (typeof civilStatuses)[number];
  readonly civilSince?: string;
  readonly spouse?: number;
  readonly children: readonly number[];
  readonly mother?: number;
  readonly father?: number;
  /** Indices of those who have custody; only for children. */
  readonly custody: readonly number[];
  readonly guardian?: number;
  readonly address?: {readonly lines: readonly string[]; readonly municipality: string; readonly since: string};
  readonly contactAddress?: readonly string[];
  readonly protections: readonly {
    readonly kind: (typeof protectionKinds)[number];
    readonly from: string;
    readonly to?: string;
  }[];
  readonly citizenship: string;
  /** Index of the person who now has another number. */
  readonly replacedBy?: number;
  /** Earlier numbers, ten digits. */
  readonly previousNumbers: readonly string[];
}

/** Birth years are counted from here, so that numbers never change with the calendar. */
export const epochYear = 2026;
const householdSize = 6;
/** Combinations of month, day, digit 7, digits 8–9 (01–99) and half of digit 10: what tells people of one year and sex apart. */
const combinations = 12 * 28 * 4 * 99 * 5;
/** The largest size; more than the largest Danish municipality has. */
export const largestSize = combinations;

/** CPR codes of our statuses. */
const statusCodes: Readonly<Record<Inhabitant['status'], string>> = {
  active: '1',
  inactive: '5',
  annulled: '30',
  'changed-number': '60',
  missing: '70',
  emigrated: '80',
  dead: '90',
};

/** Finds and makes the inhabitants of a municipality. */
export interface Population {
  readonly size: number;
  /** @throws RangeError outside 0…size-1 */
  inhabitant(index: number): Inhabitant;
  /** Index of a CPR number (ten characters); undefined when nobody has it. Costs one household, whatever the size. */
  indexOf(cpr: string): number | undefined;
  /** A number that hides the index, and back again. */
  handleOf(index: number): string;
  indexOfHandle(handle: string): number | undefined;
}

/** Makes a population. Nothing is generated until it is asked for. */
export function populationOf(seed: string, size: number): Population {
  if (!Number.isInteger(size) || size < 1 || size > largestSize) {
    throw new RangeError(`size must be a whole number from 1 to ${largestSize}`);
  }
  const numbers = permutation(combinations, `${seed}/cpr`);
  const handles = permutation(4_294_967, `${seed}/handle`);
  const households = new Map<number, readonly Inhabitant[]>();

  const household = (block: number): readonly Inhabitant[] => {
    let members = households.get(block);
    if (!members) {
      members = makeHousehold(seed, cast.length + block * householdSize, (index) => numbers.forward(index));
      if (households.size > 2000) households.clear();
      households.set(block, members);
    }
    return members;
  };
  const unchecked = (index: number): Inhabitant =>
    cast[index] ?? household(Math.floor((index - cast.length) / householdSize))[(index - cast.length) % householdSize]!;
  const castByNumber = new Map(cast.map((person) => [person.cpr, person.index]));

  return {
    size,
    inhabitant: (index) => {
      if (!Number.isInteger(index) || index < 0 || index >= size) throw new RangeError(`nobody has index ${index}`);
      return unchecked(index);
    },
    indexOf: (cpr) => {
      const known = castByNumber.get(cpr);
      if (known !== undefined) return known < size ? known : undefined;
      const combination = combinationOf(cpr);
      if (combination === undefined) return undefined;
      const index = numbers.back(combination);
      return index >= cast.length && index < size && unchecked(index).cpr === cpr ? index : undefined;
    },
    handleOf: (index) => `p${handles.forward(index).toString(36)}`,
    indexOfHandle: (handle) => {
      if (!/^p[\da-z]{1,6}$/.test(handle)) return undefined;
      const number = Number.parseInt(handle.slice(1), 36);
      if (number >= handles.modulus || number.toString(36) !== handle.slice(1)) return undefined;
      const index = handles.back(number);
      return index < size ? index : undefined;
    },
  };
}

interface Permutation {
  readonly modulus: number;
  forward(value: number): number;
  back(value: number): number;
}

/** A one-to-one scrambling of 0…modulus-1. */
function permutation(modulus: number, key: string): Permutation {
  let factor = 1 + Math.floor(modulus * 0.38) + (hash32(`${key}/factor`) % 100_000);
  while (greatestCommonDivisor(factor, modulus) !== 1) factor++;
  const shift = hash32(`${key}/shift`) % modulus;
  const inverse = inverseOf(factor, modulus);
  return {
    modulus,
    // Below 2^53 for the moduli used here: both factors are less than 2^23.
    forward: (value) => (value * factor + shift) % modulus,
    back: (value) => (((value - shift + modulus) % modulus) * inverse) % modulus,
  };
}

const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b));

function inverseOf(value: number, modulus: number): number {
  let [oldRest, rest, oldFactor, factor] = [value, modulus, 1, 0];
  while (rest !== 0) {
    const quotient = Math.floor(oldRest / rest);
    [oldRest, rest] = [rest, oldRest - quotient * rest];
    [oldFactor, factor] = [factor, oldFactor - quotient * factor];
  }
  return ((oldFactor % modulus) + modulus) % modulus;
}

/** The first seventh digit that puts a birth year in its century; three more follow it. */
const firstSeventh = (year: number): number => (year < 2000 ? 0 : 5);

function numberOf(year: number, sex: 'female' | 'male', combination: number): {cpr: string; birthDate: string} {
  let rest = combination;
  const take = (count: number): number => {
    const taken = rest % count;
    rest = Math.floor(rest / count);
    return taken;
  };
  const half = take(5);
  const middle = take(99) + 1;
  const seventh = firstSeventh(year) + take(4);
  const date = take(28) + 1;
  const month = take(12) + 1;
  const two = (value: number): string => String(value).padStart(2, '0');
  return {
    cpr: `${date + 60}${two(month)}${two(year % 100)}${seventh}${two(middle)}${half * 2 + (sex === 'female' ? 0 : 1)}`,
    birthDate: dayOf(year, month, date),
  };
}

function combinationOf(cpr: string): number | undefined {
  const parsed = parseCpr(cpr);
  if (!parsed.ok || !parsed.value.replacement || !/^\d{10}$/.test(cpr) || !parsed.value.birthDate) return undefined;
  const digits = (from: number, to: number): number => Number(cpr.slice(from, to));
  const seventh = digits(6, 7) - firstSeventh(Number(parsed.value.birthDate.slice(0, 4)));
  const middle = digits(7, 9) - 1;
  const date = digits(0, 2) - 61;
  if (seventh < 0 || seventh > 3 || middle < 0 || date > 27) return undefined;
  return ((((digits(2, 4) - 1) * 28 + date) * 4 + seventh) * 99 + middle) * 5 + Math.floor(digits(9, 10) / 2);
}

interface Role {
  readonly age: number;
  readonly sex: 'female' | 'male';
  spouse?: number;
  mother?: number;
  father?: number;
  readonly children: number[];
  civil: Inhabitant['civilStatus'];
  family?: string;
  /** Whose home the person lives in. */
  home: number;
  status?: Inhabitant['status'];
}

/** Six people who belong together in one of a few ways. */
function makeHousehold(seed: string, base: number, combination: (index: number) => number): readonly Inhabitant[] {
  const chance = chanceOf(seed, 'household', base);
  const roles = rolesOf(chance);
  const homes = new Map<number, {lines: string[]; since: string}>();
  const families = roles.map((role) => role.family ?? chance.pick(familyNames));
  roles.forEach((role, i) => {
    if (role.spouse !== undefined && role.spouse < i && chance.one(0.7)) families[i] = families[role.spouse]!;
  });
  roles.forEach((role, i) => {
    const parent = role.mother ?? role.father;
    if (parent !== undefined) families[i] = families[chance.one(0.5) ? (role.father ?? parent) : parent]!;
  });
  return roles.map((role, i) => {
    const year = epochYear - role.age;
    const own = chanceOf(seed, 'person', base + i);
    const {cpr, birthDate} = numberOf(year, role.sex, combination(base + i));
    const first = own.pick(givenNames(year, role.sex));
    const middle = own.one(0.35) ? `${own.pick(middleNames)} ` : '';
    let home = homes.get(role.home);
    if (!home) {
      home = makeHome(chanceOf(seed, 'home', base + role.home), role.age);
      homes.set(role.home, home);
    }
    const status = role.status ?? 'active';
    const since = isoDay(dayNumber(`${epochYear}-06-01`) - own.between(20, 2000));
    const elsewhere = status === 'dead' || status === 'emigrated' || status === 'missing';
    const isChild = role.age < 18;
    const protection = own.one(0.03);
    const married = role.civil === 'unmarried' ? undefined : weddingDay(seed, base, i, role, roles);
    const relative = (index: number | undefined) => (index === undefined ? undefined : base + index);
    const parents = [role.mother, role.father].filter((parent): parent is number => parent !== undefined);
    return withoutUndefined({
      index: base + i,
      cpr,
      first,
      name: `${first} ${middle}${families[i]}`,
      sex: role.sex,
      birthDate,
      status,
      statusCode: statusCodes[status],
      statusSince: status === 'active' ? undefined : since,
      civilStatus: status === 'dead' ? 'deceased' : role.civil,
      civilSince: status === 'dead' ? since : married,
      spouse: status === 'dead' ? undefined : relative(role.spouse),
      children: role.children.map((child) => base + child),
      mother: relative(role.mother),
      father: relative(role.father),
      custody: isChild
        ? parents.filter((parent) => roles[parent]!.status !== 'dead').map((parent) => base + parent)
        : [],
      address: elsewhere
        ? undefined
        : {lines: home.lines, municipality: 'Korsbæk', since: home.since < birthDate ? birthDate : home.since},
      protections: [
        ...(protection
          ? [{kind: 'name-address' as const, from: isoDay(dayNumber('2026-01-10') - own.between(0, 300))}]
          : []),
        ...(own.one(0.2)
          ? [{kind: 'marketing' as const, from: isoDay(dayNumber('2019-05-01') + own.between(0, 2000))}]
          : []),
      ],
      citizenship: own.one(0.92)
        ? 'Danmark'
        : own.pick(['Polen', 'Tyrkiet', 'Ukraine', 'Syrien', 'Rumænien', 'Tyskland']),
      previousNumbers: [],
    });
  });
}

/** Both spouses give the same day, whoever is asked. */
function weddingDay(seed: string, base: number, self: number, role: Role, roles: readonly Role[]): string {
  const pair = role.spouse === undefined ? [self] : [self, role.spouse].sort((a, b) => a - b);
  const chance = chanceOf(seed, 'civil', base, ...pair);
  const youngest = Math.min(...pair.map((member) => roles[member]!.age));
  return dayOf(epochYear - chance.between(1, Math.max(1, youngest - 20)), chance.between(1, 12), chance.between(1, 28));
}

function makeHome(chance: Chance, age: number): {lines: string[]; since: string} {
  const district = chance.pick(districts);
  const flat = chance.one(0.4);
  const letter = chance.one(0.1) ? chance.pick(['A', 'B', 'C']) : '';
  const floor = flat ? `, ${chance.pick(['st.', '1.', '2.', '3.', '4.'])} ${chance.pick(['tv', 'th', 'mf'])}` : '';
  return {
    lines: [`${chance.pick(district.streets)} ${chance.between(1, 148)}${letter}${floor}`, district.post],
    since: isoDay(dayNumber(`${epochYear}-10-20`) - chance.between(10, Math.max(400, (age - 17) * 200))),
  };
}

/** The ways in which six people belong together. Every relation is written on both sides. */
function rolesOf(chance: Chance): Role[] {
  const roles: Role[] = [];
  const add = (age: number, sex: Role['sex'], more: Partial<Role> = {}): number =>
    roles.push({age: Math.max(0, age), sex, children: [], civil: 'unmarried', home: roles.length, ...more}) - 1;
  const sex = (): Role['sex'] => (chance.one(0.5) ? 'female' : 'male');
  const other = (one: Role['sex']): Role['sex'] => (one === 'female' ? 'male' : 'female');
  const marry = (a: number, b: number): void => {
    Object.assign(roles[a]!, {spouse: b, civil: 'married'} satisfies Partial<Role>);
    Object.assign(roles[b]!, {spouse: a, civil: 'married', home: roles[a]!.home} satisfies Partial<Role>);
  };
  const parentOf = (child: number, ...parents: number[]): void => {
    for (const parent of parents) {
      roles[parent]!.children.push(child);
      if (roles[parent]!.sex === 'female') roles[child]!.mother = parent;
      else roles[child]!.father = parent;
    }
  };
  const single = (): number => {
    const age = chance.between(19, 90);
    const index = add(age, sex());
    const person = roles[index]!;
    if (age > 30)
      person.civil = chance.weighted({unmarried: 5, divorced: 3, separated: 0.5, widowed: age > 65 ? 4 : 0.2});
    if (chance.one(0.04)) person.status = chance.weighted({dead: 5, emigrated: 4, missing: 1});
    return index;
  };
  const couple = (low: number, high: number, wed: boolean): [number, number] => {
    const age = chance.between(low, high);
    const one = sex();
    const a = add(age, one);
    const b = add(Math.max(20, age + chance.between(-6, 6)), other(one));
    if (wed) marry(a, b);
    else roles[b]!.home = roles[a]!.home;
    return [a, b];
  };
  const youngestOf = (...parents: number[]): number => Math.min(...parents.map((parent) => roles[parent]!.age));
  const child = (...parents: number[]): number => {
    const index = add(chance.between(1, Math.max(1, Math.min(24, youngestOf(...parents) - 20))), sex());
    parentOf(index, ...parents);
    if (roles[index]!.age < 20) roles[index]!.home = roles[parents[0]!]!.home;
    return index;
  };
  const grandparent = (of: number): number => {
    const index = add(roles[of]!.age + chance.between(21, 36), sex());
    parentOf(of, index);
    if (roles[index]!.age > 88 && chance.one(0.6)) roles[index]!.status = 'dead';
    else if (chance.one(0.4)) roles[index]!.civil = 'widowed';
    return index;
  };

  const shape = chance.weighted({nuclear: 3, threeGenerations: 2, parted: 3, elders: 3, alone: 4});
  if (shape === 'nuclear') {
    const [a, b] = couple(26, 50, chance.one(0.75));
    child(a, b);
    child(a, b);
    child(a, b);
    grandparent(a);
  } else if (shape === 'threeGenerations') {
    const [a, b] = couple(28, 48, true);
    child(a, b);
    child(a, b);
    const age = roles[b]!.age + chance.between(21, 32);
    const grandmother = add(age, 'female');
    const grandfather = add(age + chance.between(-1, 5), 'male');
    marry(grandmother, grandfather);
    parentOf(b, grandmother, grandfather);
  } else if (shape === 'parted') {
    const [a, b] = couple(28, 52, false);
    roles[b]!.home = b;
    roles[a]!.civil = 'divorced';
    child(a, b);
    child(a, b);
    const newSpouse = add(Math.max(22, roles[b]!.age + chance.between(-5, 5)), other(roles[b]!.sex));
    marry(b, newSpouse);
    single();
  } else if (shape === 'elders') {
    const [a, b] = couple(66, 88, true);
    const grown = add(youngestOf(a, b) - chance.between(22, 34), sex());
    parentOf(grown, a, b);
    const partner = add(Math.max(22, roles[grown]!.age + chance.between(-4, 4)), other(roles[grown]!.sex));
    marry(grown, partner);
    child(grown, partner);
    single();
  } else {
    for (let i = 0; i < householdSize; i++) single();
  }
  return roles;
}

/** Drops the properties that are undefined, so that records compare and serialise cleanly. */
export function withoutUndefined<T extends object>(record: {[K in keyof T]: T[K] | undefined}): T {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as T;
}
