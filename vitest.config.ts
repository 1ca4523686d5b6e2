import { defineConfig } from 'vitest/config';

/**
 * Two projects: `fast` needs no service and takes seconds; `services` runs on a real Temporal server, real
 * PostgreSQL and the real ssh client, all brought by test/support/set-up.ts.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'fast',
          sequence: { groupOrder: 0 },
          include: ['test/**/*.fast.test.ts', 'test/domain/**/*.test.ts'],
          testTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'services',
          sequence: { groupOrder: 1 },
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.fast.test.ts', 'test/domain/**', 'test/image/**'],
          globalSetup: ['test/support/set-up.ts'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          fileParallelism: true,
          maxWorkers: 2,
        },
      },
    ],
  },
});
