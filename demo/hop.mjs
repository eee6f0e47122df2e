// What a host's server does when a user hops to it: trades the code for the person, and opens a context for the windows.
import {randomBytes} from 'node:crypto';

const mostVisitors = 500;

/**
 * The receiving side of a hop, for a host that is a target of the gateway.
 *
 * @param gateway - where the gateway's API is, for a server: `http://127.0.0.1:4173/bsp`.
 * @param user - who is logged in at this host. Whoever comes with another user's code is refused.
 * @returns `arrive(code)` gives the person's number, or undefined for a code that is worth nothing; `contextOf(cpr)` opens
 *   a context for a person, so that the number stays on this side; `visit(cpr)` and `visitor(id)` keep somebody who is not
 *   in the host's register, under a random id.
 */
export function arrivals({gateway, targetId, secret, user}) {
  const visitors = new Map();
  const post = (path, body, headers = {}) =>
    fetch(`${gateway}/v1${path}`, {
      method: 'POST',
      headers: {'content-type': 'application/json', ...headers},
      body: JSON.stringify(body),
    });
  return {
    async arrive(code) {
      const authorization = `Basic ${Buffer.from(`${targetId}:${secret}`).toString('base64')}`;
      const answer = await post('/launches/redeem', {code}, {authorization});
      if (!answer.ok) return undefined;
      const {subject, user: launchedBy} = await answer.json();
      // Somebody else's code would put their choice under this user's name.
      return launchedBy.id === user.id && subject.type === 'cpr' ? subject.value : undefined;
    },
    async contextOf(cpr) {
      const answer = await post('/contexts', {subject: {type: 'cpr', value: cpr}});
      return answer.ok ? (await answer.json()).contextId : undefined;
    },
    visit(cpr) {
      const id = randomBytes(16).toString('base64url');
      visitors.set(id, cpr);
      if (visitors.size > mostVisitors) visitors.delete(visitors.keys().next().value);
      return id;
    },
    visitor: (id) => visitors.get(id),
  };
}
