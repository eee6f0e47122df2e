// What Korsbæk's backend answers about two of its people, as the wire has it.
import {characters, korsbaekBackend} from '@bsp/korsbaek';

const resources = ['person', 'cases', 'journal', 'events'].map((resource) => ({resource}));

/** For each of two people: number, opened context, read stream of all four windows. */
export async function twoPeople() {
  const backend = korsbaekBackend({existenceOnly: []});
  const {signal} = new AbortController();
  const people = [];
  for (const {cpr} of characters.slice(0, 2)) {
    const opened = await backend.openContext({type: 'cpr', value: cpr}, {signal});
    let text = '';
    for await (const message of backend.read(opened.contextId, resources, {signal}))
      text += `${JSON.stringify(message)}\n`;
    people.push({number: cpr, opened, text});
  }
  return people;
}
