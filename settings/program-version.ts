import { createRequire } from 'node:module';

/** Which release of AutoHeal this is. */
export const programVersion = (createRequire(import.meta.url)('../package.json') as { version: string })
  .version;
