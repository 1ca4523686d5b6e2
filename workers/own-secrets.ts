import { secretSettings, type Config } from '../settings/settings.ts';

/** The secrets of this process's own configuration: removed by value wherever a report or an output repeats one. */
export function ownSecrets(config: Config & { databaseUrl: string }): string[] {
  const password = URL.canParse(config.databaseUrl) ? new URL(config.databaseUrl).password : '';
  return [
    password,
    decoded(password),
    ...secretSettings
      .filter((name) => name !== 'DATABASE_URL')
      .flatMap((name) => config[name]?.split(',').map((part) => part.trim()) ?? []),
  ].filter((secret): secret is string => secret !== undefined && isTelling(secret));
}

/** A password like `postgres` is a word: removing it everywhere would take the names of containers with it. */
const isTelling = (secret: string): boolean => secret.length >= 8 && !/^[A-Za-z_-]{1,15}$/.test(secret);

function decoded(password: string): string {
  try {
    return decodeURIComponent(password);
  } catch {
    return password;
  }
}
