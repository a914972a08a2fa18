// --- Start ---
// Places that name an item by its number get its id and open its first session.
const startItems = () => {
  for (const place of document.querySelectorAll('[data-item]')) {
    const ordinal = Number(place.dataset.item);
    const own = sessionsOfItem(ordinal);
    if (own.length) place.replaceChildren(el('button', { type: 'button', class: 'link', text: itemName(ordinal),
      onclick: () => showSession(own[0]) }));
  }
};
const startSessions = async () => {
  await Promise.all([loadIndex(), loadNames()]);
  buildList();
  startFilters();
  startSearch();
  startView();
  applyFilters();
  startFlips();
  startItems();
  const asked = /^#session=(\d+)$/.exec(location.hash);
  if (asked && Number(asked[1]) < sessionCount) await showSession(Number(asked[1]));
};
startTheme();
startTables();
startLive();
const finished = (state) => { document.documentElement.dataset.ready = state; };
if (sessionCount === 0) finished('empty');
else if (!('DecompressionStream' in window)) {
  byId('count').textContent =
    'This browser cannot unpack the sessions (it has no DecompressionStream); they are in samples.jsonl.';
  finished('old');
} else {
  byId('count').textContent = 'Loading ' + grouped(sessionCount) + ' sessions';
  startSessions().then(() => finished('yes'), (problem) => {
    byId('count').textContent = 'The sessions of this page cannot be read: ' + problem.message +
      '. Make it again with evalh report.';
    finished('no');
  });
}
