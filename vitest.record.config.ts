import { defineConfig } from 'vitest/config';

/** `npm run record-histories`: stores the history of each way a heal can end that has no stored one yet. */
export default defineConfig({
  test: {
    include: ['test/replay/record*.ts'],
    globalSetup: ['test/support/set-up.ts'],
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
