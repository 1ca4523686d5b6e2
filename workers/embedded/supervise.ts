import type { Child } from './child.ts';

const calmMs = 60_000;

/** Who heals the healer: a child that ends by itself is started again, at once at first, then ever more slowly. */
export function superviseChild(start: () => Child, say: (line: string) => void): { release: () => void } {
  let released = false;
  let quickEnds = 0;
  const run = (): void => {
    const begunMs = Date.now();
    const child = start();
    void child.ended.then(({ exitCode, signal }) => {
      if (released) return;
      quickEnds = Date.now() - begunMs > calmMs ? 0 : quickEnds + 1;
      const pauseMs = Math.min(30_000, 500 * 2 ** quickEnds);
      say(
        `${child.name} ended (${signal ?? `exit code ${exitCode ?? 'unknown'}`}); starting it again in ${pauseMs / 1000} s`,
      );
      setTimeout(() => {
        if (!released) run();
      }, pauseMs);
    });
  };
  run();
  return {
    release: () => {
      released = true;
    },
  };
}
