// Serves the benchmarks' pages: the kit's bundles, the bundled contenders, the streams.
import {createReadStream, existsSync} from 'node:fs';
import {createServer} from 'node:http';
import {extname, join, normalize} from 'node:path';

const mediaTypes = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.ndjson': 'application/x-ndjson',
};

const pageOf = (name) => `<!doctype html>
<html lang="da">
<meta charset="utf-8">
<title>${name}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/page.css">
<script type="module" src="/pages/${name}.js"></script>
${name.endsWith('-kit') ? '<script type="module" src="/kit/bsp.js"></script>' : ''}
<body></body>
</html>
`;

const pageStyle = 'body { margin: 16px; font: 16px/1.5 "Liberation Sans", Arial, sans-serif; }';

/**
 * @param folders.kit - the kit's bundles.
 * @param folders.pages - the bundled contenders.
 * @param folders.streams - for each path below `/streams/` its text.
 */
export async function servePages({kit, pages, streams}) {
  const folders = {'/kit/': kit, '/pages/': pages};
  const server = createServer((request, response) => {
    const {pathname} = new URL(request.url, 'http://localhost');
    const send = (type, body) => response.writeHead(200, {'content-type': type}).end(body);
    if (pathname === '/page.css') return send(mediaTypes['.css'], pageStyle);
    const page = /^\/([a-z-]+)\.html$/.exec(pathname)?.[1];
    if (page) return send(mediaTypes['.html'], pageOf(page));
    const stream = streams[/^\/streams\/(.+)$/.exec(pathname)?.[1]];
    if (stream) return send(mediaTypes['.ndjson'], stream);
    const prefix = Object.keys(folders).find((one) => pathname.startsWith(one));
    const file = prefix && join(folders[prefix], normalize(pathname.slice(prefix.length)));
    if (!file || !existsSync(file)) return response.writeHead(404).end();
    response.writeHead(200, {'content-type': mediaTypes[extname(file)] ?? 'application/octet-stream'});
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}
