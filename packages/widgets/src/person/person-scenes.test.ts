import {describeAccessibleScenes} from '../../../../tests/browser/fixtures/accessible-scenes.js';
import * as personScenes from '../../../../tests/browser/scenes/person.js';

// Apart from the behaviour: more than a hundred runs of axe take their time.
describeAccessibleScenes(personScenes);
