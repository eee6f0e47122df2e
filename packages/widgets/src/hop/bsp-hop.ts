import {maskCprInText, refKey, type Target, targetsResource} from '@bsp/contract';
import {kitVersion} from '@bsp/core';
import {BspWindow, type WindowDefinition, windowStyles} from '@bsp/ui';
import {html, nothing, type TemplateResult} from 'lit';
import {hopStyles} from './bsp-hop.styles.js';
import {goOn} from './going-on.js';
import {type HopConfig, hopConfig} from './hop.config.js';
import {type HopTexts, hopStrings} from './hop.strings.js';

/** What came of the last target that was chosen for one person. */
interface HopLocal {
  /** Key of the target whose window waits. */
  going: string;
  said: {readonly target: Target; readonly what: 'blocked' | 'failed' | 'forbidden'} | undefined;
}

/**
 * The other systems in which the person can be opened: a button each, or a menu. It fits into a line of the host's page. The
 * new window gets a code that stands for user, person and target once; no address ever names the person. It reads the resource
 * `targets` and sends the action `launch`: where the backend has targets, each launch is a logged lookup.
 *
 * @tag bsp-hop
 * @summary Opens the person in another system.
 *
 * @fires {CustomEvent<ConfigErrorDetail>} bsp-config-error - The config has values that cannot be used.
 *
 * @slot actions - The host's own buttons, after the heading.
 *
 * @csspart panel - The whole line.
 * @csspart header - The heading and the host's buttons.
 * @csspart title - The heading.
 * @csspart actions - The host's own buttons.
 * @csspart notice - A line that says what is missing.
 * @csspart body - The buttons, or what stands in their place.
 *
 * @keyboard Enter / Space - On a target: opens it in a new window. On the menu: opens and closes it.
 * @keyboard Escape - In the menu: closes it.
 *
 * @cssstate no-subject - Nobody is chosen.
 * @cssstate unsupported - The backend knows no other systems.
 * @cssstate offline - The browser has no connection.
 * @cssstate forbidden - The user may not go on to other systems.
 * @cssstate error - The backend did not answer.
 * @cssstate loading - Nothing has come yet.
 * @cssstate partial - Something is missing.
 * @cssstate stale - Some of it is from an earlier answer.
 * @cssstate empty - There are no other systems.
 * @cssstate ready - All is there.
 * @cssstate busy - Somebody is still being waited for.
 */
export class BspHop extends BspWindow<HopTexts, HopConfig, HopLocal> {
  static readonly version: string = kitVersion;
  static override styles = [windowStyles, hopStyles];

  protected override readonly definition: WindowDefinition<HopTexts, HopConfig> = {
    strings: hopStrings,
    resources: [targetsResource],
    config: hopConfig,
  };

  protected override createLocal(): HopLocal {
    return {going: '', said: undefined};
  }

  protected override renderBody(): unknown {
    const targets = this.#targets;
    if (targets.length === 0) return this.renderEmpty();
    const list = html`<ul class="targets">${targets.map((target) => html`<li>${this.#button(target)}</li>`)}</ul>`;
    return html`${
      targets.length < this.settings.menuFrom
        ? list
        : html`<details @keydown=${closeByEscape}>
            <summary class="button">${this.texts.other}</summary>
            ${list}
          </details>`
    }${this.#renderSaid()}`;
  }

  protected override renderEmpty(): unknown {
    return html`<p class="message">${this.texts.none}</p>`;
  }

  protected override renderSkeleton(): unknown {
    return html`<span aria-hidden="true">…</span>`;
  }

  /** Those for a person, as the config wants them. */
  get #targets(): readonly Target[] {
    const {targets: wanted} = this.settings;
    const there = this.viewOf(targetsResource).items.filter((target) => target.for === 'person');
    return wanted.length > 0 ? wanted.flatMap((id) => there.find(({ref}) => ref.id === id) ?? []) : there;
  }

  #button(target: Target): TemplateResult {
    const name = maskCprInText(target.name);
    return html`<button
      class="button"
      title=${this.texts.newWindow(name)}
      aria-disabled=${this.local.going === refKey(target.ref) ? 'true' : nothing}
      @click=${(event: Event) => void this.#go(target, event)}
    >
      ${name}<span aria-hidden="true"> ↗</span>
    </button>`;
  }

  #renderSaid(): unknown {
    const {said} = this.local;
    if (!said) return nothing;
    return html`<p class="said" role="alert">
      <span class="unseen">${this.person}: </span>${this.texts[said.what](maskCprInText(said.target.name))}
      ${
        said.what === 'forbidden'
          ? nothing
          : html`<button class="link" @click=${(event: Event) => void this.#go(said.target, event)}>${this.texts.again}</button>`
      }
    </p>`;
  }

  async #go(target: Target, {currentTarget}: Event): Promise<void> {
    const {session, texts, language} = this;
    const key = refKey(target.ref);
    if (!session || this.local.going === key) return;
    closeMenu((currentTarget as Element).closest('details'));
    this.setLocal({going: key, said: undefined});
    const name = maskCprInText(target.name);
    const came = await goOn(session, {target: target.ref}, {lang: language, text: texts.opening(name)});
    if (session !== this.session) return;
    const what =
      came === 'gone' || came === 'left'
        ? undefined
        : came === 'blocked'
          ? came
          : came.code === 'forbidden'
            ? 'forbidden'
            : 'failed';
    this.setLocal({going: '', said: what && {target, what}});
    if (came === 'gone') this.announce(texts.opened(name));
  }
}

function closeByEscape(event: KeyboardEvent): void {
  const menu = event.currentTarget as HTMLDetailsElement;
  if (event.key === 'Escape' && menu.open) closeMenu(menu);
}

/** What has the focus in it would lose it. */
function closeMenu(menu: HTMLDetailsElement | null): void {
  menu?.removeAttribute('open');
  menu?.querySelector('summary')?.focus();
}

declare global {
  interface HTMLElementTagNameMap {
    'bsp-hop': BspHop;
  }
}
