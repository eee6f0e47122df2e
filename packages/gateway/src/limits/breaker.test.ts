import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import fc from 'fast-check';
import {Breaker, type BreakerChange, type BreakerConfig, BreakerOpen, type ReadEnd} from './breaker.js';

const second = 1_000;

function breakerOf(config: BreakerConfig) {
  let now = 5_000;
  const told: BreakerChange[] = [];
  const breaker = new Breaker(
    config,
    (change) => told.push(change),
    () => now,
  );
  return {
    breaker,
    told,
    pass: (ms: number) => {
      now += ms;
    },
    now: () => now,
    /** The reader who was let in, or for how many seconds nobody is. */
    entered: () => {
      try {
        return breaker.enter();
      } catch (thrown) {
        assert(thrown instanceof BreakerOpen);
        return thrown.seconds;
      }
    },
    read: (end: ReadEnd) => breaker.enter()(end),
  };
}

describe('a breaker', () => {
  it('opens at so many failures, is tried once after its pause, and closes when that is answered', () => {
    const {breaker, told, read, pass, entered} = breakerOf({failures: 3, pauseSeconds: 5});
    for (const end of ['failed', 'answered', 'failed', 'left', 'failed'] as const) read(end);
    assert.equal(breaker.state, 'open');
    assert.equal(entered(), 5);
    pass(4.2 * second);
    assert.equal(entered(), 1);
    pass(0.8 * second);
    const trying = entered();
    assert(typeof trying === 'function');
    assert.equal(typeof entered(), 'number', 'only one tries');
    trying('answered');
    assert.equal(breaker.state, 'closed');
    read('failed');
    assert.equal(breaker.state, 'closed', 'what was before the pause counts no more');
    assert.deepEqual(told, [{state: 'open', seconds: 5}, {state: 'half-open'}, {state: 'closed'}]);
  });

  it('pauses twice as long after each try that fails, to a bound', () => {
    const {told, read, pass} = breakerOf({failures: 1, pauseSeconds: 2});
    for (let time = 0; time < 6; time++) {
      read('failed');
      pass(16 * second);
    }
    const pauses = told.flatMap(({seconds}) => seconds ?? []);
    assert.deepEqual(pauses, [2, 4, 8, 16, 16, 16]);
  });

  it('lets the next one try where the one who tried went away', () => {
    const {read, pass, entered, breaker} = breakerOf({failures: 1, pauseSeconds: 1});
    read('failed');
    pass(second);
    read('left');
    const next = entered();
    assert(typeof next === 'function');
    next('answered');
    assert.equal(breaker.state, 'closed');
  });

  it('hears nothing from those who came before it opened', () => {
    const {breaker, told, read, pass, entered} = breakerOf({failures: 1, pauseSeconds: 1});
    const [slow, slower] = [entered(), entered()];
    assert(typeof slow === 'function' && typeof slower === 'function');
    read('failed');
    slow('failed');
    assert.equal(told.length, 1, 'its pause does not begin anew');
    pass(second);
    read('answered');
    slower('failed');
    assert.equal(breaker.state, 'closed');
  });

  it('stays closed where most reads are answered, whatever one person’s do', () => {
    const {breaker, read} = breakerOf({failures: 2, pauseSeconds: 1});
    for (let time = 0; time < 1_000; time++) {
      read('answered');
      read('answered');
      read('failed');
    }
    assert.equal(breaker.state, 'closed');
  });

  it('forgets failures of long ago', () => {
    const {breaker, read, pass} = breakerOf({failures: 2, pauseSeconds: 1});
    for (let time = 0; time < 10; time++) {
      read('failed');
      pass(30 * second);
    }
    assert.equal(breaker.state, 'closed');
  });

  type Step = {readonly kind: 'enter'} | {readonly kind: 'end'; readonly which: number; readonly end: ReadEnd} | number;
  const steps = fc.array(
    fc.oneof(
      {weight: 4, arbitrary: fc.constant<Step>({kind: 'enter'})},
      {
        weight: 4,
        arbitrary: fc.record({
          kind: fc.constant('end' as const),
          which: fc.nat(9),
          end: fc.constantFrom<ReadEnd>('answered', 'failed', 'left'),
        }),
      },
      {weight: 2, arbitrary: fc.integer({min: 1, max: 20_000})},
    ),
    {maxLength: 120},
  );

  it('holds its promises in any order of readers, ends and time', () => {
    fc.assert(
      fc.property(
        fc.record({failures: fc.integer({min: 1, max: 4}), pauseSeconds: fc.integer({min: 1, max: 10})}),
        steps,
        (config, script) => {
          const {breaker, told, pass, now, entered} = breakerOf(config);
          const inside: {readonly end: (end: ReadEnd) => void; readonly as: string; ended: boolean}[] = [];
          const failedAt: number[] = [];
          let opened = 0;
          for (const step of script) {
            const before = breaker.state;
            const changes = told.length;
            if (typeof step === 'number') pass(step);
            else if (step.kind === 'enter') {
              const result = entered();
              if (typeof result === 'number') {
                assert.notEqual(before, 'closed', 'a closed one lets everybody in');
                assert(result >= 1 && result <= 8 * config.pauseSeconds, `${result} s`);
                if (before === 'open')
                  assert(now() < opened + 8 * config.pauseSeconds * second, 'it is never for good');
              } else {
                assert.notEqual(before, 'half-open', 'one tries at a time');
                inside.push({end: result, as: `${breaker.state} ${told.length}`, ended: false});
              }
            } else {
              const one = inside[step.which % Math.max(1, inside.length)];
              if (!one) continue;
              const counts = !one.ended && one.as === `${before} ${told.length}`;
              if (counts && step.end === 'failed') failedAt.push(now());
              one.end(step.end);
              one.ended = true;
              if (!counts)
                assert.equal(told.length, changes, 'what began before it changed, or was told, changes nothing');
              else if (before === 'half-open') assert.equal(breaker.state, step.end === 'answered' ? 'closed' : 'open');
              else if (breaker.state !== before) {
                assert.equal(step.end, 'failed', 'only a failure opens');
                const lately = failedAt.filter((at) => now() - at <= 30 * second).length;
                assert(lately >= config.failures, 'and not the first one');
              }
            }
            if (breaker.state === 'open' && before !== 'open') opened = now();
          }
          // Whatever happened: a source that is well again is asked again.
          for (const one of inside) one.end('left');
          pass(8 * config.pauseSeconds * second);
          const last = entered();
          assert(typeof last === 'function');
          last('answered');
          assert.equal(breaker.state, 'closed');
        },
      ),
      {numRuns: 500},
    );
  });
});
