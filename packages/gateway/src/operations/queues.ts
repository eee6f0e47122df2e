import {type Kysely, sql} from 'kysely';
import type {Tables} from '../storage/schema.js';
import type {Metrics, Readings} from './metrics.js';

interface Queues {
  readonly tenant: string;
  readonly notes: number;
  readonly oldest: number;
  readonly aside: number;
  readonly unjoined: number;
}

/** How long a look holds: whoever asks often must not cost the database anything. */
const holdsMs = 5_000;

/** What waits in the database, of each tenant. All replicas tell the same: take the greatest, not the sum. */
export function tellQueues(metrics: Metrics, database: Kysely<Tables>, tenants: readonly string[]): void {
  let looked = Number.NEGATIVE_INFINITY;
  let found: Promise<readonly Queues[]> | undefined;
  const look = (): Promise<readonly Queues[]> => {
    if (!found || performance.now() - looked > holdsMs) {
      looked = performance.now();
      found = queuesOf(database, tenants);
    }
    return found;
  };
  const told = (value: (one: Queues) => number) => async (): Promise<Readings> =>
    (await look()).map((one) => [{tenant: one.tenant}, value(one)] as const);
  metrics.gauge(
    {name: 'bsp.outbox.depth', help: 'Notes that are not delivered yet.'},
    told(({notes}) => notes),
  );
  metrics.gauge(
    {name: 'bsp.outbox.oldest', help: 'For how long the oldest of them has waited.', unit: 's'},
    told(({oldest}) => oldest),
  );
  metrics.gauge(
    {name: 'bsp.messages.aside', help: 'Messages set aside that nobody has dropped.'},
    told(({aside}) => aside),
  );
  metrics.gauge(
    {name: 'bsp.events.unjoined', help: 'Events whose person is not known yet.'},
    told(({unjoined}) => unjoined),
  );
}

async function queuesOf(database: Kysely<Tables>, tenants: readonly string[]): Promise<readonly Queues[]> {
  const {rows} = await sql<Queues>`
    select tenant,
      sum(notes)::int as notes, max(oldest)::float as oldest, sum(aside)::int as aside, sum(unjoined)::int as unjoined
    from (
      select tenant, count(*) as notes, extract(epoch from now() - min(state_at)) as oldest, 0 as aside, 0 as unjoined
        from note_delivery where due_at is not null group by tenant
      union all select tenant, 0, 0, count(*), 0 from message_aside group by tenant
      union all select tenant, 0, 0, 0, count(*) from event where subject_index is null group by tenant
    ) as waiting group by tenant`.execute(database);
  return tenants.map(
    (tenant) => rows.find((row) => row.tenant === tenant) ?? {tenant, notes: 0, oldest: 0, aside: 0, unjoined: 0},
  );
}
