// Writes packages/contract/openapi.json from the contract's schemas, or with --check says where it has drifted.
import {readFileSync, writeFileSync} from 'node:fs';
import {fileURLToPath, pathToFileURL} from 'node:url';
import * as contract from '@bsp/contract';
import * as z from 'zod/mini';
import {createDocument} from 'zod-openapi';

const target = new URL('../packages/contract/openapi.json', import.meta.url);

/** Component names on the left, their schemas on the right. */
const components = {
  Moment: contract.momentSchema,
  Day: contract.daySchema,
  Staff: contract.staffSchema,
  Kle: contract.kleSchema,
  TitledRef: contract.titledRefSchema,
  SourceName: contract.sourceNameSchema,
  Subject: contract.subjectSchema,
  ShownSubject: contract.shownSubjectSchema,
  Me: contract.meSchema,
  OpenedContext: contract.openedContextSchema,
  Read: contract.readSchema,
  Plan: contract.planSchema,
  Frame: contract.frameSchema,
  End: contract.endSchema,
  StreamMessage: contract.streamMessageSchema,
  Notice: contract.noticeSchema,
  Problem: contract.problemSchema,
  RecordRef: contract.recordRefSchema,
  Person: contract.personSchema,
  Case: contract.caseSchema,
  Existence: contract.existenceSchema,
  Note: contract.noteSchema,
  Event: contract.eventSchema,
  Draft: contract.draftSchema,
  Document: contract.documentSchema,
  Grant: contract.grantSchema,
  Payment: contract.paymentSchema,
  ActionResult: contract.actionResultSchema,
  NoteCreate: contract.noteCreateSchema,
  NoteAddendum: contract.noteAddendumSchema,
  EventMark: contract.eventMarkSchema,
  Reveal: contract.revealSchema,
  Revealed: contract.revealedSchema,
  DraftSave: contract.draftSaveSchema,
  Target: contract.targetSchema,
  Launch: contract.launchSchema,
  Launched: contract.launchedSchema,
  Redeemed: contract.redeemedSchema,
  Search: contract.searchSchema,
  Hit: contract.hitSchema,
  Found: contract.foundSchema,
};

const reference = (name) => ({$ref: `#/components/schemas/${name}`});

/** What the items of a frame are, by its resource. */
const itemsOfResource = {
  [contract.personResource.name]: reference('Person'),
  [contract.casesResource.name]: {anyOf: [reference('Case'), reference('Existence')]},
  [contract.journalResource.name]: reference('Note'),
  [contract.eventsResource.name]: reference('Event'),
  [contract.draftsResource.name]: reference('Draft'),
  [contract.documentsResource.name]: reference('Document'),
  [contract.grantsResource.name]: reference('Grant'),
  [contract.paymentsResource.name]: reference('Payment'),
  [contract.targetsResource.name]: reference('Target'),
};

const descriptions = {
  Moment: 'RFC 3339 with offset, e.g. 2026-11-20T09:42:00+01:00.',
  Subject: 'What a context is about. A CPR number leaves the browser here and nowhere else.',
  Problem: 'A problem after RFC 9457. Carries no person data. `type` is `urn:bsp:problem:<code>`.',
  Frame:
    'One answer (or part of one) of one source to one resource. Items are read one by one: an unreadable item never takes the others with it.',
  Plan: 'First message of a stream. Depends on user and configuration, never on the subject.',
  End: 'Last message. A stream that ends without it was broken: every unanswered source is unavailable.',
  Notice: 'What to read again; carries no person data.',
};

const actionRequest = z.union([
  ...Object.entries(contract.actionPayloads).map(([type, payload]) =>
    z.extend(contract.actionSchema, {type: z.literal(type), payload}),
  ),
  contract.actionSchema,
]);

const openContextRequest = z.object({
  subject: contract.subjectSchema,
  purpose: z.optional(z.string()),
  reason: z.optional(z.string()),
  breakGlass: z.optional(z.literal(true)),
});

const json = (schema) => ({content: {'application/json': {schema}}});

/** Responses for the problems that an operation may answer with: one per status, narrowed to its codes. */
function problems(...codes) {
  const byStatus = new Map();
  for (const code of codes) {
    const {status} = contract.problemOf(code, '');
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, itsCodes]) => [
      String(status),
      {
        description: `Problem: ${itsCodes.map((code) => `\`${code}\``).join(', ')}.`,
        ...(itsCodes.some((code) => code === 'rate-limited' || code === 'unavailable')
          ? {headers: {'Retry-After': {description: 'Seconds until a retry makes sense.', schema: {type: 'integer'}}}}
          : {}),
        content: {
          'application/problem+json': {
            schema: {allOf: [reference('Problem'), {type: 'object', properties: {code: {enum: itsCodes}}}]},
          },
        },
      },
    ]),
  );
}

const everywhere = ['unauthorized', 'rate-limited', 'unavailable', 'internal'];
const inContext = [...everywhere, 'not-found', 'context-closed'];
const contextPath = {contextId: z.string()};

/** The whole HTTP interface as an OpenAPI 3.1 document. */
export function openApiDocument() {
  for (const [id, schema] of Object.entries(components)) {
    const description = descriptions[id];
    z.globalRegistry.add(schema, {id, ...(description ? {description} : {})});
  }
  const {version} = JSON.parse(readFileSync(new URL('../packages/contract/package.json', import.meta.url), 'utf8'));
  const document = createDocument(
    {
      openapi: '3.1.0',
      info: {
        title: 'BSP backend',
        version,
        license: {name: 'MIT', identifier: 'MIT'},
        description:
          'What the windows of the BSP widget kit say to a backend. Every request is authenticated as the user: the id of a context grants nothing by itself.',
      },
      servers: [{url: '/', description: 'The base that the host gives the provider, e.g. /bsp.'}],
      security: [{bearer: []}, {session: []}],
      tags: [{name: 'user'}, {name: 'context'}, {name: 'live'}, {name: 'hop'}],
      paths: {
        '/v1/me': {
          get: {
            operationId: 'me',
            tags: ['user'],
            summary: 'Who the user is and what the backend can do for them.',
            responses: {
              200: {description: 'The user, tenant, capabilities and purposes.', ...json(contract.meSchema)},
              ...problems(...everywhere),
            },
          },
        },
        '/v1/contexts': {
          post: {
            operationId: 'openContext',
            tags: ['context'],
            summary: 'Opens a context: one tenant, one user, one subject; immutable, never reused.',
            requestBody: {required: true, ...json(openContextRequest)},
            responses: {
              201: {
                description: 'The context. The subject comes back masked.',
                headers: {
                  Location: {description: 'Path of the new context.', schema: {type: 'string'}},
                },
                ...json(contract.openedContextSchema),
              },
              ...problems(
                'invalid-request',
                'invalid-subject',
                'forbidden',
                'needs-purpose',
                'not-found',
                'too-large',
                ...everywhere,
              ),
            },
          },
        },
        '/v1/contexts/{contextId}': {
          get: {
            operationId: 'adoptContext',
            tags: ['context'],
            summary: 'Adopts a context that was opened for the same user, for example by the host’s server.',
            requestParams: {path: z.object(contextPath)},
            responses: {
              200: {description: 'The context.', ...json(contract.openedContextSchema)},
              ...problems(...inContext),
            },
          },
          delete: {
            operationId: 'closeContext',
            tags: ['context'],
            summary: 'Closes a context. One that is closed already, or never was, is refused as everywhere else.',
            requestParams: {path: z.object(contextPath)},
            responses: {204: {description: 'Closed.'}, ...problems(...everywhere, 'context-closed')},
          },
        },
        '/v1/contexts/{contextId}/read': {
          post: {
            operationId: 'read',
            tags: ['context'],
            summary: 'Reads resources: a plan, then frames as sources answer, then an end; flushed message by message.',
            requestParams: {path: z.object(contextPath)},
            requestBody: {
              required: true,
              ...json(z.object({reads: z.array(contract.readSchema).check(z.minLength(1))})),
            },
            responses: {
              200: {
                description:
                  'One StreamMessage a line. A source that fails is a frame with its status, not an HTTP error.',
                content: {'application/x-ndjson': {schema: contract.streamMessageSchema}},
              },
              ...problems('invalid-request', 'too-large', ...inContext),
            },
          },
        },
        '/v1/contexts/{contextId}/actions': {
          post: {
            operationId: 'act',
            tags: ['context'],
            summary: 'Writes. The same key with the same payload is safe to send again.',
            requestParams: {path: z.object(contextPath)},
            requestBody: {required: true, ...json(actionRequest)},
            responses: {
              200: {description: 'What came of it; kept with its effect.', ...json(contract.actionResultSchema)},
              ...problems(
                'invalid-request',
                'forbidden',
                'needs-purpose',
                'not-applicable',
                'foreign-item',
                'conflict',
                'key-reused',
                'too-large',
                'timeout',
                ...inContext,
              ),
            },
          },
        },
        '/v1/contexts/{contextId}/content/{source}/{recordId}': {
          get: {
            operationId: 'content',
            tags: ['context'],
            summary: 'A document’s bytes. A logged lookup.',
            requestParams: {path: z.object({...contextPath, source: z.string(), recordId: z.string()})},
            responses: {
              200: {
                description: 'The bytes, always as an attachment.',
                headers: {
                  'Content-Disposition': {
                    description: 'Carries the name, where there is one.',
                    schema: {type: 'string'},
                  },
                },
                content: {'*/*': {schema: {}}},
              },
              ...problems(
                'forbidden',
                'needs-purpose',
                'not-applicable',
                'foreign-item',
                'timeout',
                'wrong-subject',
                ...inContext,
              ),
            },
          },
        },
        '/v1/launches/redeem': {
          post: {
            operationId: 'redeem',
            tags: ['hop'],
            summary:
              'A target system trades the code of a launch for whom and what it is about: once. A logged lookup.',
            description:
              'From server to server, with the target’s own id and secret. A code that is unknown, expired, redeemed or another target’s is the same `not-found`.',
            security: [{target: []}],
            requestBody: {required: true, ...json(contract.redeemSchema)},
            responses: {
              200: {description: 'Whom and what the user chose.', ...json(contract.redeemedSchema)},
              ...problems('invalid-request', 'not-found', 'too-large', 'unauthorized', 'unavailable', 'internal'),
            },
          },
        },
        '/v1/launches/{code}': {
          get: {
            operationId: 'handOver',
            tags: ['hop'],
            summary:
              'A page that posts the person to a system that takes only forms: once, in the browser that launched it.',
            security: [],
            requestParams: {path: z.object({code: z.string()})},
            responses: {
              200: {description: 'The page. It posts its form at once.', content: {'text/html': {schema: {}}}},
              404: {
                description: 'A page that says so: the code is unknown, expired, used, or another browser’s.',
                content: {'text/html': {schema: {}}},
              },
              503: {
                description: 'A page that says so: the lookup log can not be written.',
                content: {'text/html': {schema: {}}},
              },
            },
          },
        },
        '/v1/live': {
          get: {
            operationId: 'live',
            tags: ['live'],
            summary: 'Server-sent events of notices for any number of contexts; resumes after Last-Event-ID.',
            requestParams: {
              query: z.object({context: z.array(z.string()).check(z.minLength(1))}),
              header: z.object({'Last-Event-ID': z.optional(z.string())}),
            },
            responses: {
              200: {
                description:
                  'Each event has the cursor as `id` and a Notice as `data`. A context whose missed notices are unknown gets a `reset`.',
                content: {'text/event-stream': {schema: contract.noticeSchema}},
              },
              ...problems('invalid-request', ...inContext),
            },
          },
        },
      },
      components: {
        schemas: components,
        securitySchemes: {
          bearer: {type: 'http', scheme: 'bearer', description: 'The token that the host’s token callback gives.'},
          session: {type: 'apiKey', in: 'cookie', name: 'session', description: 'The host’s own session, same origin.'},
          target: {type: 'http', scheme: 'basic', description: 'A target’s id and secret.'},
        },
      },
    },
    {
      override: ({jsonSchema}) => {
        // Records grow: a reader lets unknown keys pass, so neither side may call them an error.
        if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
      },
    },
  );
  document.components.schemas.Frame.allOf = Object.entries(itemsOfResource).map(([resource, items]) => ({
    if: {properties: {resource: {const: resource}}},
    // biome-ignore lint/suspicious/noThenProperty: a JSON Schema keyword
    then: {properties: {items: {items}}},
  }));
  return document;
}

/** Where two JSON values differ, as lines of JSON pointer, what was and what is. */
export function differences(was, now, pointer = '') {
  if (JSON.stringify(was) === JSON.stringify(now)) return [];
  const isTree = (value) => typeof value === 'object' && value !== null;
  if (isTree(was) && isTree(now) && Array.isArray(was) === Array.isArray(now))
    return [...new Set([...Object.keys(was), ...Object.keys(now)])].flatMap((key) =>
      differences(was[key], now[key], `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`),
    );
  const shown = (value) => JSON.stringify(value)?.slice(0, 200);
  return [
    pointer || '/',
    ...(was === undefined ? [] : [`  - ${shown(was)}`]),
    ...(now === undefined ? [] : [`  + ${shown(now)}`]),
  ];
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const text = `${JSON.stringify(openApiDocument(), null, 2)}\n`;
  if (!process.argv.includes('--check')) {
    writeFileSync(target, text);
    console.log(`Wrote ${fileURLToPath(target)}`);
  } else {
    let committed = '{}';
    try {
      committed = readFileSync(target, 'utf8');
    } catch {
      console.error('packages/contract/openapi.json is missing.');
    }
    if (committed !== text) {
      console.error('packages/contract/openapi.json has drifted from the schemas (- committed, + generated):');
      console.error(differences(JSON.parse(committed), JSON.parse(text)).join('\n') || 'only the formatting differs');
      console.error('Run `npm run openapi` and commit the result.');
      process.exit(1);
    }
    console.log('packages/contract/openapi.json agrees with the schemas.');
  }
}
