import type {ConnectorEnvironment} from '../connector.js';

/** Says now and then that words were not translated: the first, the tenth, the hundredth time. */
export class UnknownWords {
  private count = 0;
  private readonly resource: string;
  private readonly environment: ConnectorEnvironment;

  constructor(resource: string, environment: ConnectorEnvironment) {
    this.resource = resource;
    this.environment = environment;
  }

  add(unknown: number): void {
    const before = this.count;
    this.count += unknown;
    if (this.count === before || String(this.count).length === String(before || '').length) return;
    const {log, sourceId} = this.environment;
    // Which words they are is part of an answer; the windows show them.
    log.warn(`${sourceId}: ${this.count} words are not in "records.${this.resource}.words"`, {
      unknownWords: this.count,
    });
  }
}
