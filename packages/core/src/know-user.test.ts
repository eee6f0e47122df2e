import {casesResource, type Me, type ProblemCode, ProblemError, problemOf} from '@bsp/contract';
import {expect} from '@open-wc/testing';
import {last, nextTask, ScriptedBackend, settled} from '../../../tests/browser/fixtures/scripted-backend.js';
import {secondCopy} from '../../../tests/browser/fixtures/second-copy.js';
import {StoppedClock} from '../../../tests/browser/fixtures/stopped-clock.js';
import {BspProvider} from './bsp-provider.js';
import './define.js';

// In place before a provider asks for it.
before(() => import('./provider-late.js'));

const minuteMs = 60_000;

/** Whose `me` fails until the test lets it answer. */
class ForgetfulBackend extends ScriptedBackend {
  thrown: unknown;

  override me(): Promise<Me> {
    const me = super.me();
    return this.thrown === undefined ? me : Promise.reject(this.thrown as Error);
  }
}

const refusal = (code: ProblemCode) => new ProblemError(problemOf(code, 'x'));

describe('the user of a Session', () => {
  let clock: StoppedClock;
  let backend: ForgetfulBackend;
  let provider: BspProvider;

  const opened = async () => {
    const outcome = provider.setSubject({type: 'cpr', value: '641284-0001'});
    await settled();
    last(backend.opens).accept();
    await outcome;
    await settled(10);
  };

  beforeEach(() => {
    clock = new StoppedClock();
    backend = new ForgetfulBackend({capabilities: ['act:reveal', 'live']});
    provider = new BspProvider();
    provider.backend = backend;
    document.body.append(provider);
  });
  afterEach(() => {
    provider.remove();
    clock.release();
  });

  it('is asked for again, after longer and longer, until it is told; then changes are heard of', async () => {
    for (const thrown of [refusal('unavailable'), refusal('rate-limited'), new TypeError('x')]) {
      const before = backend.meCalls;
      backend.thrown = thrown;
      await opened();
      const waits: number[] = [];
      for (let attempt = 1; attempt <= 8; attempt++) {
        expect(backend.meCalls - before).to.equal(attempt);
        waits.push(clock.next ?? Number.NaN);
        clock.pass(clock.next ?? 0);
        await settled();
      }
      expect(waits[0]).to.be.within(500, 1_500);
      expect(waits[2]).to.be.within(2_000, 6_000);
      expect(waits[7]).to.be.within(15_000, 45_000);
      expect([provider.session?.me, backend.lines.length]).to.deep.equal([undefined, 0]);
    }
    backend.thrown = undefined;
    clock.pass(45_000);
    await settled();
    expect(provider.session?.me?.user.name).to.equal('Mette Dam');
    expect(last(backend.lines).contexts).to.deep.equal([provider.session?.contextId]);
  });

  for (const code of ['unauthorized', 'forbidden'] as const)
    it(`is not asked for again after ${code}, but with the next person`, async () => {
      backend.thrown = refusal(code);
      await opened();
      clock.pass(10 * minuteMs);
      await settled();
      expect(backend.meCalls).to.equal(1);
      backend.thrown = undefined;
      await opened();
      expect(provider.session?.me?.user.name).to.equal('Mette Dam');
    });

  it('is not asked for any more when the Session is over', async () => {
    backend.thrown = refusal('unavailable');
    await opened();
    expect(backend.meCalls).to.equal(1);
    void provider.clearSubject();
    await settled();
    expect(clock.next).to.equal(undefined);
    clock.pass(10 * minuteMs);
    await settled();
    expect(backend.meCalls).to.equal(1);
  });

  it('is asked for once in a quarter of an hour', async () => {
    await opened();
    clock.pass(14 * minuteMs);
    await opened();
    expect(backend.meCalls).to.equal(1);
    clock.pass(2 * minuteMs);
    await opened();
    expect(backend.meCalls).to.equal(2);
  });

  it('is asked for again with the next person after a log-out: it may be somebody else', async () => {
    await opened();
    provider.logout();
    await opened();
    expect(backend.meCalls).to.equal(2);
  });

  describe('is asked for again with the next person after the backend knew nobody', () => {
    const refused = refusal('unauthorized');
    const ways: Readonly<Record<string, () => unknown>> = {
      'in a read': () => {
        provider.session?.resource(casesResource).subscribe(() => undefined);
        return nextTask().then(() => last(backend.reads).break(refused));
      },
      'in a write': () => {
        provider.session?.act('note.create', {}).catch(() => undefined);
        last(backend.acts).fail(refused);
      },
      'in a document': () => {
        provider.session?.content({source: 'a', id: '1'}).catch(() => undefined);
        last(backend.contents).fail(refused);
      },
      'on the live line': () => last(backend.lines).break(refused),
      'when opening': async () => {
        const outcome = provider.setSubject({type: 'cpr', value: '710190-0003'});
        await settled();
        last(backend.opens).fail(refused);
        await outcome;
      },
    };
    for (const [where, refuse] of Object.entries(ways))
      it(where, async () => {
        await opened();
        await opened();
        expect(backend.meCalls).to.equal(1);
        await refuse();
        await settled();
        await opened();
        expect(backend.meCalls).to.equal(2);
      });

    it('and not after another failure', async () => {
      await opened();
      provider.session?.act('note.create', {}).catch(() => undefined);
      last(backend.acts).fail(refusal('unavailable'));
      await opened();
      expect(backend.meCalls).to.equal(1);
    });
  });

  it('stays unknown where the chunk that asks can not be had, and people open all the same', async () => {
    const copy = await secondCopy(new URL('./bsp-provider.ts', import.meta.url), 'provider-late');
    const unhandled: unknown[] = [];
    const note = ({reason}: PromiseRejectionEvent) => unhandled.push(reason);
    addEventListener('unhandledrejection', note);
    customElements.define('chunkless-provider', copy.BspProvider as typeof BspProvider);
    provider.remove();
    provider = document.createElement('chunkless-provider') as BspProvider;
    provider.backend = backend;
    document.body.append(provider);
    await opened();
    provider.session?.resource(casesResource).subscribe(() => undefined);
    await settled();
    removeEventListener('unhandledrejection', note);
    expect([provider.session?.state, provider.session?.me, backend.meCalls]).to.deep.equal(['open', undefined, 0]);
    expect([backend.reads.length, unhandled.length]).to.deep.equal([1, 0]);
  });
});
