import { runWorker } from '../../workers/worker-process.ts';

// A worker in a process of its own, for tests that kill it.
process.exitCode = await runWorker();
