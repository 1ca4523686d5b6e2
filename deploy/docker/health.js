/**
 * A container's health check: asks the process itself, which knows when it last was of use (/healthz).
 *
 * Usage: node deploy/docker/health.js PORT. Exit code 0 healthy, 1 not; the reason in one line.
 */
try {
  const answer = await fetch(`http://127.0.0.1:${process.argv[2]}/healthz`, {
    signal: AbortSignal.timeout(8000),
  });
  console.log((await answer.text()).slice(0, 300));
  process.exitCode = answer.ok ? 0 : 1;
} catch (error) {
  console.log(`no answer: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
