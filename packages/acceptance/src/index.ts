/**
 * Tells whether a backend keeps the contract.
 *
 * @packageDocumentation
 */
export {type Check, type CheckContext, NotApplicable, type TargetSecret, Unmet} from './check.js';
export {BackendClient, type ClientOptions} from './client.js';
export {PeopleError, peopleOf, type TestPeople} from './people.js';
export {type CheckResult, type Report, textOf} from './report.js';
export {type AcceptanceOptions, checks, furtherChecks, runAcceptance} from './suite.js';
