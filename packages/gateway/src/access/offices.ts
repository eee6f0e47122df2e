import {type ActionType, actionPayloads} from '@bsp/contract';
import * as z from 'zod/mini';
import {type Level, levels} from './rights.js';

/** Kinds of office, as the contract has them. */
export const officeNames = ['front', 'back', 'support'] as const;
/** One of {@link officeNames}. */
export type OfficeName = (typeof officeNames)[number];

/** Bounds that an office sets to what its people may do. They narrow rights, and never widen them. */
export interface Office {
  /** Resources that may be read; `*` are all. */
  readonly resources: readonly string[];
  /** Actions that may be done; `*` are all. */
  readonly actions: readonly string[];
  /** Nothing more sensitive than this, whatever the rights say. */
  readonly sensitivity: Level;
  readonly breakGlass: boolean;
}

/** What a configuration may say of an office; the rest is as in the preset. */
export const officeSchema = z.strictObject({
  resources: z.optional(z.array(z.string())),
  actions: z.optional(
    z.array(z.union([z.literal('*'), z.enum(Object.keys(actionPayloads) as [ActionType, ...ActionType[]])])),
  ),
  sensitivity: z.optional(z.enum(levels)),
  breakGlass: z.optional(z.boolean()),
});

/**
 * The presets. *Back* works on cases: all that its rights open. *Front* meets citizens at the counter and on the phone: the
 * whole picture, notes and events, but nothing of the most sensitive kinds. *Support* helps users with the system: it sees
 * whom a window is about and what is public in it, and changes nothing.
 */
const presets: Readonly<Record<OfficeName, Office>> = {
  back: {resources: ['*'], actions: ['*'], sensitivity: 'vip', breakGlass: true},
  front: {resources: ['*'], actions: ['*'], sensitivity: 'confidential', breakGlass: false},
  support: {resources: ['person', 'cases', 'drafts'], actions: [], sensitivity: 'ordinary', breakGlass: false},
};

/** What a configuration gives for the offices. */
export type OfficesGiven = Readonly<Partial<Record<OfficeName, z.infer<typeof officeSchema>>>>;

/** The presets with what a configuration changes in them. */
export function officesOf(given: OfficesGiven = {}): Readonly<Record<OfficeName, Office>> {
  const office = (name: OfficeName): Office => {
    const {resources, actions, sensitivity, breakGlass} = given[name] ?? {};
    const preset = presets[name];
    return {
      resources: resources ?? preset.resources,
      actions: actions ?? preset.actions,
      sensitivity: sensitivity ?? preset.sensitivity,
      breakGlass: breakGlass ?? preset.breakGlass,
    };
  };
  return {back: office('back'), front: office('front'), support: office('support')};
}

/** Whether a list of an office names something. */
export const names = (list: readonly string[], name: string): boolean => list.includes('*') || list.includes(name);
