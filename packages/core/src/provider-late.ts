/**
 * What a provider needs once a person is open, and no sooner. It comes with the first person, so that it is there when the
 * line is not.
 */

export {watchGlass} from './glass.js';
export {knowUser} from './know-user.js';
export {optionsAgain, renewed} from './renew.js';
export {survey} from './survey.js';
