// The care system: another program, at another origin, with the same windows. It shares nothing with the job centre but the
// gateway, which it reaches through its own server.
import {readFile} from 'node:fs/promises';
import {createServer, request as requestOf} from 'node:http';
import {extname, normalize, sep} from 'node:path';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';
import {arrivals} from '../hop.mjs';
import {careCitizens} from './citizens.mjs';
import {carePage} from './page.mjs';

const folder = fileURLToPath(new URL('.', import.meta.url));
const mediaTypes = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
};
const safeMethods = new Set(['GET', 'HEAD']);

/**
 * Starts the care system.
 *
 * @param options.port - where to listen; a free port where this one is taken.
 * @param options.gateway - where the gateway is for this server: `{port, prefix}`.
 * @param options.secret - its own, as a target of the gateway.
 * @param options.user - who is logged in here.
 * @param options.kit - the folder of the windows' bundles.
 * @param options.policy - the content security policy of its page.
 * @returns its address, the reports of broken policies so far, and how to end it.
 */
export async function startCare({port, gateway, secret, user, kit, policy}) {
  const script = await bundledScript();
  const isKorsbaek = gateway.isKorsbaek;
  const citizens = isKorsbaek ? careCitizens() : [];
  const {arrive, contextOf, visit, visitor} = arrivals({
    gateway: `http://127.0.0.1:${gateway.port}${gateway.prefix}`,
    targetId: 'care',
    secret,
    user,
  });
  const reports = [];

  /** Who hopped here, and the way back to an address that says nothing. */
  async function hop(response, code) {
    const cpr = await arrive(code);
    if (!cpr) return send(response, 403, carePage({refused: true, user}), htmlType);
    const known = citizens.find((citizen) => citizen.cpr === cpr);
    response.writeHead(303, {location: `/borger/${known?.id ?? visit(cpr)}`}).end();
  }

  /** The host's own part about a citizen, and a context for the windows: the number stays here. */
  async function show(response, id) {
    const {cpr, ...citizen} = citizens.find((one) => one.id === id) ?? {cpr: visitor(id), id};
    const contextId = cpr && (await contextOf(cpr));
    if (!contextId) return send(response, cpr ? 503 : 404, '{}', mediaTypes['.json']);
    send(response, 200, JSON.stringify({...citizen, contextId}), mediaTypes['.json']);
  }

  async function answer(request, response) {
    const url = new URL(request.url, origin);
    const route = `${request.method} ${url.pathname}`;
    if (url.pathname.startsWith(`${gateway.prefix}/v1/`)) return passOn(request, response, gateway.port);
    if (route === 'GET /hop') return hop(response, url.searchParams.get('launch') ?? '');
    if (route === 'GET /' || /^GET \/borger\/[\w-]+$/.test(route))
      return send(response, 200, carePage({user}), htmlType);
    if (route === 'GET /omsorg/borgere')
      return send(response, 200, JSON.stringify(citizens.map(({cpr: _, ...one}) => one)), mediaTypes['.json']);
    const shown = /^POST \/omsorg\/borgere\/([\w-]+)$/.exec(route);
    if (shown) return show(response, shown[1]);
    if (route === 'POST /csp-report') {
      for await (const chunk of request) if (reports.length < 100) reports.push(String(chunk));
      return response.writeHead(204).end();
    }
    if (route === 'GET /csp-report') return send(response, 200, JSON.stringify(reports), mediaTypes['.json']);
    if (route === 'GET /care.js') return send(response, 200, script, mediaTypes['.js']);
    if (route === 'GET /care.css') return sendFile(response, folder, 'care.css');
    if (route.startsWith('GET /kit/')) return sendFile(response, kit, url.pathname.slice('/kit/'.length));
    return send(response, 404, 'Ikke her.', 'text/plain; charset=utf-8');
  }

  let origin = '';
  const server = createServer((request, response) => {
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('referrer-policy', 'no-referrer');
    response.setHeader('cross-origin-opener-policy', 'same-origin');
    response.setHeader('content-security-policy', policy);
    response.setHeader('cache-control', 'no-store');
    // Nobody logs in to the demo, so no other page of the browser may ask in the user's name, nor another host's name lead here.
    const {host, origin: from = origin} = request.headers;
    const isOwn = origin === `http://${host}` && (from === origin || safeMethods.has(request.method));
    if (!isOwn) return send(response, 403, 'Ikke herfra.', 'text/plain; charset=utf-8');
    answer(request, response).catch(() => {
      if (response.headersSent) response.destroy();
      else send(response, 500, 'Det gik ikke.', 'text/plain; charset=utf-8');
    });
  });
  const listening = (wanted) =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(wanted, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
  await listening(port).catch((error) => (error.code === 'EADDRINUSE' ? listening(0) : Promise.reject(error)));
  // Another host than the job centre's, so that not even cookies are shared: they know no ports.
  origin = `http://127.0.0.1:${server.address().port}`;
  return {
    url: origin,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

const htmlType = 'text/html; charset=utf-8';

function send(response, status, body, type) {
  response.writeHead(status, {'content-type': type}).end(body);
}

async function sendFile(response, from, name) {
  const path = normalize(from + name);
  const type = mediaTypes[extname(path)];
  const bytes = path.startsWith(from.replaceAll('/', sep)) && type ? await readFile(path).catch(() => {}) : undefined;
  if (!bytes) return send(response, 404, 'Ikke her.', 'text/plain; charset=utf-8');
  send(response, 200, bytes, type);
}

/** Hands a request of the windows to the gateway, and its answer back as it comes. */
function passOn(request, response, port) {
  const {host: _, origin: __, 'sec-fetch-site': ___, ...headers} = request.headers;
  return new Promise((resolve, reject) => {
    const asked = requestOf(
      {
        host: '127.0.0.1',
        port,
        method: request.method,
        path: request.url,
        headers: {...headers, host: `127.0.0.1:${port}`},
      },
      (answer) => {
        for (const name of response.getHeaderNames()) response.removeHeader(name);
        response.writeHead(answer.statusCode, answer.headers);
        response.flushHeaders();
        answer.pipe(response);
        answer.on('end', resolve);
      },
    );
    asked.on('error', reject);
    response.on('close', () => {
      asked.destroy();
      resolve();
    });
    request.pipe(asked);
  });
}

/** The page's script with React in it. */
async function bundledScript() {
  const {outputFiles} = await build({
    entryPoints: [`${folder}care.jsx`],
    bundle: true,
    write: false,
    format: 'esm',
    jsx: 'automatic',
    minify: true,
    define: {'process.env.NODE_ENV': '"production"'},
  });
  return outputFiles[0].contents;
}
