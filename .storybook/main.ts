import type {StorybookConfig} from '@storybook/web-components-vite';
import {mergeConfig} from 'vite';

const config: StorybookConfig = {
  stories: ['../stories/*.mdx', '../stories/**/*.stories.ts'],
  addons: ['@storybook/addon-docs', '@storybook/addon-a11y', '@storybook/addon-vitest'],
  framework: {name: '@storybook/web-components-vite', options: {}},
  core: {disableTelemetry: true, disableWhatsNewNotifications: true, enableCrashReports: false},
  features: {sidebarOnboardingChecklist: false},
  viteFinal: (given) =>
    mergeConfig(given, {
      // Packages are read as their sources; one Lit for all of them.
      resolve: {
        conditions: ['source', 'module', 'browser', 'development|production'],
        dedupe: ['lit', 'lit-html', 'lit-element', '@lit/reactive-element'],
      },
      // Browsers that know light-dark(): it is not to be rewritten.
      build: {cssTarget: ['chrome125', 'firefox125', 'safari18'], chunkSizeWarningLimit: 4000},
    }),
};

export default config;
