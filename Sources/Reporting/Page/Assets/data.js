// --- Chunks ---
const [rows, columns, finishes, stops, stages, sessionCount, textCount, flags] =
  JSON.parse(byId('page-data').textContent);
const chunks = (kind) => [...document.querySelectorAll('script[data-chunk="' + kind + '"]')]
  .map((node) => ({ node, from: Number(node.dataset.from), to: Number(node.dataset.to) }));
const unpack = async (chunk) => {
  const packed = atob(chunk.node.textContent);
  const bytes = new Uint8Array(packed.length);
  for (let i = 0; i < packed.length; i++) bytes[i] = packed.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Response(stream).arrayBuffer();
};
const unpackJSON = async (chunk) => JSON.parse(new TextDecoder().decode(await unpack(chunk)));

// All sessions' numbers as typed arrays: index.score[session].
const arrays = { u32: Uint32Array, f32: Float32Array, u16: Uint16Array, u8: Uint8Array };
const index = Object.fromEntries(columns.map(([name, type]) => [name, new arrays[type](sessionCount)]));
const loadIndex = async () => {
  await Promise.all(chunks('index').map(async (chunk) => {
    const buffer = await unpack(chunk);
    const count = chunk.to - chunk.from + 1;
    let offset = 0;
    for (const [name, type] of columns) {
      index[name].set(new arrays[type](buffer, offset, count), chunk.from);
      offset += count * arrays[type].BYTES_PER_ELEMENT;
    }
  }));
};

// Items' ids and the beginnings of their inputs, by ordinal.
const items = new Map();
const loadNames = async () => {
  for (const chunk of chunks('names'))
    for (const [ordinal, id, input] of await unpackJSON(chunk)) items.set(ordinal, { id, input });
};
const itemName = (ordinal) => (items.has(ordinal) ? items.get(ordinal).id : '#' + ordinal);

// A few chunks of texts stay unpacked; the oldest goes first.
const textChunks = chunks('texts');
const unpacked = new Map();
const textsOf = async (session) => {
  const chunk = textChunks.find((one) => one.from <= session && session <= one.to);
  if (!chunk || !(index.flags[session] & hasText)) return null;
  if (!unpacked.has(chunk)) {
    if (unpacked.size > 5) unpacked.delete(unpacked.keys().next().value);
    unpacked.set(chunk, await unpackJSON(chunk));
  }
  for (const [, input, target, own] of unpacked.get(chunk)) {
    for (const texts of own)
      if (texts[0] === session) return readTexts(input, target, texts);
  }
  return null;
};
const readTexts = (input, target, [, answer, extracted, strict, error, usage, numbers, draws, candidates, notes]) =>
  ({
    input,
    target,
    answer,
    extracted,
    strict,
    error,
    usage,
    usd: numbers[0],
    firstToken: numbers[1],
    confidence: numbers[2],
    draws,
    candidates,
    notes,
  });
const plain = (text) => (Array.isArray(text) ? text[0] + '\n' + text[1] : text === null ? '' : text);
