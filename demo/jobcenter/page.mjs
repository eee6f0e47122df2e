// The job centre's one page, as its server writes it: ordinary HTML with four windows in it.
import {texts} from './texts.js';

const da = texts.da;
const entities = {'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;'};
const escaped = (text) => String(text).replace(/[&<>"']/g, (character) => entities[character]);

/** Text that the page can swap for another language. */
const say = (key, tag = 'span', more = '') => `<${tag} data-text="${key}"${more}>${escaped(da[key])}</${tag}>`;

const clientLink = ({id, name, summary}) => `
          <li><a href="#${id}" data-client="${id}"><strong>${escaped(name)}</strong> <small lang="da">${escaped(summary)}</small></a></li>`;

const meetingLine = (today) => (client) =>
  `
            <li><time datetime="${client.meeting.day}">${today ? '' : `<span data-day="${client.meeting.day}"></span> `}${client.meeting.clock}</time>
              <a href="#${client.id}">${escaped(client.name)}</a><span lang="da">${escaped(client.task)}</span></li>`;

/** What the windows are told about this house: few notes at a time, and its own standard headings. */
const journalConfig = JSON.stringify({
  pageSize: 5,
  headings: ['Telefonsamtale', 'Jobsamtale', 'Opfølgning', 'Rådighed', 'Partshøring', 'Henvendelse fra borger'],
});

const option = (value, key) => `<option value="${value}" data-text="${key}">${escaped(da[key])}</option>`;

/**
 * @param clients - the host's clients; empty for a gateway that knows nobody of Korsbæk.
 * @param user - who everybody is here.
 * @param hasTargets - there are other systems to go on to.
 * @param backend - where the gateway's API begins, e.g. `/bsp`.
 */
export function jobcenterPage({clients, user, backend, hasIntake, hasTargets}) {
  const today = new Intl.DateTimeFormat('sv-SE', {timeZone: 'Europe/Copenhagen'}).format(new Date());
  const meetings = clients
    .filter((client) => client.meeting)
    .sort((a, b) => `${a.meeting.day} ${a.meeting.clock}`.localeCompare(`${b.meeting.day} ${b.meeting.clock}`));
  const now = meetings.filter(({meeting}) => meeting.day === today);
  const later = meetings.filter(({meeting}) => meeting.day !== today);
  const list = (key, some) => `
        ${say(key, 'h2')}
        <ul class="clients">${some.map(clientLink).join('')}
        </ul>`;
  return `<!doctype html>
<html lang="da">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>Jobcenter Korsbæk</title>
  <link rel="icon" href="/jobcenter/icon.svg">
  <script src="/jobcenter/settings.js"></script>
  <link rel="stylesheet" href="/jobcenter/jobcenter.css">
  <script type="module" src="/kit/bsp.js"></script>
  <script type="module" src="/jobcenter/jobcenter.js"></script>
</head>
<body>
  ${say('skip', 'a', ' class="skip" href="#indhold"')}
  <header class="top">
    <a class="brand" href="#min-dag"><svg viewBox="0 0 32 32" aria-hidden="true"><path d="M9 7v18M9 17l12-10M13 14l10 11"/></svg>Jobcenter Korsbæk</a>
    <button class="menu" type="button" aria-expanded="false" aria-controls="rail">${say('menu')}</button>
    <p class="banner" data-user="${escaped(user)}">${escaped(da.demoBanner.replace('{user}', user))}</p>
    <div class="settings">
      <label>${say('language')}<select name="lang"><option value="da" lang="da">Dansk</option><option value="en" lang="en">English</option></select></label>
      <label>${say('theme')}<select name="theme">${option('', 'themeSystem')}${option('light', 'themeLight')}${option('dark', 'themeDark')}</select></label>
      <label>${say('density')}<select name="density">${option('', 'densityNormal')}${option('compact', 'densityCompact')}</select></label>
    </div>
  </header>

  <nav class="rail" id="rail" aria-label="${da.clients}" data-label="clients"><div class="rail-inside">
    <!-- method="dialog" sends nothing anywhere: a number can't end up in a URL, not even before the script is there. -->
    <form class="find" method="dialog" role="search" novalidate>
      <label for="find" data-text="findLabel">${da.findLabel}</label>
      <div><input id="find" autocomplete="off" autocapitalize="off" spellcheck="false" aria-describedby="find-error"><button type="submit">${say('find')}</button></div>
      <p class="error" id="find-error" role="alert"></p>
    </form>
    <a class="day-link" href="#min-dag" data-text="myDay">${da.myDay}</a>
    ${
      clients.length === 0
        ? say('noClients', 'p', ' class="nobody"')
        : list(
            'clients',
            clients.filter(({rare}) => !rare),
          ) +
          list(
            'rareClients',
            clients.filter(({rare}) => rare),
          )
    }
    <details class="demo"${hasIntake ? '' : ' hidden'}>
      ${say('demo', 'summary')}
      ${say('demoText', 'p')}
      <button type="button" value="delivered" data-text="demoDelivered">${da.demoDelivered}</button>
      <button type="button" value="failed" data-text="demoFailed">${da.demoFailed}</button>
      <button type="button" value="again" data-text="demoAgain" disabled>${da.demoAgain}</button>
      <p role="status"></p>
    </details>
  </div></nav>

  <main id="indhold" tabindex="-1">
    <div class="alert" role="alert" hidden></div>

    <section class="day" id="dag" aria-labelledby="day-title">
      <div class="head"><h1 id="day-title" data-text="myDay">${da.myDay}</h1> <p data-today></p></div>
      ${
        clients.length === 0
          ? say('noAgenda', 'p', ' class="lead"')
          : `${say('choose', 'p', ' class="lead"')}
      <div class="agendas">
        <div>${say('agenda', 'h2')}
          <ul class="agenda">${now.map(meetingLine(true)).join('')}
          </ul></div>
        <div>${say('ahead', 'h2')}
          <ul class="agenda">${later.map(meetingLine(false)).join('')}
          </ul></div>
      </div>`
      }
    </section>

    <section class="client" id="klient" aria-labelledby="client-title" hidden>
      <div class="head"><h1 id="client-title" tabindex="-1"></h1><p data-field="summary"></p></div>
      <dl class="facts">
        <div>${say('group', 'dt')}<dd data-field="group" lang="da"></dd></div>
        <div>${say('contact', 'dt')}<dd data-field="contact" lang="da"></dd></div>
        <div>${say('next', 'dt')}<dd data-field="meeting"></dd></div>
      </dl>
      <form class="follow" method="dialog">
        ${say('follow', 'h2')}
        <label class="wide">${say('focus')}<textarea name="focus" lang="da" rows="2" maxlength="2000"></textarea></label>
        <label>${say('step')}<select name="step">${option('keep', 'stepKeep')}${option('offer', 'stepOffer')}${option('close', 'stepClose')}</select></label>
        <button type="submit">${say('save')}</button>
        <p role="status"></p>
      </form>
    </section>

    <section class="windows" aria-labelledby="windows-title">
      <div class="head">${say('windows', 'h2', ' id="windows-title"')}${say('windowsHint', 'p')}</div>
      <bsp-provider backend="${escaped(backend)}">
        <bsp-search></bsp-search>
        ${hasTargets ? `<bsp-hop config='{"targets": ["care"]}'></bsp-hop>` : ''}
        <div class="grid">
          <div>
            <bsp-person></bsp-person>
            <bsp-case-list></bsp-case-list>
          </div>
          <div>
            <bsp-events config='{"pageSize": 3}'></bsp-events>
            <bsp-journal config="${escaped(journalConfig)}"></bsp-journal>
          </div>
        </div>
      </bsp-provider>
    </section>
  </main>

  <dialog class="hop" aria-labelledby="hop-title">
    <h2 id="hop-title" lang="da"></h2>
    ${say('caseText', 'p')}
    <dl><div>${say('caseNumber', 'dt')}<dd data-hop="number"></dd></div><div>${say('caseSource', 'dt')}<dd data-hop="source"></dd></div><div>${say('caseId', 'dt')}<dd data-hop="id"></dd></div></dl>
    <form method="dialog"><button type="submit">${say('close')}</button></form>
  </dialog>
  <div class="toasts" role="status"></div>
</body>
</html>
`;
}

/** For somebody who hopped here with a code that is worth nothing. */
export const refusedPage = () => `<!doctype html>
<html lang="da">
<head>
  <meta charset="utf-8">
  <title>Jobcenter Korsbæk</title>
  <link rel="stylesheet" href="/jobcenter/jobcenter.css">
</head>
<body>
  <main>${say('hopRefused', 'h1')}${say('hopRefusedText', 'p')}</main>
</body>
</html>
`;
