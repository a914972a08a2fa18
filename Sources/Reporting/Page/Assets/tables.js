// --- Tables that can be sorted by a click on a head ---
const cellKey = (row, column) => {
  const text = row.cells[column] ? row.cells[column].textContent.trim() : '';
  const number = parseFloat(text.replace(/[\s\u202f$<+]/g, '').replace('\u2212', '-'));
  return { text, number: Number.isNaN(number) ? null : number * (/ ms$/.test(text) ? 0.001 : 1) };
};
const sortTable = (table, column) => {
  const heads = [...table.tHead.rows[0].cells];
  const descending = heads[column].getAttribute('aria-sort') === 'ascending';
  for (const head of heads) head.removeAttribute('aria-sort');
  heads[column].setAttribute('aria-sort', descending ? 'descending' : 'ascending');
  const body = table.tBodies[0];
  const keyed = [...body.rows].map((row) => ({ row, key: cellKey(row, column) }));
  const numeric = keyed.some((entry) => entry.key.number !== null) && heads[column].classList.contains('n');
  keyed.sort((a, b) => {
    // What has no number stays at the end in either direction.
    if (numeric && (a.key.number === null || b.key.number === null)) return (a.key.number === null) - (b.key
      .number === null);
    const order = numeric ? a.key.number - b.key.number : a.key.text.localeCompare(b.key.text,
    'en', { numeric: true });
    return descending ? -order : order;
  });
  body.append(...keyed.map((entry) => entry.row));
};
const startTables = () => {
  for (const table of document.querySelectorAll('table.sortable')) {
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      if (head.textContent === '') return;
      const button = el('button', { type: 'button', text: head.textContent, onclick: () => sortTable(table,
          column) });
      head.replaceChildren(button);
    });
  }
};
