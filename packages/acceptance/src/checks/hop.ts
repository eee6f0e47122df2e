import {
  launchedSchema,
  launchParameter,
  type RecordRef,
  redeemedSchema,
  type Target,
  targetsResource,
} from '@bsp/contract';
import {
  type Check,
  type CheckContext,
  expect,
  expectSame,
  NotApplicable,
  requireCapability,
  type TargetSecret,
} from '../check.js';
import {type Answer, newKey, parsedBy} from '../client.js';
import {readAllOf} from '../reading.js';
import {expectProblem} from './problems.js';

/** Trades a code, as the server of a target does: without what says who the user is. */
const redeem = ({client}: CheckContext, code: string, {id, secret}: TargetSecret): Promise<Answer> =>
  client.ask('/launches/redeem', {
    method: 'POST',
    body: {code},
    anonymous: true,
    headers: {authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`},
  });

/** The code that a launch about the person gives. @throws Unmet */
async function launched({client}: CheckContext, contextId: string, target: RecordRef): Promise<string> {
  const {status, json} = await client.act(contextId, {type: 'launch', key: newKey(), payload: {target}});
  expectSame(status, 200, 'launch');
  const {url} = parsedBy(launchedSchema, (json as {result?: unknown}).result, 'launch gives no Launched', '/result');
  const code = URL.canParse(url) ? new URL(url).searchParams.get(launchParameter) : null;
  expect(code, `The address of a launch carries no code: it is expected in its parameter "${launchParameter}".`);
  return code;
}

/** Going on to another system. */
export const hopChecks: readonly Check[] = [
  {
    id: 'hop.once',
    says: 'The code of a launch is worth its person, once, and to its target alone',
    async run(context) {
      const {client, people, target} = context;
      requireCapability(context, 'act:launch');
      if (!target) throw new NotApplicable('No target was named whose secret is known: --target-env.');
      const {contextId} = await client.openPerson(people.first);
      const targets = (await readAllOf(client, contextId, 'targets')).flatMap(
        (one) => targetsResource.parse(one) ?? [],
      );
      const its = targets.find((one: Target) => one.for === 'person' && one.ref.id === (target.ref ?? target.id));
      expect(its, `No target for a person has the id ${target.ref ?? target.id}.`);
      const other = await client.openPerson(people.second);
      const codes = [await launched(context, contextId, its.ref), await launched(context, other.contextId, its.ref)];
      const stranger = await redeem(context, codes[0] ?? '', {...target, secret: `${target.secret}x`});
      expectSame(stranger.status, 401, 'POST /launches/redeem with a wrong secret');
      for (const [index, number] of [people.first, people.second].entries()) {
        const {status, json} = await redeem(context, codes[index] ?? '', target);
        expectSame(status, 200, 'POST /launches/redeem');
        const {subject} = parsedBy(redeemedSchema, json, 'POST /launches/redeem gives no Redeemed');
        const value = 'value' in subject ? subject.value.replace('-', '') : undefined;
        expect(value === number, 'What was redeemed is about somebody else than was launched.');
      }
      const again = await redeem(context, codes[0] ?? '', target);
      expectProblem(again, 'POST /launches/redeem a second time', 'not-found');
      expectProblem(await redeem(context, newKey(), target), 'POST /launches/redeem with a made-up code', 'not-found');
    },
  },
];
