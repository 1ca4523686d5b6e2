import type { Connection } from '@temporalio/client';
import { searchAttributeNames } from '../domain/incident/search-attributes.ts';

const keyword = 2;

/**
 * Registers the custom search attributes that are missing, and waits until the server knows them.
 * @returns those that it added
 */
export async function registerSearchAttributes(
  connection: Pick<Connection, 'operatorService'>,
  namespace: string,
): Promise<string[]> {
  const { operatorService } = connection;
  const list = async () =>
    Object.keys((await operatorService.listSearchAttributes({ namespace })).customAttributes ?? {});
  const there = await list();
  const missing = searchAttributeNames.filter((name) => !there.includes(name));
  if (missing.length === 0) return [];
  await operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(missing.map((name) => [name, keyword])),
  });
  for (let tries = 0; tries < 100; tries++) {
    const now = await list();
    if (missing.every((name) => now.includes(name))) return missing;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(
    `Temporal does not show the search attributes ${missing.join(', ')} in namespace ${namespace}.`,
  );
}
