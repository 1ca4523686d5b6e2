import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maxMessageUnits, renderNotice } from '../../domain/message/render-notice.ts';
import type { Notice } from '../../domain/message/notice.ts';
import { noticeSchema } from '../../domain/message/notice.ts';
import { noticeOf } from '../support/notices.ts';
import { parseTelegramHtml } from '../support/telegram-html.ts';

const temporalUi = { url: 'https://temporal.example.net', namespace: 'default' };
const render = (changes: Partial<Notice> = {}, locale: 'en' | 'zh-TW' = 'en') =>
  renderNotice(noticeOf(changes), { locale, temporalUi });
const readable = (html: string): string => {
  const read = parseTelegramHtml(html);
  if (!read.ok) throw new Error(`${read.why}\n${html}`);
  return read.text;
};

describe('a message about an incident', () => {
  it('says what broke, where, what was done, how it ended and what to do, in English', () => {
    expect(render().plain).toMatchInlineSnapshot(`
      "🚨 momo-postgres · Escalated · DNS_FAIL · P1 · reported 2 times
      What broke:
      could not translate host name "momo-postgres" to address: Name or service not known
      Where: container momo-postgres · host ollama-188 · task run_auto_import_task
      What was done: playbook dns-fail · attempt 3 of 3
      • attempt 1: the name did not resolve
      • attempt 3: the name did not resolve
      How it stands: max_retries reached: 3 of 3 attempts spent
      What to do now:
      Check the DNS of the compose network.
      Or send:
      /ack 3f0c9e52-6f0e-4a3c-9a0e-0d1f6f1b2c3d
      Incident: 3f0c9e52-6f0e-4a3c-9a0e-0d1f6f1b2c3d
      Temporal UI: https://temporal.example.net/namespaces/default/workflows/heal%2F8a1b/0198-aa"
    `);
  });

  it('says the same in Traditional Chinese', () => {
    expect(render({ until: '2026-04-19T03:00:00Z', kind: 'waiting' }, 'zh-TW').plain).toMatchInlineSnapshot(`
      "⏳ momo-postgres · 等待恢復中 · DNS_FAIL · P1 · 累計回報 2 次
      故障內容：
      could not translate host name "momo-postgres" to address: Name or service not known
      發生位置：容器 momo-postgres · 主機 ollama-188 · 工作 run_auto_import_task
      已嘗試的處置：處置手冊 dns-fail · 第 3 次嘗試，上限 3 次
      • attempt 1: the name did not resolve
      • attempt 3: the name did not resolve
      目前結果：max_retries reached: 3 of 3 attempts spent
      現在該做什麼：
      目前無需處理。恢復正常或重試次數用盡時會再通知您。
      若再次發生或未恢復：
      請檢查 compose 網路的 DNS 設定。
      最晚等到：2026-04-19 11:00 Asia/Taipei
      事件編號：3f0c9e52-6f0e-4a3c-9a0e-0d1f6f1b2c3d
      Temporal UI：https://temporal.example.net/namespaces/default/workflows/heal%2F8a1b/0198-aa"
    `);
  });

  it('has the same words in its HTML form', () => {
    const { html } = render();
    expect(html).toContain(
      '<a href="https://temporal.example.net/namespaces/default/workflows/heal%2F8a1b/0198-aa">Temporal UI</a>',
    );
    expect(readable(html)).toContain('could not translate host name "momo-postgres"');
  });

  it('shows the address itself where Telegram would drop the link', () => {
    const { html } = renderNotice(noticeOf(), {
      locale: 'en',
      temporalUi: { url: 'http://localhost:8233/', namespace: 'default' },
    });
    expect(html).toContain(
      '<code>http://localhost:8233/namespaces/default/workflows/heal%2F8a1b/0198-aa</code>',
    );
  });

  it('names the workflow where there is no Temporal UI', () => {
    expect(renderNotice(noticeOf(), { locale: 'en', temporalUi: null }).html).toContain(
      '<code>heal/8a1b</code>',
    );
  });

  it('says how to approve, with the one-use code and the deadline', () => {
    const { plain } = render({ kind: 'approval', nonce: 'n0nce', until: '2026-04-19T03:00:00Z' });
    expect(plain).toContain('/approve 3f0c9e52-6f0e-4a3c-9a0e-0d1f6f1b2c3d n0nce');
    expect(plain).toContain('/deny 3f0c9e52-6f0e-4a3c-9a0e-0d1f6f1b2c3d n0nce');
    expect(plain).toContain('Decide before: 2026-04-19 03:00 UTC');
  });

  it('falls back to English advice, then to advice for the kind of message', () => {
    expect(render({ advice: { en: 'Look.' } }, 'zh-TW').plain).toContain('Look.');
    expect(render({ advice: {} }, 'zh-TW').plain).toContain('請登入主機查明原因並手動排除');
  });

  it('says so where nothing was done and no place is known', () => {
    const nothing = {
      target: null,
      host: null,
      task: null,
      playbook: null,
      actionType: null,
      tried: [],
      attempts: 0,
    };
    const { plain } = render({ ...nothing, kind: 'alerted' });
    expect(plain).toContain('Where: not told by the report');
    expect(plain).toContain('What was done: nothing');
  });

  it('escapes markup in error texts, so that nobody can write into the message', () => {
    const { html } = render({ message: '</code><a href="https://evil.example">click</a> & <script>' });
    expect(html).toContain(
      '&lt;/code&gt;&lt;a href=&quot;https://evil.example&quot;&gt;click&lt;/a&gt; &amp;',
    );
    expect(readable(html)).toContain('<script>');
  });

  it('drops control and direction characters and lone surrogates', () => {
    const { plain } = render({ message: 'a\u0000b\u202Ec\uD83Dd\r\ne' });
    expect(plain).toContain('abc\uFFFDd\ne');
  });

  it('stays inside 4096 units with markup everywhere, and keeps what matters', () => {
    const long = '<&>😀"'.repeat(20_000);
    const { html, plain } = render({
      message: long,
      reason: long,
      output: long,
      tried: [long, long],
      similar: [long],
      advice: { en: `Restart the resolver. ${long}` },
    });
    for (const text of [html, plain]) {
      expect(text.length).toBeLessThanOrEqual(maxMessageUnits);
      expect(text.length).toBeGreaterThan(3900);
      expect(text).toContain('Restart the resolver.');
      expect(text).toContain('3f0c9e52-6f0e-4a3c-9a0e-0d1f6f1b2c3d');
      expect(text).toContain('workflows/heal%2F8a1b/0198-aa');
    }
    readable(html);
  });

  it('cuts the long text only, and keeps the short ones whole', () => {
    const { plain } = render({ output: 'x'.repeat(50_000) });
    expect(plain).toContain('Name or service not known');
    expect(plain).toContain('• attempt 3: the name did not resolve');
  });

  it('is well-formed and short enough whatever it is made of', () => {
    const piece = fc.constantFrom(
      '<',
      '&',
      '>',
      '"',
      '😀',
      '\uD83D',
      '\uDE00',
      'é',
      '停',
      '\n',
      ' ',
      'a',
      '&lt;',
      '</b>',
    );
    const text = fc.array(piece, { maxLength: 3000 }).map((pieces) => pieces.join(''));
    const notice = fc.record({
      kind: fc.constantFrom(...noticeSchema.shape.kind.options),
      message: text,
      reason: text,
      incidentId: text,
      workflowId: text,
      target: fc.option(text),
      task: fc.option(text),
      output: fc.option(text),
      nonce: fc.option(text),
      until: fc.option(text),
      tried: fc.array(text, { maxLength: 3 }),
      similar: fc.array(text, { maxLength: 3 }),
      advice: text.map((en) => ({ en })),
    });
    fc.assert(
      fc.property(notice, fc.constantFrom('en' as const, 'zh-TW' as const), (changes, locale) => {
        const { html, plain } = render(changes, locale);
        expect(html.length).toBeLessThanOrEqual(maxMessageUnits);
        expect(plain.length).toBeLessThanOrEqual(maxMessageUnits);
        expect(plain).not.toMatch(/\p{Surrogate}/u);
        readable(html);
      }),
      { numRuns: 300 },
    );
  });
});
