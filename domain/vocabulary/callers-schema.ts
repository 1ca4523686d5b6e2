import { z } from 'zod';
import { reportSchema } from '../report/report.ts';
import { healResultSchema } from '../incident/verdict-schema.ts';

/** The JSON Schemas that callers in other languages go by (docs/schema), made from what the program itself checks. */
export function callersSchemas(): { report: object; result: object } {
  return {
    report: {
      title: 'What a failing program tells AutoHeal: the input of HealWorkflow and of POST /v1/exceptions',
      ...z.toJSONSchema(reportSchema, { io: 'input' }),
    },
    // Results may gain fields, so a caller that checks one must let unknown ones pass.
    result: {
      title: 'The result of HealWorkflow; `verdict` says what the failed program should do now',
      ...z.toJSONSchema(healResultSchema, { io: 'input' }),
    },
  };
}
