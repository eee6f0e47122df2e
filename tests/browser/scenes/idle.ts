import '@bsp/widgets/idle/define';
import type {BspIdle} from '@bsp/widgets/idle';
import {type Scene, until} from '../fixtures/scene.js';

export const tag = 'bsp-idle';

const me = {
  user: {id: 'u', name: 'Signe Holt'},
  tenant: {id: 't', name: 'Korsbæk'},
  capabilities: ['act:draft.save'],
  purposes: [],
};
const maude = {me, subject: {type: 'cpr', masked: '641284-••••'}, name: 'Maude Hansen'} as const;

const ask = (element: HTMLElement) => (element as BspIdle).ask();

/** Nobody was there until the end. */
const end = async (element: HTMLElement) => {
  ask(element);
  // What it asks with is loaded beside the person.
  (await until(() => element.shadowRoot?.querySelector<HTMLElement>('dialog .button:not(.primary)'))).click();
  await (element as BspIdle).updateComplete;
};

export const scenes: Readonly<Record<string, Scene>> = {
  quiet: {session: maude},
  nobody: {session: null},
  asking: {session: maude, afterwards: ask},
  'asking-longer': {session: maude, attributes: {'warn-seconds': '300'}, afterwards: ask},
  'asking-nameless': {session: {...maude, name: undefined}, afterwards: ask},
  'asking-not-kept': {session: {...maude, me: {...me, capabilities: ['act:note.create']}}, afterwards: ask},
  'asking-hostile': {
    session: {...maude, name: '<b>Maude</b> 641284-0001 '.repeat(8)},
    afterwards: ask,
  },
  closed: {session: maude, afterwards: end},
};
