import {type SceneModule, setOnline, stage} from '../browser/fixtures/scene.js';

/** Shows one scene of a window on an otherwise empty page; driven by screenshot.mjs. */
declare global {
  interface Window {
    sceneNames: string[];
    showScene: (name: string, options: {lang: string; theme: string}) => Promise<void>;
  }
}

/** Called by the entry that screenshot.mjs writes. */
export function showOn(module: SceneModule): void {
  window.sceneNames = Object.keys(module.scenes);
  window.showScene = async (name, {lang, theme}) => {
    document.body.replaceChildren();
    document.documentElement.lang = lang;
    document.documentElement.style.colorScheme = theme;
    setOnline(true);
    const scene = module.scenes[name];
    if (scene) await stage(module.tag, scene, {lang});
  };
}
