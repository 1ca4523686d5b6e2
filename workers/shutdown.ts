import type { Logger } from 'pino';

/**
 * SIGTERM and SIGINT end a process gracefully; a second one ends it at once. Both say what happens.
 * @returns takes the handlers away again
 */
export function onShutdown(log: Logger, { what, begin }: { what: string; begin: () => void }): () => void {
  let asked = false;
  const handle = (signal: NodeJS.Signals): void => {
    if (asked) {
      log.warn(`${signal} again: stopping now. What was under way is settled by looking at the next start.`);
      process.exit(1);
    }
    asked = true;
    log.info(`${signal}: stopping. ${what} Send it again to stop now.`);
    begin();
  };
  process.on('SIGTERM', handle);
  process.on('SIGINT', handle);
  return () => {
    process.off('SIGTERM', handle);
    process.off('SIGINT', handle);
  };
}
