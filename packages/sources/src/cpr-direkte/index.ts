/**
 * Persons from a directory of CPR Direkte extracts: fixed-width ISO-8859-1 text, one person a file.
 *
 * @packageDocumentation
 */
import {stat} from 'node:fs/promises';
import {resolve} from 'node:path';
import {nameSearch, parseCpr, personResource, problemOf, type Subject} from '@bsp/contract';
import * as z from 'zod/mini';
import {askedSubject, numberedAs} from '../asked-subject.js';
import {type Connector, type ConnectorModule, type SourceHit, type SourcePage, SourceProblem} from '../connector.js';
import {danishDay, rfc3339} from '../danish-time.js';
import type {Extract} from './extract-file.js';
import {PersonDirectory} from './person-directory.js';
import {hitOf, personOf, relativesOf, revealedLines} from './person-of-extract.js';

/** Config of a source with `"connector": "cpr-direkte"`. */
export const cprDirekteConfigSchema = z.object({
  /** Where the `.txt` files are; relative to the config file's own directory. */
  directory: z.string().check(z.minLength(1)),
});
/** See {@link cprDirekteConfigSchema}. */
export type CprDirekteConfig = z.infer<typeof cprDirekteConfigSchema>;

const producedAt = (extract: Extract): string | undefined => {
  const day = extract.single['000']?.produced;
  return day === undefined ? undefined : rfc3339(`${day}T00:00:00`);
};

const cprDirekte: ConnectorModule<CprDirekteConfig> = {
  configSchema: cprDirekteConfigSchema,

  /** @throws Error that says what the directory is and where it was looked for, where it cannot be listed. */
  async create(config, environment): Promise<Connector> {
    const path = resolve(environment.configDirectory, config.directory);
    const fault = (what: string): never => {
      throw new Error(`"directory" is "${config.directory}", but ${what}. Looked at ${path}.`);
    };
    const status = await stat(path).catch(() => undefined);
    if (!status) fault('there is no such directory');
    else if (!status.isDirectory()) fault('that is not a directory');
    const directory = new PersonDirectory(path);
    await directory.refresh([]).catch(() => fault('it cannot be listed'));
    const {files, unreadable, misnamed} = directory.counts;
    environment.log.info(`${environment.sourceId}: ${files} CPR files`, {files});
    if (unreadable + misnamed > 0) {
      environment.log.warn(
        `${environment.sourceId}: ${unreadable} CPR files cannot be read, ${misnamed} are about somebody else than their name says`,
        {unreadable, misnamed},
      );
    }
    const today = (): string => danishDay(environment.now?.() ?? new Date());

    const serves = {resources: [personResource.name], subjects: ['cpr']} as const;
    const numberOf = (subject: Subject): string => numberedAs(subject, serves.subjects).value;

    return {
      ...serves,

      async *read(read): AsyncGenerator<SourcePage> {
        const {signal} = read;
        signal.throwIfAborted();
        const cpr = askedSubject(read, serves).value;
        await directory.refresh([cpr], signal);
        const {extract, invalid} = await directory.find(cpr);
        if (!extract) {
          yield {about: {type: 'cpr', value: cpr}, items: [], ...(invalid > 0 ? {invalid} : {})};
          return;
        }
        const relatives = new Map<string, Extract>();
        const numbers = relativesOf(extract).filter((number) => number !== cpr);
        if (numbers.length > 0) await directory.refresh(numbers, signal);
        for (const number of numbers) {
          signal.throwIfAborted();
          // A relative's bad file costs the relative's name, not the person.
          const own = await directory.find(number).catch(() => undefined);
          if (own?.extract) relatives.set(number, own.extract);
        }
        signal.throwIfAborted();
        const asOf = producedAt(extract);
        yield {
          about: {type: 'cpr', value: extract.cpr},
          items: [personOf(extract, (number) => relatives.get(number), today())],
          ...(asOf === undefined ? {} : {asOf}),
          ...(invalid > 0 ? {invalid} : {}),
        };
      },

      // Reads every file for a name: none of it is kept. What that takes of a large directory the gateway ends at its deadline.
      async search({term, limit, signal}) {
        signal.throwIfAborted();
        if ('subject' in term) {
          const cpr = numberOf(term.subject);
          await directory.refresh([cpr], signal);
          const {extract, invalid} = await directory.find(cpr);
          return extract ? {hits: [hitOf(extract, today())]} : {hits: [], invalid};
        }
        await directory.refresh([], signal);
        const matches = nameSearch(term.words);
        const hits: SourceHit[] = [];
        const {unreadable, misnamed} = directory.counts;
        let invalid = unreadable + misnamed;
        for await (const extract of directory.extracts(signal)) {
          const hit = extract && hitOf(extract, today());
          if (!hit) invalid++;
          else if (!matches(hit.name)) continue;
          else if (hits.length === limit) return {hits, more: true, invalid};
          else hits.push(hit);
        }
        return {hits, invalid};
      },

      async reveal(subject, ref, field, signal) {
        signal.throwIfAborted();
        const cpr = numberOf(subject);
        const foreign = parseCpr(ref.id);
        if (foreign.ok && foreign.value.value !== cpr) {
          throw new SourceProblem('invalid', problemOf('foreign-item', 'The record is not about this person'));
        }
        await directory.refresh([cpr], signal);
        const {extract} = await directory.find(cpr);
        if (!extract)
          throw new SourceProblem('invalid', problemOf('not-found', 'The register does not know this person'));
        return field === 'cpr'
          ? {value: `${cpr.slice(0, 6)}-${cpr.slice(6)}`}
          : {lines: revealedLines(extract, today())};
      },
    };
  },
};

export default cprDirekte;
