/**
 * Has a launcher of Web Test Runner that drives puppeteer go from one test file straight to the next. Its own way is by an
 * empty page, and browsers start a process for that, and one more for the page after it. What a page left running ends with it
 * all the same: the next takes its place.
 */
export function keepPages(launcher) {
  const stopSession = launcher.stopSession.bind(launcher);
  return Object.assign(launcher, {
    stopSession(id) {
      // What was covered has to be collected.
      if (launcher.config.coverage) return stopSession(id);
      launcher.inactivePages.push(launcher.activePages.get(id));
      launcher.activePages.delete(id);
      return Promise.resolve({});
    },
  });
}
