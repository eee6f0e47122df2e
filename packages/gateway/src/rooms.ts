import {type BreakGlass, breakGlassOf} from './access/break-glass.js';
import {type Actions, actionsOf} from './actions.js';
import {type Aliases, aliasesOf} from './aliases.js';
import {knownResources} from './border.js';
import type {GatewayConfig} from './config.js';
import {ConfigError} from './config-error.js';
import {type Connected, closeAll, connect} from './connectors.js';
import {type Contexts, contextsOf} from './contexts.js';
import {draftsOf} from './drafts.js';
import {type Events, eventsOf} from './events.js';
import {type FanOut, fanOutOf} from './fan-out.js';
import {journalOf} from './journal.js';
import {type Launches, launchesOf} from './launches.js';
import type {Log} from './log.js';
import {type LookupLog, lookupLogOf} from './lookup-log.js';
import type {Telemetry} from './operations/telemetry.js';
import {type Outbox, outboxOf} from './outbox.js';
import {RateLimit} from './rate-limit.js';
import {revealingOf} from './reveal.js';
import {searchingOf} from './search.js';
import {type SetAside, setAsideOf} from './set-aside.js';
import {connectedSource, ownSource, type Source} from './sources.js';
import type {Storage} from './storage/database.js';
import {targetsStore} from './targets.js';
import {tenantSecrets} from './tenant-secrets.js';

/** What one tenant has to itself: its configuration, its key, its sources, and everything that knows a person. */
export interface Rooms {
  /** With this tenant's values, whoever else is served beside it. */
  readonly config: GatewayConfig;
  readonly storage: Storage;
  readonly connected: readonly Connected[];
  readonly sources: readonly Source[];
  readonly aliases: Aliases;
  readonly events: Events;
  readonly setAside: SetAside;
  readonly outbox: Outbox;
  readonly contexts: Contexts;
  readonly fanOut: FanOut;
  readonly lookupLog: LookupLog;
  readonly actions: Actions;
  readonly launches: Launches;
  readonly glass: BreakGlass;
  /** How fast each user may open contexts. */
  readonly opening: RateLimit;
  /** How fast each user may ask for anything in them. */
  readonly asking: RateLimit | undefined;
}

/**
 * The storage as a tenant sees it: where there are several, with its own key.
 *
 * @throws ConfigError - when its key is not one that opens what is in the database.
 */
export async function storageOf(config: GatewayConfig, shared: Storage, several: boolean): Promise<Storage> {
  const secrets = await tenantSecrets(config, shared, several);
  return several ? {...shared, secrets} : shared;
}

/**
 * Makes a tenant's connectors, and the rooms around them.
 *
 * @throws ConfigError - when a source's entry is not what its connector wants.
 */
export async function roomsOf(config: GatewayConfig, storage: Storage, log: Log, watched: Telemetry): Promise<Rooms> {
  const tenant = config.tenant.id;
  const connected = await connect(config, log);
  const {secrets} = storage;
  const ownSourceId = config.journal.source;
  const aliases = aliasesOf(storage);
  const target = await receiverOf(config, connected);
  const outbox = outboxOf({storage, aliases, ownSourceId, target, log});
  const journal = journalOf(storage, ownSourceId, outbox);
  const drafts = draftsOf(storage);
  const {cvr} = config.tenant;
  const ownAccess = {...(cvr === undefined ? {} : {owner: cvr}), sensitivity: config.journal.sensitivity};
  const sources: Source[] = [];
  const events = watched.events(
    tenant,
    eventsOf(storage, aliases, () => sources, log),
  );
  const own = ownSource(ownSourceId, config.journal.name, ownAccess, {
    journal: journal.read,
    drafts: drafts.read,
    ...(config.targets.length > 0 ? {targets: targetsStore(config.targets, ownSourceId)} : {}),
  });
  const theirs = connected.map(({config: source, connector}) =>
    connectedSource(source, connector, events.storeOf(source.id), {tenant, log}),
  );
  sources.push(...[...theirs, own].map((source) => watched.source(tenant, source)));
  for (const source of sources)
    for (const resource of source.resources)
      if (!knownResources.has(resource))
        log.warn({source: source.id, resource}, 'this version does not know the resource, so it is not served');
  const setAside = setAsideOf(storage);
  const lookupLog = watched.lookupLog(tenant, lookupLogOf(storage, config.lookupLog, log));
  const fanOutParts = {sources, aliases, secrets, lookupLog, overlays: {events: events.marked}, log};
  const fanOut = watched.fanOut(tenant, fanOutOf(fanOutParts));
  const revealing = revealingOf({sources, aliases, fanOut, lookupLog, secrets, log});
  const searching = searchingOf({
    sources,
    aliases,
    lookupLog,
    secrets,
    rate: new RateLimit(config.contextRate),
    log,
  });
  const launches = launchesOf({config, storage, aliases, fanOut, lookupLog});
  const actions = actionsOf({storage, fanOut, journal, events, drafts, revealing, launches, searching, ownSourceId});
  const glass = breakGlassOf(config, storage, lookupLog, log);
  const contexts = watched.contexts(tenant, contextsOf(config, storage, aliases, glass));
  const opening = new RateLimit(config.contextRate);
  const asking = config.requestRate && new RateLimit(config.requestRate);
  return {
    config,
    storage,
    connected,
    sources,
    aliases,
    events,
    setAside,
    outbox,
    contexts,
    fanOut,
    lookupLog,
    actions,
    launches,
    opening,
    asking,
    glass,
  };
}

/**
 * The source that notes are delivered to, where there is one.
 *
 * @throws ConfigError - when the one that is named takes none.
 */
export async function receiverOf(
  config: GatewayConfig,
  connected: readonly Connected[],
): Promise<Connected | undefined> {
  const {deliverTo} = config.journal;
  const found = connected.find((one) => one.config.id === deliverTo);
  if (deliverTo === undefined || typeof found?.connector.deliverNote === 'function') return found;
  await closeAll(connected);
  const able = connected.filter(({connector}) => typeof connector.deliverNote === 'function');
  const names = able.map((one) => `"${one.config.id}"`).join(', ') || 'none of the sources';
  const message = `"${deliverTo}" is not a source that takes notes; ${names} does.`;
  throw new ConfigError(config.origin, [{path: 'journal.deliverTo', message}]);
}
