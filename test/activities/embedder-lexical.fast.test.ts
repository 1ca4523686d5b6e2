import { describe, expect, it } from 'vitest';
import { createLexicalEmbedder } from '../../activities/gateways/embedding/lexical-embedder.ts';

async function similarity(a: string, b: string): Promise<number> {
  const answer = await createLexicalEmbedder().embed([a, b]);
  if (!answer.ok) throw new Error(answer.message);
  const [left = [], right = []] = answer.vectors;
  return left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0);
}

describe('the lexical embedder', () => {
  it('gives the same unit vector for the same text', async () => {
    expect(await similarity('ECONNREFUSED 10.0.0.5:5432', 'ECONNREFUSED 10.0.0.5:5432')).toBeCloseTo(1, 3);
  });

  it('finds the same failure with other numbers nearer than another failure', async () => {
    const text = 'could not connect to server at 10.0.0.5 port 5432: Connection refused';
    const near = await similarity(
      text,
      'could not connect to server at 10.9.8.7 port 5433: Connection refused',
    );
    const far = await similarity(text, 'certificate has expired: TLS handshake failed for api.example.com');
    expect(near).toBeGreaterThan(0.9);
    expect(far).toBeLessThan(0.3);
  });

  it('reads Chinese, which has no spaces', async () => {
    const near = await similarity('資料庫連線失敗,無法解析主機名稱', '無法解析主機名稱,請檢查資料庫');
    const far = await similarity('資料庫連線失敗,無法解析主機名稱', '磁碟空間不足');
    expect(near).toBeGreaterThan(0.5);
    expect(far).toBeLessThan(0.3);
  });

  it('has a direction for texts that say nothing', async () => {
    expect(await similarity('', ' \n…')).toBe(1);
  });
});
