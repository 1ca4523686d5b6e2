import { describe, expect, it } from 'vitest';
import { planDeliveries } from '../../domain/message/deliveries.ts';
import type { Notice, Recipient } from '../../domain/message/notice.ts';
import { recipientOf } from '../support/notices.ts';

const admin = recipientOf({ telegramId: '1', isAdmin: true, minSeverity: 'P1' });
const everything = recipientOf({ telegramId: '2', minSeverity: 'P4', locale: 'zh-TW' });
const urgentOnly = recipientOf({ telegramId: '3', minSeverity: 'P2' });

const told = (notice: Pick<Notice, 'kind' | 'severity'>, recipients: Recipient[]) =>
  planDeliveries(notice, recipients, 'en').deliveries.map(({ telegramId }) => telegramId);

describe('who is told', () => {
  it('is everyone whose minimum the severity reaches, P1 being the most severe', () => {
    const all = [admin, everything, urgentOnly];
    expect(told({ kind: 'resolved', severity: 'P1' }, all)).toEqual(['1', '2', '3']);
    expect(told({ kind: 'resolved', severity: 'P2' }, all)).toEqual(['2', '3']);
    expect(told({ kind: 'resolved', severity: 'P3' }, all)).toEqual(['2']);
  });

  it('is every admin for an escalation, however low its severity', () => {
    expect(told({ kind: 'escalated', severity: 'P4' }, [admin, everything, urgentOnly])).toEqual(['1', '2']);
  });

  it('is admins only for an approval: nobody else may decide', () => {
    expect(told({ kind: 'approval', severity: 'P1' }, [admin, everything])).toEqual(['1']);
  });

  it('is the admins where nobody else is left', () => {
    expect(told({ kind: 'alerted', severity: 'P4' }, [admin, urgentOnly])).toEqual(['1']);
  });

  it('is the terminal where there is nobody at all, and the problem is said', () => {
    const plan = planDeliveries({ kind: 'alerted', severity: 'P4' }, [urgentOnly], 'zh-TW');
    expect(plan.deliveries).toMatchObject([{ telegramId: 'terminal', locale: 'zh-TW' }]);
    expect(plan.problem).toContain('is_admin = true');
  });

  it('is told once each, in each one’s own language', () => {
    const plan = planDeliveries(
      { kind: 'resolved', severity: 'P1' },
      [everything, everything, urgentOnly],
      'en',
    );
    expect(plan.deliveries).toMatchObject([
      { telegramId: '2', locale: 'zh-TW' },
      { telegramId: '3', locale: 'en' },
    ]);
  });
});
