import { createAutoHeal, type AutoHeal } from './autoheal.ts';

export { createAutoHeal, type AutoHeal, type HandleOptions, type RequestedAction } from './autoheal.ts';
export { closeCause } from './close-cause.ts';
export { deliverReport, type DeliveryContext } from './deliver.ts';
export { DeliveryProblem, type DeliveryProblemCode } from './delivery-problem.ts';
export { drainSpool, type Drained } from './drain-spool.ts';
export type { HandedOver } from './hand-over.ts';
export type { DeliveredReport } from './incident-line.ts';
export type { FailureContext } from './report-of.ts';
export type { AutoHealOptions } from './session.ts';
export { waitForVerdict } from './wait-for-verdict.ts';
export type { WithAutoHealOptions } from './with-autoheal.ts';

let shared: AutoHeal | null = null;

/** One for the process, by the environment's configuration, made when first used. */
function byEnvironment(): AutoHeal {
  shared ??= createAutoHeal();
  return shared;
}

/** `reportException` of an AutoHeal that is configured by the environment. */
export const reportException: AutoHeal['reportException'] = (...args) =>
  byEnvironment().reportException(...args);

/** `handleException` of an AutoHeal that is configured by the environment. */
export const handleException: AutoHeal['handleException'] = (...args) =>
  byEnvironment().handleException(...args);

/** `withAutoHeal` of an AutoHeal that is configured by the environment. */
export const withAutoHeal: AutoHeal['withAutoHeal'] = (...args) => byEnvironment().withAutoHeal(...args);

/** `requestAction` of an AutoHeal that is configured by the environment. */
export const requestAction: AutoHeal['requestAction'] = (...args) => byEnvironment().requestAction(...args);
