import assert from 'node:assert/strict';
import {mkdir, mkdtemp, readdir, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, describe, it} from 'node:test';
import {sql} from 'kysely';
import {quiet} from '../quiet-log.test.js';
import {openStorage} from './database.js';
import {mostDatabaseBytes, startEmbedded} from './embedded.js';

describe('the embedded database on a folder', () => {
  let above: string;
  let folder: string;
  before(async () => {
    above = await mkdtemp(join(tmpdir(), 'bsp-embedded-'));
    folder = join(above, 'data', 'database');
    await mkdir(`${folder}.unfinished-killed`, {recursive: true});
    await writeFile(join(`${folder}.unfinished-killed`, 'PG_VERSION'), '17');
  });
  after(() => rm(above, {recursive: true, force: true}));

  const embedded = () => startEmbedded(folder);

  it('is made whole, and what was half made before is gone', async () => {
    const {lite} = await embedded();
    assert.deepEqual(await readdir(join(above, 'data')), ['database']);
    const {rows} = await lite.query<{buffers: string}>("select current_setting('shared_buffers') as buffers");
    assert.deepEqual(rows, [{buffers: '16MB'}]);
    await lite.exec("create table kept (word text); insert into kept values ('before')");
    await lite.close();
  });

  it('fails a statement that needs more memory than it may have, keeps its word and goes on', async () => {
    const {lite} = await embedded();
    await assert.rejects(
      lite.transaction(async (tx) => {
        await tx.exec("insert into kept values ('undone')");
        await tx.query(`select length(repeat('x', ${mostDatabaseBytes}))`);
      }),
      {code: '53200'},
    );
    await lite.exec("insert into kept values ('after')");
    const {rows} = await lite.query<{word: string}>('select word from kept order by word');
    assert.deepEqual(
      rows.map(({word}) => word),
      ['after', 'before'],
    );
    assert.ok(lite.Module.HEAPU8.byteLength <= mostDatabaseBytes, `it has ${lite.Module.HEAPU8.byteLength} bytes`);
    await lite.close();
  });

  it('makes nothing of a place where it may not write', async () => {
    const file = join(above, 'file');
    await writeFile(file, '');
    await assert.rejects(startEmbedded(join(file, 'database')), {code: /EEXIST|ENOTDIR/});
  });
});

describe('the room of rows that are deleted', () => {
  it('is used again by others', async () => {
    const storage = await openStorage({kind: 'memory'}, quiet);
    const {database} = storage;
    const sizes: number[] = [];
    for (let round = 0; round < 4; round++) {
      await sql`insert into notice (tenant, cursor, subject_index, user_id, resource, source)
        select 'demo', ${round} * 5000 + one, 'index', '', 'cases', 'kmd' from generate_series(1, 5000) one`.execute(
        database,
      );
      await database.deleteFrom('notice').execute();
      await storage.reclaim();
      const {rows} = await sql<{size: number}>`select pg_total_relation_size('notice')::int as size`.execute(database);
      sizes.push(rows[0]!.size);
    }
    assert(sizes.at(-1)! <= sizes[1]!, `it grew: ${sizes.join(', ')} bytes`);
    await storage.close();
  });
});
