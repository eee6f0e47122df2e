import {createContext} from '@lit/context';
import type {Environment, Session} from './session.js';

/** Context key of the Session (community context protocol); undefined while the provider has no subject. */
export const sessionContext = createContext<Session | undefined>(Symbol.for('bsp/session@1'));

/** Context key of what a provider says besides. */
export const environmentContext = createContext<Environment>(Symbol.for('bsp/environment@1'));

/** Fired on the document when a provider comes or goes, so that windows look again. */
export const providersChanged = 'bsp-providers-changed';

const key = Symbol.for('bsp/providers@1');

/** The connected providers of the page: shared by all copies of the kit, holds elements only. */
export const connectedProviders = (): Set<Element> => {
  const page = globalThis as unknown as Record<symbol, Set<Element> | undefined>;
  page[key] ??= new Set();
  return page[key];
};
