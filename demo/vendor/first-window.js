import {functionBackend} from '/kit/bsp.js';

const provider = document.querySelector('bsp-provider');

provider.backend = functionBackend({
  cases: async (subject, {signal}) => {
    // Your own server, in your own format. The number goes in a body, never in a URL.
    const body = JSON.stringify({cpr: subject.value});
    const answer = await fetch('my-cases', {method: 'POST', body, signal});
    return (await answer.json()).map((row) => ({
      id: row.no,
      title: row.subject,
      status: {phase: row.closed ? 'closed' : 'informed', native: row.state},
      changedAt: row.changed,
      sensitivity: 'ordinary',
    }));
  },
});

await provider.setSubject({type: 'cpr', value: '641284-1002'});
