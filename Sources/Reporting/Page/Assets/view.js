// --- One session ---
const view = { place: null, isFromList: false, turn: 0 };
const textBlock = (title, text) => {
  if (text === null || text === undefined || text === '') return [];
  const block = el('pre', { tabindex: 0, role: 'region', 'aria-label': title, dir: 'auto' });
  if (Array.isArray(text)) {
    block.append(visible(text[0]), el('span', { class: 'gap', text: '… ' + grouped(text[2]) +
        ' bytes are left out here; the whole is in samples.jsonl …' }), visible(text[1]));
  } else block.append(visible(text));
  return [el('h3', { text: title }), block];
};
const facts = (entries) => el('dl', { class: 'facts small' }, ...entries.filter((entry) => entry[1] !== null &&
    entry[1] !== '' && entry[1] !== undefined)
  .map(([name, value]) => el('div', {}, el('dt', { text: name }), el('dd', { text: value }))));
const sessionFacts = (i, texts) => {
  const usage = texts ? texts.usage : null;
  return facts([
    ['result', resultWord(i) + (isRight(i) === null ? '' : ', score ' + Number(index.score[i].toFixed(4)))],
    ['strict', texts && texts.strict],
    ['found by', index.flags[i] & isError ? null : stages[index.stage[i]]],
    ['finish', finishes[index.finish[i]]],
    ['stopped by', stops[index.stop[i]]],
    ['confidence', texts && texts.confidence],
    ['samples', grouped(index.samples[i])],
    ['requests', usage && grouped(usage[0])],
    ['prompt tokens', usage && grouped(usage[1]) + (usage[2] ? ', ' + grouped(usage[2]) + ' cached' : '')],
    ['completion tokens', grouped(index.tokens[i])],
    ['reasoning tokens', usage && usage[4] ? grouped(usage[4]) : null],
    ['cancelled tokens', usage && usage[5] ? grouped(usage[5]) : null],
    ['cost', texts && texts.usd !== null ? usd(texts.usd) : null],
    ['critical path', seconds(index.seconds[i])],
    ['first token', texts && texts.firstToken !== null ? seconds(texts.firstToken) : null],
  ]);
};
const peers = (i) => {
  const others = sessionsOfItem(index.item[i]);
  if (others.length < 2) return [];
  const buttons = others.slice(0, 400).map((other) => {
    const word = resultWord(other);
    return el('button', {
      type: 'button',
      class: word,
      'aria-current': other === i ? 'true' : null,
      onclick: () => showSession(other),
      text: (word === 'right' ? '✓ ' : word === 'wrong' ? '✗ ' : word === 'error' ? '! ' : '– ') +
        rowName(index.row[other]) + (index.repeat[other] ? ' · repeat ' + index.repeat[other] : '')
    });
  });
  return [el('h3', { text: 'This item in every arm' }), el('div', { class: 'peers' }, ...buttons)];
};
const sessionBody = (i, texts) => {
  if (!texts) {
    return [sessionFacts(i, null), el('p', { class: 'note',
      text: 'The texts of this session are not in this page; samples.jsonl has them.' }), ...peers(i)];
  }
  const plot = timeline(texts, i);
  const missing = index.samples[i] - texts.draws.length;
  return [
    sessionFacts(i, texts), ...(texts.error.length ? textBlock('Error', texts.error[0] + ': ' + texts.error[
      1]) : []),
    ...(plot ? [el('h3', { text: 'Requests' }), plot] : []),
    ...(missing > 0 ? [el('p', { class: 'note', text: grouped(missing) +
        ' more completions are not in this page one by one.' })] : []),
    ...textBlock('Input', texts.input), ...textBlock('Answer', texts.answer), ...textBlock('Extracted', texts
      .extracted), ...textBlock('Target', texts.target),
    ...(texts.candidates.length ? [el('h3', { text: 'Candidates' }), textTable('What was voted on', [
      'candidate', 'weight', 'evidence'
    ], texts.candidates)] : []),
    ...(texts.notes.length ? [el('h3', { text: 'Notes' }), textTable('What the strategy noted', ['', ''], texts
      .notes)] : []), ...peers(i),
  ];
};
const showSession = async (i) => {
  const turn = ++view.turn;
  const place = list.shown.indexOf(i);
  view.place = place < 0 ? null : place;
  if (view.place !== null) list.active = view.place;
  const texts = await textsOf(i);
  if (turn !== view.turn) return;
  byId('session-title').textContent = visible(itemName(index.item[i]) + ' · ' + rowName(index.row[i]) + (index
    .repeat[i] ? ' · repeat ' + index.repeat[i] : ''));
  byId('session-body').replaceChildren(...sessionBody(i, texts));
  byId('previous').disabled = view.place === null || view.place === 0;
  byId('next').disabled = view.place === null || view.place >= list.shown.length - 1;
  const dialog = byId('session');
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
  byId('session-title').focus();
  history.replaceState(null, '', '#session=' + i);
};
const openSession = (place) => {
  list.active = place;
  if (!byId('session').open) view.isFromList = true;
  return showSession(list.shown[place]);
};
const stepSession = (step) => {
  if (view.place === null) return;
  const place = view.place + step;
  if (place >= 0 && place < list.shown.length) openSession(place);
};
const startView = () => {
  const dialog = byId('session');
  byId('close').addEventListener('click', () => dialog.close());
  byId('previous').addEventListener('click', () => stepSession(-1));
  byId('next').addEventListener('click', () => stepSession(1));
  dialog.addEventListener('click', (event) => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener('keydown', (event) => {
    if (event.target.closest('pre, .scroll') || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'ArrowLeft') stepSession(-1);
    if (event.key === 'ArrowRight') stepSession(1);
  });
  dialog.addEventListener('close', () => {
    history.replaceState(null, '', '#sessions');
    // The row it was opened from may have been drawn anew since; other places get the focus back from the browser.
    if (view.isFromList) moveTo(list.active);
    view.isFromList = false;
  });
};
