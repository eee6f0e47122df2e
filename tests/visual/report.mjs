// A page for eyes: what changed, before and after beside each other.
import {mkdirSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {keptPicture} from './compare.mjs';

const escaped = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

const style = `
:root{color-scheme:light dark;font:15px/1.5 system-ui,sans-serif}
body{margin:2rem auto;max-width:110rem;padding:0 1rem}
section{border-top:1px solid #8888;padding-block:1rem}
h1{font-size:1.4rem}h2{font-size:1.05rem;margin:0}h2 small{font-weight:400;opacity:.75}
.pictures{display:grid;grid-template-columns:repeat(auto-fit,minmax(18rem,1fr));gap:1rem;align-items:start}
figure{margin:.5rem 0}figcaption{font-size:.85rem;opacity:.75}
img{max-width:100%;border:1px solid #8888;display:block}`;

/**
 * Writes the report's folder anew and returns the path of its page.
 *
 * @param changes - `{story, view, text, before?, after?, marked?}`: `before` as pixels, the others as PNG.
 */
export async function writeReport(folder, changes) {
  rmSync(folder, {recursive: true, force: true});
  mkdirSync(folder, {recursive: true});
  const figure = (name, caption, bytes) => {
    if (!bytes) return '';
    writeFileSync(join(folder, name), bytes);
    return `<figure><img src="${name}" alt=""><figcaption>${caption}</figcaption></figure>`;
  };
  const sections = [];
  for (const [number, {story, view, text, before, after, marked}] of changes.entries()) {
    const pictures = [
      figure(`${number}-before.webp`, 'Accepted', before && (await keptPicture(before))),
      figure(`${number}-after.png`, 'Now', after),
      figure(`${number}-marked.png`, 'Where they differ', marked),
    ].join('');
    const title = `${escaped(story.title)} / ${escaped(story.name)} <small>${escaped(view ?? '')} · ${escaped(text)}</small>`;
    sections.push(`<section><h2>${title}</h2><div class="pictures">${pictures}</div></section>`);
  }
  const path = join(folder, 'index.html');
  writeFileSync(
    path,
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>What changed</title><style>${style}</style>
<h1>${changes.length === 0 ? 'Nothing changed' : `${changes.length} ${changes.length === 1 ? 'change' : 'changes'}`}</h1>
${sections.join('\n')}</html>\n`,
  );
  return path;
}
