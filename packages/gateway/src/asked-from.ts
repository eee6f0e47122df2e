import {isIP} from 'node:net';
import type {FastifyRequest} from 'fastify';

/**
 * The address of who asks, for the lookup log. Of a request from one of `trustedProxies` it is what the proxy says
 * (`X-Forwarded-For`), unless that is no address.
 */
export const askedFrom = ({ip, socket}: FastifyRequest): string => (isIP(ip) === 0 ? (socket.remoteAddress ?? '') : ip);
