// Inside a page: how long something takes until it stands laid out.

const channel = new MessageChannel();
const waiting = [];
channel.port1.onmessage = () => waiting.shift()?.();

/** The next task, without the delay of a timer. */
export const nextTask = () =>
  new Promise((resolve) => {
    waiting.push(resolve);
    channel.port2.postMessage(undefined);
  });

const patienceMs = 30_000;

/** Waits, task by task, until a condition holds. */
export async function until(condition, what) {
  const started = performance.now();
  while (!condition()) {
    if (performance.now() - started > patienceMs) throw new Error(`Waited in vain for ${what}.`);
    await nextTask();
  }
}

/** Milliseconds from an act until its outcome stands and the page is laid out. */
export async function timed(act, condition, what) {
  const started = performance.now();
  await act();
  await until(condition, what);
  document.body.getBoundingClientRect();
  return performance.now() - started;
}

const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));

/** Scrolls something from top to bottom in so many frames; the longest gap between two frames, and all long tasks. */
export async function scrolled(element, frames) {
  const longTasks = [];
  const observer = new PerformanceObserver((list) =>
    longTasks.push(...list.getEntries().map(({duration}) => duration)),
  );
  observer.observe({type: 'longtask'});
  const end = element.scrollHeight - element.clientHeight;
  let longest = 0;
  let before = await nextFrame();
  const started = before;
  for (let frame = 1; frame <= frames; frame++) {
    element.scrollTop = (end * frame) / frames;
    const now = await nextFrame();
    longest = Math.max(longest, now - before);
    before = now;
  }
  await nextFrame();
  observer.takeRecords();
  observer.disconnect();
  element.scrollTop = 0;
  await nextFrame();
  await nextFrame();
  return {longestFrame: longest, total: before - started, longTasks};
}
