// --- A session's requests over time ---
const barKind = (draw) => (draw.cancelledAt !== null || draw.finish === 'cancelled' ? 'cancelled' : draw.finish ===
  'length' ? 'length' : draw.finish === 'stop' ? 'stop' : 'other');
const kindWords = { stop: 'ended', length: 'cut off', cancelled: 'cancelled', other: 'other' };
const readDraw = ([model, sample, finish, prompt, completion, took, asked, cancelledAt]) => ({ model, sample,
  finish, prompt, completion, took: took || 0, asked: asked || 0, cancelledAt });
const drawWords = (draw) => 'sample ' + draw.sample + ' of ' + draw.model + ': asked at ' + seconds(draw.asked) +
  ', took ' + seconds(draw.took) + ', ' +
  grouped(draw.completion) + ' tokens, ' + (draw.cancelledAt !== null ? 'cancelled at ' + grouped(draw
    .cancelledAt) + ' tokens' : kindWords[barKind(draw)]);
const niceStep = (raw) => {
  const power = 10 ** Math.floor(Math.log10(raw));
  return [1, 2, 5, 10].find((factor) => factor * power >= raw * 0.999) * power;
};
const timeline = (texts, session) => {
  const draws = texts.draws.map(readDraw);
  if (!draws.length) return null;
  // Recordings may have no times: then a bar is as long as its tokens.
  const timed = draws.some((draw) => draw.took > 0);
  const start = (draw) => (timed ? draw.asked : 0);
  const length = (draw) => (timed ? draw.took : draw.completion);
  const end = Math.max(...draws.map((draw) => start(draw) + length(draw))) || 1;
  // Beside the bars there is room for their words.
  const [left, right, pitch, top] = [44, 560, draws.length > 60 ? 8 : 18, 8];
  const bottom = top + draws.length * pitch;
  const x = (value) => left + (right - left) * Math.min(1, value / end);
  const step = niceStep(end / 6);
  const label = 'Requests of this session over ' + (timed ? 'time' : 'tokens');
  const words = draws.length + ' requests; ' + Object.keys(kindWords).map((kind) => draws.filter((draw) =>
      barKind(draw) === kind).length + ' ' + kindWords[kind]).join(', ') +
    '. The session stopped by ' + (stops[index.stop[session]] || 'its own end') + '.';
  const plot = svg('svg', { viewBox: '0 0 720 ' + (bottom + 34), role: 'img', 'aria-label': label + '. ' +
      visible(words) }, svg('title', { text: label }), svg('desc', { text: words }));
  for (let tick = 0; tick <= end * 1.0001; tick += step) {
    plot.append(svg('line', { class: 'grid', x1: x(tick), x2: x(tick), y1: top, y2: bottom }),
      svg('text', { class: 'tick', x: x(tick), y: bottom + 18, 'text-anchor': 'middle', text: Number(tick
          .toPrecision(6)) + (timed ? ' s' : '') }));
  }
  draws.forEach((draw, place) => {
    const y = top + place * pitch;
    const width = Math.max(2, x(start(draw) + length(draw)) - x(start(draw)));
    const bar = svg('rect', { class: 'bar-' + barKind(draw), x: x(start(draw)), y: y + 1.5, width,
      height: pitch - 3, rx: 2 }, svg('title', { text: drawWords(draw) }));
    plot.append(bar);
    if (pitch > 10) {
      plot.append(svg('text', { class: 'tick', x: left - 8, y: y + 13, 'text-anchor': 'end', text: draw
          .sample }));
      const note = grouped(draw.completion) + ' tokens' + (barKind(draw) === 'stop' ? '' : ', ' + kindWords[
        barKind(draw)]);
      plot.append(svg('text', { class: 'tick', x: x(start(draw)) + width + 7, y: y + 13, text: note }));
    }
  });
  plot.append(svg('line', { class: 'axis', x1: left, x2: right, y1: bottom, y2: bottom }));
  const table = textTable('Requests', ['sample', 'model', 'finish', 'prompt tokens', 'tokens', 'asked at', 'took',
      'cancelled at'
    ],
    draws.map((draw) => [draw.sample, draw.model, draw.finish, draw.prompt, draw.completion, seconds(draw
      .asked), seconds(draw.took), draw.cancelledAt === null ? '' : draw.cancelledAt
    ]));
  return el('div', {}, el('figure', {}, el('div', { class: 'scroll' }, plot), el('figcaption', { class: 'note',
      text: words })),
    el('details', {}, el('summary', { text: 'Numbers of this plot' }), table));
};
const textTable = (caption, heads, body) => el('div', { class: 'scroll' }, el('table', {}, el(
  'caption', { text: caption }),
  el('thead', {}, el('tr', {}, ...heads.map((head) => el('th', { scope: 'col', text: head })))),
  el('tbody', {}, ...body.map((row) => el('tr', {}, ...row.map((cell) => el('td', { text: cell })))))));
