// The limit of the gateway, by hand: it reads the request, writes a `lookup` row, sends bytes that it has, writes an `outcome`
// row, and ends. The rows are as long as the gateway's, are chained by a keyed hash as they are, and lie in a table and beside
// a head that are copies of the gateway's; each is committed before what it allows is sent. What this server leaves out: it
// asks no source and opens no context, encrypts nothing, and holds the head in memory, so that there may be only one of it.
import {createHmac} from 'node:crypto';
import {createServer} from 'node:http';
import pg from 'pg';

const schema = 'bsp';
const columns = ['kind', 'lookup_id', 'user_id', 'context_id', 'subject_index', 'subject_sealed', 'entry'];
let database;
let body;
let rows;
let head = {sequence: 0, hash: ''};
let waiting = [];
let writing = false;

/** Rows that come while others are being committed go together next: one statement for all of them. */
async function drain() {
  writing = true;
  while (waiting.length > 0) {
    const batch = waiting;
    waiting = [];
    const at = new Date().toISOString();
    const chained = batch.map(({row}) => {
      const sequence = head.sequence + 1;
      const text = JSON.stringify([
        'tenant',
        at.slice(0, 7),
        sequence,
        ...columns.map((name) => row[name]),
        at,
        head.hash,
      ]);
      const hash = createHmac('sha256', 'the key of the chain').update(text).digest('base64url');
      const next = {...row, sequence, previous_hash: head.hash, hash};
      head = {sequence, hash};
      return next;
    });
    const column = (name) => chained.map((row) => row[name]);
    await database.query({
      name: 'append',
      text: `with moved as (update limit_head set sequence = $1, hash = $2, at = $3)
        insert into limit_log (tenant, month, at, sequence, kind, lookup_id, user_id, context_id, subject_index,
          subject_sealed, entry, previous_hash, hash)
        select 'limit', left($3, 7), $3, * from unnest($4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[],
          $9::text[], $10::text[], $11::text[], $12::text[], $13::text[])`,
      values: [head.sequence, head.hash, at, ...['sequence', ...columns, 'previous_hash', 'hash'].map(column)],
    });
    for (const {committed} of batch) committed();
  }
  writing = false;
}

const written = (row) =>
  new Promise((committed) => {
    waiting.push({row, committed});
    if (!writing) void drain();
  });

const server = createServer((request, response) => {
  request.resume();
  request.on('end', async () => {
    await written(rows[0]);
    response.writeHead(200, {'content-type': 'application/x-ndjson'});
    response.write(body.most);
    await written(rows[1]);
    response.end(body.end);
  });
});

/** Takes the place of a gateway that has answered once: its bytes, and the rows that it wrote. */
async function record({body: text, database: url}) {
  const at = text.lastIndexOf('\n', text.length - 2) + 1;
  body = {most: Buffer.from(text.slice(0, at)), end: Buffer.from(text.slice(at))};
  database = new pg.Client({connectionString: url, options: `-c search_path=${schema}`});
  await database.connect();
  await database.query('create table limit_log (like lookup_log including all)');
  await database.query('create table limit_head as select * from lookup_head limit 1');
  rows = (await database.query(`select ${columns.join()} from lookup_log order by sequence limit 2`)).rows;
}

server.listen(0, '127.0.0.1', () => {
  process.on('message', async (question) => {
    if (question.record) await record(question.record);
    process.send({cpu: process.cpuUsage()});
  });
  process.on('disconnect', () => process.exit());
  process.send({url: `http://127.0.0.1:${server.address().port}/bsp`});
});
