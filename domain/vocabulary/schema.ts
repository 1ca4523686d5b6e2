import { z } from 'zod';
import { actionTypes, recordedActions } from './actions.ts';
import { healLogResults, incidentStatuses, severities, sources } from './vocabulary.ts';

/** The closed lists of words as schemas: apart from them, as workflows use the words and do without zod. */

/** An error type: one of the seeds', or an operator's own in the same spelling. */
export const errorTypeSchema = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]{1,47}$/, 'an error type is 2 to 48 capital letters, digits and underscores');
export const severitySchema = z.enum(severities);
export const sourceSchema = z.enum(sources);
export const actionTypeSchema = z.enum(actionTypes);
export const recordedActionSchema = z.enum(recordedActions);
export const incidentStatusSchema = z.enum(incidentStatuses);
export const healLogResultSchema = z.enum(healLogResults);
