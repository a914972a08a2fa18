// --- Sessions ---
const [isError, hasText, gradesDiffer, isCutOff] = flags;
const rowName = (row) => (rows[row][1] ? rows[row][0] + ' ' + rows[row][1] : rows[row][0]);
// Right is above one half, as for paired comparisons; null: neither.
const isRight = (session) => (Number.isNaN(index.score[session]) ? null : index.score[session] > 0.5);
const resultWord = (session) => {
  if (index.flags[session] & isError) return 'error';
  const right = isRight(session);
  return right === null ? 'ungraded' : right ? 'right' : 'wrong';
};
const scoreText = (session) => {
  const score = index.score[session];
  return Number.isNaN(score) ? '' : score === 0 || score === 1 ? '' : ' ' + score.toFixed(2);
};
// Sessions stand item by item: where an item's begin and end.
const sessionsOfItem = (ordinal) => {
  let low = 0;
  let high = sessionCount;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (index.item[middle] < ordinal) low = middle + 1;
    else high = middle;
  }
  const found = [];
  while (low < sessionCount && index.item[low] === ordinal) found.push(low++);
  return found;
};
