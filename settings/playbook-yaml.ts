import { readFileSync } from 'node:fs';
import { LineCounter, parseDocument, stringify } from 'yaml';
import { playbookForFile } from '../domain/playbook/change.ts';
import type { Playbook } from '../domain/playbook/playbook.ts';

/** Playbooks as a file of `playbooks/` has them. */
export const playbooksToYaml = (playbooks: readonly Playbook[]): string =>
  stringify({ playbooks: playbooks.map(playbookForFile) }, { lineWidth: 110 });

/** Where a field of a playbook stands in its file, from 1; the playbook itself where the field is absent. */
export function lineOfPlaybook(file: string, name: string, field: string): number {
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(file, 'utf8'), { lineCounter: lines });
  const list: unknown = document.toJS({ maxAliasCount: 50 });
  const playbooks = (list as { playbooks?: { name?: string }[] } | null)?.playbooks ?? [];
  const at = playbooks.findIndex((playbook) => playbook.name === name);
  const path = ['playbooks', at, ...field.split('.')];
  for (let depth = path.length; depth > 1; depth--) {
    const node: unknown = document.getIn(path.slice(0, depth), true);
    const range = (node as { range?: [number, number, number] } | undefined)?.range;
    if (range !== undefined) return lines.linePos(range[0]).line;
  }
  return 1;
}
