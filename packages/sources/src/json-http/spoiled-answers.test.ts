// What the fuzz of reading and of searching share: how an answer over HTTP is spoiled.
import type {ServerResponse} from 'node:http';
import fc from 'fast-check';
import {
  type ByteStep,
  byteStep,
  type JsonStep,
  jsonStep,
  spoilBytes,
  spoiledJson,
} from '../../../../tests/fuzz/mutations.js';

/** How an answer is spoiled. */
export interface SpoiledAnswer {
  readonly json: readonly JsonStep[];
  readonly bytes: readonly ByteStep[];
  readonly status: number;
  readonly mediaType: string;
}

/** Arbitraries of each part, to be drawn beside others. */
export const spoiledAnswer = {
  json: fc.array(jsonStep, {maxLength: 2}),
  bytes: fc.array(byteStep, {maxLength: 1}),
  status: fc.oneof(
    {weight: 9, arbitrary: fc.constant(200)},
    {weight: 1, arbitrary: fc.constantFrom(201, 204, 404, 418)},
  ),
  mediaType: fc.oneof(
    {weight: 9, arbitrary: fc.constant('application/json')},
    {weight: 1, arbitrary: fc.constantFrom('text/html', 'text/plain', 'application/problem+json')},
  ),
};

/** Sends an answer, spoiled. */
export function sendSpoiled(
  answer: unknown,
  {json, bytes, status, mediaType}: SpoiledAnswer,
  response: ServerResponse,
): void {
  const body = bytes.reduce(spoilBytes, Buffer.from(spoiledJson(answer, json)));
  response.writeHead(status, {'content-type': mediaType}).end(body);
}
