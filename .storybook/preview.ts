import './still-time.js';
import './preview.css';
import '../stories/blocks/blocks.css';
import {type Preview, setCustomElementsManifest} from '@storybook/web-components-vite';
import {html} from 'lit';
import manifest from '../custom-elements.json' with {type: 'json'};
import {loadLateModules} from '../stories/late-modules.js';

setCustomElementsManifest(manifest);

const {documentElement: page} = document;

const preview: Preview = {
  tags: ['autodocs'],
  parameters: {
    a11y: {test: 'error'},
    backgrounds: {disable: true},
    controls: {expanded: true},
    layout: 'padded',
    options: {storySort: {order: ['Introduction', 'Tokens', 'Windows', 'Live', 'Parts']}},
  },
  initialGlobals: {lang: 'da', theme: 'auto', density: 'comfortable', width: 'full', font: 'system'},
  globalTypes: {
    lang: {
      description: 'Language of the windows',
      toolbar: {
        icon: 'globe',
        dynamicTitle: true,
        items: [
          {value: 'da', title: 'Dansk'},
          {value: 'en', title: 'English'},
        ],
      },
    },
    theme: {
      description: 'Color scheme of the page',
      toolbar: {
        icon: 'contrast',
        dynamicTitle: true,
        items: [
          {value: 'auto', title: 'Theme of the machine'},
          {value: 'light', title: 'Light'},
          {value: 'dark', title: 'Dark'},
        ],
      },
    },
    density: {
      description: 'Density of the windows',
      toolbar: {
        icon: 'component',
        dynamicTitle: true,
        items: [
          {value: 'comfortable', title: 'Comfortable'},
          {value: 'compact', title: 'Compact'},
        ],
      },
    },
    width: {
      description: 'Width that the host gives',
      toolbar: {
        icon: 'grow',
        dynamicTitle: true,
        items: [
          {value: 'full', title: 'Full width'},
          ...['360', '640', '900', '1200'].map((value) => ({value, title: `${value} px`})),
        ],
      },
    },
    font: {
      description: "The host's font",
      toolbar: {
        icon: 'document',
        dynamicTitle: true,
        items: [
          {value: 'system', title: 'System font'},
          {value: 'source-sans-3', title: 'Source Sans 3'},
          {value: 'serif', title: 'Serif'},
          {value: 'large', title: '20 px'},
        ],
      },
    },
  },
  beforeEach: ({globals}) => {
    page.dataset.settled = 'no';
    page.lang = String(globals.lang);
    page.style.colorScheme = globals.theme === 'auto' ? 'light dark' : String(globals.theme);
  },
  loaders: [
    loadLateModules,
    ({globals}) => (globals.font === 'source-sans-3' ? import('./source-sans-3.js') : undefined),
  ],
  decorators: [
    (story, {globals}) =>
      html`<div class="host" data-theme=${globals.theme} data-width=${globals.width} data-font=${globals.font}>
        ${story()}
      </div>`,
  ],
  // Whoever takes pictures waits for this.
  afterEach: async () => {
    await document.fonts.ready;
    page.dataset.settled = 'yes';
  },
};

export default preview;
