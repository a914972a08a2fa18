// --- Flips ---
// The mean score of each item's graded sessions in one row; undefined: none.
const meansOf = (row) => {
  const sums = new Map();
  for (let i = 0; i < sessionCount; i++) {
    if (index.row[i] !== row || Number.isNaN(index.score[i])) continue;
    const sum = sums.get(index.item[i]);
    if (sum) { sum[0] += index.score[i];
      sum[1]++; } else sums.set(index.item[i], [index.score[i], 1, i]);
  }
  return sums;
};
const flipsOf = (a, b) => {
  const [ofA, ofB] = [meansOf(a), meansOf(b)];
  const found = { aOnly: [], bOnly: [], both: 0 };
  for (const [item, [sum, count, session]] of ofA) {
    const other = ofB.get(item);
    if (!other) continue;
    found.both++;
    const [rightA, rightB] = [sum / count > 0.5, other[0] / other[1] > 0.5];
    if (rightA && !rightB) found.aOnly.push([item, other[2]]);
    if (rightB && !rightA) found.bOnly.push([item, session]);
  }
  return found;
};
const flipList = (title, entries) => {
  const node = el('div', {}, el('h3', { text: title + ' (' + grouped(entries.length) + ')' }));
  const rest = entries.slice();
  const body = el('ul', { class: 'items' });
  const more = el('button', { type: 'button' });
  const add = () => {
    for (const [item, session] of rest.splice(0, 25)) {
      body.append(el('li', {}, el('button', { type: 'button', class: 'link', text: itemName(item),
      onclick: () => showSession(session) })));
    }
    more.hidden = rest.length === 0;
    more.textContent = 'Show ' + Math.min(25, rest.length) + ' more of ' + grouped(rest.length);
  };
  more.addEventListener('click', add);
  add();
  node.append(body, more);
  return node;
};
const showFlips = () => {
  const [a, b] = [Number(byId('flip-a').value), Number(byId('flip-b').value)];
  const found = flipsOf(a, b);
  byId('flip-count').textContent = visible('On ' + grouped(found.both) + ' items that both answered, ' + rowName(
      a) + ' alone is right on ' + grouped(found.aOnly.length) +
    ' and ' + rowName(b) + ' alone on ' + grouped(found.bOnly.length) +
    '. A name opens the session that was wrong.');
  byId('flip-lists').replaceChildren(flipList('Only ' + rowName(a) + ' right', found.aOnly), flipList('Only ' +
    rowName(b) + ' right', found.bOnly));
};
const startFlips = () => {
  const form = byId('flip-form');
  if (!form) return;
  for (const id of ['flip-a', 'flip-b']) byId(id).replaceChildren(...rows.map((_, row) => option(row, rowName(
    row))));
  byId('flip-a').value = String(rows.length - 1);
  byId('flip-b').value = '0';
  form.hidden = false;
  form.addEventListener('change', showFlips);
  form.addEventListener('submit', (event) => event.preventDefault());
  showFlips();
};
