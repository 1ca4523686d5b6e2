import { register } from 'tsx/esm/api';

// The library for programs without a TypeScript loader of their own: `import { handleException } from 'autoheal'`.
// A namespace keeps the loader away from the program's own modules.
const sources = register({ namespace: 'autoheal' });
const client = await sources.import('../client/index.ts', import.meta.url);

export const {
  closeCause,
  createAutoHeal,
  deliverReport,
  DeliveryProblem,
  drainSpool,
  handleException,
  reportException,
  requestAction,
  waitForVerdict,
  withAutoHeal,
} = client;
