import { expect, it } from 'vitest';
import { asNotice } from '../../../domain/message/notice-shape.ts';
import { noticeSchema, type Notice } from '../../../domain/message/notice.ts';

const notice: Notice = {
  ...{ noticeId: 'i/alerted', kind: 'alerted', incidentId: 'i', severity: 'P2', errorType: 'DNS_FAIL' },
  ...{ message: 'm', task: null, host: null, target: 'momo-web', playbook: null, actionType: null },
  ...{
    attempts: 0,
    maxAttempts: 0,
    occurrences: 1,
    tried: [],
    reason: 'r',
    output: null,
    advice: { en: 'a' },
  },
  ...{ similar: [], workflowId: 'w', runId: 'r', until: null, nonce: null },
};

it('takes what the schema takes, and nothing whose fields are of another kind', () => {
  expect(noticeSchema.safeParse(notice).success).toBe(true);
  expect(asNotice(notice)).toBe(notice);
  for (const field of Object.keys(notice)) {
    for (const wrong of [undefined, 7.5, { toString: null }, [null]]) {
      if (field === 'advice' && typeof wrong === 'object' && !Array.isArray(wrong)) continue;
      expect({ field, taken: asNotice({ ...notice, [field]: wrong }) }).toEqual({ field, taken: null });
    }
  }
  for (const nothing of [null, 'text', 5, []]) expect(asNotice(nothing)).toBeNull();
});
