import type {Address, Person, Relative} from '@bsp/contract';
import type {Formats, Translated} from '@bsp/core';
import {fieldList, fieldListStyles, lockIcon} from '@bsp/ui';
import {css, html, nothing, type TemplateResult} from 'lit';
import type {PersonTexts} from './person.strings.js';
import type {FullTexts} from './person-full.strings.js';
import {holds, oneLine} from './person-words.js';

export {fullStrings} from './person-full.strings.js';

/** What the full form shows, and what it shares with the banner. */
export interface PersonFullOptions {
  readonly person: Person;
  readonly texts: Translated<PersonTexts>;
  readonly more: Translated<FullTexts>;
  readonly formats: Formats;
  /** Calendar day in Denmark. */
  readonly today: string;
  readonly age: (birthDate: string) => string;
  readonly address: (address: Address) => unknown;
  readonly civilStatus: string;
  readonly relative: (one: Relative) => unknown;
  readonly custody: unknown;
  readonly guardianship: unknown;
}

/** All that is known of a person, in two columns where there is room. Needs {@link styles}. */
export function personFull({
  person,
  texts,
  more,
  formats,
  today,
  age,
  address,
  civilStatus,
  relative,
  custody,
  guardianship,
}: PersonFullOptions): TemplateResult {
  const {status, birthDate, sex, protections = [], citizenship, spouse, children, parents, previousNumbers} = person;
  const faint = (text: string) => (text ? html`<span class="faint">${text}</span>` : nothing);
  const period = (from: string | undefined, to?: string) =>
    texts.period(from ? formats.day(from) : '', to ? formats.day(to) : '');
  const list = (entries: readonly unknown[]) =>
    entries.length > 1 ? html`<ul>${entries.map((entry) => html`<li>${entry}</li>`)}</ul>` : entries[0];
  /** Somebody with a few words about them, and the number where the name stands first. */
  const somebody = (one: Relative, about: string) =>
    html`${relative(one)}${[about, one.name?.trim() && one.masked ? oneLine(one.masked) : ''].map((text) =>
      text ? html`${' '}<span class="faint nowrap">· ${text}</span>` : nothing,
    )}`;
  const relatives = (some: readonly Relative[] | undefined, about: (one: Relative) => string) =>
    some && (some.length ? list(some.map((one) => somebody(one, about(one)))) : more.none);
  const lines = (one: Address | undefined) =>
    one && html`${address(one)}${one.since ? html`<div>${faint(period(one.since))}</div>` : nothing}`;
  /** What has ended protects nothing; what is to come is worth knowing. */
  const standing = protections
    .filter(({to}) => !to || to >= today)
    .map((one) => ({...one, holds: holds(one, today)}))
    .sort((one, other) => Number(other.holds) - Number(one.holds));
  const {municipality} = person.address ?? {};
  return html`<div class="halves">
    ${fieldList([
      {
        label: more.status,
        value: html`${texts[`status-${status.kind}`]}
          ${faint(
            [status.native && `· ${texts.nativeStatus(oneLine(status.native))}`, status.since && period(status.since)]
              .filter(Boolean)
              .join(' '),
          )}`,
      },
      {label: texts.born, value: birthDate && formats.day(birthDate)},
      {label: more.sex, value: sex && more[sex]},
      {
        label: more.protections,
        value: standing.length
          ? list(
              standing.map(
                ({kind, from, to, holds: inForce}) =>
                  html`${inForce ? lockIcon() : nothing} ${more[`protection-${kind}`]}
                    ${faint([period(from, to), inForce ? '' : `(${more.notYet})`].filter(Boolean).join(' '))}`,
              ),
            )
          : undefined,
      },
      {label: texts.address, value: lines(person.address) ?? texts.notKnown},
      {label: texts.contactAddress, value: lines(person.contactAddress)},
      {label: texts.municipality, value: municipality && oneLine(municipality)},
      {label: more.citizenship, value: citizenship && oneLine(citizenship)},
      {label: more.previousNumbers, value: previousNumbers?.length ? list(previousNumbers.map(oneLine)) : undefined},
    ])}
    ${fieldList([
      {
        label: texts.civilStatus,
        value: person.civilStatus && html`${civilStatus} ${faint(period(person.civilStatus.since))}`,
      },
      {label: more.spouse, value: spouse && somebody(spouse, '')},
      {
        label: texts.children,
        value: relatives(children, ({birthDate: born}) => (born ? age(born) : '')),
      },
      {label: more.parents, value: relatives(parents, ({relation}) => texts[`relation-${relation}`])},
      {label: texts.custody, value: custody},
      {label: texts.guardianship, value: guardianship},
    ])}
  </div>`;
}

/** For {@link personFull}. */
export const styles = css`
  ${fieldListStyles}
  .fields {
    align-content: start;
  }
  .fields dd {
    unicode-bidi: isolate;
  }
  @container (min-width: 54em) {
    .halves {
      display: grid;
      grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
    }
  }
`;
