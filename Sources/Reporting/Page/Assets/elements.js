// --- Elements and texts ---
const byId = (id) => document.getElementById(id);
const make = (node, attributes, children) => {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === 'text') node.textContent = visible(value);
    else if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ?
      '' : String(value));
  }
  for (const child of children)
    if (child !== null && child !== undefined) node.append(child);
  return node;
};
const el = (tag, attributes, ...children) => make(document.createElement(tag), attributes, children);
const svg = (tag, attributes, ...children) => make(document.createElementNS('http://www.w3.org/2000/svg', tag),
  attributes, children);

// Control, bidirectional, zero-width and tag characters are shown by their numbers, so that no text can look like
// another.
const dangerous = new RegExp('[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u200b\\u200e\\u200f\\u2028-\\u202e' +
  '\\u2060\\u2066-\\u2069\\ufeff\\ufffe\\uffff\\u{e0000}-\\u{e007f}]', 'gu');
const visible = (value) => String(value).replace(dangerous, (found) => '\\u{' + found.codePointAt(0).toString(16) +
  '}');

const grouped = (value) => String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, '\u202f');
const seconds = (value) => value < 0.01 && value > 0 ? (value * 1000).toFixed(1) + ' ms' : value.toFixed(2) + ' s';
const usd = (value) => '$' + (value > 0 && value < 1 ? value.toPrecision(3) : value.toFixed(2));
const option = (value, text) => el('option', { value, text });
