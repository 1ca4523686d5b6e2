/**
 * By what a container that holds data is recognised (ADR-013 A8), as data: relational, document, key-value, wide
 * column, time series, search, graph, queue, object and vector stores. The gate holds the same lists
 * (`deploy/host-gate/autoheal-gate`); a test says that they are equal. All in small letters but the variables.
 */

const words = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== '');

/** Long names: a word of an image's path, tag or title that holds one of them is a store's. */
export const longNames =
  words(`postgres pgvecto timescale patroni supabase mysql mariadb percona mongo redis valkey kvrocks cassandra
  scylla cockroach yugabyte mssql sqlserver clickhouse influx elasticsearch opensearch couchbase janusgraph
  memgraph dgraph neo4j qdrant weaviate milvus victoriametrics greptime tdengine oceanbase starrocks
  singlestore memsql exasol greenplum firebird tarantool aerospike tigerbeetle rqlite dqlite libsql
  memcached zookeeper rabbitmq redpanda activemq rocketmq seaweedfs typesense meilisearch manticoresearch
  zincsearch quickwit pgsql objectbox hazelcast etcd mosquitto interbase informix sybase teradata netezza
  parseable eventstore rethink arango citusdata`);

/** Short or everyday names: a whole word of an image's path or tag, with or without a version, is a store's. */
export const shortNames =
  words(`db pg pgvector postgis citus spilo stolon crunchy dragonfly oracle tikv dolt doltgres dse memphis vespa
  solr manticore typesense loki tempo mimir thanos graphite druid doris pinot hbase hive accumulo kudu hdfs
  namenode datanode ceph rados riak badger bbolt sqlite sqld duckdb h2 hsqldb derby pocketbase fauna
  datomic blazegraph fuseki rdf4j allegrograph marqo vald vearch zilliz kafka pulsar nats jetstream nsq
  beanstalkd artemis emqx vernemq hivemq faktory consul vault zk vitess vttablet xtradb galera database
  databases datastore sql nosql memcache ignite geode infinispan gemfire polardb gaussdb postgresql mongodb influxdb kingbase dameng
  gbase tugraph nebulagraph hugegraph databend risingwave minio vertica turso chroma rejson kurrent
  opengauss garnet falkor`);

/** Names of stores that are also the names of their makers: a whole word of the last part of an image's path. */
export const ownNames = words(`prometheus influxd searchd age neon pd crate materialize gel`);

/** Folders where servers keep their data, and where their images look for what they do at the first start. */
export const dataFolders =
  words(`/var/lib/postgresql /var/lib/pgsql /pgdata /var/lib/mysql /var/lib/mysql-files /var/lib/mariadb /data/db
  /data/configdb /var/lib/mongo /var/lib/mongodb /var/lib/redis /var/lib/valkey /var/lib/cassandra
  /var/lib/scylla /cockroach/cockroach-data /var/opt/mssql /opt/oracle/oradata /u01/app/oracle
  /database/config /var/lib/clickhouse /var/lib/influxdb /var/lib/influxdb2 /var/lib/influxdb3
  /usr/share/elasticsearch/data /var/lib/elasticsearch /usr/share/opensearch/data /var/lib/opensearch
  /var/lib/neo4j /opt/couchdb/data /var/lib/couchdb /opt/couchbase/var /var/lib/etcd /etcd-data
  /bitnami/etcd /var/lib/rethinkdb /var/lib/arangodb3 /var/lib/arangodb /qdrant/storage /var/lib/weaviate
  /var/lib/milvus /chroma/chroma /var/lib/questdb /root/.questdb /victoria-metrics-data
  /storage/victoriametrics /bitnami/postgresql /bitnami/mysql /bitnami/mariadb /bitnami/mongodb
  /bitnami/redis /bitnami/valkey /bitnami/cassandra /bitnami/clickhouse /bitnami/elasticsearch
  /bitnami/kafka /bitnami/rabbitmq /bitnami/zookeeper /bitnami/minio /var/lib/rabbitmq /var/lib/kafka
  /var/lib/zookeeper /var/lib/nats /pulsar/data /var/lib/redpanda /docker-entrypoint-initdb.d /meili_data
  /var/solr /var/lib/manticore /var/lib/prometheus /prometheus /loki /var/lib/loki /dgraph /firebird/data
  /var/lib/immudb /orientdb/databases /var/lib/memgraph /var/lib/tarantool /opt/aerospike/data
  /var/lib/eventstore /var/lib/kurrentdb /var/lib/edgedb /var/lib/gel /var/lib/voltdb /var/lib/taos
  /var/lib/ravendb /var/lib/greptimedb /greptimedb_data /rqlite/file /var/lib/sqld /consul/data /vault/file
  /vault/data /vault/raft /var/lib/vespa /opt/vespa/var /var/lib/dolt /hbase /var/lib/foundationdb
  /var/lib/tikv /var/lib/tidb /var/lib/crate /var/lib/vertica /exa /var/lib/druid /var/lib/kvrocks`);

/** Ports that servers listen on and nobody else takes by habit, as ExposedPorts and published ports have them. */
export const serverPorts =
  words(`5432 3306 33060 27017 27018 27019 6379 6380 16379 26379 9042 9160 1433 1521 8086 9200 9300 7474 7687 5984
  11210 2379 2380 28015 29015 8529 6333 6334 19530 8812 8428 26257 5433 5672 15672 61616 9092 4222 6222
  6650 2181 2888 8500 11211 7700 8108 8983 9306 3050 3322 2424 8182 20160 7199 6666 38888 2113 5656 21212
  6030 6041 2881 1883 8300`);

/** Server programs: as entry point or command of a container. */
export const serverPrograms =
  words(`postgres postmaster pg_ctl pg_ctlcluster patroni stolon-keeper repmgrd mysqld mysqld_safe mysqld_multi
  mariadbd mariadbd-safe mongod mongos ferretdb redis-server redis-sentinel redis-stack-server
  valkey-server valkey-sentinel keydb-server dragonfly kvrocks garnetserver cassandra scylla scylla-server
  cockroach yugabyted yb-master yb-tserver sqlservr clickhouse-server clickhouse-keeper clickhouse influxd
  influxdb3 elasticsearch opensearch neo4j couchdb couchbase-server etcd rethinkdb arangod qdrant weaviate
  milvus chroma questdb surreal victoria-metrics victoria-metrics-prod vmstorage tidb-server tikv-server
  pd-server crate dolt minio rabbitmq-server kafka-server-start kafka-server-start.sh kafka-run-class.sh
  nats-server pulsar redpanda zkserver.sh zookeeper-server-start.sh consul vault memcached solr
  solr-foreground typesense-server meilisearch searchd prometheus loki dgraph fbguard firebird immudb
  orientdb memgraph tarantool asd eventstored kurrentd edgedb-server gel-server voltdb greptime taosd
  rqlited sqld vespa-start-services hbase fdbserver vttablet beanstalkd nsqd activemq artemis mosquitto
  emqx seaweedfs weed`);

/** Variables that only the image of a server sets. */
export const serverVariables =
  words(`PGDATA PG_MAJOR PG_SHA256 PGROOT POSTGRESQL_VOLUME_DIR MYSQL_MAJOR MYSQL_SHELL_VERSION MYSQL_UNIX_PORT
  MARIADB_MAJOR MONGO_MAJOR MONGO_PACKAGE MONGO_REPO REDIS_DOWNLOAD_URL REDIS_DOWNLOAD_SHA
  REDIS_DOWNLOAD_SHA1 REDIS_DATA_DIR VALKEY_DOWNLOAD_URL VALKEY_DOWNLOAD_SHA VALKEY_DATA_DIR CASSANDRA_HOME
  CASSANDRA_CONF SCYLLA_REPO_FILE_URL MSSQL_RPC_PORT MSSQL_DATA_DIR ORACLE_BASE ORADATA CLICKHOUSE_CONFIG
  CLICKHOUSE_WATCHDOG_ENABLE INFLUXD_CONFIG_PATH INFLUXD_BOLT_PATH INFLUXD_ENGINE_PATH INFLUX_CONFIGS_PATH
  OPENSEARCH_HOME ES_PATH_CONF NEO4J_SHA256 NEO4J_TARBALL NEO4J_EDITION NEO4J_HOME COUCHDB_ARGS_FILE
  RABBITMQ_DATA_DIR RABBITMQ_PGP_KEY_ID RABBITMQ_MNESIA_DIR MEMCACHED_SHA1 MEMCACHED_URL NATS_SERVER
  ETCD_DATA_DIR ARANGO_SIGNATURE_URL ARANGO_PACKAGE ZOO_DATA_DIR ZOO_DATA_LOG_DIR ZOO_LOG_DIR
  KAFKA_LOG_DIRS KAFKA_PROCESS_ROLES KAFKA_CONTROLLER_QUORUM_VOTERS MINIO_UPDATE_MINISIGN_PUBKEY
  MINIO_VOLUMES MEILI_DB_PATH TYPESENSE_DATA_DIR SOLR_HOME SOLR_DATA_HOME QDRANT_CONFIG_PATH
  FDB_CLUSTER_FILE`);

/** Beginnings of variables that clients carry as well: they count only beside another sign. */
export const clientVariables =
  words(`POSTGRES_ POSTGRESQL_ PG MYSQL_ MARIADB_ MONGO_ MONGODB_ REDIS_ VALKEY_ CASSANDRA_ SCYLLA_ MSSQL_
  SA_PASSWORD ACCEPT_EULA ORACLE_ CLICKHOUSE_ INFLUX INFLUXDB_ DOCKER_INFLUXDB_ ELASTIC_ OPENSEARCH_ NEO4J_
  COUCHDB_ COUCHBASE_ ETCD_ ARANGO_ QDRANT_ WEAVIATE_ MILVUS_ CHROMA_ SURREAL_ RABBITMQ_ KAFKA_ NATS_ ZOO_
  MINIO_ MEILI_ TYPESENSE_ SOLR_ MEMCACHED_ CONSUL_ VAULT_ DB_ DATABASE_ SQL_`);

/** Programs that ask a server whether it is there, as health checks use them: they count only beside another sign. */
export const askingPrograms =
  words(`pg_isready psql mysqladmin mysql mariadb-admin mariadb mongo mongosh redis-cli valkey-cli keydb-cli cqlsh
  nodetool clickhouse-client influx sqlcmd rabbitmq-diagnostics rabbitmqctl etcdctl cypher-shell
  kafka-topics.sh kafka-broker-api-versions.sh zkcli.sh`);
