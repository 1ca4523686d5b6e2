import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { redactReport } from '../../domain/redact/redact.ts';
import { reportSchema, type Report } from '../../domain/report/report.ts';
import { listReports, makeFolder, nextName, writeWhole } from './files.ts';

/** How much a spool holds at most: days of ordinary trouble, and never a full disk. */
export const spoolLimits = { reports: 2000, bytes: 64 * 1024 * 1024 };

const entrySchema = z.object({ spooledAt: z.string(), report: reportSchema });

export type Kept = { kept: true; file: string } | { kept: false; reason: string };

/** The folder of the spool in a state folder. */
export const spoolFolder = (home: string): string => join(home, 'spool');

/**
 * Keeps a report on disk, without its secrets, until it can be delivered. It is safe against a power cut when this
 * returns. A full spool takes no new ones: the first reports of an outage tell more than the thousandth. Never throws.
 */
export async function keepInSpool(dir: string, report: Report, limits = spoolLimits): Promise<Kept> {
  try {
    await makeFolder(dir);
    const text = `${JSON.stringify({ spooledAt: new Date().toISOString(), report: redactReport(report) })}\n`;
    const there = await listReports(dir);
    const bytes = there.reduce((sum, file) => sum + file.bytes, Buffer.byteLength(text));
    if (there.length >= limits.reports || bytes > limits.bytes) {
      const most = `${limits.reports} reports or ${Math.round(limits.bytes / 1024 / 1024)} MiB`;
      return { kept: false, reason: `the spool ${dir} is full (${there.length} reports, at most ${most})` };
    }
    const name = nextName(Date.now());
    await writeWhole(dir, name, text);
    return { kept: true, file: join(dir, name) };
  } catch (error) {
    return {
      kept: false,
      reason: `the spool ${dir} can't be written (${error instanceof Error ? error.message : String(error)})`,
    };
  }
}

/** How many reports wait. Never throws. */
export async function countSpooled(dir: string): Promise<number> {
  return (await listReports(dir)).length;
}

/** @returns null where the file holds no report */
export async function readSpooled(dir: string, name: string): Promise<Report | null> {
  const text = await readFile(join(dir, name), 'utf8');
  try {
    return entrySchema.parse(JSON.parse(text)).report;
  } catch {
    return null;
  }
}
