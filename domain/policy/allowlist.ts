/**
 * The read-only diagnostics that SSH_CMD may run (ADR-013 A7), as data. Nothing here follows, streams, writes or
 * changes anything. `deploy/host-gate/autoheal-gate` holds the same table; a test says that the two are equal.
 *
 * A word in angle brackets is a typed parameter (domain/policy/parameter.ts), `<1..1000>` a number in that range;
 * every other word stands for itself. One space separates words.
 */
export interface CommandTemplate {
  pattern: string;
  timeoutMs: number;
  maxOutputBytes: number;
}

const template = (timeoutMs: number, maxOutputBytes: number, pattern: string): CommandTemplate => ({
  pattern,
  timeoutMs,
  maxOutputBytes,
});

export const allowlist: readonly CommandTemplate[] = [
  template(10_000, 65_536, 'docker ps'),
  template(10_000, 65_536, 'docker ps -a'),
  template(10_000, 65_536, 'docker ps --no-trunc'),
  template(10_000, 65_536, 'docker ps -a --no-trunc'),
  template(10_000, 65_536, 'docker ps -q --no-trunc'),
  template(10_000, 65_536, 'docker ps -a -q --no-trunc'),
  template(10_000, 262_144, 'docker inspect <name>'),
  template(10_000, 262_144, 'docker container inspect <name>'),
  template(20_000, 131_072, 'docker logs --tail <1..1000> <name>'),
  template(20_000, 131_072, 'docker logs --timestamps --tail <1..1000> <name>'),
  template(20_000, 65_536, 'docker stats --no-stream'),
  template(20_000, 65_536, 'docker stats --no-stream <name>'),
  template(10_000, 65_536, 'docker top <name>'),
  template(10_000, 16_384, 'docker port <name>'),
  template(10_000, 65_536, 'docker network ls'),
  template(10_000, 262_144, 'docker network inspect <name>'),
  template(10_000, 65_536, 'docker volume ls'),
  template(10_000, 65_536, 'docker image ls'),
  template(30_000, 65_536, 'docker system df'),
  template(10_000, 16_384, 'docker version'),
  template(10_000, 65_536, 'df -h'),
  template(10_000, 65_536, 'df -i'),
  template(10_000, 16_384, 'free -m'),
  template(10_000, 4_096, 'uptime'),
  template(10_000, 4_096, 'date -u'),
  template(10_000, 4_096, 'nproc'),
  template(10_000, 4_096, 'uname -r'),
  template(10_000, 16_384, 'getent hosts <host>'),
  template(10_000, 65_536, 'ss -ltn'),
  template(10_000, 65_536, 'ss -s'),
  template(10_000, 65_536, 'systemctl status <unit> --no-pager'),
  template(10_000, 4_096, 'systemctl is-active <unit>'),
  template(20_000, 131_072, 'journalctl -u <unit> -n <1..1000> --no-pager'),
  template(10_000, 4_096, 'pg_isready -h <host>'),
  template(10_000, 4_096, 'pg_isready -h <host> -p <1..65535>'),
  template(10_000, 4_096, 'autoheal-gate-probe'),
];
