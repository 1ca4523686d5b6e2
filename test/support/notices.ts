import type { Notice, Recipient } from '../../domain/message/notice.ts';

/** A notice with everything in place: an escalation of the ADR's own failure. */
export const noticeOf = (changes: Partial<Notice> = {}): Notice => ({
  noticeId: '3f0c9e52-6f0e-4a3c-9a0e-0d1f6f1b2c3d/escalated',
  kind: 'escalated',
  incidentId: '3f0c9e52-6f0e-4a3c-9a0e-0d1f6f1b2c3d',
  severity: 'P1',
  errorType: 'DNS_FAIL',
  message: 'could not translate host name "momo-postgres" to address: Name or service not known',
  task: 'run_auto_import_task',
  host: 'ollama-188',
  target: 'momo-postgres',
  playbook: 'dns-fail',
  actionType: 'WAIT_RETRY',
  attempts: 3,
  maxAttempts: 3,
  occurrences: 2,
  tried: ['attempt 1: the name did not resolve', 'attempt 3: the name did not resolve'],
  reason: 'max_retries reached: 3 of 3 attempts spent',
  output: null,
  advice: { en: 'Check the DNS of the compose network.', 'zh-TW': '請檢查 compose 網路的 DNS 設定。' },
  similar: [],
  workflowId: 'heal/8a1b',
  runId: '0198-aa',
  until: null,
  nonce: null,
  ...changes,
});

export const recipientOf = (changes: Partial<Recipient> = {}): Recipient => ({
  telegramId: '1001',
  name: null,
  isAdmin: false,
  minSeverity: 'P3',
  locale: null,
  level: 1,
  timeZone: null,
  ...changes,
});
