/** Every environment variable that the contract lets AutoHeal's own processes read; nothing deployed may set another. */
const plain = [
  'TEMPORAL_ADDRESS',
  'TEMPORAL_NAMESPACE',
  'DATABASE_URL',
  'AUTOHEAL_HOME',
  'AUTOHEAL_ESTATE',
  'AUTOHEAL_TASK_QUEUE',
  'AUTOHEAL_HTTP_ADDR',
  'AUTOHEAL_API_TOKEN',
  'TELEGRAM_BOT_TOKEN',
  'TELEGRAM_API_ROOT',
  'AUTOHEAL_LOCALE',
  'EMBEDDING_URL',
  'EMBEDDING_MODEL',
  'EMBEDDING_API',
];

/** Added to the contract since; other programs do not rely on them. */
const added = ['AUTOHEAL_TEMPORAL_UI', 'AUTOHEAL_LOG_LEVEL'];

/** Node's own, which is not AutoHeal's to define. */
const runtime = ['NODE_ENV'];

/** Every secret may also come from a file. */
const secretNames = ['DATABASE_URL', 'AUTOHEAL_API_TOKEN', 'TELEGRAM_BOT_TOKEN'];

/** What `settings/settings.ts` has to know. */
export const settingNames = [...plain, ...added];

export const environmentNames: ReadonlySet<string> = new Set([
  ...plain,
  ...added,
  ...runtime,
  ...secretNames.map((name) => `${name}_FILE`),
]);
