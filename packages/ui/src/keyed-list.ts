import {noChange, nothing} from 'lit';
import {type ChildPart, Directive, directive} from 'lit/directive.js';
import {insertPart, removePart, setChildPartValue} from 'lit/directive-helpers.js';

/** What a list gives its items' places: an item's key, and what stands there. */
type Entries<T> = [items: readonly T[], keyOf: (item: T) => string, entry: (item: T) => unknown];

/**
 * What stands of an item stands as long as its key is among the items, and with it the focus. Lit's `repeat` does the same with
 * fewer moves where many change their places, and is three times as long.
 */
class KeyedList<T> extends Directive {
  #parts = new Map<string, ChildPart>();

  override render(): unknown {
    return nothing;
  }

  override update(list: ChildPart, [items, keyOf, entry]: Entries<T>): unknown {
    const keyed = new Map<string, T>();
    for (const item of items) {
      let key = keyOf(item);
      // A source that gives one reference twice must not break the rendering.
      while (keyed.has(key)) key += '\u0000';
      keyed.set(key, item);
    }
    for (const [key, part] of this.#parts)
      if (!keyed.has(key)) {
        const end = part.endNode as ChildNode | null;
        removePart(part);
        end?.remove();
        this.#parts.delete(key);
      }
    // From the end: one that stands where it should, before what follows, is not moved.
    let next: ChildPart | undefined;
    for (const [key, item] of [...keyed].reverse()) {
      next = insertPart(list, next, this.#parts.get(key));
      this.#parts.set(key, setChildPartValue(next, entry(item)));
    }
    return noChange;
  }
}

/** See {@link KeyedList}. */
export const keyedList: <T>(...entries: Entries<T>) => unknown = directive(KeyedList);
