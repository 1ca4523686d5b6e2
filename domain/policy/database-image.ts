/** Programs that hold data. An image with one of these words in its name is taken for a database (ADR-013 A8). */
export const databaseWords: ReadonlySet<string> = new Set([
  'postgres', 'postgresql', 'pgvector', 'postgis', 'timescaledb', 'timescale', 'pgsql', 'pg', 'patroni', 'spilo',
  'citus', 'supabase', 'mysql', 'mariadb', 'percona', 'mongo', 'mongodb', 'redis', 'valkey', 'keydb', 'dragonfly',
  'cassandra', 'scylla', 'cockroach', 'cockroachdb', 'yugabyte', 'mssql', 'sqlserver', 'oracle', 'db2',
  'clickhouse', 'influxdb', 'elasticsearch', 'opensearch', 'neo4j', 'couchdb', 'couchbase', 'etcd', 'rethinkdb',
  'arangodb', 'qdrant', 'weaviate', 'milvus', 'chromadb', 'tidb', 'questdb', 'surrealdb', 'victoriametrics', 'db',
  'database',
]); // prettier-ignore

/**
 * Says why an image counts as a database's, or null. The words of its repository path decide, whatever the
 * registry, tag or digest: `registry:5000/team/my-postgres:16@sha256:…`. An image known by its digest alone could
 * be anything, so it counts too.
 */
export function databaseImage(image: string): string | null {
  const withoutDigest = image.trim().toLowerCase().split('@')[0] ?? '';
  if (withoutDigest === '' || /^(?:sha256:)?[0-9a-f]{12,64}$/.test(withoutDigest)) {
    return 'its image has no name, so it may be a database';
  }
  const lastSlash = withoutDigest.lastIndexOf('/');
  const tag = withoutDigest.indexOf(':', lastSlash + 1);
  const path = tag === -1 ? withoutDigest : withoutDigest.slice(0, tag);
  const parts = path.split('/');
  // The first part of several is a registry's address when it has a dot or a port: not a word about the program.
  const isRegistry = parts.length > 1 && /[.:]/.test(parts[0] ?? '');
  const words = (isRegistry ? parts.slice(1) : parts).flatMap((part) => part.split(/[^a-z0-9]+/));
  const found = words.find((word) => databaseWords.has(word) || databaseWords.has(word.replace(/\d+$/, '')));
  return found === undefined ? null : `its image ${image.slice(0, 100)} is a database (${found})`;
}
