import { labelsOf } from './docker-inspect.ts';
import type { LabContainer } from './container.ts';

/** Columns as docker lays them out: three spaces after the widest cell. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd((widths[column] ?? 0) + 3))
        .join('')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}

/** The fields that `docker ps` offers to a format. */
export function psFields(container: LabContainer, noTrunc: boolean): Record<string, string> {
  const view = container.view();
  return {
    ID: noTrunc ? view.id : view.id.slice(0, 12),
    Image: container.spec.image,
    Command: `"/bin/sh service.sh"`,
    CreatedAt: view.createdAt,
    RunningFor: `${age(view.createdAt)} ago`,
    Status: statusText(container),
    State: view.status,
    Ports: '',
    Names: view.name,
    Labels: Object.entries(labelsOf(container))
      .map(([name, value]) => `${name}=${value}`)
      .join(','),
  };
}

export function psTable(containers: readonly LabContainer[], noTrunc: boolean): string {
  const columns = ['ID', 'Image', 'Command', 'RunningFor', 'Status', 'Ports', 'Names'];
  const head = ['CONTAINER ID', 'IMAGE', 'COMMAND', 'CREATED', 'STATUS', 'PORTS', 'NAMES'];
  const rows = containers.map((container) => {
    const fields = psFields(container, noTrunc);
    return columns.map((column) => fields[column] ?? '');
  });
  return table([head, ...rows]);
}

function statusText(container: LabContainer): string {
  const { status, health, exitCode, startedAt, finishedAt } = container.view();
  if (status === 'created') return 'Created';
  if (status === 'restarting') return `Restarting (${exitCode}) ${age(finishedAt)} ago`;
  if (status === 'exited') return `Exited (${exitCode}) ${age(finishedAt)} ago`;
  const healthText = {
    healthy: ' (healthy)',
    unhealthy: ' (unhealthy)',
    starting: ' (health: starting)',
    none: '',
  };
  return `Up ${age(startedAt)}${healthText[health]}`;
}

function age(since: string): string {
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(since)) / 1000));
  if (seconds < 1) return 'Less than a second';
  if (seconds < 120) return `${seconds} seconds`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} minutes` : `${Math.round(seconds / 3600)} hours`;
}
