import { startPglite } from './pglite.ts';

/** The embedded database as a process of its own: `pglite-process.ts DIR PORT`. Tells its address in one line of JSON. */
const [dir, port] = process.argv.slice(2);
if (dir === undefined) throw new Error('usage: pglite-process.ts DIR [PORT]');
const database = await startPglite({ dir, port: Number(port ?? 0) });
process.stdout.write(`${JSON.stringify({ url: database.url })}\n`);
const stop = (): void => void database.close().then(() => process.exit(0));
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
// Whoever started it is gone: nobody will stop it later.
process.stdin.on('end', stop).resume();
database.broken.catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
