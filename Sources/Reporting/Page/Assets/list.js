// --- The list: only the rows that can be seen are in the document ---
const rowHeight = 34;
// Browsers draw elements up to some ten million pixels; longer lists are scrolled in proportion.
const maxHeight = 8e6;
const listColumns = [
  { title: 'Item', key: (i) => index.item[i] },
  { title: 'Arm', key: (i) => index.row[i] },
  { title: 'Result', key: (i) => (index.flags[i] & isError ? -2 : isRight(i) === null ? -1 : index.score[i]) },
  { title: 'Tokens', key: (i) => index.tokens[i], number: true },
  { title: 'Seconds', key: (i) => index.seconds[i], number: true },
  { title: 'Samples', key: (i) => index.samples[i], number: true },
  { title: 'Finish', key: (i) => finishes[index.finish[i]], text: true },
  { title: 'Stopped by', key: (i) => stops[index.stop[i]], text: true },
];
const list = { shown: new Uint32Array(0), sort: null, descending: false, active: 0, port: null, pad: null,
  grid: null, heads: [] };
const buildList = () => {
  list.grid = byId('list');
  list.grid.setAttribute('role', 'grid');
  list.grid.setAttribute('aria-label', 'Sessions');
  list.grid.setAttribute('aria-colcount', String(listColumns.length));
  list.heads = listColumns.map((column, place) => el('div', { role: 'columnheader', class: column.number && 'n' },
    el('button', { type: 'button', text: column.title, onclick: () => sortList(place) })));
  list.pad = el('div', { class: 'vpad', role: 'presentation' });
  list.port = el('div', { class: 'vport', role: 'rowgroup', tabindex: -1, onscroll: drawList,
    onkeydown: listKey }, list.pad);
  const head = el('div', { role: 'row', class: 'vhead', 'aria-rowindex': 1 }, ...list.heads);
  list.grid.replaceChildren(el('div', { role: 'rowgroup' }, head), list.port);
  list.grid.hidden = false;
  new ResizeObserver(drawList).observe(list.port);
};
const showList = (sessions) => {
  list.shown = sessions;
  if (list.sort !== null) orderList();
  list.active = 0;
  list.grid.setAttribute('aria-rowcount', String(sessions.length + 1));
  list.pad.style.height = Math.min(sessions.length * rowHeight, maxHeight) + 'px';
  list.port.scrollTop = 0;
  drawList();
};
const orderList = () => {
  const column = listColumns[list.sort];
  const sign = list.descending ? -1 : 1;
  let key = column.key;
  if (column.text) {
    const words = list.sort === 6 ? finishes : stops;
    const code = list.sort === 6 ? index.finish : index.stop;
    const rank = words.map((_, i) => i).sort((a, b) => words[a].localeCompare(words[b], 'en'));
    const place = [];
    rank.forEach((word, i) => { place[word] = i; });
    key = (i) => place[code[i]];
  }
  list.shown = list.shown.slice().sort((a, b) => sign * (key(a) - key(b)) || a - b);
};
const sortList = (place) => {
  list.descending = list.sort === place && !list.descending;
  list.sort = place;
  list.heads.forEach((head, i) => {
    if (i === place) head.setAttribute('aria-sort', list.descending ? 'descending' : 'ascending');
    else head.removeAttribute('aria-sort');
  });
  orderList();
  list.port.scrollTop = 0;
  drawList();
};
const listSpan = () => {
  const room = list.port.clientHeight;
  const whole = list.shown.length * rowHeight;
  const height = Math.min(whole, maxHeight);
  const top = list.port.scrollTop;
  // The pixel of the whole list that stands at the top of the window.
  const at = height < whole ? top / Math.max(1, height - room) * (whole - room) : top;
  return { room, whole, height, top, at };
};
const drawList = () => {
  const { room, at, top } = listSpan();
  const first = Math.max(0, Math.floor(at / rowHeight) - 4);
  const last = Math.min(list.shown.length, Math.ceil((at + room) / rowHeight) + 4);
  const hadFocus = list.pad.contains(document.activeElement);
  const drawn = [];
  for (let place = first; place < last; place++) drawn.push(drawRow(place, top + place * rowHeight - at));
  list.pad.replaceChildren(...drawn);
  if (!list.pad.querySelector('[tabindex="0"]') && drawn.length) drawn[Math.min(4, drawn.length - 1)].tabIndex =
  0;
  if (hadFocus) focusRow();
};
const drawRow = (place, y) => {
  const i = list.shown[place];
  const item = items.get(index.item[i]) || { id: '#' + index.item[i], input: '' };
  const cell = (text, style) => el('span', { role: 'gridcell', class: style, text });
  const word = resultWord(i);
  const name = el('span', { role: 'gridcell', text: item.id }, el('small', { text: item.input.replace(/\s+/g, ' ')
      .slice(0, 80) }));
  const node = el('div', {
      role: 'row',
      class: 'vrow',
      'aria-rowindex': place + 2,
      tabindex: place === list.active ? 0 : -1,
      'data-place': place,
      onclick: () => openSession(place)
    }, name, cell(rowName(index.row[i]) + (index.repeat[i] ? ' · repeat ' + index.repeat[i] : '')),
    cell((word === 'right' ? '✓ ' : word === 'wrong' ? '✗ ' : word === 'error' ? '! ' : '') + word + scoreText(
      i), word), cell(grouped(index.tokens[i]), 'n'),
    cell(seconds(index.seconds[i]), 'n'), cell(grouped(index.samples[i]), 'n'), cell(finishes[index.finish[i]]),
    cell(stops[index.stop[i]]));
  node.style.top = y + 'px';
  return node;
};
const focusRow = () => {
  const node = list.pad.querySelector('[data-place="' + list.active + '"]');
  if (node) node.focus({ preventScroll: true });
};
const moveTo = (place) => {
  list.active = Math.max(0, Math.min(list.shown.length - 1, place));
  const { room, whole, height, at } = listSpan();
  let target = at;
  if (list.active * rowHeight < at) target = list.active * rowHeight;
  if ((list.active + 1) * rowHeight > at + room) target = (list.active + 1) * rowHeight - room;
  if (target !== at) list.port.scrollTop = height < whole ? target / Math.max(1, whole - room) * (height - room) :
    target;
  drawList();
  focusRow();
};
const listKey = (event) => {
  const place = event.target.dataset && event.target.dataset.place !== undefined ? Number(event.target.dataset
    .place) : list.active;
  const page = Math.max(1, Math.floor(list.port.clientHeight / rowHeight) - 1);
  const steps = { ArrowDown: place + 1, ArrowUp: place - 1, PageDown: place + page, PageUp: place - page, Home: 0,
    End: list.shown.length - 1 };
  if (event.key in steps) moveTo(steps[event.key]);
  else if (event.key === 'Enter' || event.key === ' ') openSession(place);
  else return;
  event.preventDefault();
};
