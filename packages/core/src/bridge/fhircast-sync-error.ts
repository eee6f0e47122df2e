import {fhircastSubjectEvents, fhircastSyncErrorSchema} from '@bsp/contract';

const systems = 'https://fhircast.hl7.org/events/syncerror/';

/** A program that is out of step with an event, as a `SyncError` has it (FHIRcast 3.2.1). */
export const outOfStep = {
  /** The context of the event that says so. */
  said: (event: string, program: string) => {
    const coding = (system: string, code: string) => ({system: systems + system, code});
    const issue = {
      severity: 'warning',
      code: 'processing',
      diagnostics: `${program} refused to follow context`,
      details: {
        coding: [
          coding('eventid', event),
          coding('eventname', fhircastSubjectEvents.open),
          coding('subscribername', program),
        ],
      },
    };
    return [{key: 'operationoutcome', resource: {resourceType: 'OperationOutcome', issue: [issue]}}];
  },

  heard(resource: unknown): {event: string; program: string} | undefined {
    const coding = fhircastSyncErrorSchema.safeParse(resource).data?.issue[0]?.details.coding ?? [];
    const of = (end: RegExp) => coding.find(({system}) => end.test(system))?.code;
    const [event, program] = [of(/\/eventid$/), of(/\/subscriber(name)?$/)];
    return event === undefined ? undefined : {event, program: program?.slice(0, 100) || 'A program'};
  },
};
