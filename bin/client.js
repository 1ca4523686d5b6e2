import { register } from 'tsx/esm/api';

// The library for programs without a TypeScript loader of their own: `import { handleException } from 'autoheal'`.
const unregister = register();
const client = await import('../client/index.ts');
await unregister();

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
