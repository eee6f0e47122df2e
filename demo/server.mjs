// The demo: a gateway and, on the same port, the host systems that embed the windows.
import {randomBytes} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import {createServer} from 'node:net';
import {extname, normalize, sep} from 'node:path';
import {fileURLToPath} from 'node:url';
import {createGateway, loadConfig} from '@bsp/gateway';
import {startCare} from './care/server.mjs';
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

/** Secrets of the demo's hosts as targets of the gateway: new ones for each start, unless the environment has some. */
const secretOf = (name) => (process.env[name] ??= randomBytes(32).toString('base64url'));

/**
 * Starts gateway and demo on one port, and the care system beside it where the config has it as a target.
 *
 * @param options.port - default 4173; 0 takes a free one.
 * @param options.configFile - a gateway config; default the demo's own, which has clients for the job centre.
 * @returns where both listen, the reports of broken security policies so far, and how to end it.
 */
export async function startDemo({port: wantedPort = usualPort, configFile = ownConfig} = {}) {
  const [careSecret, jobcenterSecret] = ['BSP_DEMO_CARE_SECRET', 'BSP_DEMO_JOBCENTER_SECRET'].map(secretOf);
  const loaded = loadConfig(configFile);
  const port = wantedPort || (await freePort());
  const care = loaded.targets.some(({id}) => id === 'care')
    ? await startCare({
        port: port + 1,
        gateway: {port, prefix: loaded.prefix, isKorsbaek: isKorsbaek(loaded)},
        secret: careSecret,
        user: loaded.demoUser,
        kit,
        policy: contentSecurityPolicy,
      })
    : undefined;
  // Where the demo's own programs are is known only now.
  const places = {care: `${care?.url}/hop`, jobcenter: `http://localhost:${port}/jobcenter/hop`};
  const config = {...loaded, targets: loaded.targets.map((one) => ({...one, url: places[one.id] ?? one.url}))};
  const gateway = await createGateway(config).catch(async (error) => {
    await care?.close();
    throw error;
  });
  const close = () => Promise.all([gateway.close(), care?.close()]);
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
    await addJobcenter(app, {config, isKorsbaek: isKorsbaek(config), port, secret: jobcenterSecret});
  });
  try {
    await gateway.listen({port, host: '127.0.0.1'});
  } catch (error) {
    await close();
    if (error.code === 'EADDRINUSE')
      throw new Error(`Port ${port} is taken by another program. Choose another one: PORT=${port + 1} npm start`);
    throw error;
  }
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => close().then(() => process.exit(0)));
  const url = `http://localhost:${gateway.app.server.address().port}`;
  console.log(welcome(url, config, care?.url));
  return {url, careUrl: care?.url, reports, close};
}

const isKorsbaek = (config) => config.sources.some(({connector}) => connector === '@bsp/korsbaek/connector');

/** A port that nobody listens on just now. */
const freePort = () =>
  new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const {port} = probe.address();
      probe.close(() => resolve(port));
    });
  });

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

const welcome = (url, config, careUrl) => `
  Jobcenter Korsbæk   ${url}/
  A vendor's page     ${url}/vendor/${careUrl ? `\n  Omsorg Korsbæk      ${careUrl}/` : ''}
  The gateway's API   ${url}${config.prefix}/v1/me

  Demo identity: everyone who can reach this port is ${config.demoUser.name}. It listens on this machine only.
  Stop with Ctrl+C.
`;
