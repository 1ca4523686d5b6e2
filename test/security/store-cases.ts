import type { ContainerTraits } from './containers.ts';

/**
 * Images of programs that hold data, in their own words: relational, document, key-value, wide column, time series,
 * search, graph, queue, object and vector stores.
 */
export const storeImages: readonly string[] = `
  postgres:16 pgvector/pgvector:pg16 postgis/postgis timescale/timescaledb:latest-pg16 citusdata/citus bitnami/postgresql
  paradedb/paradedb tensorchord/pgvecto-rs:pg16 neondatabase/neon apache/age crunchydata/crunchy-postgres ghcr.io/zalando/spilo-16
  mysql:8 mysql8 mariadb:11 percona/percona-server gvenzl/oracle-xe container-registry.oracle.com/database/express
  mcr.microsoft.com/mssql/server:2022-latest ibmcom/db2 cockroachdb/cockroach yugabytedb/yugabyte pingcap/tidb pingcap/tikv
  pingcap/pd vitess/lite voltdb/voltdb-community nuodb/nuodb exasol/docker-db vertica/vertica-ce monetdb/monetdb
  greenplum/gpdb jacobalberty/firebird dolthub/dolt-sql-server ghcr.io/tursodatabase/libsql-server rqlite/rqlite oceanbase/oceanbase-ce
  singlestore/cluster-in-a-box mongo:7 mongodb/mongodb-community-server ghcr.io/ferretdb/ferretdb couchdb:3 couchbase:community
  rethinkdb ravendb/ravendb arangodb surrealdb/surrealdb geldata/gel edgedb/edgedb eventstore/eventstore kurrentplatform/kurrentdb
  redis:7 redis/redis-stack redislabs/rejson valkey/valkey eqalpha/keydb docker.dragonflydb.io/dragonflydb/dragonfly apache/kvrocks
  tarantool/tarantool aerospike/aerospike-server memcached:1.6 hazelcast/hazelcast apacheignite/ignite quay.io/coreos/etcd
  falkordb/falkordb cassandra:4 scylladb/scylla datastax/dse-server harisekhon/hbase apache/druid apache/doris starrocks/allin1-ubuntu
  clickhouse/clickhouse-server influxdb:2 questdb/questdb greptime/greptimedb tdengine/tdengine victoriametrics/victoria-metrics
  prom/prometheus quay.io/prometheus/prometheus grafana/loki crate crate/crate
  elasticsearch:8.13.0 opensearchproject/opensearch solr:9 vespaengine/vespa typesense/typesense getmeili/meilisearch
  manticoresearch/manticore public.ecr.aws/zinclabs/zincsearch neo4j:5 memgraph/memgraph dgraph/dgraph orientdb janusgraph/janusgraph
  rabbitmq:3-management apache/kafka confluentinc/cp-kafka bitnami/kafka apachepulsar/pulsar nats:2 redpandadata/redpanda
  apache/activemq-classic nsqio/nsq eclipse-mosquitto zookeeper:3.9 hashicorp/consul hashicorp/vault
  minio/minio chrislusf/seaweedfs quay.io/ceph/ceph qdrant/qdrant semitechnologies/weaviate milvusdb/milvus chromadb/chroma
  codenotary/immudb immudb/immudb registry:5000/a/my-postgres-ha:1@sha256:0 internal/momodb internal/appdb:2 team/mypostgres
  acme/postgres16alpine acme/base:postgres-16 internal/base:pg16 internal/app:15-mysql acme/base:appdb x/redis6`
  .split(/\s+/)
  .filter((image) => image !== '');

const postgresEnv = ['POSTGRES_PASSWORD=x', 'POSTGRES_DB=ledger'];

/** Containers that hold data and whose names say nothing of it. */
export const disguisedStores: readonly (ContainerTraits & { what: string })[] = [
  { what: 'a data folder as a volume', mounts: ['vol:/var/lib/postgresql/data'] },
  { what: 'a data folder below the usual one', mounts: ['/srv/x:/var/lib/mysql/one'] },
  { what: 'a data folder that the image declares', volumes: ['/data/db'] },
  { what: 'a data folder in memory', tmpfs: ['/var/lib/postgresql/data'] },
  { what: "a host's data folder mounted elsewhere", mounts: ['/var/lib/postgresql/15:/mnt/x'] },
  { what: 'scripts of a first start', mounts: ['/srv/init:/docker-entrypoint-initdb.d'] },
  { what: 'its port exposed', ports: ['8080/tcp', '5432/tcp'] },
  { what: 'its port exposed, mysql', ports: ['3306/tcp', '33060/tcp'] },
  { what: 'its port published', published: ['27017/tcp'] },
  { what: 'the server as entry point', entrypoint: ['/usr/lib/postgresql/16/bin/postgres'], cmd: ['-D', '/x'] },
  { what: 'the server as command', entrypoint: ['docker-entrypoint.sh'], cmd: ['postgres'] },
  { what: 'the server after an init', entrypoint: ['/usr/bin/tini', '--'], cmd: ['mongod', '--bind_ip_all'] },
  { what: 'the server after gosu', entrypoint: ['gosu', 'nobody', 'redis-server'], cmd: [] },
  { what: 'the server in a line of shell', cmd: ['sh', '-c', 'mkdir -p /x && exec mysqld --user=mysql'] },
  { what: 'the server with a variable before it', cmd: ['/bin/sh', '-c', 'A=b exec "/usr/sbin/mariadbd" -x'] },
  { what: 'the server in capitals of a path', cmd: ['/OPT/Mongod'] },
  { what: 'what only its image sets', env: ['PATH=/bin', 'PGDATA=/x'] },
  { what: 'what only its image sets, mysql', env: ['MYSQL_MAJOR=8.0'] },
  { what: 'what only its image sets, postgres', env: ['PG_MAJOR=16'] },
  { what: 'a short id and variables', image: '4dab50', env: postgresEnv },
  { what: 'a shorter id and variables', image: '4da', env: postgresEnv },
  { what: 'an id and a check', image: '4dab50e', healthCheck: ['CMD-SHELL', 'pg_isready -U postgres'] },
  { what: 'a whole id', image: `sha256:${'0'.repeat(64)}` },
  { what: 'twelve digits of an id', image: '4dab50e0c0de' },
  { what: 'variables and a check', env: postgresEnv, healthCheck: ['CMD', 'pg_isready'] },
  { what: 'variables and a volume', env: ['MYSQL_ROOT_PASSWORD=x'], mounts: ['momo_mysql-data:/x'] },
  { what: 'variables and a service', env: postgresEnv, labels: { 'com.docker.compose.service': 'postgres' } },
  { what: 'the title of its image', labels: { 'org.opencontainers.image.title': 'PostgreSQL' } },
  { what: 'what its image is made from', labels: { 'org.opencontainers.image.base.name': 'docker.io/library/mysql:8' } },
  { what: 'a label in other case', labels: { 'AutoHeal.Protected': 'yes' } },
  { what: 'two labels of one name', labels: { 'autoheal.protected': 'false', 'AUTOHEAL.PROTECTED': 'true' } },
  { what: 'its service label in other case', labels: { 'COM.docker.compose.SERVICE': 'momo-db' } },
].map((traits) => ({ name: 'ledger', image: 'internal/ledger:15', ...traits })); // prettier-ignore

/** Spellings of the two names. */
export const spelledNames: readonly string[] = `
  momo-db1 momo-db-1-1 momo-postgres16 momo-postgresql momo-postgresql-1 momo_db_2 proj-momo-db2 MomoDB1
  momo-db.abcdefghijklmnopqrstuvwx0.zyxwvutsrqponmlkjihgfedc1 stack_momo-postgres.1.abcdefghijklmnopqrstuvwxy
  momo-db_1_0a1b2c3d4e5f proj_momo-postgres_1_0a1b2c3d4e5f momo-postgres-run-3f2a1b9c0d1e m0mo_p0stgres16 momo-db-2-1`
  .split(/\s+/)
  .filter((name) => name !== '');
