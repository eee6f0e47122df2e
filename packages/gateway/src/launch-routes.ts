import {createHash} from 'node:crypto';
import {ProblemError, problemOf, redeemSchema} from '@bsp/contract';
import type {FastifyInstance, FastifyReply, FastifyRequest} from 'fastify';
import type {ActionRequest} from './actions.js';
import {askedFrom} from './asked-from.js';
import type {HandOver, Launches} from './launches.js';
import {errorDetails} from './log.js';
import {apiHeaders, problemOfError, requestPart, sendProblem} from './problems.js';

const cookieName = 'bsp-launch';

/** Sets the cookie by which a browser shows that it is the one that launched. It is sent to that one address only. */
export const rememberedIn =
  (request: FastifyRequest, reply: FastifyReply): NonNullable<ActionRequest['rememberLaunch']> =>
  ({path, value, seconds}) => {
    const {protocol, pathname} = new URL(path, `${request.protocol}://localhost`);
    const secure = protocol === 'https:' || request.headers.origin?.startsWith('https:') ? '; Secure' : '';
    reply.header(
      'set-cookie',
      `${cookieName}=${value}; Path=${pathname}; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure}`,
    );
  };

/**
 * What targets ask, and the page that posts to those who take only forms. Neither knows the user by a login.
 *
 * @param tenants - the launches of each.
 */
export function launchRoutesOf(tenants: readonly Launches[]) {
  return (app: FastifyInstance, _options: object, done: () => void): void => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('application/json', {parseAs: 'string'}, app.getDefaultJsonParser('error', 'error'));
    app.addHook('onRequest', (_request, reply, next) => {
      reply.headers(apiHeaders);
      next();
    });

    app.post('/redeem', {bodyLimit: 4_096}, async (request, reply) => {
      const {id, secret} = basicCredentials(request.headers.authorization);
      // Every secret is compared, so that the time tells nothing.
      const known = tenants.filter((launches) => launches.isTarget(id, secret));
      if (known.length === 0)
        return sendProblem(
          reply.header('www-authenticate', 'Basic realm="bsp"'),
          problemOf('unauthorized', 'The target’s id or secret is wrong.'),
        );
      const {code} = requestPart(redeemSchema, request.body);
      const redeemed = await firstOf(known, (launches) => launches.redeem(id, code, askedFrom(request)));
      if (redeemed) return redeemed;
      request.log.warn({target: id}, 'a launch code was not valid: unknown, expired, or redeemed before');
      throw new ProblemError(problemOf('not-found', 'The launch code is not valid.', {pointer: '/code'}));
    });

    app.get<{Params: {code: string}}>('/:code', {exposeHeadRoute: false}, async (request, reply) => {
      const [{code}, browser] = [request.params, cookieOf(request)];
      try {
        const given = await firstOf(tenants, (launches) => launches.handOver(code, browser, askedFrom(request)));
        if (given)
          return page(reply, 200, formPage(given), {script: postAtOnce, action: actionSource(given.target.url)});
        request.log.warn('a launch code was not valid: unknown, expired, used before, or of another browser');
        return page(reply, 404, usedUpPage, {});
      } catch (thrown) {
        request.log.error(errorDetails(thrown), 'a person could not be handed over');
        return page(reply, problemOfError(thrown).status, failedPage, {});
      }
    });

    done();
  };
}

/** The target's id and secret (RFC 7617). */
function basicCredentials(header: string | undefined): {id: string; secret: string} {
  const [, encoded = ''] = /^Basic ([\w+/=-]{1,2000})$/i.exec(header ?? '') ?? [];
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const at = text.indexOf(':');
  if (at < 0) throw new ProblemError(problemOf('unauthorized', 'The target’s id and secret are missing.'));
  return {id: text.slice(0, at), secret: text.slice(at + 1)};
}

const cookieOf = ({headers}: FastifyRequest): string =>
  new RegExp(`(?:^|; )${cookieName}=([\\w-]{22})(?:;|$)`).exec(headers.cookie ?? '')?.[1] ?? '';

/** An address as a policy's source: the origin alone where the path could be read as more than a path. */
const actionSource = (url: string): string => {
  const {origin, pathname} = new URL(url);
  return /[;,']/.test(pathname) ? origin : origin + pathname;
};

async function firstOf<T, R>(all: readonly T[], ask: (one: T) => Promise<R | undefined>): Promise<R | undefined> {
  for (const one of all) {
    const found = await ask(one);
    if (found !== undefined) return found;
  }
  return undefined;
}

const postAtOnce = 'document.forms[0].submit()';
const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character]!);

const document = (title: string, body: string): string => `<!doctype html>
<html lang="da">
<meta charset="utf-8">
<title>${escaped(title)}</title>
${body}
</html>
`;

const formPage = ({target, fields}: HandOver): string =>
  document(
    `Åbner ${target.name}`,
    `<form method="post" action="${escaped(target.url)}" autocomplete="off">
${fields.map(([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`).join('\n')}
<button>Åbn ${escaped(target.name)}</button>
</form>
<script>${postAtOnce}</script>`,
  );

const usedUpPage = document(
  'Linket er brugt',
  '<h1>Linket er brugt eller for gammelt</h1>\n<p>Luk vinduet, og åbn systemet igen derfra, hvor du kom fra.</p>',
);

const failedPage = document(
  'Systemet kan ikke åbnes',
  '<h1>Systemet kan ikke åbnes lige nu</h1>\n<p>Der er ikke sendt noget. Luk vinduet, og prøv igen om lidt.</p>',
);

/** Answers with a page of ours: it may run that one script and post to that one address, and nothing else. */
function page(
  reply: FastifyReply,
  status: number,
  html: string,
  may: {script?: string; action?: string},
): FastifyReply {
  const hash = may.script && createHash('sha256').update(may.script).digest('base64');
  const policy = [
    "default-src 'none'",
    `script-src ${hash ? `'sha256-${hash}'` : "'none'"}`,
    `form-action ${may.action ?? "'none'"}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ];
  return reply
    .code(status)
    .headers({'content-security-policy': policy.join('; '), 'cross-origin-opener-policy': 'same-origin'})
    .type('text/html; charset=utf-8')
    .send(html);
}
