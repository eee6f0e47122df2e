import {describe, it} from 'node:test';
import pg from 'pg';
import {
  anna,
  answering,
  caseOf,
  gateways,
  postgresAway,
  postgresStorage,
  postgresUrl,
  scripted,
} from '../harness.test.js';

describe('a database with other schemas', {skip: postgresAway}, () => {
  const {run} = gateways(postgresStorage);

  it('starts while others come and go', async () => {
    let over = false;
    const comeAndGo = async (name: string) => {
      const client = new pg.Client({connectionString: postgresUrl});
      await client.connect();
      while (!over) {
        const tables = Array.from({length: 20}, (_, index) => `create table ${name}.t${index} (id serial)`);
        await client.query([`create schema ${name}`, ...tables].join(';'));
        await client.query(`drop schema ${name} cascade`);
      }
      await client.end();
    };
    const others = ['one', 'other', 'third'].map((name) => comeAndGo(`bsp_test_neighbour_${name}_${process.pid}`));
    try {
      for (let time = 0; time < 10; time++) {
        const {client, stop} = await run([scripted('plain', answering('cases', [caseOf('c1')]))]);
        await client.open(anna);
        await stop();
      }
    } finally {
      over = true;
    }
    await Promise.all(others);
  });
});
