// Reads a Containerfile as far as ours goes: what it knows not is an error, so that nothing is passed over.

const known = new Set('ARG FROM WORKDIR COPY RUN ENV USER EXPOSE HEALTHCHECK ENTRYPOINT CMD'.split(' '));

/** The instructions of a Containerfile: `{name, text}`, lines that go on put together. */
function instructionsOf(text) {
  const lines = text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .join('\n')
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '');
  return lines.map((line) => {
    const [, name, rest] = /^(\S+)\s+(.*)$/.exec(line) ?? [];
    if (!known.has(name)) throw new Error(`Not known here: ${line}`);
    return {name, text: rest.trim()};
  });
}

/**
 * The stages of a Containerfile, in order: `image`, `name`, and `steps` with the folder that each is done in.
 * The last one is what is run; its `environment`, `user`, `ports`, `entrypoint`, `command` and `healthCommand` are those
 * of its image.
 */
export function stagesOf(text) {
  const defaults = {};
  const stages = [];
  for (const {name, text: rest} of instructionsOf(text)) {
    const stage = stages.at(-1);
    if (name === 'ARG') {
      if (stage) throw new Error('ARG inside of a stage is not known here.');
      const [key, value] = rest.split(/=(.*)/s);
      defaults[key] = value;
      continue;
    }
    if (name === 'FROM') {
      const [image, , as] = rest.replaceAll(/\$\{(\w+)\}/g, (_, key) => defaults[key]).split(/\s+/);
      stages.push({image, name: as, folder: '/', steps: [], environment: {}, ports: []});
      continue;
    }
    if (name === 'WORKDIR') stage.folder = rest;
    else if (name === 'COPY') {
      const from = /^--from=(\S+)\s+/.exec(rest);
      const paths = rest.slice(from?.[0].length ?? 0).split(/\s+/);
      stage.steps.push({
        kind: 'copy',
        folder: stage.folder,
        from: from?.[1],
        paths: paths.slice(0, -1),
        to: paths.at(-1),
      });
    } else if (name === 'RUN') stage.steps.push({kind: 'run', folder: stage.folder, command: rest});
    else if (name === 'ENV') for (const [, key, value] of rest.matchAll(/(\w+)=(\S+)/g)) stage.environment[key] = value;
    else if (name === 'USER') stage.user = rest;
    else if (name === 'EXPOSE') stage.ports.push(Number(rest));
    else if (name === 'HEALTHCHECK') stage.healthCommand = JSON.parse(/\sCMD\s+(\[.*\])$/.exec(` ${rest}`)[1]);
    // The shell form would put a shell between the signals and the process.
    else if (name === 'ENTRYPOINT') stage.entrypoint = JSON.parse(rest);
    else if (name === 'CMD') stage.command = JSON.parse(rest);
  }
  return stages;
}

/** Whether a path reaches the build, by the rules of a `.dockerignore` as simple as ours: the last that matches decides. */
export function isSent(ignoreText, path) {
  const rules = ignoreText
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line && !line.startsWith('#'));
  const parts = path.split('/');
  const ways = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
  let isOut = false;
  for (const rule of rules) {
    const isBack = rule.startsWith('!');
    const pattern = new RegExp(
      `^${rule
        .replace(/^!/, '')
        .replaceAll(/[.+^$()|[\]]/g, '\\$&')
        .replaceAll('**/', '(?:.*/)?')
        .replaceAll(/(?<![.)])\*/g, '[^/]*')}$`,
    );
    if (ways.some((way) => pattern.test(way))) isOut = !isBack;
  }
  return !isOut;
}
