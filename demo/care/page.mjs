// The care system's one page: its script renders the rest.
const entities = {'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;'};
const escaped = (text) => String(text).replace(/[&<>"']/g, (character) => entities[character]);

/** @param refused - somebody hopped here with a code that is worth nothing. */
export const carePage = ({user, refused = false}) => `<!doctype html>
<html lang="da">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light">
  <title>Omsorg Korsbæk</title>
  <link rel="stylesheet" href="/care.css">
  ${
    refused
      ? ''
      : `<script type="module" src="/kit/bsp.js"></script>
  <script type="module" src="/care.js"></script>`
  }
</head>
<body>
  ${
    refused
      ? `<main class="refused"><h1>Linket er brugt eller for gammelt</h1>
  <p>Et hop kan kun bruges én gang, inden for et minut, af den, der hoppede. Luk vinduet, og hop igen.</p>
  <p><a href="/">Til Omsorg Korsbæk</a></p></main>`
      : `<div id="care" data-user="${escaped(user.name)}"></div>`
  }
</body>
</html>
`;
