// The connector json-http: bytes of a source's answer a second, beside fetch and JSON.parse of the same bytes.
import {fork} from 'node:child_process';
import {readFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import jsonHttp, {jsonHttpConfigSchema} from '@bsp/sources/json-http';
import {figure} from '../report.mjs';

/** Synthetic: day + 60. */
const number = '6405851002';
const example = fileURLToPath(new URL('../../../packages/sources/examples/json-http/sbsys.json', import.meta.url));

async function connectorAt(url) {
  const {records} = JSON.parse(await readFile(example, 'utf8')).sources[0];
  const config = jsonHttpConfigSchema.parse({baseUrl: url, records: {cases: records.cases}, maxBytes: 100_000_000});
  const silent = {info: () => {}, warn: () => {}};
  return jsonHttp.create(config, {sourceId: 'bench', sourceName: 'Bench', configDirectory: '/', log: silent});
}

async function recordsOf(connector) {
  let count = 0;
  const subject = {type: 'cpr', value: number};
  const user = {id: 'bench', name: 'Bench'};
  const {signal} = new AbortController();
  for await (const page of connector.read({subject, resource: 'cases', user, signal})) count += page.items.length;
  return count;
}

/** Answers of a size that a person has, and of one that nobody has. */
export async function jsonHttpConnector({repetitions, quick}) {
  const figures = [];
  for (const [cases, reads] of quick
    ? [[200, 5]]
    : [
        [200, 100],
        [20_000, 2],
      ]) {
    const source = fork(fileURLToPath(new URL('../processes/json-source.mjs', import.meta.url)), [number, `${cases}`], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: [],
    });
    const {url, bytes} = await new Promise((resolve) => source.once('message', resolve));
    const connector = await connectorAt(url);
    const contenders = {
      kit: () => recordsOf(connector),
      limit: async () => {
        const answer = await fetch(`${url}/api/sag/search`, {method: 'POST', body: '{}'});
        return JSON.parse(await answer.text()).Results.length;
      },
    };
    const samples = {kit: [], limit: []};
    try {
      for (let run = -1; run < repetitions; run++)
        for (const [name, read] of Object.entries(contenders)) {
          const begun = performance.now();
          for (let count = 0; count < reads; count++)
            if ((await read()) !== cases) throw new Error(`${name} lost records`);
          // The first run warms up.
          if (run >= 0) samples[name].push((bytes * reads) / 1_000 / (performance.now() - begun));
        }
    } finally {
      await connector.close();
      source.kill();
    }
    figures.push(
      figure({
        benchmark: 'json-http',
        what: `${cases} cases, ${(bytes / 1_000_000).toFixed(2)} MB: MB a second (more is better)`,
        unit: 'MB/s',
        samples,
      }),
    );
  }
  return figures;
}
