import { runBotProcess } from './bot-process.ts';
import { failForPeople } from './fail-for-people.ts';

// Whoever started it is gone when standard input ends.
process.stdin.on('end', () => process.kill(process.pid, 'SIGTERM')).resume();
process.exitCode = await runBotProcess({}).catch(failForPeople);
