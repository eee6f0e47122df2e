// A POST over kept connections, with as little of the sender's own work as Node allows: it shares its processors with what is
// measured.
import {request} from 'node:http';

/** What a server answers to a body, as text. */
export const posted = (agent, url, body, type) =>
  new Promise((resolve, reject) => {
    const headers = {'content-type': type, 'content-length': Buffer.byteLength(body)};
    const sent = request(url, {agent, method: 'POST', headers}, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () => resolve({status: response.statusCode, text: Buffer.concat(parts).toString()}));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
