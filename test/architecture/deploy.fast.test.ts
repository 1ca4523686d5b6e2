import { readdirSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { estateSchema } from '../../domain/estate.ts';
import { compose } from './compose-file.ts';
import { environmentNames, secretNames, settingNames } from './environment-names.ts';
import { readText, readYaml } from './repository-file.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const deployed = readdirSync(`${root}/deploy`, { recursive: true, encoding: 'utf8' }).map(
  (path) => `deploy/${path}`,
);
const ending = (...suffixes: string[]) =>
  deployed.filter((path) => suffixes.some((suffix) => path.endsWith(suffix)));

describe('deploy/', () => {
  it.each(ending('.yml', '.yaml'))('%s is YAML that says something', (path) => {
    expect(readYaml(path)).toBeTypeOf('object');
  });

  it.each(ending('.sh'))('%s is a script that a POSIX shell can read', (path) => {
    const { status, stderr } = spawnSync('sh', ['-n', path], { cwd: root, encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(readText(path)).toMatch(/^#!\/bin\/sh\n/);
  });

  it('holds every script and file that docker-compose.yml mounts by name', () => {
    const named = JSON.stringify(compose).match(/\/setup\/[\w.-]+|deploy\/docker\/[\w.-]+/g) ?? [];
    const paths = named.map((name) => name.replace('/setup/', 'deploy/temporal/'));
    expect(paths.length).toBeGreaterThan(3);
    for (const path of paths) expect(deployed).toContain(path);
  });
});

describe('the units for systemd', () => {
  const units = ending('.service');

  it('are there for the worker, http and the bot', () => {
    expect(units.sort()).toEqual([
      'deploy/systemd/autoheal-bot.service',
      'deploy/systemd/autoheal-http.service',
      'deploy/systemd/autoheal-worker.service',
    ]);
  });

  it.each(units)(
    '%s runs as a user of its own, comes back, and sets only what the contract names',
    (path) => {
      const unit = readText(path);
      expect(unit).toMatch(/^User=autoheal$/m);
      expect(unit).toMatch(/^Restart=always$/m);
      expect(unit).toMatch(/^NoNewPrivileges=yes$/m);
      const names = [...unit.matchAll(/^Environment=([A-Z_]+)=/gm)].map(([, name]) => name ?? '');
      expect(names.length).toBeGreaterThan(3);
      expect(names.filter((name) => !environmentNames.has(name))).toEqual([]);
    },
  );

  it('hand every secret to a unit, as a file', () => {
    const text = units.map(readText).join('\n');
    for (const name of secretNames)
      expect(text, name).toMatch(new RegExp(`^Environment=${name}_FILE=%d/`, 'm'));
    for (const [, id, file] of text.matchAll(/^LoadCredential=(\w+):(.*)$/gm)) {
      expect(file).toBe(`/etc/autoheal/secrets/${id}`);
      expect(text).toContain(`=%d/${id}`);
      expect(Object.keys(compose.secrets)).toContain(id);
    }
  });

  it('have an example of every setting that they do not set themselves', () => {
    const example = readText('deploy/systemd/environment.example');
    const own = ['AUTOHEAL_HOME', 'AUTOHEAL_ESTATE'];
    const missing = settingNames.filter((name) => !own.includes(name) && !secretNames.includes(name));
    expect(missing.filter((name) => !new RegExp(`^#?${name}=`, 'm').test(example))).toEqual([]);
  });

  it('have an example of their settings that sets only what the contract names', () => {
    const names = [...readText('deploy/systemd/environment.example').matchAll(/^#?([A-Z_]+)=/gm)];
    expect(names.map(([, name]) => name).filter((name) => !environmentNames.has(name ?? ''))).toEqual([]);
  });
});

describe('Prometheus and Grafana', () => {
  const rulesSchema = z.object({
    groups: z.array(
      z.object({
        rules: z.array(
          z.object({
            alert: z.string(),
            expr: z.string(),
            labels: z.object({ severity: z.enum(['P1', 'P2', 'P3', 'P4']) }),
            annotations: z.object({ summary: z.string(), description: z.string() }),
          }),
        ),
      }),
    ),
  });
  const rules = rulesSchema
    .parse(readYaml('deploy/prometheus/alerts.yml'))
    .groups.flatMap((group) => group.rules);

  it('has a test of every rule, in which it fires and ends', () => {
    const tested = readText('deploy/prometheus/alerts.test.yml');
    for (const { alert } of rules) {
      const seen = [...tested.matchAll(new RegExp(`alertname="${alert}"[^]*?exp_samples: \\[(.*?)\\]`, 'g'))];
      expect(
        seen.map(([, samples]) => samples !== ''),
        alert,
      ).toEqual([true, false]);
    }
    const { status, stdout, stderr, error } = spawnSync(
      'promtool',
      ['test', 'rules', 'deploy/prometheus/alerts.test.yml'],
      { cwd: root, encoding: 'utf8' },
    );
    expect(error, 'promtool is missing: apt-get update; apt-get install prometheus').toBeUndefined();
    expect(stdout + stderr).toContain('SUCCESS');
    expect(status).toBe(0);
  });

  it('show no calming 0 for a series that is not there', () => {
    expect(readText('deploy/grafana/dashboards/autoheal.json')).not.toContain('vector(0)');
  });

  it('scrape services that docker-compose.yml has', () => {
    const text = readText('deploy/prometheus/prometheus.yml').replaceAll(/^\s*#.*$/gm, '');
    const targets = [...text.matchAll(/targets: \['([\w-]+):|names: \[([\w-]+)\]/g)].map(
      ([, a, b]) => a ?? b ?? '',
    );
    expect(targets.sort()).toEqual(['bot', 'http', 'temporal', 'worker']);
    for (const target of targets) expect(Object.keys(compose.services)).toContain(target);
  });

  it('show panels that lie side by side and all ask the one data source', () => {
    const panelSchema = z.object({
      id: z.number(),
      title: z.string(),
      gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
      datasource: z.object({ uid: z.literal('prometheus') }),
      targets: z.array(z.object({ expr: z.string().min(1) })).min(1),
    });
    const { panels } = z
      .object({ panels: z.array(panelSchema) })
      .parse(JSON.parse(readText('deploy/grafana/dashboards/autoheal.json')));
    expect(new Set(panels.map((panel) => panel.id)).size).toBe(panels.length);
    const taken = new Set<string>();
    for (const { title, gridPos } of panels) {
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          expect(x, title).toBeLessThan(24);
          expect(taken.has(`${x}/${y}`), `${title} lies on another panel`).toBe(false);
          taken.add(`${x}/${y}`);
        }
      }
    }
  });
});

describe('config.example/estate.yaml', () => {
  const estate = estateSchema.parse(readYaml('config.example/estate.yaml'));

  it('has the path of ADR-013: bastion 110 as wooo, host 188 behind it as ollama', () => {
    expect(estate.hosts['bastion-110']).toMatchObject({ user: 'wooo', identityFile: 'autoheal_id_ed25519' });
    expect(estate.hosts['ollama-188']).toMatchObject({ user: 'ollama', jump: 'bastion-110', gate: true });
  });

  it('has the three core tasks of the scheduler', () => {
    expect(Object.keys(estate.tasks)).toEqual([
      'run_auto_import_task',
      'run_icaim_analysis_task',
      'run_weekly_strategy_task',
    ]);
  });

  it('names only hosts and targets that it has', () => {
    const targets = Object.values(estate.targets);
    for (const { host } of targets) expect(Object.keys(estate.hosts)).toContain(host);
    for (const { target } of Object.values(estate.tasks))
      expect(Object.keys(estate.targets)).toContain(target);
  });

  it('shows addresses that are nobody’s', () => {
    for (const { address } of Object.values(estate.hosts)) expect(address).toMatch(/^192\.0\.2\.\d+$/);
  });
});
