import type {BspProvider, SubjectSurveyDetail, SwitchOutcome} from '../bsp-provider.js';

/** Tells changes that the page made itself from those that a bridge made in it. */
export class LocalChanges {
  readonly #provider: BspProvider;
  /** The bridge's own switch, until its commit. */
  #own: {overtaken: AbortSignal | undefined} | undefined;
  /** {@link follow} is being called, in this very task. */
  #calling = false;
  /** Of the survey that a switch has begun with: aborts when the switch comes to nothing. */
  #survey: AbortSignal | undefined;
  /** The commit that the page stands at: the page's own, the bridge's, the provider's end, or nobody after nobody. */
  #commit: 'page' | 'bridge' | 'end' | 'nothing' = 'page';
  /** The page has a Session. */
  #somebody: boolean;

  /**
   * @param onSurvey - the page's own doing is about to take its person away.
   * @param onLocal - somebody else is open, or nobody, by the page's own doing.
   * @param onEnd - the provider has ended everything: the page is left or put away, or it has another backend.
   */
  constructor(
    provider: BspProvider,
    {
      signal,
      onSurvey,
      onLocal,
      onEnd,
    }: {
      signal: AbortSignal;
      onSurvey: (detail: SubjectSurveyDetail) => void;
      onLocal: () => void;
      onEnd: () => void;
    },
  ) {
    this.#provider = provider;
    this.#somebody = provider.session !== undefined;
    const own = (listener: (event: CustomEvent) => void) => (event: Event) => {
      // Providers inside this one have switches of their own.
      if (event.target === provider) listener(event as CustomEvent);
    };
    const listen = (type: string, listener: (event: CustomEvent) => void): void =>
      provider.addEventListener(type, own(listener), {signal});
    listen('bsp-subject-survey', ({detail}: CustomEvent<SubjectSurveyDetail>) => {
      this.#survey = detail.signal;
      if (!this.#calling) onSurvey(detail);
      else if (this.#own) this.#own.overtaken = detail.signal;
    });
    listen('bsp-subject-commit', ({detail}: CustomEvent<{sessionId: string | undefined}>) => {
      // Who shows nobody any more has asked about it first; an end asks nobody.
      const nobody = detail.sessionId === undefined;
      const ended = nobody && this.#somebody && (this.#survey === undefined || this.#survey.aborted);
      const ours = this.#own !== undefined && !this.#own.overtaken?.aborted;
      this.#commit = ended ? 'end' : ours ? 'bridge' : nobody && !this.#somebody ? 'nothing' : 'page';
      this.#somebody = !nobody;
      this.#own = undefined;
      this.#survey = undefined;
    });
    listen('bsp-subject-change', () => {
      if (this.#commit === 'page') onLocal();
      else if (this.#commit === 'end') onEnd();
    });
  }

  /** Opens somebody by their handle, or nobody, as the bridge's own doing. */
  follow(id: string | undefined): Promise<SwitchOutcome> {
    this.#own = {overtaken: undefined};
    this.#calling = true;
    try {
      return id === undefined ? this.#provider.clearSubject() : this.#provider.setSubject({type: 'ref', value: id});
    } finally {
      this.#calling = false;
    }
  }
}
