import {type Attributes, type ObservableResult, metrics as openTelemetry} from '@opentelemetry/api';

/**
 * Every label that a metric or a span may have, with its name in OpenTelemetry. There are no others: what concerns a person has no
 * name here.
 */
export const labelNames = {
  tenant: 'bsp.tenant',
  source: 'bsp.source',
  resource: 'bsp.resource',
  status: 'bsp.status',
  outcome: 'bsp.outcome',
  kind: 'bsp.kind',
  quantile: 'bsp.quantile',
  route: 'http.route',
  method: 'http.request.method',
  code: 'http.response.status_code',
} as const;
export type Label = keyof typeof labelNames;
export type Labels = Readonly<Partial<Record<Label, string>>>;

/** Which values a label may have. */
export type ClosedLists = Readonly<Record<Label, {has(value: string): boolean}>>;

/** A value that is on no list: what a label holds must be known before a request comes. */
const unlisted = 'other';

/** Labels with values of the closed lists only. */
const closed = (lists: ClosedLists, labels: Labels): Labels =>
  Object.fromEntries(
    Object.entries(labels).map(([label, value]) => [label, lists[label as Label].has(value) ? value : unlisted]),
  );

const attributesOf = (labels: Labels): Attributes =>
  Object.fromEntries(Object.entries(labels).map(([label, value]) => [labelNames[label as Label], value]));

/** Labels with values of the closed lists, and what is said with them. */
interface Told {
  readonly labels: Labels;
  readonly attributes: Attributes;
  /** In Prometheus' format. */
  readonly text: string;
}

/** Puts labels into words, each set of them once. */
export function tellerOf(lists: ClosedLists): (given: Labels) => Told {
  const known = new Map<string, Told>();
  return (given) => {
    let key = '';
    for (const label in given) key += `${label}\u0000${given[label as Label]}\u0000`;
    let told = known.get(key);
    if (told) return told;
    const labels = closed(lists, given);
    told = {labels, attributes: attributesOf(labels), text: labelText(labels)};
    // Of what is on no list there is no end.
    if (Object.entries(given).every(([label, value]) => labels[label as Label] === value)) known.set(key, told);
    return told;
  };
}

/** Where a metric stands: OpenTelemetry's name, e.g. `bsp.reads`, and what it tells. */
interface Description {
  readonly name: string;
  readonly help: string;
  readonly unit?: 's' | 'By';
}
export type Readings = Iterable<readonly [Labels, number]>;

/** What the gateway counts, for Prometheus and, where somebody has set up its SDK, for OpenTelemetry. */
export interface Metrics {
  counter(description: Description): (labels: Labels, by?: number) => void;
  /** Seconds. */
  histogram(description: Omit<Description, 'unit'>): (labels: Labels, seconds: number) => void;
  /** Asked whenever somebody wants to know; one that fails tells nothing. */
  gauge(description: Description, read: () => Readings | Promise<Readings>): void;
  /** Prometheus' text format, version 0.0.4. */
  text(): Promise<string>;
  /** OpenTelemetry asks no more. */
  close(): void;
}

/** Upper bounds of the buckets, in seconds: OpenTelemetry's for requests. */
const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

interface Spread {
  readonly buckets: number[];
  sum: number;
  count: number;
}

/** Makes an empty registry. */
export function metricsOf(tell: ReturnType<typeof tellerOf>): Metrics {
  const meter = openTelemetry.getMeter('@bsp/gateway');
  const families: (() => Promise<string>)[] = [];
  const closing: (() => void)[] = [];

  const family = (
    {name, help, unit}: Description,
    type: 'counter' | 'gauge' | 'histogram',
    lines: (name: string) => readonly string[] | Promise<readonly string[]>,
  ) => {
    const told = prometheusName(name, unit) + (type === 'counter' ? '_total' : '');
    families.push(async () => {
      const values = await lines(told);
      return values.length === 0 ? '' : `# HELP ${told} ${help}\n# TYPE ${told} ${type}\n${values.join('\n')}\n`;
    });
  };

  return {
    counter(description) {
      const counter = meter.createCounter(description.name, optionsOf(description));
      const series = new Map<string, number>();
      family(description, 'counter', (name) => [...series].map(([labels, value]) => `${name}${labels} ${value}`));
      return (given, by = 1) => {
        const {text: at, attributes} = tell(given);
        series.set(at, (series.get(at) ?? 0) + by);
        counter.add(by, attributes);
      };
    },

    histogram(description) {
      const timed = {...description, unit: 's' as const};
      const histogram = meter.createHistogram(timed.name, {
        ...optionsOf(timed),
        advice: {explicitBucketBoundaries: bounds},
      });
      const series = new Map<string, {labels: Labels; spread: Spread}>();
      family(timed, 'histogram', (name) =>
        [...series.values()].flatMap(({labels, spread}) => [
          ...[...bounds.map(String), '+Inf'].map((bound, index) => {
            const reached = spread.buckets.slice(0, index + 1).reduce((sum, count) => sum + count, 0);
            return `${name}_bucket${labelText(labels, bound)} ${reached}`;
          }),
          `${name}_sum${labelText(labels)} ${spread.sum}`,
          `${name}_count${labelText(labels)} ${spread.count}`,
        ]),
      );
      return (given, seconds) => {
        const {labels, text: at, attributes} = tell(given);
        let one = series.get(at);
        if (!one) {
          one = {labels, spread: {buckets: Array(bounds.length + 1).fill(0) as number[], sum: 0, count: 0}};
          series.set(at, one);
        }
        const bucket = bounds.findIndex((bound) => seconds <= bound);
        one.spread.buckets[bucket < 0 ? bounds.length : bucket]!++;
        one.spread.sum += seconds;
        one.spread.count++;
        histogram.record(seconds, attributes);
      };
    },

    gauge(description, read) {
      const readings = async () => {
        try {
          return [...(await read())].map(([labels, value]) => [tell(labels).labels, value] as const);
        } catch {
          return [];
        }
      };
      family(description, 'gauge', async (name) =>
        (await readings()).map(([labels, value]) => `${name}${labelText(labels)} ${value}`),
      );
      const gauge = meter.createObservableGauge(description.name, optionsOf(description));
      const observe = async (result: ObservableResult) => {
        for (const [labels, value] of await readings()) result.observe(value, attributesOf(labels));
      };
      gauge.addCallback(observe);
      closing.push(() => gauge.removeCallback(observe));
    },

    async text() {
      return (await Promise.all(families.map((tell) => tell()))).join('');
    },

    close() {
      for (const stop of closing) stop();
    },
  };
}

const optionsOf = ({help, unit}: Description) => ({description: help, ...(unit ? {unit} : {})});

const prometheusName = (name: string, unit: Description['unit']): string =>
  name.replaceAll('.', '_') + (unit === 's' ? '_seconds' : unit === 'By' ? '_bytes' : '');

/** `{source="kmd"}`. The lists hold what a configuration named: no value needs escaping, but a name may one day. */
function labelText(labels: Labels, bound?: string): string {
  const parts = Object.entries({...labels, ...(bound === undefined ? {} : {le: bound})}).map(
    ([label, value]) => `${label}="${value.replace(/[\\"\n]/g, (one) => (one === '\n' ? '\\n' : `\\${one}`))}"`,
  );
  return parts.length === 0 ? '' : `{${parts.join(',')}}`;
}
