// The care system's page: React around the windows. It knows citizens by its own ids; numbers stay on its server.
import {useCallback, useEffect, useRef, useState} from 'react';
import {createRoot} from 'react-dom/client';

const place = document.getElementById('care');
const idIn = (path) => /^\/borger\/([\w-]+)$/.exec(path)?.[1];
const asked = (path, init) =>
  fetch(path, init).then(
    (answer) => (answer.ok ? answer.json() : undefined),
    () => undefined,
  );

/** The citizen of the address, shown by all windows through a context that the server has opened. */
function useCitizen(provider) {
  const [shown, setShown] = useState({});
  const turn = useRef(0);
  const current = useRef(undefined);

  const follow = useCallback(async () => {
    const id = idIn(location.pathname);
    const own = ++turn.current;
    if (!id) {
      const {outcome} = await provider.current.clearSubject();
      if (own !== turn.current) return;
      if (outcome === 'kept') return history.replaceState(null, '', `/borger/${current.current}`);
      current.current = undefined;
      return setShown({});
    }
    const citizen = await asked(`/omsorg/borgere/${id}`, {method: 'POST'});
    if (own !== turn.current) return;
    if (!citizen) {
      await provider.current.clearSubject();
      return setShown({failed: true});
    }
    const {contextId, ...known} = citizen;
    const {outcome} = await provider.current.setContext(contextId);
    if (own !== turn.current) return;
    if (outcome === 'kept') return history.replaceState(null, '', `/borger/${current.current}`);
    current.current = id;
    setShown(outcome === 'committed' ? {citizen: known} : {failed: true});
  }, [provider]);

  useEffect(() => {
    customElements.whenDefined('bsp-provider').then(follow);
    // Out of the back-forward cache the windows come back blank.
    const shownAgain = ({persisted}) => persisted && follow();
    addEventListener('popstate', follow);
    addEventListener('pageshow', shownAgain);
    return () => {
      removeEventListener('popstate', follow);
      removeEventListener('pageshow', shownAgain);
    };
  }, [follow]);
  return {...shown, follow};
}

function Care() {
  const provider = useRef(null);
  const [citizens, setCitizens] = useState([]);
  const {citizen, failed, follow} = useCitizen(provider);
  useEffect(() => {
    asked('/omsorg/borgere').then((list) => setCitizens(list ?? []));
  }, []);
  const go = (event) => {
    event.preventDefault();
    history.pushState(null, '', event.currentTarget.getAttribute('href'));
    follow();
  };
  return (
    <bsp-provider ref={provider} backend="/bsp" lang="da">
      <header>
        <a href="/" onClick={go}>
          Omsorg <strong>Korsbæk</strong>
        </a>
        <span>{place.dataset.user}</span>
      </header>
      <div className="columns">
        <nav aria-label="Borgere">
          <h2>Dagens borgere</h2>
          <ul>
            {citizens.map(({id, name, next}) => (
              <li key={id}>
                <a href={`/borger/${id}`} onClick={go} aria-current={citizen?.id === id ? 'page' : undefined}>
                  {name} <small>{next}</small>
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <main>
          {failed && <p role="alert">Borgeren kunne ikke åbnes.</p>}
          <section className="plan" aria-labelledby="plan-title">
            <h1 id="plan-title">{citizen ? (citizen.name ?? 'Ikke oprettet i omsorg') : 'Vælg en borger'}</h1>
            {citizen?.name && (
              <dl>
                <dt>Team</dt>
                <dd>{citizen.team}</dd>
                <dt>Hjælp</dt>
                <dd>{citizen.help}</dd>
                <dt>Næste besøg</dt>
                <dd>{citizen.next}</dd>
              </dl>
            )}
            <bsp-hop config='{"targets": ["jobcenter"]}' heading-level="3" />
          </section>
          <bsp-person />
          <bsp-case-list config='{"columns": ["status", "source"]}' />
          <bsp-journal config='{"pageSize": 3}' />
        </main>
      </div>
    </bsp-provider>
  );
}

createRoot(place).render(<Care />);
