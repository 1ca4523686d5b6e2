import type { ContainerTraits } from './containers.ts';

/** One file of variables that a whole project shares, its database's among them. */
const shared = [
  ...['POSTGRES_HOST=momo-postgres', 'POSTGRES_USER=momo', 'POSTGRES_PASSWORD=x', 'POSTGRES_DB=momo', 'POSTGRES_VERSION=16'],
  ...['MYSQL_HOST=m', 'MYSQL_ROOT_PASSWORD=x', 'MONGO_URL=mongodb://m', 'MONGO_INITDB_ROOT_USERNAME=x', 'REDIS_URL=redis://r:6379'],
  ...['DATABASE_URL=postgres://x', 'PGHOST=momo-postgres', 'PGPASSWORD=x', 'RABBITMQ_HOST=q', 'MINIO_ROOT_USER=x', 'KAFKA_BROKERS=k:9092'],
]; // prettier-ignore

const images = `
  momo/web:2026.4 momo/scheduler:2026.4 team/feedback:1 team/sandbox:3.2 nginx:1.27-alpine httpd:2.4 caddy:2 traefik:v3.0 haproxy:2.9
  envoyproxy/envoy:v1.30 node:20-bookworm python:3.12-slim ruby:3.3 php:8.3-fpm golang:1.22 eclipse-temurin:21-jre rust:1 perl:5
  oraclelinux:9 ubuntu:24.04 debian:12 alpine:3.20 busybox grafana/grafana:11.0.0 prom/node-exporter:v1.8.0 prom/alertmanager:v0.27.0
  prom/blackbox-exporter gcr.io/cadvisor/cadvisor jenkins/jenkins:lts sonarqube:10 gitea/gitea:1.22 gitlab/gitlab-runner sonatype/nexus3
  quay.io/keycloak/keycloak:24.0 vaultwarden/server:1.30 nextcloud:29 wordpress:6 ghost:5 matomo:5 metabase/metabase n8nio/n8n
  apache/superset apache/airflow:2.9.1 apache/spark:3.5 jupyter/scipy-notebook ollama/ollama:0.3.0 openai/whisper vllm/vllm-openai
  dpage/pgadmin4:8 adminer:4 phpmyadmin:5 mailhog/mailhog axllent/mailpit nodered/node-red homeassistant/home-assistant
  linuxserver/plex jellyfin/jellyfin portainer/agent containrrr/watchtower registry:2 certbot/certbot cloudflare/cloudflared
  wireguard/wireguard tailscale/tailscale fluent/fluent-bit timberio/vector:0.38.0-alpine otel/opentelemetry-collector jaegertracing/all-in-one
  selenium/standalone-chrome browserless/chrome plantuml/plantuml-server minidlna/minidlna squidfunk/mkdocs-material
  getsentry/relay temporalio/ui:2.26 dbtlabs/runner team/dbt:1 db.internal:5000/team/web:1 team/web:sha-0f3adb12 team/web:db1f2a3
  team/api:v2.1-4-g1a2b3db team/report@sha256:0f3adb12 saltstack/minion acme/dominion team/vertical swift:5.10`
  .split(/\s+/)
  .filter((image) => image !== '');

const client = (what: string, more: Partial<ContainerTraits>): ContainerTraits & { what: string } => ({
  what, name: 'momo-web', image: 'momo/web:1', env: shared, ...more,
}); // prettier-ignore

/** Containers that may be restarted though much about them speaks of databases. */
export const ordinaryContainers: readonly (ContainerTraits & { what: string })[] = [
  ...images.map((image) => ({ what: image, name: 'momo-web', image, env: shared })),
  ...['feedback', 'sandbox', 'db-admin', 'momo-db-exporter', 'momo-dbt', 'postgres-docs', 'redistribute-1', 'momo', 'dbs', 'pgweb'].map(
    (name) => ({ what: `the name ${name}`, name, image: 'team/app:1', env: shared }),
  ),
  client('an app with ports of its own', { ports: ['8080/tcp', '9090/tcp', '3000/tcp', '50000/tcp'], published: ['80/tcp'] }),
  client('an app with folders of its own', { mounts: ['app_data:/data', '/srv/momo:/var/lib/momo', 'cache:/var/cache'], volumes: ['/data'] }),
  client('an app with a database of the host beside it', { mounts: ['/var/lib/momo/postgresql.conf:/etc/x'] }),
  client('a job that waits for a database', { entrypoint: ['/wait-for-it.sh'], cmd: ['db:5432', '--', 'node', 'server.js'] }),
  client('a job that dumps a database', { cmd: ['pg_dump', '-h', 'postgres', '-U', 'postgres', 'momo'] }),
  client('a line of shell that talks to a database', { cmd: ['sh', '-c', 'until nc -z postgres 5432; do sleep 1; done; exec node x.js'] }),
  client('a program that names a database', { cmd: ['celery', '-A', 'app', 'worker', '--broker=redis://redis'] }),
  client('a check of its own', { healthCheck: ['CMD-SHELL', 'curl -f http://localhost:8080/health || exit 1'], env: ['X=1'] }),
  client('the service feedback', { labels: { 'com.docker.compose.service': 'feedback', 'com.docker.compose.project': 'momo' } }),
  client('the service db-migrate', { labels: { 'com.docker.compose.service': 'db-migrate', 'com.docker.compose.project': 'shop' } }),
  client('an alias that only mentions it', { aliases: ['web', 'momo-db-ui'] }),
  client('the title of an app', { labels: { 'org.opencontainers.image.title': 'Momo Feedback', 'org.opencontainers.image.base.name': 'python:3.12' } }),
  client('a label that says false', { labels: { 'AutoHeal.Protected': 'FALSE' } }),
  client('a short word that could be an id', { image: 'cafe', env: ['X=1'] }),
  client('a word that could be an id, with a tag', { image: 'face:2' }),
]; // prettier-ignore
