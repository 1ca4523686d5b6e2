import { defineConfig } from 'vitest/config';

/**
 * `npm run test:image`: builds the image and runs it as docker-compose.yml does, beside real services, on a Docker
 * engine of its own. Needs root and docker.io (apt-get install docker.io).
 */
export default defineConfig({
  test: {
    include: ['test/image/**/*.test.ts'],
    exclude: ['test/image/**/*.fast.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 600_000,
    fileParallelism: false,
  },
});
