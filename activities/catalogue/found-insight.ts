import type { Row } from '../gateways/postgres/database.ts';

/** A past case as a search found it. */
export interface FoundInsight {
  insightId: string;
  insightType: string;
  incidentId: string | null;
  event: string | null;
  symptom: string | null;
  action: string | null;
  result: string | null;
  lesson: string | null;
  content: string | null;
  /** ISO time. */
  createdAt: string;
  /** Cosine, 1 for the same text; null where it was found by error type or words. */
  similarity: number | null;
}

/** @returns a line for people: when, what happened, what was done, how it went */
export function describeFound({ createdAt, symptom, event, content, action, result }: FoundInsight): string {
  const what = [symptom ?? event ?? content, action, result].filter((part) => part !== null && part !== '');
  const line = what.map((part) => shorten(part ?? '', 120)).join(' → ');
  return `${createdAt.slice(0, 10)}: ${line}`;
}

export function toFound(row: Row): FoundInsight {
  const text = (name: string): string | null => {
    const value = row[name];
    return typeof value === 'string' ? value : null;
  };
  return {
    insightId: String(row['id']),
    insightType: text('insight_type') ?? '',
    incidentId: text('incident_id'),
    event: text('event'),
    symptom: text('symptom'),
    action: text('action'),
    result: text('result'),
    lesson: text('lesson'),
    content: text('content'),
    createdAt: row['created_at'] instanceof Date ? row['created_at'].toISOString() : '',
    similarity: typeof row['similarity'] === 'number' ? row['similarity'] : null,
  };
}

function shorten(text: string, most: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const characters = [...line];
  return characters.length <= most ? line : `${characters.slice(0, most - 1).join('')}…`;
}
