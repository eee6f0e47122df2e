import {html, LitElement, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult} from 'lit';
import {addons} from 'storybook/preview-api';
import type {SceneModule} from '../../tests/browser/fixtures/scene.js';
import {beside, letStand} from '../scene-story.js';
import {descriptionOf} from './descriptions.js';

type Globals = Readonly<Record<string, string>>;

const modules = import.meta.glob<SceneModule>('../../tests/browser/scenes/*.ts');

/** Each state of a window, side by side. A state of the whole page, such as offline, stands in a frame of its own. */
class KitStates extends LitElement {
  static override properties: PropertyDeclarations = {for: {}, component: {}, shown: {}, globals: {state: true}};

  declare for: string;
  /** Id of the stories, `windows-case-list`. */
  declare component: string;
  /** Which story shows a state whose story is not called after it, as JSON. */
  declare shown: string;
  declare globals: Globals;
  #round = 0;

  constructor() {
    super();
    const given = new URLSearchParams(location.search).get('globals') ?? '';
    this.globals = {
      lang: 'da',
      theme: 'auto',
      ...Object.fromEntries(given.split(';').flatMap((pair) => (pair ? [pair.split(':')] : []))),
    };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addons.getChannel().on('globalsUpdated', this.#update);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    addons.getChannel().off('globalsUpdated', this.#update);
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const {theme, lang} = this.globals;
    return html`<div class="kit-states">
      ${descriptionOf(this.for).cssStates?.map(({name, description}) => {
        const id = `${this.component}--${this.#sceneOf(name)}`;
        return html`<figure>
          <figcaption>
            <a href="?path=/story/${id}" target="_top"><code>${name}</code></a> ${description}
          </figcaption>
          ${
            name === 'offline'
              ? html`<iframe
                  title="The window in the state ${name}"
                  src="iframe.html?id=${id}&viewMode=story&globals=lang:${lang};theme:${theme}"
                ></iframe>`
              : html`<div class="host" data-theme=${theme ?? nothing} data-state=${name}></div>`
          }
        </figure>`;
      })}
    </div>`;
  }

  protected override updated(_changed: PropertyValues): void {
    void this.#stand();
  }

  /** One after the other; a later change of language or theme begins anew. */
  async #stand(): Promise<void> {
    const round = ++this.#round;
    const module = await modules[`../../tests/browser/scenes/${this.for.replace('bsp-', '')}.ts`]?.();
    for (const place of this.querySelectorAll<HTMLElement>('[data-state]')) {
      const scene = module?.scenes[this.#sceneOf(place.dataset.state ?? '')];
      if (round !== this.#round || !scene) return;
      place.replaceChildren();
      await letStand(this.for, beside(scene), {}, this.globals, place);
    }
  }

  #sceneOf(state: string): string {
    return (JSON.parse(this.shown || '{}') as Record<string, string>)[state] ?? state;
  }

  readonly #update = ({globals}: {globals: Globals}): void => {
    this.globals = globals;
  };
}

customElements.define('kit-states', KitStates);
