/**
 * The closed list of failure types that cross a workflow's or an activity's border (`ApplicationFailure.type`).
 * What is to be expected (denied, cooling down, verification failed) is a result, not one of these.
 */
export const failureTypes = {
  /** Thrown when HealWorkflow's input is not a report; the message names the field. Never retried. */
  invalidReport: 'InvalidReport',
  /** Thrown when a record is refused by the database for good (constraint, type): set aside, a person is told. */
  recordRefused: 'RecordRefused',
  /** Thrown when the database cannot take a record now (away, full, read-only). Retried until it can. */
  databaseAway: 'DatabaseAway',
  /** Thrown when a message could not be handed over now. Retried until it can. */
  messengerAway: 'MessengerAway',
  /** Thrown when a scheduled task's last run failed and AutoHeal's verdict is to give up. */
  taskFailed: 'TaskFailed',
  /** Thrown when the run of an incident was ended by hand while somebody waited for its verdict. */
  incidentEnded: 'IncidentEnded',
  /** Thrown when whoever runs a task again was not heard of for a while: another may run it. */
  holderLost: 'HolderLost',
  /** Thrown when the update `decide` brings something that is no decision; the message names the field. Never retried. */
  notADecision: 'NotADecision',
  /** Thrown when a client starts what only an incident's run may start. Never retried. */
  notAnIncidents: 'NotAnIncidents',
  /** Thrown when a task or host is not in the estate file. Never retried. */
  notInEstate: 'NotInEstate',
} as const;
