import {
  type CaseItem,
  casesResource,
  type Found,
  type FrameStatus,
  type Hit,
  type HitKind,
  hitKinds,
  isExistence,
  maskCprInText,
  maxSearchHits,
  normalizedSubject,
  ProblemError,
  problemOf,
  type Search,
  type SearchTerm,
  type Subject,
  searchTerm,
  shownNumber,
} from '@bsp/contract';
import type {SourceHit} from '@bsp/sources';
import {hearsOfUnread, sieveOf} from './access/visible.js';
import type {ActionRequest} from './actions.js';
import {type Aliases, mintedNothing} from './aliases.js';
import {crossBorder, sameSubject} from './border.js';
import type {Context} from './contexts.js';
import {lacksPurpose} from './fan-out.js';
import {errorDetails, type Log} from './log.js';
import {type Classes, classesOf, type LookupLog} from './lookup-log.js';
import {inRate, type RateLimit} from './rate-limit.js';
import type {Source} from './sources.js';
import {type Secrets, subjectIndex} from './storage/secrets.js';

/** Finds subjects by number or name. Every search, and every hit, is a lookup; what was found is never kept. */
export interface Searching {
  /** @throws ProblemError - `not-applicable` where nobody can search, or not in a context of the user's own. */
  search(request: ActionRequest, payload: Search): Promise<Found>;
}

/** A hit with whom it is about, by the real number. */
interface Seen {
  readonly subject: Subject;
  readonly source: string;
  readonly hit: Omit<Hit, 'subject'>;
  readonly classes: Classes;
}

interface Answer {
  readonly status: FrameStatus;
  readonly seen: readonly Seen[];
  readonly more: boolean;
  readonly invalid: number;
}

/** A search waits no longer than this for any source: the user waits for the slowest. */
const longestMs = 4_000;
/** Asked for of each source: some may turn out not to be for this user, and several sources know the same person. */
const wanted = 100;

const kindOf: Readonly<Partial<Record<Subject['type'], HitKind>>> = {
  cpr: 'person',
  cvr: 'company',
  bfe: 'property',
  employee: 'employee',
};

/** Makes the room that searches. */
export function searchingOf(parts: {
  sources: readonly Source[];
  aliases: Aliases;
  lookupLog: LookupLog;
  secrets: Secrets;
  rate: RateLimit;
  log: Log;
}): Searching {
  const {sources, aliases, lookupLog, secrets, rate, log} = parts;

  /** What of a source's hits this user may see, as it may leave the gateway. */
  async function visible({identity}: ActionRequest, source: Source, hits: readonly SourceHit[]): Promise<Seen[]> {
    const {access} = identity;
    const sieve = sieveOf(access, casesResource.name, source.access);
    const seen: Seen[] = [];
    for (const {kind, subject: given, name, detail, protected: guarded, case: record} of hits) {
      const parsed = normalizedSubject(given);
      if (!parsed.ok) throw new Error('A hit is about no subject.');
      const subject = parsed.value;
      const about = {subject, source: source.id};
      if (kind !== 'case') {
        if (kindOf[subject.type] !== kind) throw new Error('A hit is not what it is about.');
        // Who must not know of persons' dealings may still know a company: it is in a public register.
        if (kind === 'person' && !source.resources.has('person')) continue;
        seen.push({
          ...about,
          classes: classesOf([]),
          hit: {
            kind,
            name: maskCprInText(name),
            ...numberOf(subject),
            ...(guarded ? {protected: true} : detail === undefined ? {} : {detail: maskCprInText(detail)}),
          },
        });
        continue;
      }
      const sieved = access.reads(casesResource.name) && source.resources.has(casesResource.name) && sieve(record);
      if (!sieved) continue;
      const from = {source: source.id, about: subject, resource: casesResource};
      const [item] = (await crossBorder(aliases, identity, from, [sieved])).items as CaseItem[];
      if (!item || isExistence(item)) continue;
      const {ref, title, number} = item;
      const whose = [guarded ? undefined : maskCprInText(name), shownNumber(subject)].filter(Boolean).join(', ');
      seen.push({
        ...about,
        classes: classesOf([item]),
        hit: {
          kind,
          name: maskCprInText(title),
          ...(number === undefined ? {} : {masked: maskCprInText(number)}),
          detail: whose,
          ...(guarded ? {protected: true} : {}),
          record: ref,
        },
      });
    }
    return seen;
  }

  /** Asks one source. Whatever it does, the others' answers stand. */
  async function ask(request: ActionRequest, source: Source, term: SearchTerm): Promise<Answer> {
    const {identity, context, signal: outer} = request;
    const nothing = (status: FrameStatus): Answer => ({status, seen: [], more: false, invalid: 0});
    if (lacksPurpose(source, context)) return nothing('needs-purpose');
    const deadline = AbortSignal.timeout(Math.min(source.deadlineMs, longestMs));
    const signal = AbortSignal.any([outer, deadline]);
    try {
      const {
        hits,
        more,
        invalid: unread = 0,
      } = await source.search!({term, limit: wanted, user: identity.user, signal});
      // Of a source of cases alone, one of them may be a case that is hidden.
      const isHeard =
        source.resources.has('person') || hearsOfUnread(identity.access, casesResource.name, source.access);
      const invalid = isHeard ? unread : 0;
      const seen = await visible(request, source, hits.slice(0, wanted));
      if ('subject' in term && seen.some(({subject}) => !sameSubject(subject, term.subject))) {
        log.error({source: source.id}, 'a source found somebody else than was searched for');
        return nothing('invalid');
      }
      // Whoever may not see all of them must not learn that there are others.
      const isWhole = seen.length === Math.min(hits.length, wanted);
      return {
        status: invalid > 0 ? 'invalid' : 'ok',
        seen,
        more: isWhole && (more === true || hits.length > wanted),
        invalid,
      };
    } catch (thrown) {
      if (outer.aborted) throw thrown;
      const problem = thrown as {name?: unknown; status?: FrameStatus};
      const status = deadline.aborted
        ? 'timeout'
        : problem.name === 'SourceProblem' && problem.status
          ? problem.status
          : 'unavailable';
      log.warn({source: source.id, status, ...errorDetails(thrown)}, 'a source could not search');
      return nothing(status);
    }
  }

  /** Commits a lookup of each subject that is about to be seen. */
  async function logHits({identity, context, from}: ActionRequest, seen: readonly Seen[]): Promise<void> {
    const bySubject = new Map<string, {subject: Subject; sources: Map<string, Classes>}>();
    for (const {subject, source, classes} of seen) {
      const index = subjectIndex(secrets, context.tenant, context.userId, subject);
      const known = bySubject.get(index) ?? {subject, sources: new Map<string, Classes>()};
      bySubject.set(index, known);
      known.sources.set(source, together(known.sources.get(source), classes));
    }
    await Promise.all(
      [...bySubject].map(async ([index, {subject, sources: by}]) => {
        const about: Context = {...context, subject, subjectIndex: index};
        const resources = {search: [...by.keys()]};
        const lookup = await lookupLog.open(identity, about, {what: 'search', resources, from});
        const outcome = {resource: 'search', status: 'ok', count: 1, invalid: 0};
        await lookup.close(
          [...by].map(([source, classes]) => ({...outcome, source, ...classes})),
          true,
        );
      }),
    );
  }

  return {
    async search(request, {query}) {
      const {identity, context, from} = request;
      if (context.subject.type !== 'user')
        throw new ProblemError(problemOf('not-applicable', 'A search belongs to a context of the user’s own.'));
      if (!identity.access.reads('person'))
        throw new ProblemError(problemOf('forbidden', 'Your office does not read this.'));
      const term = searchTerm(query);
      if (term === 'short' || 'reason' in term)
        throw new ProblemError(
          problemOf('invalid-request', 'That is neither a whole number nor a name.', {pointer: '/payload/query'}),
        );
      const able = sources.filter((source) => source.search !== undefined);
      const asked = able.filter((source) => source.searches(term));
      if (able.length === 0) throw new ProblemError(problemOf('not-applicable', 'No source can search.'));
      inRate(rate, identity, 'Too many searches in a short time.');
      const ids = asked.map(({id}) => id);
      const lookup = await lookupLog.open(identity, context, {what: 'search', resources: {search: ids}, from});
      const answers = await Promise.all(
        asked.map(async (source) => ({source, ...(await ask(request, source, term))})),
      ).catch(async (thrown: unknown) => {
        await lookup.close([], false);
        throw thrown;
      });
      const merged = inOrder(answers.flatMap(({seen}) => seen));
      const shown = merged.slice(0, maxSearchHits);
      await logHits(request, shown.flat());
      const minted = mintedNothing();
      const handled = (subject: Subject) =>
        ({type: 'ref', value: aliases.handleOf(identity, subject, minted)}) as const;
      const hits: Hit[] = shown.map((same) => ({...oneOf(same), subject: handled(same[0].subject)}));
      if ('subject' in term && hits.length === 0) {
        const {subject} = term;
        // No source knows the number: it may be opened all the same, as a host could.
        hits.push({kind: kindOf[subject.type]!, subject: handled(subject), ...numberOf(subject)});
      }
      await aliases.keep(identity, minted);
      await lookup.close(
        answers.map(({source, status, seen, invalid}) => ({
          resource: 'search',
          source: source.id,
          status,
          count: seen.length,
          invalid,
          kle: [],
          sensitivities: [],
        })),
        true,
      );
      return {
        hits,
        ...(merged.length > shown.length || answers.some(({more}) => more) ? {more: true} : {}),
        sources: answers.map(({source: {id, name}, status}) => ({id, name, status})),
      };
    },
  };
}

const numberOf = (subject: Subject): Pick<Hit, 'masked'> => {
  const masked = shownNumber(subject);
  return masked === undefined ? {} : {masked};
};

const together = (some: Classes = classesOf([]), others: Classes): Classes => ({
  kle: [...new Set([...some.kle, ...others.kle])],
  sensitivities: [...new Set([...some.sensitivities, ...others.sensitivities])],
});

type Same = [Seen, ...Seen[]];

/** What several sources found of the same stands together; persons first, then by name. */
function inOrder(seen: readonly Seen[]): Same[] {
  const groups = new Map<string, Same>();
  for (const one of seen) {
    const {subject, hit} = one;
    const key = JSON.stringify([hit.kind, subject, hit.record]);
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  const place = ([{hit}]: Same) => hitKinds.indexOf(hit.kind);
  return [...groups.values()].sort(
    (a, b) =>
      place(a) - place(b) ||
      (a[0].hit.name ?? '').localeCompare(b[0].hit.name ?? '', 'da') ||
      (a[0].hit.masked ?? '').localeCompare(b[0].hit.masked ?? ''),
  );
}

/** One hit of them; what one source protects, no other may tell. */
function oneOf(same: Same): Omit<Hit, 'subject'> {
  const [{hit}] = same;
  if (hit.kind === 'case') return hit;
  const {detail: own, ...rest} = hit;
  if (same.some((one) => one.hit.protected)) return {...rest, protected: true};
  const detail = own ?? same.find((one) => one.hit.detail !== undefined)?.hit.detail;
  return detail === undefined ? rest : {...rest, detail};
}
