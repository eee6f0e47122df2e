import {html, type TemplateResult} from 'lit';

/** One of few, all visible: a radio group. */
export interface SegmentedOptions<V extends string> {
  /** Unique within the window. */
  readonly name: string;
  /** What is chosen here, for a screen reader. */
  readonly label: string;
  readonly choices: readonly {readonly value: V; readonly text: string}[];
  readonly value: V;
  readonly onChoose: (value: V) => void;
}

/** See {@link SegmentedOptions}. Needs {@link controlStyles}. */
export const segmented = <V extends string>({
  name,
  label,
  choices,
  value,
  onChoose,
}: SegmentedOptions<V>): TemplateResult =>
  html`<div class="segmented" role="radiogroup" aria-label=${label}>${choices.map(
    (choice) => html`<label
    ><input
      type="radio"
      name=${name}
      .checked=${choice.value === value}
      @change=${() => onChoose(choice.value)}
    /><span data-text=${choice.text}>${choice.text}</span></label
  >`,
  )}</div>`;
