import { environmentSchema, secretSettings } from '../../settings/settings.ts';

/** What `settings/settings.ts` reads. */
export const settingNames: readonly string[] = Object.keys(environmentSchema.shape);

export const secretNames: readonly string[] = secretSettings;

/** Node's own, which is not AutoHeal's to define. */
const runtime = ['NODE_ENV'];

/** Every variable that AutoHeal's own processes read; nothing deployed may set another. */
export const environmentNames: ReadonlySet<string> = new Set([
  ...settingNames,
  ...runtime,
  ...secretNames.map((name) => `${name}_FILE`),
]);
