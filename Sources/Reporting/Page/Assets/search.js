// --- Search ---
// Items whose id or input's beginning has the words; with the check box, sessions whose texts have them too.
const search = { items: null, sessions: null, turn: 0, state: '' };
const searchFinds = (i) => !search.items || search.items.has(index.item[i]) || (search.sessions !== null && search
  .sessions[i] === 1);
const searchNote = () => (search.state ? '; ' + search.state : '') + '.';
const clearSearch = () => { search.turn++;
  search.items = null;
  search.sessions = null;
  search.state = ''; };
const runSearch = async () => {
  clearSearch();
  const turn = search.turn;
  const words = byId('search').value.trim().toLowerCase();
  if (words) {
    search.items = new Set();
    for (const [ordinal, item] of items)
      if (item.id.toLowerCase().includes(words) || item.input.toLowerCase().includes(words)) search.items.add(
        ordinal);
    search.state = 'searched: item ids and the beginnings of inputs';
    if (byId('deep').checked) await searchTexts(words, turn);
  }
  if (turn === search.turn) applyFilters();
};
const searchTexts = async (words, turn) => {
  const found = new Uint8Array(sessionCount);
  let done = 0;
  for (const chunk of textChunks) {
    for (const [ordinal, input, , own] of await unpackJSON(chunk)) {
      if (plain(input).toLowerCase().includes(words)) search.items.add(ordinal);
      for (const texts of own) {
        if (plain(texts[1]).toLowerCase().includes(words) || plain(texts[2]).toLowerCase().includes(words))
          found[texts[0]] = 1;
      }
    }
    if (turn !== search.turn) return;
    byId('count').textContent = 'Searching texts: ' + Math.round(++done / textChunks.length * 100) + ' %';
  }
  search.sessions = found;
  search.state = 'searched: item ids, inputs, and the answers of ' + grouped(textCount) +
    ' sessions as far as they are in this page';
};
const startSearch = () => {
  let timer = 0;
  byId('search').addEventListener('input', () => { clearTimeout(timer);
    timer = setTimeout(runSearch, 200); });
  byId('deep').addEventListener('change', runSearch);
};
