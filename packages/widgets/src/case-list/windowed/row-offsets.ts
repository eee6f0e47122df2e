/**
 * Where rows of different heights begin, in pixels: as measured where a row has stood in the document, else as guessed. All may
 * stand a little too high or too low (`shift`), so that what is learnt of rows out of sight does not move those in sight.
 */
export class RowOffsets<T extends object> {
  #rows: readonly T[] = [];
  #heights = new WeakMap<T, number>();
  /** One more than rows: where the last ends. */
  #offsets = new Float64Array(1);
  #guess: number;
  /** The guess is from rows as they are now, and stands: a better one with each new row would move all others. */
  #isSettled = false;
  #shift = 0;

  /** @param guess - height of a row before any was measured. */
  constructor(guess: number) {
    this.#guess = guess;
  }

  get rows(): readonly T[] {
    return this.#rows;
  }

  /** Height of a row of which nothing is known. */
  get guess(): number {
    return this.#guess;
  }

  get shift(): number {
    return this.#shift;
  }

  /** Where the last row ends. */
  get total(): number {
    return this.of(this.#rows.length);
  }

  /** Where a row begins; of the number of rows, where the last ends. */
  of(index: number): number {
    return this.#shift + (this.#offsets[index] ?? 0);
  }

  /** The row at a place; before all rows the first, after all the last. */
  at(place: number): number {
    let first = 0;
    let last = Math.max(0, this.#rows.length - 1);
    while (first < last) {
      const middle = Math.ceil((first + last) / 2);
      if (this.of(middle) <= place) first = middle;
      else last = middle - 1;
    }
    return first;
  }

  /** Takes other rows, and no shift. */
  take(rows: readonly T[]): void {
    this.#rows = rows;
    this.#offsets = new Float64Array(rows.length + 1);
    this.#shift = 0;
    this.#sum();
  }

  /** Takes in how high rows are. False: that was known. */
  measure(heights: readonly (readonly [row: T, height: number])[]): boolean {
    const news = heights.filter(([row, height]) => this.#heights.get(row) !== height);
    if (news.length === 0) return false;
    for (const [row, height] of news) this.#heights.set(row, height);
    if (!this.#isSettled) this.#guess = news.reduce((sum, [, height]) => sum + height, 0) / news.length;
    this.#isSettled = true;
    this.#sum();
    return true;
  }

  /** Rows have become wider or narrower: what was measured holds no longer. */
  forget(): void {
    this.#heights = new WeakMap();
    this.#isSettled = false;
  }

  /** Shifts all, so that a row begins there. */
  put(index: number, place: number): void {
    this.#shift += place - this.of(index);
  }

  /** Takes back the shift, and says by how much all have moved down. */
  straighten(): number {
    const moved = -this.#shift;
    this.#shift = 0;
    return moved;
  }

  #sum(): void {
    let offset = 0;
    let index = 0;
    for (const row of this.#rows) {
      this.#offsets[index++] = offset;
      offset += this.#heights.get(row) ?? this.#guess;
    }
    this.#offsets[index] = offset;
  }
}
