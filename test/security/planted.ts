import { randomBytes } from 'node:crypto';
import type { Report } from '../../domain/report/report.ts';

const letters = (length: number) =>
  Array.from(randomBytes(length), (byte) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[byte % 26]).join('');
const word = (bytes: number) => randomBytes(bytes).toString('base64url').replace(/[-_]/g, 'x');

/** Secrets as people leave them in failures, made anew for each run. */
export function plantSecrets() {
  const password = `Pw${word(12)}7`;
  const apiToken = `api${word(24)}5`;
  const botToken = `71234567:AA${word(33).slice(0, 33)}`;
  const github = `ghp_${word(30).slice(0, 36)}`;
  const jwt = `eyJ${word(20)}.eyJ${word(40)}.${word(32)}`;
  const aws = `AKIA${letters(16)}`;
  const privateKey = word(48);
  const url = `postgres://momo:${password}@momo-postgres:5432/momo`;
  const traceback = `Traceback (most recent call last):
  File "jobs.py", line 3, in <module>
    bot = Bot("${botToken}")
-----BEGIN OPENSSH PRIVATE KEY-----
${privateKey}
-----END OPENSSH PRIVATE KEY-----
psycopg2.OperationalError: GITHUB_TOKEN=${github} AWS=${aws} ${url}`;
  const sentence = (what: string) =>
    `${what}; with ${url}; PGPASSWORD=${password} Authorization: Bearer ${jwt}`;
  return {
    all: [password, apiToken, botToken, github, jwt, aws, privateKey],
    apiToken,
    url,
    /** A sentence that gives secrets away. */
    sentence,
    /** A report with secrets in every field that takes text. */
    report: (what: string, more: Partial<Report> = {}): Report => ({
      source: 'api',
      task: `deploy --token=${github}`,
      error: { type: `Error(${url})`, message: sentence(what), traceback },
      labels: { api_token: apiToken, [`url=${url}`]: 'a name', instance: url, header: `Bearer ${jwt}` },
      reportId: `${github}/${what}`.slice(0, 100),
      ...more,
    }),
  };
}
