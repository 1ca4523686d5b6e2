import type { ContainerTraits } from './containers.ts';
import { ordinaryContainers } from './ordinary-containers.ts';
import { disguisedStores, spelledNames, storeImages } from './store-cases.ts';

/** Containers for the worker's protection and the host's gate alike: who may be restarted, and who never. */
export interface ContainerCase extends ContainerTraits {
  what: string;
  expect: 'free' | 'protected';
}

const service = (name: string, project = 'momo') => ({
  'com.docker.compose.project': project,
  'com.docker.compose.service': name,
});

/** With `momo-redis` and `billing` protected, and `momo-cache` named as a database that may be restarted. */
export const extraProtected = ['momo-redis', 'billing', 'feedfacefeed', 'ABCDEF012345', '12345678'];
export const restartableDatabases = ['momo-cache', 'momo-db'];

export const containerCases: readonly ContainerCase[] = [
  { what: 'an app', name: 'momo-scheduler', expect: 'free' },
  { what: 'an app with its Compose labels', name: 'momo-web-1', labels: service('web'), aliases: ['web'], expect: 'free' },
  { what: 'an app that only mentions the database', name: 'momo-db-exporter', image: 'exporter:1', expect: 'free' },
  { what: 'a dashboard', name: 'momo-dbt', image: 'team/dbt:1', expect: 'free' },
  { what: 'a database that the operator lets go', name: 'momo-cache', image: 'redis:7', expect: 'free' },
  { what: 'a label that says false', name: 'momo-web', labels: { 'autoheal.protected': 'false' }, expect: 'free' },
  { what: 'a registry with a telling name', name: 'momo-web', image: 'db.internal:5000/team/web:1', expect: 'free' },
  { what: 'momo-db', name: 'momo-db', expect: 'protected' },
  { what: 'momo-postgres', name: 'momo-postgres', expect: 'protected' },
  { what: 'momo-db, though listed as restartable', name: 'momo-db', image: 'postgres:16', expect: 'protected' },
  { what: 'Compose v2 spelling', name: 'momo-postgres-1', expect: 'protected' },
  { what: 'Compose v1 spelling', name: 'proj_momo-db_1', expect: 'protected' },
  { what: 'underscores', name: 'momo_db', expect: 'protected' },
  { what: 'dots', name: 'momo.postgres', expect: 'protected' },
  { what: 'no separator', name: 'momodb', expect: 'protected' },
  { what: 'capitals', name: 'Momo-DB', expect: 'protected' },
  { what: 'digits for letters', name: 'm0m0-db', expect: 'protected' },
  { what: 'a pair that reads as a letter', name: 'rnomo-db', expect: 'protected' },
  { what: 'a recreated one', name: '0a1b2c3d4e5f_momo-db-1', expect: 'protected' },
  { what: 'a Swarm task', name: 'stack_momo-db.1.abcdefghijklmnopqrstuvwxy', expect: 'protected' },
  { what: 'a one-off run', name: 'momo-postgres-run-3f2a1b9c0d1e', expect: 'protected' },
  { what: 'by its Compose service', name: 'web-1', labels: service('momo-db'), expect: 'protected' },
  { what: 'by project and service', name: 'web-1', labels: service('db', 'momo'), expect: 'protected' },
  { what: 'by its Swarm service', name: 'x', labels: { 'com.docker.swarm.service.name': 'p_momo-db' }, expect: 'protected' },
  { what: 'by its network alias', name: 'web-1', aliases: ['web', 'momo-postgres'], expect: 'protected' },
  { what: 'by a disguised alias', name: 'web-1', aliases: ['mоmo-db'], expect: 'protected' },
  { what: 'by its label', name: 'web-1', labels: { 'autoheal.protected': 'true' }, expect: 'protected' },
  { what: 'what the estate adds', name: 'momo-redis', image: 'app:1', expect: 'protected' },
  { what: 'what the estate adds, in a project', name: 'shop-billing-1', expect: 'protected' },
  { what: 'postgres', name: 'data', image: 'postgres:16', expect: 'protected' },
  { what: 'pgvector', name: 'data', image: 'pgvector/pgvector:pg16', expect: 'protected' },
  { what: 'a database of a private registry', name: 'data', image: 'registry:5000/a/my-postgres-ha:1@sha256:0', expect: 'protected' },
  { what: 'mysql with a version in its name', name: 'data', image: 'mysql8', expect: 'protected' },
  { what: 'mongo', name: 'data', image: 'docker.io/library/mongo', expect: 'protected' },
  { what: 'redis', name: 'cache', image: 'redis/redis-stack:latest', expect: 'protected' },
  { what: 'an image without a name', name: 'web', image: `sha256:${'0'.repeat(64)}`, expect: 'protected' },
  { what: 'an id listed in capitals', name: 'web', id: 'abcdef012345'.padEnd(64, '1'), expect: 'protected' },
  { what: 'eight digits of an id listed', name: 'web', id: '12345678'.padEnd(64, '9'), expect: 'protected' },
  { what: 'another version of what the estate adds', name: 'momo-redis7', expect: 'protected' },
  ...spelledNames.map((name): ContainerCase => ({ what: 'another spelling', name, expect: 'protected' })),
  ...storeImages.map((image): ContainerCase => ({ what: image, name: 'ledger', image, expect: 'protected' })),
  ...disguisedStores.map((traits): ContainerCase => ({ ...traits, expect: 'protected' })),
  ...ordinaryContainers.map((traits): ContainerCase => ({ ...traits, expect: 'free' })),
]; // prettier-ignore
