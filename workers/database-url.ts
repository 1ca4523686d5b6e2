import { readAddresses } from '../settings/addresses.ts';
import { ConfigProblem, type Config } from '../settings/settings.ts';

/**
 * Where the records go: DATABASE_URL, else the embedded database of the state folder.
 * @throws ConfigProblem when there is neither
 */
export function databaseUrlOf(config: Pick<Config, 'DATABASE_URL' | 'home'>): string {
  const url = config.DATABASE_URL ?? readAddresses(config.home)?.databaseUrl;
  if (url !== undefined) return url;
  throw new ConfigProblem(
    `DATABASE_URL is not set, and no embedded database runs in ${config.home}. Set it, or run \`autoheal up\`.`,
  );
}
