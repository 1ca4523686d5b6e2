import {
  createAutoHeal as create,
  DeliveryProblem,
  handleException,
  reportException,
  requestAction,
  withAutoHeal,
  type AutoHealOptions,
} from '../../../client/index.ts';
import type * as published from '../index.d.ts';

/** What the package gives, as index.d.ts describes it: where the two differ, this does not compile. */
const api = {
  DeliveryProblem,
  handleException,
  reportException,
  requestAction,
  withAutoHeal,
  // A client is a client of Temporal's package, whose types stay out of ours.
  createAutoHeal: (options?: published.AutoHealOptions) => create(options as AutoHealOptions | undefined),
} satisfies typeof published;

export const { createAutoHeal } = api;
export { DeliveryProblem, handleException, reportException, requestAction, withAutoHeal };
