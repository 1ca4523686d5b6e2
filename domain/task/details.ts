/** What a scheduled task's run shows of itself in the Temporal UI. */
export interface TaskView {
  task: string;
  status: 'running' | 'healing' | 'waiting' | 'done' | 'failed';
  runs: number;
  maxRuns: number;
  /** ISO time of the next run, while one is waited for. */
  until: string | null;
  /** Ids of workflows: the incidents of its failures. */
  incidents: readonly string[];
  steps: readonly string[];
}

const plain = (text: string): string => text.replaceAll(/\s+/g, ' ').replaceAll('`', "'").slice(0, 300);

/** Markdown for SREs. */
export function describeTask(view: TaskView): string {
  const until = view.until === null ? '' : `, next run at ${view.until}`;
  const lines = [`**${view.status}** · ${view.task} · run ${view.runs} of at most ${view.maxRuns}${until}`];
  if (view.incidents.length > 0)
    lines.push('', ...view.incidents.map((id) => `- incident: \`${plain(id)}\``));
  if (view.steps.length > 0)
    lines.push('', '### What happened', ...view.steps.map((step) => `1. ${plain(step)}`));
  return lines.join('\n');
}
