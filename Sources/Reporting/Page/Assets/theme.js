// --- Light and dark ---
const themes = ['auto', 'light', 'dark'];
const remember = (value) => { try { localStorage.setItem('evalh-theme',
    value); } catch { /* Not allowed here: forgotten with the page. */ } };
const remembered = () => { try { return localStorage.getItem('evalh-theme'); } catch { return null; } };
const setTheme = (name) => {
  if (name === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = name;
  const button = byId('theme');
  button.textContent = { auto: 'Theme: auto', light: 'Theme: light', dark: 'Theme: dark' } [name];
  button.dataset.now = name;
};
const startTheme = () => {
  const button = byId('theme');
  setTheme(themes.includes(remembered()) ? remembered() : 'auto');
  button.hidden = false;
  button.addEventListener('click', () => {
    const next = themes[(themes.indexOf(button.dataset.now) + 1) % themes.length];
    setTheme(next);
    remember(next);
  });
};
