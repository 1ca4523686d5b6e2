import { pino, type Logger } from 'pino';
import type { Config } from '../settings/settings.ts';

/** JSON lines on stderr; stdout is for a command's own output. Secrets never get here: what is logged is redacted before. */
export function createLog(config: Pick<Config, 'AUTOHEAL_LOG_LEVEL'>): Logger {
  return pino(
    { level: config.AUTOHEAL_LOG_LEVEL, base: { pid: process.pid } },
    pino.destination({ fd: 2, sync: true }),
  );
}
