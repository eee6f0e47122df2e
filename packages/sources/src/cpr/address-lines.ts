/** An address of CPR as lines to show. */

/** What an address in Denmark consists of, zeros before numbers and all. */
export interface StreetParts {
  readonly street?: string | undefined;
  readonly house?: string | undefined;
  readonly floor?: string | undefined;
  readonly door?: string | undefined;
  /** The whole as CPR writes it. */
  readonly label?: string | undefined;
}

const withoutZeros = (text: string): string => text.trim().replace(/^0+(?=[^0])/, '');

/** `Industrivænget 4, 1. tv`, from the parts where the street is named, else as CPR writes it. */
export const streetLine = (address: StreetParts): string | undefined => {
  const {street, house, floor, door, label} = address;
  if (street === undefined || house === undefined) return label;
  const dwelling = [floor === undefined ? '' : `${withoutZeros(floor)}.`, door === undefined ? '' : withoutZeros(door)];
  return [`${street} ${withoutZeros(house)}`, dwelling.filter((part) => part !== '').join(' ')]
    .filter((part) => part !== '')
    .join(', ');
};

/** `c/o Ida Bæk`; as it stands where it says so already. */
export const careOfLine = (careOf: string | undefined): string | undefined =>
  careOf === undefined || /^(?:c\/o|v\/|hos )/i.test(careOf) ? careOf : `c/o ${careOf}`;

/** The lines that there are. */
export const present = (lines: readonly (string | undefined)[]): string[] => lines.filter((line) => line !== undefined);
