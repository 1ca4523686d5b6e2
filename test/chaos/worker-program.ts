import { runWorker } from '../../workers/worker-process.ts';

/** The product's own worker process, configured by the environment: what the faults are done to. */
process.exitCode = await runWorker();
