// --- Filters ---
const results = {
  right: (i) => isRight(i) === true,
  wrong: (i) => isRight(i) === false,
  error: (i) => (index.flags[i] & isError) !== 0,
  differ: (i) => (index.flags[i] & gradesDiffer) !== 0,
  cutoff: (i) => (index.flags[i] & isCutOff) !== 0,
  text: (i) => (index.flags[i] & hasText) !== 0,
};
const resultNames = { right: 'right', wrong: 'wrong', error: 'failed', differ: 'strict and lenient grades differ',
  cutoff: 'cut off', text: 'with texts in this page' };
const fill = (select, entries) => select.replaceChildren(option('', 'any'), ...entries.map(([value, text]) =>
  option(value, text)));
const fillFilters = () => {
  fill(byId('f-row'), rows.map((_, row) => [row, rowName(row)]));
  fill(byId('f-result'), Object.entries(resultNames));
  const words = (list) => list.map((word, code) => [code, word || '(none)']).sort((a, b) => a[1].localeCompare(b[
    1], 'en'));
  fill(byId('f-finish'), words(finishes));
  fill(byId('f-stop'), words(stops));
  fill(byId('f-stage'), words(stages));
};
const applyFilters = () => {
  const wanted = [
      ['f-row', index.row],
      ['f-finish', index.finish],
      ['f-stop', index.stop],
      ['f-stage', index.stage]
    ]
    .filter(([id]) => byId(id).value !== '').map(([id, column]) => [column, Number(byId(id).value)]);
  const result = results[byId('f-result').value];
  const found = new Uint32Array(sessionCount);
  let count = 0;
  for (let i = 0; i < sessionCount; i++) {
    if (wanted.every(([column, value]) => column[i] === value) && (!result || result(i)) && searchFinds(i)) found[
      count++] = i;
  }
  showList(found.slice(0, count));
  byId('count').textContent = (count === sessionCount ? 'All ' : grouped(count) + ' of ') + grouped(
    sessionCount) + ' sessions' + searchNote();
};
const filterTo = (result) => {
  byId('filters').reset();
  clearSearch();
  byId('f-result').value = result;
  applyFilters();
  byId('sessions').scrollIntoView();
  byId('sessions-title').tabIndex = -1;
  byId('sessions-title').focus({ preventScroll: true });
};
const startFilters = () => {
  fillFilters();
  const form = byId('filters');
  form.hidden = false;
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('change', (event) => { if (event.target.tagName === 'SELECT') applyFilters(); });
  form.addEventListener('reset', () => setTimeout(() => { clearSearch();
    applyFilters(); }));
  for (const button of document.querySelectorAll('[data-filter]')) {
    button.hidden = false;
    button.addEventListener('click', () => filterTo(button.dataset.filter));
  }
};
