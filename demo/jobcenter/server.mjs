// The job centre's own server: its page, its register of clients, and the demo's test messages.
import {arrivals} from '../hop.mjs';
import {jobcenterClients} from './clients.mjs';
import {jobcenterPage, refusedPage} from './page.mjs';
import {postStatusMessage} from './post-status.mjs';

const steps = new Set(['keep', 'offer', 'close']);

/** Mounts the job centre at `/`. */
export async function addJobcenter(app, {config, isKorsbaek, port, secret}) {
  const hasIntake = config.sources.some(({connector}) => connector === 'beskedfordeler');
  const clients = isKorsbaek ? jobcenterClients() : [];
  const clientById = new Map(clients.map((client) => [client.id, client]));
  const followUps = new Map();
  const {arrive, contextOf, visit, visitor} = arrivals({
    gateway: `http://127.0.0.1:${port}${config.prefix}`,
    targetId: 'jobcenter',
    secret,
    user: config.demoUser,
  });

  app.get('/', async (_request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-cache')
      .send(
        jobcenterPage({
          clients,
          user: config.demoUser.name,
          backend: config.prefix,
          hasIntake,
          hasTargets: config.targets.length > 0,
        }),
      ),
  );

  // Somebody hops here: the code is traded on this side, and the address says nothing of it.
  app.get('/jobcenter/hop', async (request, reply) => {
    const cpr = await arrive(String(request.query.launch ?? ''));
    reply.header('cache-control', 'no-store');
    if (!cpr) return reply.code(403).type('text/html; charset=utf-8').send(refusedPage());
    const client = clients.find((one) => one.cpr === cpr);
    return reply.redirect(`/#${client?.id ?? `besoeg-${visit(cpr)}`}`, 303);
  });

  // Somebody who is in no list here: a context for the windows, and the number stays on this side.
  app.post('/jobcenter/besoeg/:id', async (request, reply) => {
    const cpr = visitor(request.params.id);
    const contextId = cpr && (await contextOf(cpr));
    reply.header('cache-control', 'no-store');
    return contextId ? {contextId} : reply.code(404).send({problem: 'unknown visit'});
  });

  // Host id in, number out: the host knows its clients' numbers, its URLs do not.
  app.get('/jobcenter/klienter/:id', async (request, reply) => {
    const client = clientById.get(request.params.id);
    reply.header('cache-control', 'no-store');
    if (!client) return reply.code(404).send({problem: 'unknown client'});
    return {...client, followUp: followUps.get(client.id) ?? {focus: client.focus, step: 'keep'}};
  });

  app.put('/jobcenter/klienter/:id/opfoelgning', {bodyLimit: 16_384}, async (request, reply) => {
    const {focus, step} = request.body ?? {};
    if (!clientById.has(request.params.id)) return reply.code(404).send({problem: 'unknown client'});
    if (typeof focus !== 'string' || !steps.has(step))
      return reply.code(400).send({problem: 'focus and step expected'});
    followUps.set(request.params.id, {focus: focus.slice(0, 2000), step});
    return reply.code(204).send();
  });

  let last;
  /** Does what Beskedfordeler does: posts XML to the gateway over HTTP. */
  app.post('/jobcenter/besked', {bodyLimit: 1024}, async (request, reply) => {
    const {client: id, kind} = request.body ?? {};
    if (kind !== 'again') {
      const client = clientById.get(id);
      const xml = client && postStatusMessage(client.cpr, kind === 'failed');
      if (!xml) return reply.code(404).send({problem: 'no letter was sent to this client'});
      last = xml;
    }
    if (!last) return reply.code(409).send({problem: 'no message yet'});
    const {port} = app.server.address();
    const answer = await fetch(`http://127.0.0.1:${port}/beskedfordeler/modtag`, {
      method: 'POST',
      headers: {'content-type': 'application/xml'},
      body: last,
    });
    const text = await answer.text();
    return {status: /StatusKode>\s*(\d+)/.exec(text)?.[1] ?? String(answer.status)};
  });
}
