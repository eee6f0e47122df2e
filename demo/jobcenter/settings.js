// Before the first paint: what the user has chosen for this page. Nothing about a client is ever stored here.
(() => {
  let settings = {};
  try {
    settings = JSON.parse(localStorage.getItem('jobcenter-settings')) ?? {};
  } catch {
    // Unreadable or forbidden storage: the defaults stand.
  }
  const root = document.documentElement;
  if (settings.lang === 'en') root.lang = 'en';
  if (settings.theme === 'light' || settings.theme === 'dark') root.dataset.theme = settings.theme;
  if (settings.density === 'compact') root.dataset.density = 'compact';
})();
