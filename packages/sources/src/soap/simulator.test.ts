// SOAP services on this machine for tests. What they are asked and what they answer is held against the published schemas,
// where those are at hand.
import assert from 'node:assert/strict';
import {existsSync, readFileSync} from 'node:fs';
import type {ServerResponse} from 'node:http';
import {dirname} from 'node:path';
import {after} from 'node:test';
import {fileURLToPath} from 'node:url';
import type {Subject} from '@bsp/contract';
import {XmlDocument, XsdValidator} from 'libxml2-wasm';
import {xmlRegisterFsInputProviders} from 'libxml2-wasm/lib/nodejs.mjs';
import {type Connector, type ConnectorModule, type SourcePage, SourceProblem} from '../connector.js';
import {type Seen, Status, serve} from '../json-http/simulators.test.js';
import {envelopeOf, type SoapVersion} from './envelope.js';

/** Synthetic: day + 60. */
export const ida = '6405851002';
export const bo = '7203821001';
export const nobody = '6101011111';
export const bakery = {type: 'cvr', value: '90000004'} as const;
export const otherCompany = {type: 'cvr', value: '90000012'} as const;

const shared = fileURLToPath(new URL('../../../../../shared/data/', import.meta.url));
/** Why a test that needs the published schemas is skipped, or false. */
export const lacksSchemas = existsSync(shared) ? false : '../shared/data is not here';

/** A published schema. */
export class Schema {
  private readonly path: string;
  private readonly mend: (schema: string, folder: string) => string;
  private validator: XsdValidator | undefined;

  /** @param mend - what is published is not always what can be used. */
  constructor(path: string, mend: (schema: string, folder: string) => string = (schema) => schema) {
    this.path = path;
    this.mend = mend;
  }

  /** Asserts that a document is as the schema says; where the schema is not at hand, that it is a document. */
  assertValid(xml: string, what: string): void {
    const document = XmlDocument.fromString(xml);
    try {
      if (!lacksSchemas) this.loaded().validate(document);
    } catch (thrown) {
      assert.fail(`${what} is not as ${this.path} says: ${(thrown as Error).message}\n${xml.slice(0, 2_000)}`);
    } finally {
      document.dispose();
    }
  }

  private loaded(): XsdValidator {
    if (this.validator) return this.validator;
    xmlRegisterFsInputProviders();
    const path = `${shared}${this.path}`;
    const schema = XmlDocument.fromString(this.mend(readFileSync(path, 'utf8'), dirname(path)), {url: path});
    this.validator = XsdValidator.fromDoc(schema);
    schema.dispose();
    return this.validator;
  }
}

const soapTypes: Readonly<Record<SoapVersion, string>> = {
  '1.1': 'text/xml; charset=utf-8',
  '1.2': 'application/soap+xml; charset=utf-8',
};

/** A request to a simulator. */
export interface Asked {
  readonly seen: Seen;
  /** The body element, as text. */
  readonly body: string;
  readonly response: ServerResponse;
}

/** What a simulator answers: the body element of an envelope, or a whole answer, or undefined where it answers by itself. */
export type Answerer = (asked: Asked) => string | Status | undefined;

/** An answer with a body element, with HTTP 200 or another status. */
export const soapAnswer = (version: SoapVersion, body: string, status = 200): Status =>
  new Status(status, {'content-type': soapTypes[version]}, envelopeOf(version, {action: '', body}));

/** Text of the body element of an envelope of ours. */
export const bodyIn = (envelope: string): string =>
  /<soap:Body>(.*)<\/soap:Body>/s.exec(envelope)?.[1] ?? assert.fail('a request without a body');

/** Starts a service. Requests and answers are held against the schema. */
export async function serveSoap(
  version: SoapVersion,
  schema: Schema | undefined,
  answer: Answerer,
): Promise<{url: string; seen: Seen[]}> {
  return serve((seen, response) => {
    const body = bodyIn(String(seen.body));
    try {
      schema?.assertValid(body, 'the request');
      const given = answer({seen, body, response});
      if (typeof given !== 'string') return given;
      schema?.assertValid(given, 'the answer');
      return soapAnswer(version, given);
    } catch (thrown) {
      // Whoever asked sees a broken connection only.
      notValid.push(thrown);
      throw thrown;
    }
  });
}

const notValid: unknown[] = [];
after(() => {
  if (notValid.length > 0) throw notValid[0];
});

const connectors: Connector[] = [];
after(() => Promise.all(connectors.map((connector) => connector.close?.())));

/** What connectors of the test logged. */
export const logged: string[] = [];
const keep = (message: string, more?: object): void => void logged.push(`${message} ${JSON.stringify(more ?? {})}`);

/** Makes a connector as the gateway does. */
export async function connectorWith<C>(
  module: ConnectorModule<C>,
  config: object,
  now = new Date('2026-11-20T09:00:00Z'),
): Promise<Connector> {
  const parsed = module.configSchema.safeParse(config);
  assert(parsed.success, JSON.stringify(parsed.error?.issues));
  const connector = await module.create(parsed.data, {
    sourceId: 'test',
    sourceName: 'Test',
    configDirectory: '/',
    log: {info: keep, warn: keep},
    now: () => now,
  });
  connectors.push(connector);
  return connector;
}

/** The pages of an answer about somebody, a person by the number, as they come. */
export function reading(
  connector: Connector,
  resource: string,
  about: string | Subject,
  more: {cursor?: string; signal?: AbortSignal} = {},
): AsyncIterable<SourcePage> {
  const subject = typeof about === 'string' ? ({type: 'cpr', value: about} as const) : about;
  const {signal} = new AbortController();
  return connector.read({subject, resource, user: {id: 'u', name: 'U'}, signal, ...more});
}

/** All pages of an answer. */
export async function pagesOf(...asked: Parameters<typeof reading>): Promise<SourcePage[]> {
  const pages: SourcePage[] = [];
  for await (const page of reading(...asked)) pages.push(page);
  return pages;
}

/** The problem that reading ends in. */
export const problemIn = async (reads: Promise<unknown>): Promise<SourceProblem> => {
  const thrown = await reads.then(
    () => assert.fail('no problem'),
    (error: unknown) => error,
  );
  assert(thrown instanceof SourceProblem, String(thrown));
  return thrown;
};

/** All items of an answer. */
export const itemsOf = async (...asked: Parameters<typeof reading>): Promise<Record<string, unknown>[]> =>
  (await pagesOf(...asked)).flatMap(({items}) => items as Record<string, unknown>[]);
