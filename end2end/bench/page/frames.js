// Runs inside a viewer's page: scrolls at a steady speed and notes every frame, and when something seen has no picture.

/**
 * @param {string} frame selector of what scrolls
 * @param {string} picture selector of the canvas of a page that is drawn
 * @param {number} speed CSS pixels a second
 * @param {number} seconds how long
 */
globalThis.scrollFast = async (frame, picture, speed, seconds) => {
  const box = document.querySelector(frame);
  const drawn = (page) => {
    const canvas = page.querySelector(picture);
    return canvas !== null && canvas.width > 0 && !canvas.hidden;
  };
  /** The share of the window's height in which a page stands that has a picture. Gaps between pages do not count as lacking. */
  const covered = () => {
    const window_ = box.getBoundingClientRect();
    let seen = 0;
    for (const page of box.querySelectorAll(".page")) {
      const { top, bottom } = page.getBoundingClientRect();
      const height = Math.min(bottom, window_.bottom) - Math.max(top, window_.top);
      if (height > 0 && drawn(page)) seen += height;
    }
    return seen / window_.height;
  };
  const blank = () => covered() < 0.9;
  const next = () => new Promise((resolve) => requestAnimationFrame(resolve));
  let last = await next();
  const begin = last;
  const from = box.scrollTop;
  const told = { frames: 0, late: 0, longest: 0, blank: 0, time: 0 };
  let lacking = false;
  while (last - begin < seconds * 1000 && box.scrollTop + box.clientHeight < box.scrollHeight - 2) {
    const now = await next();
    const took = now - last;
    told.frames++;
    if (took > 50) told.late++;
    told.longest = Math.max(told.longest, took);
    if (lacking) told.blank += took;
    last = now;
    box.scrollTop = from + ((now - begin) / 1000) * speed;
    lacking = blank();
  }
  told.time = last - begin;
  told.distance = box.scrollTop - from;
  // How long until all that is seen is there.
  const stopped = performance.now();
  while (blank() && performance.now() - stopped < 20_000) await next();
  told.settle = performance.now() - stopped;
  return told;
};
