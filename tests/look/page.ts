import type {Session} from '@bsp/core';
import {fakeSession} from '../browser/fixtures/fake-session.js';
import {type Scene, type SceneModule, setOnline, settled, stage} from '../browser/fixtures/scene.js';

/** Shows one scene at a time on an otherwise empty page; served by scene-server.mjs. */
declare global {
  interface Window {
    /** By window. */
    sceneNames: Readonly<Record<string, readonly string[]>>;
    showScene: (window: string, scene: string, options: {lang: string; theme: string}) => Promise<void>;
    /** The window that is shown goes on to how it stands in another of its scenes, with the same person. */
    goOn: (scene: string) => Promise<void>;
    /** Something about the person's Session changes: it is veiled, or kept. */
    changeSession: (change: Partial<Pick<Session, 'veiled' | 'kept'>>) => Promise<void>;
    /** The window that is shown turns to another person, as another of its scenes has it. */
    turnTo: (scene: string, person: Pick<Session, 'name' | 'subject'>) => Promise<void>;
  }
}

/** Called by the entry that scene-server.mjs writes. */
export function showScenes(modules: Readonly<Record<string, SceneModule>>): void {
  let shown: Awaited<ReturnType<typeof stage>> | undefined;
  let ofWindow: SceneModule | undefined;
  const present = () => {
    if (!shown) throw new Error('Nothing is shown');
    return shown;
  };
  const sceneOf = (name: string): Scene => {
    const scene = ofWindow?.scenes[name];
    if (!scene) throw new Error(`There is no scene ${name}`);
    return scene;
  };
  window.showScene = async (name, sceneName, {lang, theme}) => {
    document.body.replaceChildren();
    document.documentElement.lang = lang;
    document.documentElement.style.colorScheme = theme;
    scrollTo(0, 0);
    setOnline(true);
    ofWindow = modules[name];
    shown = await stage(ofWindow?.tag ?? '', sceneOf(sceneName), {lang});
  };
  window.goOn = async (name) => {
    const {session, element} = present();
    setOnline(!sceneOf(name).offline);
    for (const [resource, view] of Object.entries(sceneOf(name).views ?? {})) session?.show({name: resource}, view);
    await settled(element);
  };
  window.changeSession = async (change) => {
    const {session, element} = present();
    session?.change(change);
    await settled(element);
  };
  window.turnTo = async (name, person) => {
    const {provider, element} = present();
    const scene = sceneOf(name);
    const session = fakeSession({...scene.session, ...person});
    for (const [resource, view] of Object.entries(scene.views ?? {})) session.show({name: resource}, view);
    shown = {...present(), session};
    provider.session = session;
    await settled(element);
  };
  window.sceneNames = Object.fromEntries(
    Object.entries(modules).map(([name, {scenes}]) => [name, Object.keys(scenes)]),
  );
}
