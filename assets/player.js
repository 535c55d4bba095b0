/* Beside the browser's own player: the line that is heard, seeking from the transcript, search in it, speed,
 * the language that was chosen, descriptions. Every word comes from the page; without this all of it still plays. */
'use strict';
(() => {
  const get = (id) => document.getElementById(id);
  const tools = get('tools');
  if (!tools) return;
  const media = document.querySelector('.stage video, .stage audio');
  const says = document.querySelector('.says');
  const lines = says ? [...says.children] : [];
  const starts = lines.map((line) => +line.id.slice(1));
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  const follow = get('follow');

  /* Storage may be forbidden, or full. */
  const KEY = 'tribune.subtitles';
  const recall = () => { try { return localStorage.getItem(KEY); } catch { return null; } };
  const keep = (value) => { try { localStorage.setItem(KEY, value); } catch { /* then it is not remembered */ } };

  /* --- Search in what is shown. */
  const plain = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const within = get('within');
  const status = get('matches');
  let texts;
  let hits = [];
  let at = -1;
  const say = (text) => { status.textContent = text; };
  const go = (step) => {
    if (!hits.length) return;
    at = (at + step + hits.length) % hits.length;
    hits.forEach((line, i) => line.classList.toggle('at', i === at));
    hits[at].scrollIntoView({ block: 'center' });
    say(`${status.dataset.some} ${at + 1} / ${hits.length}`);
  };
  const find = () => {
    const wanted = plain(within.value.trim());
    texts = texts || lines.map((line) => plain(line.textContent));
    hits = lines.filter((line, i) => {
      const hit = wanted !== '' && texts[i].includes(wanted);
      line.classList.toggle('hit', hit);
      line.classList.remove('at');
      return hit;
    });
    at = -1;
    say(!wanted ? '' : hits.length ? `${status.dataset.all} ${hits.length}` : status.dataset.none);
  };
  if (lines.length) {
    within.addEventListener('input', find);
    within.addEventListener('keydown', (e) => {
      if (e.key !== 'Enter' || e.isComposing) return;
      e.preventDefault();
      setFollow(false);
      go(e.shiftKey ? -1 : 1);
    });
    get('next').addEventListener('click', () => { setFollow(false); go(1); });
    get('previous').addEventListener('click', () => { setFollow(false); go(-1); });
  }
  get('search').hidden = !lines.length;

  /* --- Following: off until asked for, and off as soon as the reader moves. */
  let following = false;
  function setFollow(on) {
    following = on && !still.matches;
    follow.setAttribute('aria-pressed', following);
  }
  let current = -1;
  const mark = () => {
    const now = media.currentTime + .05;
    let place = -1;
    for (let i = 0; i < starts.length && starts[i] <= now; i++) place = i;
    if (place === current) return;
    current = place;
    lines.forEach((line, i) => i === place ? line.setAttribute('aria-current', 'true') : line.removeAttribute('aria-current'));
    if (following && place >= 0) lines[place].scrollIntoView({ block: 'center' });
  };

  const seek = (second) => {
    media.currentTime = second;
    media.play().catch(() => {});
  };
  const jump = (e) => {
    const link = e.target.closest('.says > li > a, .chaps a');
    if (!link || e.button || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey) return;
    const line = get(link.hash.slice(1)); // a part of a long transcript: what is not on the page is loaded
    if (!line) return;
    e.preventDefault();
    const second = +line.id.slice(1);
    const address = new URL(location);
    if (link.pathname === address.pathname) address.searchParams.set('t', second);
    address.hash = line.id;
    history.replaceState(history.state, '', address);
    seek(second);
  };

  /* Letters alone, while the player or the transcript has the focus. Space and arrows are the browser's. */
  const keys = (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.shiftKey || e.isComposing || e.target.matches('input, select')) return;
    if (e.key === 'k') media.paused ? media.play().catch(() => {}) : media.pause();
    else if (e.key === 'j') media.currentTime = Math.max(0, media.currentTime - 10);
    else if (e.key === 'l') media.currentTime += 10;
    else if (e.key === 'Escape' && !document.fullscreenElement) document.activeElement.blur();
    else return;
    e.preventDefault();
  };

  /* --- The language of the subtitles, once something plays: until then nothing is loaded. */
  const words = () => [...media.textTracks].filter((t) => t.kind === 'captions' || t.kind === 'subtitles');
  const shown = () => (words().find((t) => t.mode === 'showing') || { language: '' }).language;
  const language = () => {
    const wanted = recall();
    if (wanted !== null && (wanted === '' || words().some((t) => t.language === wanted)))
      words().forEach((t) => { t.mode = t.language === wanted ? 'showing' : 'disabled'; });
    let last = shown();
    media.textTracks.addEventListener('change', () => {
      const now = shown();
      if (now !== last) keep(now);
      last = now;
    });
  };

  /* --- Descriptions, for those who do not see the film: as text, or spoken while it waits. */
  const describe = (track) => {
    const how = get('described');
    const text = get('description');
    const voice = window.speechSynthesis;
    let waits = false;
    const quiet = () => {
      if (voice) voice.cancel();
      if (waits) media.play().catch(() => {});
      waits = false;
    };
    if (!voice) how.querySelector('[value=spoken]').remove();
    how.addEventListener('change', () => {
      quiet();
      track.mode = how.value ? 'hidden' : 'disabled';
      text.hidden = how.value !== 'shown';
      text.textContent = '';
    });
    track.addEventListener('cuechange', () => {
      const cue = track.activeCues && track.activeCues[0];
      const told = cue ? cue.getCueAsHTML().textContent : '';
      if (how.value === 'shown') text.textContent = told;
      if (how.value !== 'spoken' || !told || media.paused) return;
      const speech = new SpeechSynthesisUtterance(told);
      speech.lang = track.language;
      speech.onend = speech.onerror = quiet;
      waits = true;
      media.pause();
      voice.speak(speech);
    });
    text.lang = track.language;
    how.parentElement.hidden = false;
  };

  if (media) {
    const stage = media.closest('.stage');
    const speed = get('speed');
    const track = [...media.textTracks].find((t) => t.kind === 'descriptions');
    speed.addEventListener('change', () => { media.playbackRate = speed.value / 100; });
    media.addEventListener('ratechange', () => { speed.value = Math.round(media.playbackRate * 100); });
    media.addEventListener('timeupdate', mark);
    media.addEventListener('seeked', mark);
    media.addEventListener('play', language, { once: true });
    document.addEventListener('click', jump);
    for (const place of [stage, tools.parentElement]) place.addEventListener('keydown', keys);
    for (const move of ['wheel', 'touchmove']) addEventListener(move, () => setFollow(false), { passive: true });
    addEventListener('keydown', (e) => { if (/^(Page|Home|End|Arrow(Up|Down))/.test(e.key) && e.target !== media && !e.target.matches('input, select')) setFollow(false); });
    follow.addEventListener('click', () => {
      setFollow(!following);
      if (following && current >= 0) lines[current].scrollIntoView({ block: 'center' });
    });
    follow.hidden = !lines.length || still.matches;
    still.addEventListener('change', () => { setFollow(false); follow.hidden = !lines.length || still.matches; });
    if (track) describe(track);
    get('playing').hidden = false;
  }
  tools.hidden = !media && !lines.length;
})();
