import { failForPeople } from './fail-for-people.ts';
import { runWorker } from './worker-process.ts';

process.exitCode = await runWorker({ endWithParent: true }).catch(failForPeople);
