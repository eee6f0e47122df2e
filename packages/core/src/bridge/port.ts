import type {BridgeTransport} from './transport.js';

/**
 * The other side of a message port, e.g. between a page and its iframe (`@bsp/embed/iframe-host`, `iframe-guest`): who holds
 * the port is who the two sides have agreed on.
 *
 * @packageDocumentation
 */
export function throughPort(port: MessagePort): BridgeTransport {
  return {
    connect({signal, heard, reached}) {
      port.addEventListener('message', ({data}: MessageEvent<unknown>) => heard(data), {signal});
      port.start();
      reached(true);
      return (message) => port.postMessage(message);
    },
  };
}
