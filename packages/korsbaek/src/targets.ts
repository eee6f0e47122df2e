import type {Target} from '@bsp/contract';

const target = (id: string, name: string, more: Pick<Target, 'for'> & Partial<Target>): Target => ({
  ref: {source: 'bsp', id},
  name,
  ...more,
});

/** Where the caseworkers of Korsbæk go on to. */
export const korsbaekTargets: readonly Target[] = [
  target('nexus', 'KMD Nexus', {for: 'person'}),
  target('momentum', 'Momentum', {for: 'person'}),
  target('ky-case', 'KY', {for: 'case', sources: ['ky']}),
  target('sbsys-case', 'SBSYS', {for: 'case', sources: ['sbsys']}),
];
