import { failForPeople } from './fail-for-people.ts';
import { runHttp } from './http-process.ts';

process.exitCode = await runHttp({ endWithParent: true }).catch(failForPeople);
