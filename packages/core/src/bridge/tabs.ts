import type {BridgeTransport} from './transport.js';
import {placesOf, untilDone} from './transport.js';

/**
 * The other tabs and windows of the same user in this browser, at this origin. The gateway names the channel, another for
 * each tenant, user and log-in: who logs in after somebody else meets none of their tabs.
 *
 * @packageDocumentation
 */
export function tabs(): BridgeTransport {
  return {
    connect({backend, signal, heard, reached}) {
      let channel: BroadcastChannel | undefined;
      const open = (name: string): void => {
        channel = new BroadcastChannel(`bsp-bridge ${name}`);
        channel.onmessage = ({data}) => heard(data);
        reached(true);
      };
      signal.addEventListener('abort', () => channel?.close());
      untilDone(() => placesOf(backend, signal), signal)
        .then((places) => {
          if (!signal.aborted && places?.tabs) open(places.tabs);
        })
        .catch(reportError);
      return (message) => channel?.postMessage(message);
    },
  };
}
