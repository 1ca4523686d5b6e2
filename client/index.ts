import { createAutoHeal, type AutoHeal } from './autoheal.ts';

export { createAutoHeal } from './autoheal.ts';
export { DeliveryProblem } from './delivery/delivery-problem.ts';
export type { AutoHealOptions } from './session.ts';

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
