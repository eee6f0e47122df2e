// The SOAP connectors: bytes of a service's answer a second, beside fetch and saxes alone on the same bytes.
import {fork} from 'node:child_process';
import {createRequire} from 'node:module';
import {fileURLToPath} from 'node:url';
import {figure} from '../report.mjs';

/** The parser of the connectors, as they find it. */
const {SaxesParser} = createRequire(new URL('../../../packages/sources/package.json', import.meta.url))('saxes');

/** Synthetic: day + 60. Whom the simulators' answers are about. */
const number = '6405851002';

async function connectorAt(name, url) {
  const {default: module} = await import(`@bsp/sources/${name}`);
  const paging = name === 'sf1520' ? {} : {pageSize: 10_000, maxPages: 1};
  const config = module.configSchema.parse({
    endpoint: url,
    ...paging,
    ...(name === 'sf1520' ? {} : {maxBytes: 500_000_000}),
  });
  const silent = {info: () => {}, warn: () => {}};
  return module.create(config, {sourceId: 'bench', sourceName: 'Bench', configDirectory: '/', log: silent});
}

async function recordsOf(connector, resource) {
  let count = 0;
  const subject = {type: 'cpr', value: number};
  const user = {id: 'bench', name: 'Bench'};
  const {signal} = new AbortController();
  for await (const page of connector.read({subject, resource, user, signal})) count += page.items.length;
  return count;
}

/** Reads the same bytes with the parser that the connectors use, and does nothing with them. */
async function elementsOf(url) {
  let count = 0;
  const parser = new SaxesParser({xmlns: true});
  parser.on('opentag', () => count++);
  const decoder = new TextDecoder();
  const answer = await fetch(url, {method: 'POST', body: ''});
  for await (const chunk of answer.body) parser.write(decoder.decode(chunk, {stream: true}));
  parser.write(decoder.decode()).close();
  return count;
}

/** Answers of a size that a person has, and of one that nobody has. */
export async function soapConnectors({repetitions, quick}) {
  const figures = [];
  const measured = [
    ['sf1470', 'cases', 200, 20],
    ['sf1470', 'documents', 200, 20],
    ['sf1491', 'grants', 200, 20],
    ['sf1491', 'payments', 200, 20],
    ['sf1520', 'person', 1, 100],
    ...(quick ? [] : [['sf1470', 'cases', 9_000, 1]]),
  ];
  for (const [name, resource, count, times] of measured) {
    const reads = quick ? Math.min(times, 5) : times;
    const service = fork(
      fileURLToPath(new URL('../processes/soap-source.mjs', import.meta.url)),
      [name, resource, `${count}`],
      {stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: ['--import', 'tsx', '--conditions=source']},
    );
    const {url, bytes} = await new Promise((resolve) => service.once('message', resolve));
    const connector = await connectorAt(name, url);
    const contenders = {kit: () => recordsOf(connector, resource), limit: () => elementsOf(url)};
    const samples = {kit: [], limit: []};
    try {
      for (let run = -1; run < repetitions; run++)
        for (const [contender, read] of Object.entries(contenders)) {
          const begun = performance.now();
          for (let at = 0; at < reads; at++) {
            const found = await read();
            if (contender === 'kit' ? found !== count : found < count) throw new Error(`${contender} lost records`);
          }
          // The first run warms up.
          if (run >= 0) samples[contender].push((bytes * reads) / 1_000 / (performance.now() - begun));
        }
    } finally {
      await connector.close();
      service.kill();
    }
    figures.push(
      figure({
        benchmark: name,
        what: `${count} ${resource}, ${(bytes / 1_000_000).toFixed(2)} MB: MB a second (more is better)`,
        unit: 'MB/s',
        samples,
      }),
    );
  }
  return figures;
}
