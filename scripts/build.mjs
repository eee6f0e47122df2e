// npm run build: compiles the packages and bundles them for the browser.
import {build, checkNode, ensureInstalled} from './setup.mjs';

checkNode();
ensureInstalled();
build();
