import { upsertSearchAttributes } from '@temporalio/workflow';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import type { HealRun } from './run.ts';

const attribute = (name: string) => defineSearchAttributeKey(name, SearchAttributeType.KEYWORD);
const attributes = {
  status: attribute('AutoHealStatus'),
  errorType: attribute('AutoHealErrorType'),
  playbook: attribute('AutoHealPlaybook'),
  target: attribute('AutoHealTarget'),
  severity: attribute('AutoHealSeverity'),
  task: attribute('AutoHealTask'),
};

/** A list that is kept in PostgreSQL takes 255 characters and no NUL; a longer one would never show up there. */
const keyword = (text: string): string => text.replace(/[\p{Cc}\p{Cs}]/gu, '\uFFFD').slice(0, 200);

/** Shows in the Temporal UI's list what an incident is and how it stands. */
export function showAttributes({ classified, status, playbook }: HealRun): void {
  if (!classified.settings.searchAttributes) return;
  const { report, classification } = classified;
  upsertSearchAttributes([
    { key: attributes.status, value: status },
    { key: attributes.errorType, value: classification.errorType },
    { key: attributes.severity, value: classification.severity },
    ...(playbook === null ? [] : [{ key: attributes.playbook, value: playbook.name }]),
    ...(report.target === undefined ? [] : [{ key: attributes.target, value: keyword(report.target) }]),
    ...(report.task === undefined ? [] : [{ key: attributes.task, value: keyword(report.task) }]),
  ]);
}
