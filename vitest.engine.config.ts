import { defineConfig } from 'vitest/config';

/** `npm run test:engine`: the same product on a real Docker engine, which needs root, dockerd and busybox. */
export default defineConfig({
  test: {
    include: ['test/engine/**/*.engine.ts'],
    globalSetup: ['test/support/set-up.ts'],
    testTimeout: 240_000,
    hookTimeout: 180_000,
    fileParallelism: false,
    maxConcurrency: 4,
  },
});
