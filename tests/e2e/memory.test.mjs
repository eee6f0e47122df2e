// The embedded default keeps the bound of memory that docs/operations.md states: as `npm start` runs it, from an empty folder,
// while messages come and a person is read.
import assert from 'node:assert/strict';
import {once} from 'node:events';
import {after, before, describe, it} from 'node:test';
import {messageAbout, numbersOf} from '../bench/beskedfordeler-message.mjs';
import {quickConfig, startDemoProcess} from './harness.mjs';

const mostResident = 400e6;
/** What the garbage collector may leave lying for a while: what grows with use is more than that after so many. */
const mostGrowth = 50e6;
const rounds = 4;
const inRound = {messages: 300, reads: 150};
const resources = ['person', 'cases', 'journal', 'events', 'documents', 'grants', 'payments', 'drafts'];

describe('the memory of the embedded default', () => {
  let demo;
  before(async () => {
    demo = await startDemoProcess(() => quickConfig((config) => ({...config, logLevel: 'warn'})));
  });
  after(() => demo?.stop());

  const resident = async () => {
    const told = once(demo.child, 'message');
    demo.child.send({});
    return (await told)[0].resident;
  };

  /** Does something so often, ten at a time. */
  const often = async (count, work) => {
    let left = count;
    const worker = async () => {
      while (left-- > 0) await work(left);
    };
    await Promise.all(Array.from({length: 10}, worker));
  };

  const ask = async (path, body, type = 'application/json') => {
    const response = await fetch(`${demo.url}${path}`, {method: 'POST', headers: {'content-type': type}, body});
    const text = await response.text();
    assert.ok(response.ok, `${path}: ${response.status} ${text.slice(0, 200)}`);
    return text;
  };

  it('stays within its bound, and does not grow with messages and reads', {timeout: 300_000}, async () => {
    const numbers = numbersOf(100);
    const reads = JSON.stringify({reads: resources.map((resource) => ({resource}))});
    const seen = [await resident()];
    for (let round = 0; round < rounds; round++) {
      await often(inRound.messages, async (index) => {
        const message = messageAbout(numbers[index % numbers.length]);
        assert.match(await ask('/beskedfordeler/modtag', message, 'application/xml'), /<StatusKode>20</);
      });
      const subject = {type: 'cpr', value: numbers[round]};
      const {contextId} = JSON.parse(await ask('/bsp/v1/contexts', JSON.stringify({subject})));
      await often(inRound.reads, async () => {
        assert.match(await ask(`/bsp/v1/contexts/${contextId}/read`, reads), /"kind":"end"/);
      });
      seen.push(await resident());
    }
    const told = seen.map((bytes) => Math.round(bytes / 1e6)).join(', ');
    assert.ok(Math.max(...seen) <= mostResident, `MB at the start, and after each round: ${told}`);
    assert.ok(seen.at(-1) - seen[1] <= mostGrowth, `MB at the start, and after each round: ${told}`);
  });
});
