import type {Person, Relative} from '@bsp/contract';

/** A person of the source, by the number that the gateway turns into a handle. */
interface Numbered {
  readonly subject?: {readonly type: 'cpr'; readonly value: string};
}
/** A relative as a connector gives them. */
export type SourceRelative = Omit<Relative, 'subject' | 'masked'> & Numbered;
/** A person as a connector gives them: see `SourcePage`. */
export type SourcePerson = Omit<
  Person,
  'masked' | 'spouse' | 'children' | 'parents' | 'custody' | 'guardianship' | 'replacedBy'
> &
  Numbered & {
    spouse?: SourceRelative;
    children?: SourceRelative[];
    parents?: SourceRelative[];
    custody?: {holder: SourceRelative; since?: string; until?: string}[];
    guardianship?: {since?: string; until?: string; guardian?: SourceRelative};
    replacedBy?: SourceRelative;
  };
