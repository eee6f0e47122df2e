// Inside a page: a live line that the benchmark tells notices on, and what reads again bring of one source.
import {personWith} from './stubbed-backend.mjs';

const encoder = new TextEncoder();

/** A person with cases whose source `ky` brings another title of its first case with each read of its own. */
export function changingPerson(bytes) {
  const messages = new TextDecoder()
    .decode(bytes)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const plan = messages[0];
  const own = messages.find(({kind, source}) => kind === 'frame' && source.id === 'ky');
  const resources = {cases: {...plan.resources.cases, sources: [own.source]}};
  let version = 0;
  let line;
  const expected = () => `${own.items[0].title} (${version})`;
  return {
    person: {
      ...personWith('c1', '641284-••••', 'Maude Agerlund', bytes),
      answer: ([{source}]) => {
        if (source === undefined) return bytes;
        const [first, ...others] = own.items;
        const lines = [
          {...plan, resources},
          {
            ...own,
            asOf: new Date(Date.UTC(2022, 10, 18, 9, 42, version)).toISOString(),
            items: [{...first, title: expected()}, ...others],
          },
          messages.at(-1),
        ];
        return encoder.encode(lines.map((one) => `${JSON.stringify(one)}\n`).join(''));
      },
    },
    live: () =>
      new ReadableStream({
        start(controller) {
          line = controller;
        },
      }),
    stands: () => line !== undefined,
    /** Tells that the source has changed; the title that its first case has from now on. */
    tell() {
      version++;
      const data = JSON.stringify({kind: 'notice', contextId: 'c1', resource: 'cases', source: 'ky'});
      line.enqueue(encoder.encode(`id: ${version}\ndata: ${data}\n\n`));
      return expected();
    },
  };
}

/** Whether some row has this title. */
export const hasTitle = (root, title) =>
  [...root.querySelectorAll('.link')].some(({textContent}) => textContent.trim() === title);
