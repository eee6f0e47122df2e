import {type BridgePlaces, ProblemError, problemOf} from '@bsp/contract';
import type {FastifyInstance, FastifyRequest} from 'fastify';
import type {Asker} from './auth/authenticate.js';
import type {GatewayConfig} from './config.js';
import {hubOf} from './fhircast/hub.js';
import {hubStoreOf} from './fhircast/hub-store.js';
import {hubRoutes, takeSockets} from './fhircast/routes.js';
import type {Log} from './log.js';
import type {Rooms} from './rooms.js';
import type {Storage} from './storage/database.js';

/** The bridges between a user's pages and programs. */
export interface Bridges {
  /** Adds their addresses to the API. */
  routes(app: FastifyInstance, who: (request: FastifyRequest) => Asker): void;
  /** Deletes what nobody waits for any more. */
  sweep(tenant: string): Promise<void>;
  close(): void;
}

const aDayMs = 86_400_000;

/** Makes those that the configuration names. */
export function bridgesOf(
  {config, all, storage, log}: {config: GatewayConfig; all: readonly Rooms[]; storage: Storage; log: Log},
  server: FastifyInstance,
): Bridges {
  const {tabs, fhircast} = config.bridges;
  const path = `${config.prefix}/v1/fhircast`;
  const stores = new Map(
    all.map((rooms) => [rooms.config.tenant.id, hubStoreOf(rooms.storage, rooms.config.tenant.id)]),
  );
  const storeOf = (tenant: string) => stores.get(tenant);
  const hub = fhircast && hubOf(storage, log);
  if (hub) takeSockets(server, {path, storeOf, hub, log});

  /** Of one tenant, user and log-in: another's differs, and nobody without the key can tell what it will be. */
  const secretOf = (use: string, {identity, rooms}: Asker): string => {
    const {tenant, user, session = ''} = identity;
    const parts = (half: string) => [half, tenant.id, user.id, session];
    const {secrets} = rooms.storage;
    return `${secrets.fingerprint(use, parts('1'))}${secrets.fingerprint(use, parts('2'))}`;
  };
  const topicOf = (asker: Asker) => secretOf('fhircast', asker);

  return {
    routes(app, who) {
      app.get('/bridge', {exposeHeadRoute: false}, (request): BridgePlaces => {
        if (!tabs && !fhircast)
          throw new ProblemError(
            problemOf('not-applicable', 'This gateway has no bridges between pages and programs.'),
          );
        const asker = who(request);
        return {
          ...(tabs ? {tabs: secretOf('tabs', asker)} : {}),
          ...(fhircast ? {fhircast: {url: `${fhircast.url ?? ''}${path}`, topic: topicOf(asker)}} : {}),
        };
      });
      if (fhircast) app.register(hubRoutes({config: fhircast, path, who, storeOf, topicOf}));
    },
    async sweep(tenant) {
      await storeOf(tenant)?.sweep(new Date(Date.now() - aDayMs));
    },
    close: () => hub?.close(),
  };
}
