import {existsSync} from 'node:fs';
import {fileURLToPath} from 'node:url';

/**
 * What some tests need and not every machine has. A test says so and skips with the reason:
 *
 * ```ts
 * it('reads every file', {skip: lacksSharedData('cpr-lookup')}, () => …)
 * ```
 *
 * Where BSP_REQUIRE_SHARED_DATA=1 or BSP_REQUIRE_SERVICES=1 says that they are there, lacking them is a failure.
 */
const required = (name: string, reason: string): string => {
  if (process.env[name] === '1') throw new Error(`${reason}, and ${name}=1`);
  return reason;
};

/** A path in the reference data beside the repository, whether it is there or not. */
export const sharedData = (path: string): string =>
  fileURLToPath(new URL(`../../shared/data/${path}`, import.meta.url));

/** False where the reference data is there, else why the test is skipped. */
export const lacksSharedData = (path: string): string | false =>
  existsSync(sharedData(path)) ? false : required('BSP_REQUIRE_SHARED_DATA', `../shared/data/${path} is not there`);

/** Services that tests can use, by the variable that says where each one is. */
const services = {postgres: 'BSP_TEST_POSTGRES'} as const;

/** Where a service is, e.g. `postgres://user@host/database`, or undefined. */
export const service = (name: keyof typeof services): string | undefined => process.env[services[name]] || undefined;

/** False where the service is there, else why the test is skipped. */
export const lacksService = (name: keyof typeof services): string | false =>
  service(name) ? false : required('BSP_REQUIRE_SERVICES', `${services[name]} does not say where ${name} is`);
