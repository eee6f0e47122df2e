import {html, LitElement, nothing, type PropertyDeclarations, type TemplateResult} from 'lit';
import {unsafeHTML} from 'lit/directives/unsafe-html.js';
import {type Described, descriptionOf, wordsOf} from './descriptions.js';

/** The manifest's own words: `code` in backticks, everything else as text. */
const words = (text?: string): unknown => wordsOf(text, (code) => html`<code>${code}</code>`);

interface Column {
  readonly heading: string;
  readonly cell: (row: Described) => unknown;
}

const name: Column = {heading: 'Name', cell: (row) => html`<code>${row.name}</code>`};
const type: Column = {
  heading: 'Type',
  cell: (row) => html`<code>${row.type?.text.replace(/ \| undefined$/, '')}</code>`,
};
const meaning: Column = {heading: 'Meaning', cell: (row) => words(row.description)};
const defaultValue: Column = {heading: 'Default', cell: (row) => html`<code>${row.default}</code>`};
const swatch: Column = {
  heading: '',
  cell: ({default: value = ''}) =>
    CSS.supports('color', value)
      ? unsafeHTML(
          `<i class="swatch" style="color-scheme:light;background:${value}"></i><i class="swatch" style="color-scheme:dark;background:${value}"></i>`,
        )
      : nothing,
};

/** What a config's field falls back to and accepts, from the window itself; only of one that has a config. */
function configColumns(tag: string): Column[] {
  const window = document.createElement(tag) as unknown as {
    definition: {config: Record<string, {fallback: unknown; expected: string}>};
  };
  const {config} = window.definition;
  return [
    {heading: 'Key', cell: (row) => html`<code>${row.name}</code>`},
    {heading: 'Accepts', cell: (row) => config[row.name]?.expected},
    {heading: 'Default', cell: (row) => html`<code>${JSON.stringify(config[row.name]?.fallback)}</code>`},
    meaning,
  ];
}

/** What a host needs to know of a window, from the manifest and the window itself. */
class KitReference extends LitElement {
  static override properties: PropertyDeclarations = {for: {}};

  declare for: string;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const tag = this.for;
    const {attributes, events, slots, cssParts, cssProperties, keyboard, config} = descriptionOf(tag);
    return html`
      ${section(
        'Config',
        config?.fields,
        config ? configColumns(tag) : [],
        html`<p>
        Given as the property <code>config</code>, or as JSON in the attribute. What is unusable falls back to its
        default, is said in the panel, and fires <code>bsp-config-error</code>.
      </p>`,
      )}
      ${section('Keyboard', keyboard, [
        {heading: 'Key', cell: keysOf},
        {heading: 'Does', cell: meaning.cell},
      ])}
      ${section('Events', events, [name, type, meaning])}
      ${section('Parts', cssParts, [{heading: 'Part', cell: (row) => html`<code>::part(${row.name})</code>`}, meaning])}
      ${section(
        'Tokens',
        cssProperties,
        [name, swatch, defaultValue, meaning],
        html`<p>
        Set anywhere above the window; light and dark beside each other.
      </p>`,
      )}
      ${section('Slots', slots, [name, meaning])} ${section('Attributes', attributes, [name, type, meaning])}
    `;
  }
}

const keysOf = (row: Described): unknown =>
  row.name.split(/( \/ |\+)/).map((part, index) => (index % 2 ? part : html`<kbd>${part}</kbd>`));

const section = (
  heading: string,
  rows: readonly Described[] | undefined,
  columns: readonly Column[],
  before: unknown = nothing,
): unknown =>
  rows?.length
    ? html`<h2 id=${heading.toLowerCase()}>${heading}</h2>
        ${before}
        <table>
          <thead>
            <tr>${columns.map((column) => html`<th scope="col">${column.heading}</th>`)}</tr>
          </thead>
          <tbody>${rows.map((row) => html`<tr>${columns.map(({cell}) => html`<td>${cell(row)}</td>`)}</tr>`)}</tbody>
        </table>`
    : nothing;

customElements.define('kit-reference', KitReference);
