import { playbookSchema, type Playbook } from './playbook.ts';

/** What applying a file would do to one playbook. Playbooks that only the database has are left as they are. */
export type PlaybookChange =
  | { kind: 'add'; name: string; playbook: Playbook }
  | {
      kind: 'change';
      name: string;
      playbook: Playbook;
      fields: { field: string; from: unknown; to: unknown }[];
    }
  | { kind: 'same'; name: string }
  | { kind: 'only_in_database'; name: string };

/** The difference from the database to the files, by name. */
export function planPlaybooks(files: readonly Playbook[], database: readonly Playbook[]): PlaybookChange[] {
  const there = new Map(database.map((playbook) => [playbook.name, playbook]));
  const changes = files.map((playbook): PlaybookChange => {
    const { name } = playbook;
    const current = there.get(name);
    there.delete(name);
    if (current === undefined) return { kind: 'add', name, playbook };
    const fields = differences(fieldsOf(current), fieldsOf(playbook));
    return fields.length === 0 ? { kind: 'same', name } : { kind: 'change', name, playbook, fields };
  });
  return [
    ...changes,
    ...[...there.keys()].map((name): PlaybookChange => ({ kind: 'only_in_database', name })),
  ];
}

/** For people, a line or more. */
export function describePlaybookChange(change: PlaybookChange): string {
  switch (change.kind) {
    case 'add':
      return `+ ${change.name}: new (${change.playbook.errorType} → ${change.playbook.actionType})`;
    case 'same':
      return `  ${change.name}: the same`;
    case 'only_in_database':
      return `  ${change.name}: only in the database; left as it is`;
    case 'change':
      return [
        `~ ${change.name}`,
        ...change.fields.map(({ field, from, to }) => `    ${field}: ${shown(from)} → ${shown(to)}`),
      ].join('\n');
  }
}

/** Every setting by its path; id and version are the database's own. */
function fieldsOf({ id: _id, version: _version, ...playbook }: Playbook): Map<string, unknown> {
  const { actionParams, ...rest } = playbook;
  return new Map([
    ...Object.entries(rest),
    ...Object.entries(actionParams).map(([field, value]): [string, unknown] => [
      `actionParams.${field}`,
      value,
    ]),
  ]);
}

function differences(from: Map<string, unknown>, to: Map<string, unknown>) {
  const fields = [...new Set([...from.keys(), ...to.keys()])];
  return fields
    .filter((field) => stable(from.get(field)) !== stable(to.get(field)))
    .map((field) => ({ field, from: from.get(field) ?? null, to: to.get(field) ?? null }));
}

/** JSON with its keys in order: jsonb keeps its own. */
function stable(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
  if (Array.isArray(value)) return `[${value.map(stable).join()}]`;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${stable(item)}`).join()}}`;
}

const shown = (value: unknown): string =>
  value === null ? 'none' : typeof value === 'string' ? value : JSON.stringify(value);

/** A playbook as it is written into a file: what the database adds and what is the default are left out. */
export function playbookForFile(playbook: Playbook): Record<string, unknown> {
  const { name, errorType, actionType, actionParams, id: _id, version: _version, ...rest } = playbook;
  const defaults = playbookSchema.parse({ name, errorType, actionType });
  const own = (fields: object, normal: object): [string, unknown][] =>
    Object.entries(fields).filter(
      ([key, value]) =>
        value !== undefined && stable(value) !== stable((normal as Record<string, unknown>)[key]),
    );
  const params = Object.fromEntries(own(actionParams, defaults.actionParams));
  return {
    name,
    errorType,
    ...(rest.pattern === undefined ? {} : { pattern: rest.pattern }),
    actionType,
    ...Object.fromEntries(own({ ...rest, pattern: undefined }, defaults)),
    ...(Object.keys(params).length === 0 ? {} : { actionParams: params }),
  };
}
