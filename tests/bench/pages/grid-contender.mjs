// What the pages of the three grids share: the way from the wire, the search field that they do not have, the waiting.
import {cellStyles, viewHeight} from './grid-cells.mjs';
import {nextTask, scrolled, timed} from './measure.mjs';
import {readCases} from './read-cases.mjs';
import {answerFromMemory, personWith} from './stubbed-backend.mjs';
import {textFilter} from './words.mjs';

/**
 * @param grid.make - puts a grid with these rows into an element; gives what the others work on.
 * @param grid.sort - sorts by title, up or down.
 * @param grid.filter - lets through what passes; undefined: everything.
 * @param grid.rowCount - rows that stand in the document.
 * @param grid.total - rows that the grid says it has after filtering.
 * @param grid.firstTitle - title in the topmost row.
 * @param grid.viewport - what scrolls.
 */
export function gridContender(grid) {
  let host;
  let made;
  let options;
  let sources;
  let descending;
  document.head.append(Object.assign(document.createElement('style'), {textContent: cellStyles}));
  globalThis.contender = {
    async prepare(given) {
      options = given;
      const bytes = new Uint8Array(await (await fetch(`/streams/${given.count}.ndjson`)).arrayBuffer());
      answerFromMemory({6412841002: personWith('c1', '641284-••••', 'Maude Agerlund', bytes)});
    },
    create(expected) {
      descending = true;
      return timed(
        async () => {
          host = document.createElement('div');
          if (options.windowed) host.style.height = `${viewHeight}px`;
          document.body.append(host);
          const read = await readCases('6412841002');
          sources = read.sources;
          made = grid.make(host, read, options);
        },
        () => grid.rowCount(host, made) >= expected && grid.firstTitle(host, made) !== undefined,
        'the rows',
      );
    },
    sort(expectedFirst) {
      descending = !descending;
      return timed(
        () => grid.sort(made, descending),
        () => grid.firstTitle(host, made) === expectedFirst,
        `a list that begins with ${expectedFirst}`,
      );
    },
    filter(text, matching, rows) {
      return timed(
        () => grid.filter(made, text ? textFilter(text, (id) => sources.get(id)) : undefined),
        () => grid.total(made) === matching && (options.windowed || grid.rowCount(host, made) === rows),
        `${matching} rows`,
      );
    },
    scroll: (frames) => scrolled(options.windowed ? grid.viewport(host, made) : document.scrollingElement, frames),
    async destroy() {
      grid.destroy?.(made);
      host.remove();
      host = made = undefined;
      await nextTask();
    },
  };
}
