/** What an incident's run shows of itself in the Temporal UI: Markdown for SREs. */
export interface RunView {
  incidentId: string;
  status: string;
  errorType: string | null;
  playbook: string | null;
  actionType: string | null;
  attempts: number;
  occurrences: number;
  waitingFor: string | null;
  until: string | null;
  owed: { incidents: number; healLogs: number; insights: number; messages: number };
  steps: string[];
  /** What the failure was read as, and by what. */
  classified?: string | undefined;
}

const inCode = (text: string): string => text.replaceAll('`', "'").replaceAll('\n', ' ').slice(0, 300);

export function describeRun(view: RunView, message: string): string {
  const { owed } = view;
  const owes = owed.incidents + owed.healLogs + owed.insights + owed.messages;
  const lines = [
    `**${view.status}** · ${view.errorType ?? 'unclassified'} · reported ${view.occurrences} time(s)`,
    '',
    `\`${inCode(message)}\``,
    '',
    `- incident: ${view.incidentId}`,
    `- playbook: ${view.playbook ?? 'none'} (${view.actionType ?? 'no action'}), attempts: ${view.attempts}`,
  ];
  if (view.classified !== undefined) lines.push(`- ${inCode(view.classified)}`);
  if (view.waitingFor !== null) {
    lines.push(`- waiting for: ${view.waitingFor}${view.until === null ? '' : `, until ${view.until}`}`);
  }
  if (owes > 0) {
    lines.push(
      `- owes ${owed.incidents} incident, ${owed.healLogs} heal log, ${owed.insights} insight write(s), ${owed.messages} message(s)`,
    );
  }
  if (view.steps.length > 0) lines.push('', '### What happened', ...view.steps.map((step) => `1. ${step}`));
  return lines.join('\n');
}
