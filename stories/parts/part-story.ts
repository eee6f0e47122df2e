import {windowStyles} from '@bsp/ui';
import type {StoryObj} from '@storybook/web-components-vite';
import {type CSSResult, render} from 'lit';
import {letTimeStand} from '../../.storybook/still-time.js';
import {lateWindowStyles} from '../late-modules.js';

/** Gives the Danish or the English of a text, as the toolbar says. */
export type Say = (danish: string, english: string) => string;

/** What a part is drawn with besides the language. */
export interface PartContext {
  readonly say: Say;
  readonly lang: 'da' | 'en';
  /** Draws the part anew: after something was chosen in it. */
  readonly draw: () => void;
}

/** Makes stories of a part: in a panel with the styles of a window, and those that the part needs. */
export const partOf =
  (...styles: readonly CSSResult[]) =>
  (content: (context: PartContext) => unknown): StoryObj => ({
    render: (_args, {globals}) => {
      letTimeStand(true);
      const lang = globals.lang === 'en' ? 'en' : 'da';
      const host = document.createElement('div');
      host.className = 'part';
      if (globals.density === 'compact') host.setAttribute('density', 'compact');
      const root = host.attachShadow({mode: 'open'});
      root.adoptedStyleSheets = [windowStyles, lateWindowStyles(), ...styles].flatMap(
        ({styleSheet}) => styleSheet ?? [],
      );
      const panel = document.createElement('section');
      panel.className = 'panel';
      root.append(panel);
      const context: PartContext = {
        lang,
        say: (danish, english) => (lang === 'en' ? english : danish),
        draw: () => {
          render(content(context), panel);
          for (const dialog of panel.querySelectorAll<HTMLDialogElement>('dialog:not([open])'))
            if (host.isConnected) dialog.showModal();
        },
      };
      context.draw();
      // A dialog can open only where it stands in the page.
      queueMicrotask(context.draw);
      return host;
    },
  });

/** The shadow root of the part in a story. */
export const partRoot = (canvas: Element): ShadowRoot => canvas.querySelector('.part')!.shadowRoot!;
