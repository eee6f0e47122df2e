// What the gateway's work takes of PostgreSQL's disk, indexes included: the sizing page reckons with it.
import {randomUUID} from 'node:crypto';
import {Agent} from 'node:http';
import pg from 'pg';
import {numbersOf} from '../beskedfordeler-message.mjs';
import {posted} from '../post.mjs';
import {onPostgres, start, withConfig} from '../processes.mjs';
import {figure} from '../report.mjs';

const systems = ['cpr', 'ky', 'kmd-aktiv', 'nexus', 'momentum', 'sbsys'];
const sources = [
  ...systems.map((system) => ({id: system, name: system, connector: '@bsp/korsbaek/connector', system})),
  {id: 'post', connector: 'beskedfordeler'},
];
const reads = ['person', 'cases', 'journal', 'events', 'drafts'].map((resource) => ({resource}));
const unhindered = {contextRate: {perMinute: 60_000, burst: 60_000}, limits: {lateMs: 60_000}};

/** By table: bytes with indexes, and rows. */
async function tablesOf(client) {
  await client.query('vacuum analyze');
  const {rows} = await client.query(
    `select relname as name, pg_total_relation_size(relid)::int as bytes, n_live_tup::int as rows
     from pg_stat_user_tables`,
  );
  return new Map(rows.map(({name, bytes, rows: count}) => [name, {bytes, count}]));
}

/** A caseworker's turn with each of these persons: opened, read, a draft saved, a note kept. */
async function work(url, numbers) {
  const agent = new Agent({keepAlive: true, maxSockets: 4});
  const ask = async (path, body) => {
    const {status, text} = await posted(agent, `${url}/v1/${path}`, JSON.stringify(body), 'application/json');
    if (status >= 300) throw new Error(`The gateway answered ${status}: ${text.slice(0, 200)}`);
    return text;
  };
  const text = 'Aftalt nyt møde. '.repeat(30);
  const turn = async (value) => {
    const {contextId} = JSON.parse(await ask('contexts', {subject: {type: 'cpr', value}}));
    await ask(`contexts/${contextId}/read`, {reads});
    const act = (type, payload) => ask(`contexts/${contextId}/actions`, {type, key: randomUUID(), payload});
    await act('draft.save', {window: 'journal', content: {heading: 'Samtale', body: text}});
    await act('note.create', {heading: 'Samtale', body: text, occurredAt: '2026-11-20T10:00:00+01:00'});
  };
  const queue = numbers.values();
  await Promise.all(
    Array.from({length: 4}, async () => {
      for (const number of queue) await turn(number);
    }),
  );
  agent.destroy();
}

export function disk({quick}) {
  const count = quick ? 100 : 1_000;
  return onPostgres((database) =>
    withConfig({storage: {url: database}, sources, ...unhindered}, async (file) => {
      const gateway = await start('gateway', file);
      const sender = await start('message-sender');
      const client = new pg.Client(database);
      await client.connect();
      try {
        const before = await tablesOf(client);
        await work(gateway.url, numbersOf(count));
        await sender.ask({origin: gateway.origin, connections: 4, count});
        const after = await tablesOf(client);
        return [...after].flatMap(([name, {bytes, count: rows}]) => {
          const added = rows - (before.get(name)?.count ?? 0);
          if (added < count / 2) return [];
          const each = (bytes - (before.get(name)?.bytes ?? 0)) / added;
          return [
            [`a row of ${name}`, 'bytes', each],
            [`rows of ${name} for each person, note and message`, 'number', added / count],
          ].map(([what, unit, value]) =>
            figure({benchmark: 'disk of PostgreSQL', what, unit, samples: {kit: [value]}, comparable: false}),
          );
        });
      } finally {
        await client.end();
        await sender.stop();
        await gateway.stop();
      }
    }),
  );
}
