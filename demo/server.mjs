// The demo: a gateway and, on the same port, the host systems that embed the windows.
import {readFile} from 'node:fs/promises';
import {extname, normalize, sep} from 'node:path';
import {fileURLToPath} from 'node:url';
import {createGateway, loadConfig} from '@bsp/gateway';
import {addJobcenter} from './jobcenter/server.mjs';
import {addVendor} from './vendor/server.mjs';

const demo = fileURLToPath(new URL('.', import.meta.url));
const kit = fileURLToPath(new URL('../packages/embed/dist/cdn/', import.meta.url));
const ownConfig = `${demo}gateway.json`;
const usualPort = 4173;

/**
 * What a page of a host must allow for the windows to work: its own scripts, styles and requests, nothing inline. The
 * image is the host's own icon.
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types lit-html 'allow-duplicates'",
  'report-uri /csp-report',
].join('; ');

const mediaTypes = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/**
 * Starts gateway and demo on one port.
 *
 * @param options.port - default 4173; 0 takes a free one.
 * @param options.configFile - a gateway config; default the demo's own, which has clients for the job centre.
 * @returns where it listens, the reports of broken security policies so far, and how to end it.
 */
export async function startDemo({port = usualPort, configFile = ownConfig} = {}) {
  const config = loadConfig(configFile);
  const gateway = await createGateway(config);
  const reports = [];
  await gateway.app.register(async (app) => {
    app.addHook('onSend', async (_request, reply) => {
      reply.headers({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
      });
      if (String(reply.getHeader('content-type')).startsWith('text/html'))
        reply.header('content-security-policy', contentSecurityPolicy);
    });
    addCspReports(app, reports);
    addFolder(app, '/kit/', kit);
    addFolder(app, '/vendor/', `${demo}vendor/`);
    addFolder(app, '/jobcenter/', `${demo}jobcenter/`);
    addVendor(app);
    await addJobcenter(app, {config});
  });
  try {
    await gateway.listen({port, host: '127.0.0.1'});
  } catch (error) {
    await gateway.close();
    if (error.code === 'EADDRINUSE')
      throw new Error(`Port ${port} is taken by another program. Choose another one: PORT=${port + 1} npm start`);
    throw error;
  }
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => gateway.close().then(() => process.exit(0)));
  const url = `http://localhost:${gateway.app.server.address().port}`;
  console.log(welcome(url, config));
  return {url, reports, close: () => gateway.close()};
}

function addCspReports(app, reports) {
  const types = ['application/csp-report', 'application/reports+json'];
  app.addContentTypeParser(types, {parseAs: 'string', bodyLimit: 65_536}, (_request, body, done) => {
    try {
      done(null, JSON.parse(body));
    } catch {
      done(null, {});
    }
  });
  app.post('/csp-report', async (request, reply) => {
    if (reports.length < 100) reports.push(request.body);
    return reply.code(204).send();
  });
  app.get('/csp-report', async () => reports);
}

/** Serves what a browser may load from a folder; servers' own modules (.mjs) stay inside. */
function addFolder(app, prefix, folder) {
  app.get(`${prefix}*`, async (request, reply) => {
    const path = normalize(folder + (request.params['*'] || 'index.html'));
    const mediaType = mediaTypes[extname(path)];
    const bytes =
      path.startsWith(folder.replaceAll('/', sep)) && mediaType ? await readFile(path).catch(() => {}) : undefined;
    if (!bytes) return reply.code(404).type('text/plain; charset=utf-8').send('Not here.');
    return reply.type(mediaType).header('cache-control', 'no-cache').send(bytes);
  });
}

const welcome = (url, config) => `
  Jobcenter Korsbæk   ${url}/
  A vendor's page     ${url}/vendor/
  The gateway's API   ${url}${config.prefix}/v1/me

  Demo identity: everyone who can reach this port is ${config.demoUser.name}. It listens on this machine only.
  Stop with Ctrl+C.
`;
