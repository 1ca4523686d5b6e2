import { join } from 'node:path';

/** Where tools and bundles are kept between test runs. */
export const cacheDir = join(import.meta.dirname, '..', '..', '.autoheal', 'cache');
