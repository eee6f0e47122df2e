import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {describe, it} from 'node:test';
import {Validator} from '@seriousme/openapi-schema-validator';
// @ts-expect-error a plain script without types
import * as script from '../../scripts/openapi.mjs';

type Tree = Record<string, unknown>;
const {openApiDocument, differences} = script as {
  openApiDocument: () => Tree & {paths: Record<string, Record<string, Operation>>};
  differences: (was: unknown, now: unknown) => string[];
};
interface Operation {
  responses: Record<string, {content?: Tree}>;
  parameters?: {in: string; name: string}[];
}
const generated = openApiDocument();
const operations = Object.entries(generated.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({title: `${method.toUpperCase()} ${path}`, operation})),
);

describe('openapi.json', () => {
  it('is committed as the schemas have it', () => {
    const committed = JSON.parse(
      readFileSync(new URL('../../packages/contract/openapi.json', import.meta.url), 'utf8'),
    ) as unknown;
    assert.deepEqual(differences(committed, JSON.parse(JSON.stringify(generated))), []);
  });

  it('is a valid OpenAPI 3.1 document whose references all resolve', async () => {
    const validator = new Validator();
    const result = await validator.validate(structuredClone(generated));
    assert.deepEqual(result, {valid: true});
    assert.equal(validator.version, '3.1');
    assert.ok(validator.resolveRefs());
  });

  it('describes the whole interface', () =>
    assert.deepEqual(operations.map(({title}) => title).sort(), [
      'DELETE /v1/contexts/{contextId}',
      'GET /v1/contexts/{contextId}',
      'GET /v1/contexts/{contextId}/content/{source}/{recordId}',
      'GET /v1/launches/{code}',
      'GET /v1/live',
      'GET /v1/me',
      'POST /v1/contexts',
      'POST /v1/contexts/{contextId}/actions',
      'POST /v1/contexts/{contextId}/read',
      'POST /v1/launches/redeem',
    ]));

  for (const {title, operation} of operations)
    it(`${title} answers errors as problems, and puts no subject in a URL`, () => {
      const answers = Object.entries(operation.responses).filter(([status]) => Number(status) >= 400);
      assert.ok(answers.length > 0);
      for (const [, answer] of answers)
        assert.deepEqual(Object.keys(answer.content ?? {}), [
          // People look at this one.
          title === 'GET /v1/launches/{code}' ? 'text/html' : 'application/problem+json',
        ]);
      const named = (operation.parameters ?? []).map(({name}) => name);
      for (const name of named)
        assert.ok(['contextId', 'source', 'recordId', 'context', 'code', 'Last-Event-ID'].includes(name), name);
    });

  it('says where it has drifted', () =>
    assert.deepEqual(differences({a: {b: [1, 2]}, 'c/d': 1}, {a: {b: [1, 3]}, e: 2}), [
      '/a/b/1',
      '  - 2',
      '  + 3',
      '/c~1d',
      '  - 1',
      '/e',
      '  + 2',
    ]));
});
