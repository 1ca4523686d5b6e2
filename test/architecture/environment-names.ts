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

/** Node's own, which is not AutoHeal's to define. */
const runtime = ['NODE_ENV'];

/** Every secret may also come from a file. */
export const secretNames = ['DATABASE_URL', 'AUTOHEAL_API_TOKEN', 'TELEGRAM_BOT_TOKEN'];

export const environmentNames: ReadonlySet<string> = new Set([
  ...plain,
  ...runtime,
  ...secretNames.map((name) => `${name}_FILE`),
]);
