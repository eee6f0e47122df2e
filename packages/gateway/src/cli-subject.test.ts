import assert from 'node:assert/strict';
import {randomBytes} from 'node:crypto';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, it} from 'node:test';
import {cli} from './cli-harness.test.js';
import {anna, bo, key, numbers, onEachStorage, scripted, start} from './harness.test.js';
import type {KeptOfSubject} from './subject-export.js';

const folder = mkdtempSync(join(tmpdir(), 'bsp-subject-'));
after(() => rmSync(folder, {recursive: true, force: true}));

const accounted = ['--by', 'DPO', '--reason', 'Anmodning om indsigt'];
const intake = {path: '/push', maxBytes: 1_000, handle: () => Promise.reject(new Error('never'))};

const run = (args: readonly string[], input: string) => cli(args, {input, env: {BSP_KEY: key}});

onEachStorage('what is kept of a citizen', (storageFor) => {
  it('is exported whole, and of nobody else, by somebody who says why', async () => {
    const test = storageFor();
    const place = 'url' in test.storage ? test.storage : {directory: join(folder, randomBytes(4).toString('hex'))};
    const on = {storage: place, env: {BSP_KEY: key}, tidy: () => Promise.resolve()};
    const {client, gateway, stop} = await start([scripted('post', {resources: [], intake})], {storage: on});
    for (const [subject, name] of [
      [anna, 'Anna'],
      [bo, 'Bo'],
    ] as const) {
      await gateway.rooms[0]!.events.keep('demo', 'post', {
        id: name,
        type: 'x',
        title: `Brev til ${name}`,
        occurredAt: '2026-11-19T10:00:00+01:00',
        subject,
      });
      const {contextId} = await client.open(subject);
      const noted = await client.act(contextId, 'note.create', {heading: 'Opkald', body: `Samtale med ${name}`});
      const {ref} = ((await noted.json()) as {result: {ref: object}}).result;
      await client.act(contextId, 'note.addendum', {note: ref, body: `Rettelse om ${name}`});
      await client.act(contextId, 'draft.save', {window: 'journal', content: {body: `Begyndt om ${name}`}});
      await client.act(contextId, 'event.done', {events: [{source: 'post', id: name}]});
    }
    await stop();
    const config = join(folder, `${randomBytes(4).toString('hex')}.json`);
    writeFileSync(config, JSON.stringify({sources: [], logLevel: 'silent', storage: place}));
    const args = ['subject', 'export', '--config', config, '--cpr-file', '-'];

    const unaccounted = await run(args, anna.value);
    assert.equal(unaccounted.code, 2);
    assert.equal(unaccounted.out, '');
    assert.match(unaccounted.err, /only with --by WHO and --reason WHY/);
    const {code, out, err} = await run([...args, ...accounted], `${anna.value}\n`);
    assert.equal(code, 0, err);
    assert.match(err, /^1 notes, 1 events, 1 drafts\. /);
    const kept = JSON.parse(out) as KeptOfSubject;
    const all = JSON.stringify(kept);
    for (const text of ['Samtale med Anna', 'Rettelse om Anna', 'Brev til Anna', 'Begyndt om Anna'])
      assert(all.includes(text), text);
    assert(!all.includes('Bo'));
    assert.deepEqual(
      kept.marks.map(({kind, event}) => [kind, event]),
      [['done', 'post Anna']],
    );
    assert.equal(kept.contexts.length, 1);
    assert.deepEqual(
      numbers.filter((number) => err.includes(number)),
      [],
    );
    const unknown = await run([...args, ...accounted], '7006900118');
    assert.match(unknown.err, /^0 notes, 0 events, 0 drafts\. /);
    assert.equal((await run([...args, ...accounted], 'nobody')).code, 2);
    // The log tells of both, and is whole.
    const verified = await run(['log', 'verify', '--config', config], '');
    assert.equal(verified.code, 0, verified.out);
    assert.match(verified.out, /^2 rows in 1 chains/);
    await test.tidy();
  });
});
