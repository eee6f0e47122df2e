import {type Address, type Person, personResource, type Relative} from '@bsp/contract';
import {ageInYears, kitVersion} from '@bsp/core';
import {
  BspWindow,
  emptyIcon,
  eyeIcon,
  lockIcon,
  markStyles,
  message,
  notice,
  skeleton,
  type WindowDefinition,
  windowStyles,
} from '@bsp/ui';
import {html, nothing, type TemplateResult} from 'lit';
import {personStyles} from './bsp-person.styles.js';
import {type PersonConfig, personConfig} from './person.config.js';
import {type PersonTexts, personStrings} from './person.strings.js';
import {coverIcon, statusIcons} from './person-icons.js';
import type {PersonReveal, RevealField} from './person-reveal.js';
import {holds, oneLine} from './person-words.js';

/** Detail of `bsp-person-open`: somebody in this person's data whom the caseworker wants to see. */
export interface PersonOpenDetail {
  /** A handle of the backend's: `provider.setSubject(detail.subject)`. */
  readonly subject: {readonly type: 'ref'; readonly value: string};
  readonly name?: string;
  readonly masked?: string;
}

const loadFull = () => import('./person-full.js');

interface PersonLocal {
  /** Source of the record that is shown: the first that came, also when others come later. */
  main: string;
  reveal: PersonReveal | undefined;
  /** The code that reveals could not be loaded. */
  noReveal: boolean;
}

/**
 * Who the person is, as CPR knows them: unmistakable name, masked number, age, status and protection; as a banner of a few
 * lines or with all that is known. It reads the resource `person` and, where the user may, sends the action `reveal`.
 *
 * A protected address is not in the page until the caseworker asks for it. A revealed number or address is covered again
 * after a while, when the page is left and with the person. Where several sources hold the person, the first to answer is
 * shown, and what another says otherwise is told beside it.
 *
 * @tag bsp-person
 * @summary Who the person is: name, masked CPR number, age, status, protection, address, family.
 *
 * @fires {CustomEvent<PersonOpenDetail>} bsp-person-open - The caseworker chose a relative, or the person's new number. Composed and cancelable; whether the page changes person is the host's.
 * @fires {CustomEvent<ConfigErrorDetail>} bsp-config-error - The config has values that cannot be used.
 *
 * @slot actions - The host's own buttons, at the right of the header.
 *
 * @csspart panel - The whole panel.
 * @csspart header - Name, number, age, protection, actions.
 * @csspart title - The name, which is the heading.
 * @csspart number - The CPR number and the button that reveals it.
 * @csspart protection - The badge of a protected name or address.
 * @csspart actions - Sources, reload and the host's buttons.
 * @csspart notice - A line that says what is missing, or what another source says otherwise.
 * @csspart status - The strip of one who is dead, missing, emigrated or whose number does not hold.
 * @csspart body - The facts, or what stands in their place.
 * @csspart foot - Source, and how new it is; in a banner only when it is not of today.
 *
 * @cssproperty [--bsp-protected] - Background of the protection badge.
 * @cssproperty [--bsp-on-protected] - Text of the protection badge.
 * @cssproperty [--bsp-alarm] - Background of the status strip.
 * @cssproperty [--bsp-on-alarm] - Text of the status strip.
 * @cssproperty [--bsp-font-size] - Size of the text; absent: 87.5 % of the host's. The name is half as large again.
 *
 * @keyboard Enter / Space - On the eye beside the number or the address: shows it, or covers it again. On a relative: opens them.
 *
 * @cssstate no-subject - Nobody is chosen.
 * @cssstate unsupported - No connected system has persons.
 * @cssstate offline - The browser has no connection.
 * @cssstate forbidden - The user may not see the person.
 * @cssstate error - No source answered.
 * @cssstate loading - Nothing has come yet.
 * @cssstate partial - Something is missing.
 * @cssstate stale - Some of it is from an earlier answer.
 * @cssstate empty - Every source answered, and none knows the person.
 * @cssstate ready - All is there.
 * @cssstate busy - Somebody is still being waited for.
 */
export class BspPerson extends BspWindow<PersonTexts, PersonConfig, PersonLocal> {
  static readonly version: string = kitVersion;
  static override styles = [windowStyles, markStyles, personStyles];

  protected override readonly definition: WindowDefinition<PersonTexts, PersonConfig> = {
    strings: personStrings,
    resources: [personResource],
    config: personConfig,
  };

  protected override createLocal(): PersonLocal {
    return {main: '', reveal: undefined, noReveal: false};
  }

  protected override renderTitle(): unknown {
    const {session, texts} = this;
    const person = this.#main;
    const name = person ? this.#nameOf(person) : (session?.name ?? session?.subject?.label ?? texts.title);
    const masked = this.#masked;
    return html`<bdi>${name}</bdi>${masked ? html`<span class="unseen">, ${masked}</span>` : nothing}`;
  }

  /** Only for the screen reader's summary: on the screen the same stands beside the name and in the strip. */
  protected override renderCount(): string {
    const person = this.#main;
    if (!person) return '';
    return [
      person.status.kind === 'active' ? '' : this.#statusOf(person),
      this.#ageOf(person),
      this.#protectionOf(person),
    ]
      .filter(Boolean)
      .join('. ');
  }

  protected override renderBeside(): unknown {
    const {texts} = this;
    const person = this.#main;
    const masked = this.#masked;
    const revealed = this.#revealed('cpr')?.[0];
    const age = person && this.#ageOf(person);
    const protection = person && this.#protectionOf(person);
    return html`<div class="beside">
      ${
        masked
          ? html`<span part="number"
              ><span class="cpr ${revealed ? 'open' : ''}" role="status"
                ><span class="unseen">${`${[revealed && person && this.#nameOf(person), texts.cpr].filter(Boolean).join(', ')} `}</span>${revealed ?? masked}</span
              >${
                person && this.#mayReveal
                  ? html`<button
                      class="quiet ${this.local.reveal?.waitsFor('cpr') ? 'busy' : ''}"
                      aria-label=${revealed ? texts.coverNumber : texts.revealNumber}
                      title=${revealed ? texts.coverNumber : texts.revealNumber}
                      @click=${() => void this.#turn('cpr', true)}
                    >
                      ${revealed ? coverIcon() : eyeIcon()}
                    </button>`
                  : nothing
              }</span
            >`
          : nothing
      }
      ${age ? html`<span>${age}</span>` : nothing}
      ${protection ? html`<span class="badge" part="protection">${lockIcon()}${protection}</span>` : nothing}
    </div>`;
  }

  protected override renderTools(): unknown {
    const {reveal, noReveal} = this.local;
    const fault = noReveal ? this.texts.noReveal : reveal?.fault;
    return fault && this.#main
      ? notice('error', html`<span role="alert"><span class="unseen">${this.person}: </span>${fault}</span>`)
      : nothing;
  }

  protected override renderBody(): unknown {
    const person = this.#main;
    if (!person) return nothing;
    return html`${this.#strip(person)}${this.#differences(person)}${this.#whole(person) ?? this.#facts(person)}`;
  }

  protected override renderSkeleton(): unknown {
    return this.settings.form === 'full'
      ? skeleton()
      : html`<div class="facts" aria-hidden="true"><i></i><i></i><i></i></div>`;
  }

  protected override renderShown(): unknown {
    const person = this.#main;
    return person ? this.texts.source(this.sourceName(person.ref.source)) : nothing;
  }

  protected override renderEmpty(): unknown {
    const {texts, formats, session} = this;
    const {sources} = this.viewOf(personResource);
    const names = formats.list(sources.filter(({status}) => status === 'ok').map(({name}) => name));
    const {type, masked} = session?.subject ?? {};
    return message(
      emptyIcon(),
      type === 'cpr' && masked ? texts.unknownNumber(masked, names) : texts.unknownPerson(names),
    );
  }

  /** The record that is shown. */
  get #main(): Person | undefined {
    const {items} = this.viewOf(personResource);
    const {local} = this;
    const main = items.find(({ref}) => ref.source === local.main) ?? items[0];
    if (main) local.main = main.ref.source;
    return main;
  }

  get #masked(): string | undefined {
    const masked = this.#main?.masked ?? this.session?.subject?.masked;
    return masked && oneLine(masked);
  }

  get #today(): string {
    return this.formats.dayKey(new Date().toISOString());
  }

  get #mayReveal(): boolean {
    return this.session?.me?.capabilities.includes('act:reveal') === true;
  }

  #nameOf({name}: Person): string {
    return oneLine(name) || this.texts.noName;
  }

  /** `Død 12.03.2024`. */
  #statusOf({status: {kind, since}}: Person): string {
    const {texts, formats} = this;
    const word = texts[`status-${kind}`];
    return since ? texts.on(word, formats.day(since)) : word;
  }

  /** Age today, or at death; empty where it is not known. */
  #ageOf({birthDate, status}: Person): string {
    const {texts} = this;
    if (!birthDate) return '';
    if (status.kind !== 'dead') return this.#age(birthDate, this.#today);
    const age = status.since && this.#age(birthDate, status.since);
    return age ? texts.ageAtDeath(age) : '';
  }

  /** Years on a day, months below the first; empty for a day before birth. */
  #age(birthDate: string, day: string): string {
    const {texts, formats} = this;
    if (day < birthDate) return '';
    const years = ageOn(birthDate, day);
    return years > 0 ? texts.years(formats.number(years)) : texts.months(monthsOn(birthDate, day));
  }

  /** Words of the badge; empty for one who is not protected. */
  #protectionOf(person: Person): string {
    const {texts} = this;
    if (this.#isNameProtected(person)) return texts.nameAddressProtected;
    return person.address?.protected || person.contactAddress?.protected ? texts.addressProtected : '';
  }

  #isNameProtected({protections = []}: Person): boolean {
    return protections.some((one) => one.kind === 'name-address' && holds(one, this.#today));
  }

  /** Rather too much than too little: one source that says so is enough, unless the address says otherwise itself. */
  #isCovered(address: Address): boolean {
    return address.protected ?? this.viewOf(personResource).items.some((person) => this.#isNameProtected(person));
  }

  #revealed(field: RevealField): readonly string[] | undefined {
    const person = this.#main;
    return person && this.local.reveal?.lines(field, person);
  }

  /** Uncovers, or covers again. The backend is asked for what the record does not hold. */
  async #turn(field: RevealField, ask: boolean): Promise<void> {
    const {session} = this;
    if (!session) return;
    // What was meant when it was pressed: a second press while it is on its way does not undo the first.
    const covers = this.#revealed(field) !== undefined;
    try {
      const {PersonReveal} = await import('./person-reveal.js');
      const person = this.#main;
      if (session !== this.session || !person) return;
      const reveal =
        this.local.reveal ??
        new PersonReveal({
          window: this,
          session,
          seconds: () => this.settings.revealSeconds,
          render: () => this.requestUpdate(),
          announce: (text) => {
            if (session === this.session) this.announce(text);
          },
          textsOf: (source) => this.textsOf(source),
        });
      this.setLocal({reveal, noReveal: false});
      if (covers) reveal.cover(field);
      else if (!reveal.lines(field, person)) await reveal.uncover(field, person, ask);
    } catch {
      // The chunk could not be had.
      if (session === this.session) this.setLocal({noReveal: true});
    }
  }

  /** What must not be missed. */
  #strip(person: Person): unknown {
    const {kind, native} = person.status;
    if (kind === 'active') return nothing;
    const {texts} = this;
    const {replacedBy} = person;
    const masked = replacedBy?.masked ? oneLine(replacedBy.masked) : '';
    return html`<div class="strip ${kind}" part="status">
      <strong>${statusIcons[kind]()}${this.#statusOf(person)}</strong>
      ${native ? html`<span class="small">${texts.nativeStatus(oneLine(native))}</span>` : nothing}
      ${
        replacedBy?.subject
          ? html`<button class="button" @click=${() => this.#open(replacedBy)}>${texts.openNewNumber(masked)}</button>`
          : masked
            ? html`<span>${texts.newNumber} ${masked}</span>`
            : nothing
      }
    </div>`;
  }

  /** What other sources say otherwise: told, never merged. */
  #differences(main: Person): unknown {
    const {texts} = this;
    const comparable = (text: string) => oneLine(text).toLocaleLowerCase('da');
    return this.viewOf(personResource).items.map((other) => {
      if (other === main) return nothing;
      const sameStatus = other.status.kind === main.status.kind;
      const isProtected = this.#isNameProtected(other);
      const differing = [
        comparable(other.name) !== comparable(main.name) && texts.differentName(texts.quoted(this.#nameOf(other))),
        comparable(other.masked) !== comparable(main.masked) && texts.differentNumber(oneLine(other.masked)),
        !sameStatus && texts.differentStatus(this.#statusOf(other)),
        isProtected !== this.#isNameProtected(main) && texts.differentProtection(isProtected),
      ].filter((one) => one !== false);
      return differing.length
        ? notice(
            sameStatus ? 'warning' : 'error',
            html`<strong>${this.sourceName(other.ref.source)}</strong> ${texts.differs}
              <bdi>${this.formats.list(differing)}</bdi>`,
          )
        : nothing;
    });
  }

  /** The full form; undefined while it loads or where it can't be had, and in a banner. */
  #whole(person: Person): TemplateResult | undefined {
    if (this.settings.form !== 'full') return undefined;
    const full = this.laterPart(loadFull);
    const {texts, formats} = this;
    return full?.personFull({
      person,
      texts,
      more: this.textsOf(full.fullStrings),
      formats,
      today: this.#today,
      age: (birthDate) => this.#age(birthDate, this.#today),
      address: (address) => this.#address(person, address, undefined),
      civilStatus: this.#civilWord(person),
      relative: (one) => this.#relative(one),
      custody: this.#custody(person),
      guardianship: this.#guardianship(person),
    });
  }

  #facts(person: Person): TemplateResult {
    const {texts, formats} = this;
    const {birthDate, address, contactAddress, civilStatus, children} = person;
    const isDead = person.status.kind === 'dead';
    const guardianship = this.#guardianship(person);
    const {sources} = this.viewOf(personResource);
    const fresh = sources.every(({asOf}) => !asOf || formats.dayKey(asOf) === this.#today);
    const facts: {readonly label: string; readonly value: unknown; readonly unnamed?: boolean}[] = [
      {
        label: texts.civilStatus,
        value: civilStatus && civilStatus.kind !== 'deceased' ? this.#civilWord(person) : undefined,
        unnamed: true,
      },
      address || !contactAddress
        ? {
            label: texts.address,
            value: address ? this.#address(person, address, ', ') : isDead ? undefined : texts.notKnown,
          }
        : {label: texts.contactAddress, value: this.#address(person, contactAddress, ', ')},
      {label: texts.born, value: isDead && birthDate ? formats.day(birthDate) : undefined},
      {label: texts.children, value: children?.length ? this.#childCount(children) : undefined},
      {label: texts.custody, value: this.#custody(person)},
      {label: texts.guardianship, value: guardianship},
      {
        label: texts.municipality,
        value: address?.municipality ? oneLine(address.municipality) : undefined,
      },
    ];
    return html`<dl class="facts ${fresh ? 'fresh' : ''}">${facts.map(({label, value, unnamed}) =>
      value === undefined
        ? nothing
        : html`<div><dt class=${unnamed ? 'unseen' : ''}>${label}</dt>${' '}<dd>${value}</dd></div>`,
    )}</dl>`;
  }

  #civilWord({civilStatus, sex}: Person): string {
    const {texts} = this;
    const {kind = 'unknown', native} = civilStatus ?? {};
    const word = kind === 'widowed' && sex ? texts[`civil-widowed-${sex}`] : texts[`civil-${kind}`];
    return kind === 'unknown' && native?.trim() ? `${word} ${texts.quoted(oneLine(native))}` : word;
  }

  /** Lines, or the word that they are protected with the button that shows them. `separator` undefined: one under another. */
  #address(person: Person, address: Address, separator: string | undefined): unknown {
    const {texts} = this;
    const own = (address.lines ?? []).map(oneLine).filter(Boolean);
    const written = (lines: readonly string[]) =>
      lines.length === 0
        ? texts.notKnown
        : separator
          ? lines.join(separator).replaceAll(`:${separator}`, ': ')
          : lines.map((line, index) => html`${index ? html`<br />` : nothing}${line}`);
    if (!this.#isCovered(address)) return written(own);
    const covered = [person.address, person.contactAddress].filter((one) => one && this.#isCovered(one));
    const without = covered.filter((one) => !one?.lines?.length);
    const ask = this.#mayReveal && without.length > 0;
    const revealed = this.#revealed('address');
    // One answer holds all lines: they stand in the first address that has none of its own.
    const shown = revealed && (own.length ? own : without[0] === address ? revealed.map(oneLine) : undefined);
    return html`${revealed ? (shown ? written(shown) : texts.withAddress) : html`${lockIcon()} ${texts.protected}`}${
      ask || covered.length > without.length
        ? html`${' '}<span class="nowrap">· <button
              class="link"
              aria-label=${revealed ? texts.coverAddress : texts.revealAddress}
              @click=${() => void this.#turn('address', ask)}
            >
              ${revealed ? texts.cover : texts.reveal}${this.local.reveal?.waitsFor('address') ? ' …' : nothing}
            </button></span>`
        : nothing
    }`;
  }

  #childCount(children: readonly Relative[]): string {
    const ages = children.map(({birthDate}) => (birthDate ? ageOn(birthDate, this.#today) : undefined));
    const minors = ages
      .filter((age) => age !== undefined && age >= 0 && age < 18)
      .sort((a, b) => Number(a) - Number(b));
    return this.texts.childCount(
      children.length,
      minors.length,
      this.formats.list(minors.map(String)),
      !ages.includes(undefined),
    );
  }

  /** Who has custody today of a child; one who is of age is in nobody's. */
  #custody({birthDate, custody = []}: Person): unknown {
    const {texts, formats} = this;
    const today = this.#today;
    if (birthDate && ageOn(birthDate, today) >= 18) return undefined;
    const standing = custody.filter(({since: from, until: to}) => holds({from, to}, today));
    if (standing.length === 0) return birthDate ? texts.notKnown : undefined;
    const holders = standing.map(
      ({holder, until}, index) =>
        html`${index ? ', ' : nothing}${this.#relative(holder, texts[`relation-${holder.relation}`])}${
          until ? html`${' '}<span class="faint">${texts.period('', formats.day(until))}</span>` : nothing
        }`,
    );
    return html`${holders.length > 1 ? `${texts.jointCustody}: ` : nothing}${holders}`;
  }

  #guardianship({guardianship}: Person): unknown {
    const {texts, formats} = this;
    if (!guardianship) return undefined;
    const {since: from, until: to, guardian} = guardianship;
    if (!holds({from, to}, this.#today)) return undefined;
    return html`${guardian ? this.#relative(guardian) : texts.underGuardianship}
      <span class="faint">${texts.period(from ? formats.day(from) : '', to ? formats.day(to) : '')}</span>`;
  }

  /** Somebody by name, or by number where there is none; a button where the backend lets one go there. */
  #relative(one: Relative, aside = ''): unknown {
    const {texts} = this;
    const masked = one.masked ? oneLine(one.masked) : '';
    const name = one.name ? oneLine(one.name) : '';
    const shown = html`<bdi>${name || masked || texts.noName}</bdi>`;
    return html`${
      one.subject ? html`<button class="link" @click=${() => this.#open(one)}>${shown}</button>` : shown
    }${aside && ` (${aside})`}${one.protected ? html`${' '}<span class="mark">${lockIcon()}${texts.protected}</span>` : nothing}`;
  }

  #open({subject, name, masked}: Relative): void {
    if (!subject) return;
    const detail: PersonOpenDetail = {
      subject,
      ...(name ? {name: oneLine(name)} : {}),
      ...(masked ? {masked: oneLine(masked)} : {}),
    };
    this.dispatchEvent(new CustomEvent('bsp-person-open', {detail, bubbles: true, composed: true, cancelable: true}));
  }
}

/** Whole years on a day, both as calendar days. */
const ageOn = (birthDate: string, day: string): number => ageInYears(birthDate, new Date(`${day}T12:00:00Z`));

/** Whole months on a day, both as calendar days. */
function monthsOn(birthDate: string, day: string): number {
  const [birthYear = 0, birthMonth = 0, dayOfBirth = 0] = birthDate.split('-').map(Number);
  const [year = 0, month = 0, dayOfMonth = 0] = day.split('-').map(Number);
  return (year - birthYear) * 12 + month - birthMonth - (dayOfMonth < dayOfBirth ? 1 : 0);
}

declare global {
  interface HTMLElementTagNameMap {
    'bsp-person': BspPerson;
  }
  interface HTMLElementEventMap {
    'bsp-person-open': CustomEvent<PersonOpenDetail>;
  }
}
