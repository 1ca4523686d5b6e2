import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';

/** One stored history: recording never changes one; a divergence is answered with `patched()`. */
export interface StoredHistory {
  name: string;
  workflowId: string;
  history: unknown;
}

const folder = join(import.meta.dirname, 'histories');

export const isStored = (name: string): boolean => existsSync(join(folder, `${name}.json`));

/** Stores a closed run's history, without what tells of the machine that it ran on. */
export async function store(name: string, handle: WorkflowHandle): Promise<void> {
  if (isStored(name)) return;
  const text = historyToJSON(await handle.fetchHistory());
  const history: unknown = JSON.parse(
    text
      .replaceAll(/"identity": ?"[^"]*"/g, '"identity": "worker"')
      .replaceAll(/"name": ?"\d+@[^"]*"/g, '"name": "sticky"')
      .replaceAll(/"stackTrace": ?"(?:[^"\\]|\\.)*"/g, '"stackTrace": ""'),
  );
  mkdirSync(folder, { recursive: true });
  const stored = { workflowId: handle.workflowId, history };
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(stored)}\n`, { flag: 'wx' });
}

export function readStored(): StoredHistory[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => {
      const stored = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Omit<StoredHistory, 'name'>;
      return { name: file.replace(/\.json$/, ''), ...stored };
    });
}
