// The connector of a case system that takes notes: it hands them to the test.
export default {
  configSchema: {safeParse: (data) => ({success: true, data})},
  create: async ({url}) => ({
    resources: ['cases'],
    async *read({subject, signal}) {
      signal.throwIfAborted();
      yield {about: subject, items: []};
    },
    async deliverNote(note, {key, signal}) {
      const response = await fetch(url, {method: 'POST', body: JSON.stringify({key, body: note.body}), signal});
      if (response.status !== 200) throw new Error(`the case system answered ${response.status}`);
      return {state: 'accepted'};
    },
  }),
};
