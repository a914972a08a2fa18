// --- A page that is served: how the run goes ---
const startLive = () => {
  const banner = byId('live');
  if (!banner) return;
  const shown = sessionCount;
  const line = el('span', {});
  const again = el('button', { type: 'button', text: 'Show the new sessions', hidden: true, onclick: () =>
      location.reload() });
  banner.replaceChildren(line, ' ', again);
  banner.hidden = false;
  const ask = async () => {
    try {
      const answer = await fetch('status', { cache: 'no-store' });
      if (!answer.ok) throw new Error('status ' + answer.status);
      const state = await answer.json();
      const planned = state.planned === undefined || state.planned === null ? '' : ' of ' + grouped(state
        .planned);
      const more = state.sessions - shown;
      line.textContent = (state.complete ? 'The run is complete: ' : 'The run goes on: ') + grouped(state
          .sessions) + planned + ' sessions' +
        (more > 0 ? ', ' + grouped(more) + ' more than on this page.' : '.');
      again.hidden = more <= 0;
      banner.dataset.sessions = String(state.sessions);
      if (state.complete && more <= 0) return;
    } catch (problem) {
      line.textContent = 'The page is not served any more (' + problem.message + '); what is shown stays.';
      return;
    }
    setTimeout(ask, 2000);
  };
  ask();
};
