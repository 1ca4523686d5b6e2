import * as client from '../../../client/index.ts';
import type * as published from '../index.d.ts';

/** What the package gives, as index.d.ts describes it: where the two differ, this does not compile. */
export const {
  createAutoHeal,
  DeliveryProblem,
  handleException,
  reportException,
  requestAction,
  withAutoHeal,
} = {
  ...client,
  // A client is a client of Temporal's package, whose types stay out of ours.
  createAutoHeal: (options?: published.AutoHealOptions) =>
    client.createAutoHeal(options as client.AutoHealOptions | undefined),
} satisfies typeof published;
